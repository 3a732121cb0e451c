"""Which rules hold here, since when, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.rules.network_rules import KEYS, RuleKey, Value, holds

AREAS_ON = "areas.on"


@dataclass(frozen=True, kw_only=True)
class Version:
    """One time a rule was set."""

    value: Value
    from_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class RuleInForce:
    """A rule as members read it."""

    rule: RuleKey
    value: Value
    coming: tuple[Version, ...]
    """Versions whose time will come; not those that a later decision overtook."""
    before: tuple[Version, ...]
    """All versions whose time has come, newest first; the first one holds."""


def rule(*, network_id: UUID, key: str, now: datetime, viewer: Viewer | None = None) -> Value:
    """The value in force. Anybody may know it: rules are public inside a network.

    Costs: one query.
    """
    stored = (
        _versions(key, now).filter(network_id=network_id).values_list("value", flat=True).first()
    )
    return _value(key, stored)


def _versions(key: str, now: datetime) -> "QuerySet[models.NetworkRule]":
    """Those whose time has come, the one that holds first."""
    return models.NetworkRule.objects.filter(key=key, from_at__lte=now).order_by("-version")


def _value(key: str, stored: object) -> Value:
    """stored: of the version that holds; None: nobody ever set it."""
    return KEYS[key].default if stored is None else holds(key, stored)


def stored_areas(now: datetime) -> Subquery:
    """For the row of a network: what `areas_of` reads."""
    return Subquery(_versions(AREAS_ON, now).filter(network_id=OuterRef("id")).values("value")[:1])


def areas_of(stored: object) -> frozenset[str]:
    """Which areas are on, of what `stored_areas` found."""
    value = _value(AREAS_ON, stored)
    return frozenset(value) if isinstance(value, list) else frozenset()


def is_on(*, network_id: UUID, area: str, now: datetime, viewer: Viewer | None = None) -> bool:
    """Whether the people here switched this area on. Costs: one query."""
    value = rule(network_id=network_id, key=AREAS_ON, now=now, viewer=viewer)
    return isinstance(value, list) and area in value


def number(*, network_id: UUID, key: str, now: datetime, viewer: Viewer | None = None) -> int:
    """The value in force of a rule that is a whole number."""
    value = rule(network_id=network_id, key=key, now=now, viewer=viewer)
    if not isinstance(value, int):
        raise TypeError(f"{key} is not a number")
    return value


def numbers(
    *, network_id: UUID, keys: Collection[str], now: datetime, viewer: Viewer | None = None
) -> dict[str, int]:
    """The values in force of rules that are whole numbers. Costs: one query for all of them."""
    rows = models.NetworkRule.objects.filter(
        network_id=network_id, key__in=list(keys), from_at__lte=now
    ).order_by("version")
    stored = dict(rows.values_list("key", "value"))
    found: dict[str, int] = {}
    for key in keys:
        value = holds(key, stored[key]) if key in stored else KEYS[key].default
        if not isinstance(value, int):
            raise TypeError(f"{key} is not a number")
        found[key] = value
    return found


def rules_in_force(*, viewer: Viewer, now: datetime) -> list[RuleInForce]:
    """All rules of the network with their history, in the order they are declared.

    Costs: one query.
    """
    versions: dict[str, list[models.NetworkRule]] = {key: [] for key in KEYS}
    for row in models.NetworkRule.objects.filter(network_id=viewer.network.id).order_by("-version"):
        if row.key in versions:
            versions[row.key].append(row)
    return [_in_force(KEYS[key], rows, now) for key, rows in versions.items()]


def _in_force(declared: RuleKey, rows: list[models.NetworkRule], now: datetime) -> RuleInForce:
    told = [
        Version(value=holds(declared.key, row.value), from_at=row.from_at, reason=row.reason)
        for row in rows
    ]
    before = tuple(version for version in told if version.from_at <= now)
    # Newest first: what was decided later and holds sooner overtakes what was to come.
    coming = tuple(
        version
        for place, version in enumerate(told)
        if version.from_at > now
        and not any(newer.from_at <= version.from_at for newer in told[:place])
    )
    return RuleInForce(
        rule=declared,
        value=before[0].value if before else declared.default,
        coming=coming,
        before=before,
    )


def founders_time_ends(*, viewer: Viewer, now: datetime) -> datetime:
    """Until when founders vouch for each other in the room.

    Costs: two queries.
    """
    days = number(network_id=viewer.network.id, key="founders.days", now=now)
    made = models.Network.objects.values_list("created_at", flat=True).get(id=viewer.network.id)
    return made + timedelta(days=days)
