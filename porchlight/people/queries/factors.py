"""Which second factors somebody has set up: themselves only."""

import base64
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db.models import QuerySet

from porchlight.kit import vault
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.factor_words import factors_of_login
from porchlight.people.queries.own import own_id
from porchlight.people.rules.factors import Way

SECRETS = ("secret", "seed", "name")
"""What of an authenticator's row is guarded."""


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """One passkey of the viewer."""

    id: UUID
    name: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class Factors:
    """Everything the viewer has set up; no secret among it."""

    app_since: datetime | None
    passkeys: list[Passkey]
    codes_left: int | None
    """None: no codes were made."""

    @property
    def has_any(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


def own_factors(*, viewer: Viewer) -> "QuerySet[Authenticator]":
    """The rows, oldest first."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(
        user__network_id=viewer.network.id, user__person_id=own_id(viewer=viewer)
    ).order_by("created_at", "id")
    return rows


def has_factor(*, viewer: Viewer) -> bool:
    """Whether the viewer could show one: codes alone are only for when it is lost."""
    return own_factors(viewer=viewer).filter(type__in=[Way.APP, Way.PASSKEY]).exists()


def ways_of(*, viewer: Viewer) -> frozenset[Way]:
    """What the viewer can show. Costs: one query."""
    return frozenset(Way(way) for way in own_factors(viewer=viewer).values_list("type", flat=True))


def factors_of(*, viewer: Viewer) -> Factors:
    """What the viewer has set up. Costs: one query."""
    app_since, passkeys, codes_left = None, [], None
    for row in own_factors(viewer=viewer):
        if row.type == Way.APP:
            app_since = row.created_at
        elif row.type == Way.PASSKEY:
            passkeys.append(_passkey(row))
        else:
            with factors_of_login(row.user_id):
                codes_left = len(row.wrap().get_unused_codes())
    return Factors(app_since=app_since, passkeys=passkeys, codes_left=codes_left)


def guarded_elsewhere(*, viewer: Viewer | None = None) -> Counter[str]:
    """How many secrets of second factors each data key guards. Answers `guarded_elsewhere`."""
    return Counter(
        vault.key_name(base64.b64decode(row.data[name]))
        for row in Authenticator.objects.order_by("id")
        for name in SECRETS
        if name in row.data
    )


def factor_id(row: Authenticator) -> UUID:
    """How a page names the row: addresses hold no serial numbers."""
    return uuid5(row.user_id, f"factor {row.pk}")


def _passkey(row: Authenticator) -> Passkey:
    with factors_of_login(row.user_id):
        name = decrypt(row.data["name"])
    return Passkey(id=factor_id(row), name=name, added_at=row.created_at)
