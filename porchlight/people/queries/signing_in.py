"""Who is at the door: networks by their address, logins by name, and what they may do."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import QuerySet
from django.http import HttpRequest

from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import skeleton
from porchlight.people import models
from porchlight.people.queries.lockdown import until_of_open
from porchlight.people.rules.rights import Level, Standing, known_roles, rights_of


def as_network(row: models.Network) -> Network:
    """The row as the value every area may hold."""
    return Network(
        id=row.id,
        slug=row.slug,
        name=row.name,
        zone=row.zone,
        languages=tuple(row.languages),
        emergency_number=row.emergency_number,
        locked_until=getattr(row, "locked_until", None),
    )


def network_at(*, slug: str, viewer: None = None) -> Network | None:
    """The open network at /n/<slug>/. Anybody may know that it exists: it is on its posters.

    Costs: one query.
    """
    rows = models.Network.objects.filter(slug=slug, closed_at=None)
    row = rows.annotate(locked_until=until_of_open()).first()
    return as_network(row) if row else None


def handle_of(network_id: UUID, name: str) -> str:
    """How a login is found: look-alike names of one network are one handle."""
    return f"{network_id}:{skeleton(name)}"


def _logins() -> QuerySet[models.Login]:
    """Those that open something. The demo's password is public: in production it opens nothing."""
    found = models.Login.objects.filter(is_active=True)
    return found.filter(network__is_demo=False) if settings.IS_PRODUCTION else found


class NameAndPassword:
    """Django's way in: the name somebody has in this network, and their password."""

    def authenticate(
        self, request: HttpRequest | None, network_id: UUID, name: str, password: str
    ) -> models.Login | None:
        login = _logins().filter(handle=handle_of(network_id, name)).first()
        if login is None:
            make_password(
                password
            )  # as slow as a wrong password, so that names cannot be tried out
            return None
        return login if check_password(password, login.password) else None

    def get_user(self, user_id: Any) -> models.Login | None:
        return _logins().filter(pk=user_id).select_related("person").first()


def _roles_now(*, person_id: UUID, now: datetime) -> list[str]:
    """The mandates of the whole network somebody holds now; a group's stay within the group."""
    return list(
        models.Mandate.objects.filter(
            person_id=person_id, circle=None, from_at__lte=now, until_at__gt=now, ended_at=None
        ).values_list("role", flat=True)
    )


def viewer_of(*, network: Network, login: models.Login | None, now: datetime) -> Viewer:
    """Who is looking: nobody, or a person of this network with their rights."""
    if login is None or login.network_id != network.id or login.person.left_at is not None:
        return Viewer(network=network)
    standing = Standing(
        level=Level(login.person.level),
        roles=known_roles(_roles_now(person_id=login.person_id, now=now)),
        is_under_18=login.person.is_under_18,
    )
    return Viewer(network=network, person_id=login.person_id, rights=rights_of(standing))
