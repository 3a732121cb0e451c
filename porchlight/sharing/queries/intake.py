"""What the desk took down of people without an account."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Person
from porchlight.people.queries.blocks import all_blocked
from porchlight.people.rules.rights import Level
from porchlight.sharing.models import Intake, Need
from porchlight.sharing.queries.desk import at_desk
from porchlight.sharing.queries.one import NeedPage, need_page
from porchlight.sharing.rules.intake import ASKED, CAME_BY_WORDS, REACH, SAID, CameBy, Known
from porchlight.sharing.rules.states import WANTS_HELP

MOST_RING_BACKS = 100


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Who rang, and how to reach them."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    said: str = field(repr=False)
    """In their own words; empty where nothing was written down."""
    language: str
    came_by: CameBy
    is_under_18: bool
    asked: dict[str, Any] = field(default_factory=dict, repr=False)
    """What they typed on the page themselves; empty where the desk took it down."""


@dataclass(frozen=True, kw_only=True)
class RingBack:
    """Somebody who waits to be rung, or whose words wait to be looked at."""

    id: UUID
    since: datetime
    is_from_page: bool
    """They asked on the page: it may be that they have no number."""


@dataclass(frozen=True, kw_only=True)
class ThroughDesk:
    """A need of somebody without an account, as the desk sees it that acts for them."""

    intake_id: UUID
    came_by: str
    """Marked words."""
    page: NeedPage
    """As whoever asks would see it, without those whom the viewer must not meet."""


def ring_backs(*, viewer: Viewer, now: datetime) -> list[RingBack]:
    """Who waits to be rung, whoever waits longest first.

    Refuses: NotHere without the mandate. Costs: one query.
    """
    at_desk(viewer=viewer)
    rows = Intake.objects.filter(network_id=viewer.network.id, need=None, expires_at__gt=now)
    found = rows.order_by("created_at", "id").values_list("id", "created_at", "came_by")
    return [
        RingBack(id=one, since=since, is_from_page=came_by == CameBy.WEB)
        for one, since, came_by in found[:MOST_RING_BACKS]
    ]


def through_desk(*, viewer: Viewer, need_id: UUID, now: datetime) -> ThroughDesk | None:
    """What the desk may do for whoever asked, where they have no account; else None.

    Refuses: NotHere without the mandate. Costs: one query for a member's; nine for a guest's.
    """
    at_desk(viewer=viewer)
    row = Intake.objects.filter(network_id=viewer.network.id, need_id=need_id).first()
    if row is None:
        return None
    found = need_page(
        viewer=own_of_guest(viewer=viewer, guest_id=row.guest_id), need_id=need_id, now=now
    )
    apart = {viewer.person_id, *all_blocked(viewer=viewer)}
    shown = [replace(one, person_id=None) for one in found.promises if one.person_id not in apart]
    return ThroughDesk(
        intake_id=row.id,
        came_by=CAME_BY_WORDS[CameBy(row.came_by)],
        page=replace(found, promises=shown),
    )


def own_of_guest(*, viewer: Viewer, guest_id: UUID) -> Viewer:
    """A guest as a viewer: somebody at the desk acts for them, or they have their six words. They
    never sign in, and nothing but one ask is theirs."""
    return Viewer(network=viewer.network, person_id=guest_id, purpose="for a guest")


def row_of(*, viewer: Viewer, intake_id: UUID, now: datetime) -> Intake:
    """One that was taken down and is not over. Refuses: NotHere. Costs: one query."""
    rows = Intake.objects.filter(network_id=viewer.network.id, id=intake_id, expires_at__gt=now)
    row = rows.select_related("guest").first()
    if row is None or row.guest_id in all_blocked(viewer=viewer):
        raise NotHere
    return row


def became(*, viewer: Viewer, intake_id: UUID) -> UUID | None:
    """The need that somebody who was to be rung back asked for meanwhile. Costs: one query."""
    rows = Intake.objects.filter(network_id=viewer.network.id, id=intake_id)
    return rows.values_list("need_id", flat=True).first()


def read_reach(*, viewer: Viewer, row: Intake) -> Reach:
    """Open what was taken down. Only behind `open_guarded`, which the action asks first."""
    said = vault.reveal(row.said_guarded, purpose=SAID, whose=row.id) if row.said_guarded else ""
    return Reach(
        **_kept(row),
        said=said,
        language=row.guest.language,
        came_by=CameBy(row.came_by),
        is_under_18=row.guest.is_under_18,
        asked=json.loads(vault.reveal(row.asked_guarded, purpose=ASKED, whose=row.id))
        if row.asked_guarded
        else {},
    )


def known_asks(*, viewer: Viewer) -> list[Known]:
    """What is open of people without an account. For the look whether something was asked for
    already; never shown. Costs: one query."""
    rows = Intake.objects.filter(network_id=viewer.network.id, need__state__in=sorted(WANTS_HELP))
    return [
        Known(category=row.need.category, line=row.need.line, **_kept(row))
        for row in rows.select_related("need").order_by("created_at", "id")
        if row.need is not None
    ]


def _kept(row: Intake) -> dict[str, str]:
    """Their name and number."""
    found: dict[str, str] = json.loads(vault.reveal(row.reach_guarded, purpose=REACH, whose=row.id))
    return found


def without_anything(*, now: datetime, viewer: Viewer | None = None) -> "QuerySet[Person]":
    """Guests of whom nothing is left here: no need, nothing taken down."""
    guests = Person.objects.filter(level=Level.GUEST, erased_at=None, created_at__lt=now)
    needs = Need.objects.filter(asker_id=OuterRef("id"))
    taken = Intake.objects.filter(guest_id=OuterRef("id"))
    free = guests.exclude(Exists(needs)).exclude(Exists(taken))
    return free.select_related("network").order_by("id")
