"""Who is at the door: networks by their address, logins by name, and what they may do."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import QuerySet
from django.http import HttpRequest

from porchlight.kit.base64url import from_base64url
from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import skeleton
from porchlight.people import models
from porchlight.people.queries.factors import has_factor
from porchlight.people.queries.lockdown import until_of_open
from porchlight.people.queries.names import who_is_meant
from porchlight.people.queries.network_rules import areas_of, founders_time_ends, stored_areas
from porchlight.people.rules.rights import (
    Level,
    Standing,
    known_roles,
    rights_of,
    waiting_rights,
)


def as_network(row: models.Network) -> Network:
    """The row as the value every area may hold."""
    return Network(
        id=row.id,
        slug=row.slug,
        name=row.name,
        zone=row.zone,
        languages=tuple(row.languages),
        emergency_number=row.emergency_number,
    )


def network_at(*, slug: str, now: datetime, viewer: None = None) -> Network | None:
    """The open network at /n/<slug>/, with what is read once a request. Anybody may know that it
    exists: it is on its posters.

    Costs: one query.
    """
    rows = models.Network.objects.filter(slug=slug, closed_at=None)
    row = rows.annotate(locked_until=until_of_open(), stored_areas=stored_areas(now)).first()
    if row is None:
        return None
    return replace(as_network(row), locked_until=row.locked_until, areas=areas_of(row.stored_areas))


def handle_of(network_id: UUID, name: str) -> str:
    """What no two logins have: look-alike names of one network are one handle."""
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
        meant = who_is_meant(network_id=network_id, name=name)
        login = _logins().filter(network_id=network_id, person_id=meant).first()
        if login is None:
            make_password(
                password
            )  # as slow as a wrong password, so that names cannot be tried out
            return None
        return login if check_password(password, login.password) else None

    def get_user(self, user_id: Any) -> models.Login | None:
        return _logins().filter(pk=user_id).select_related("person").first()


def login_of_passkey(*, network: Network, handle: object) -> models.Login | None:
    """The login a passkey names, when it belongs to this network and still opens something.

    handle: what the browser says, base64url of the login's id.
    """
    try:
        named = UUID(from_base64url(handle).decode("ascii")) if isinstance(handle, str) else None
    except ValueError:
        return None
    if named is None:
        return None
    found = _logins().filter(pk=named, network_id=network.id, person__left_at=None)
    return found.select_related("person").first()


def _roles_now(*, person_id: UUID, now: datetime) -> list[str]:
    """The mandates of the whole network somebody holds now; a group's stay within the group."""
    return list(
        models.Mandate.objects.filter(
            person_id=person_id, circle=None, from_at__lte=now, until_at__gt=now, ended_at=None
        ).values_list("role", flat=True)
    )


def viewer_of(
    *, network: Network, login: models.Login | None, now: datetime, is_proven: bool = False
) -> Viewer:
    """Who is looking: nobody, or a person of this network with their rights.

    is_proven: this session showed a second factor; without it the rights of roles wait.
    """
    if login is None or login.network_id != network.id or login.person.left_at is not None:
        return Viewer(network=network)
    roles = known_roles(_roles_now(person_id=login.person_id, now=now))
    is_asked = bool(roles) and not is_proven
    standing = Standing(
        level=Level(login.person.level),
        roles=roles,
        is_under_18=login.person.is_under_18,
        is_proven=is_proven,
        is_excused=is_asked and _is_excused(network, login.person, now),
    )
    return Viewer(
        network=network,
        person_id=login.person_id,
        rights=rights_of(standing),
        waiting=waiting_rights(standing) if is_asked else frozenset(),
        is_excused=standing.is_excused,
    )


def _is_excused(network: Network, person: models.Person, now: datetime) -> bool:
    """A founder, in the network's first days, before they set up a second factor."""
    if not person.is_founder or now >= founders_time_ends(viewer=Viewer(network=network), now=now):
        return False
    return not has_factor(viewer=Viewer(network=network, person_id=person.id))
