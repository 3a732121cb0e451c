"""The desk: everything open as those with that mandate see it, without a single name."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.blocks import all_blocked
from porchlight.people.queries.mandates import holders
from porchlight.people.queries.network_rules import number
from porchlight.people.queries.own import own_id
from porchlight.people.rules.rights import Right
from porchlight.sharing.models import DeskNote, Match, Need
from porchlight.sharing.queries.board import Card, card_of
from porchlight.sharing.queries.fitting import helpers_for
from porchlight.sharing.rules.caps import MOST_HELPED
from porchlight.sharing.rules.desk import (
    BECAUSE_WORDS,
    FEW_AT_THE_DESK,
    NOTE,
    Standing,
    Waits,
    rises,
    why_on_desk,
)
from porchlight.sharing.rules.matching import REASON_WORDS_FOR_DESK
from porchlight.sharing.rules.offers import ANSWER_WITHIN
from porchlight.sharing.rules.states import LIVE, WANTS_HELP, MatchState

MOST_ROWS = 300
"""In all three lists; of more than that the newest are left out, for the old ones must not sink."""
MOST_SUGGESTED = 9


@dataclass(frozen=True, kw_only=True)
class DeskRow:
    """One need in one of the lists."""

    card: Card
    because: str
    """Marked words."""
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Note:
    """What one leaves for the next at the desk."""

    words: str
    by: str
    """Whoever wrote it; empty where they are gone."""
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Desk:
    """All of it."""

    us: list[DeskRow]
    them: list[DeskRow]
    quiet: list[DeskRow]
    note: Note
    at_desk: int
    wanted_at_desk: int
    """How many more it takes at the desk; 0: enough."""
    promising: int
    """How many people promised something that is not over."""
    at_their_cap: int
    """How many of them as much as one may."""


def desk(*, viewer: Viewer, now: datetime) -> Desk:
    """Everything that is open here, in the three lists; what waits long and what ends soon first.

    Not what somebody asks for whom the viewer must not meet.
    Refuses: NotHere without the mandate. Costs: six queries.
    """
    at_desk(viewer=viewer)
    lists: dict[Waits, list[tuple[int, DeskRow]]] = {one: [] for one in Waits}
    for need in _open(viewer, now).order_by("created_at", "id")[:MOST_ROWS]:
        standing = _standing(need)
        waits, because = why_on_desk(standing, now=now)
        row = DeskRow(
            card=card_of(need, now, viewer.network.zoneinfo),
            because=BECAUSE_WORDS[because],
            since=need.created_at,
        )
        lists[waits].append((rises(standing, now=now), row))
    people_there = len(holders(viewer=viewer, right=Right.DISPATCH, now=now))
    promised = Counter(
        Match.objects.filter(network_id=viewer.network.id, state__in=LIVE).values_list(
            "helper_id", flat=True
        )
    )
    cap = number(network_id=viewer.network.id, key=MOST_HELPED, now=now)
    return Desk(
        us=_sorted(lists[Waits.US]),
        them=_sorted(lists[Waits.THEM]),
        quiet=_sorted(lists[Waits.QUIET]),
        note=note_of(viewer=viewer, now=now),
        at_desk=people_there,
        wanted_at_desk=max(0, FEW_AT_THE_DESK - people_there),
        promising=len(promised),
        at_their_cap=sum(many >= cap for many in promised.values()),
    )


def _sorted(rows: list[tuple[int, DeskRow]]) -> list[DeskRow]:
    return [row for _rises, row in sorted(rows, key=lambda pair: (-pair[0], pair[1].since))]


def _open(viewer: Viewer, now: datetime) -> "QuerySet[Need]":
    lately = Q(proposals__answered_at=None, proposals__at__gt=now - ANSWER_WITHIN)
    rows = Need.objects.filter(
        network_id=viewer.network.id, state__in=WANTS_HELP, asker__left_at=None
    ).exclude(asker_id__in=list(all_blocked(viewer=viewer)))
    return rows.annotate(
        offered_at=Min("matches__created_at", filter=Q(matches__state=MatchState.OFFERED)),
        asked=Count("proposals", filter=lately, distinct=True),
    )


def _standing(need: Need) -> Standing:
    return Standing(
        asked_at=need.created_at,
        until_at=need.until_at,
        free=max(0, need.seats - need.taken),
        offered_at=need.offered_at,  # type: ignore[attr-defined]  # annotated
        asked=need.asked,  # type: ignore[attr-defined]
    )


def note_of(*, viewer: Viewer, now: datetime) -> Note:
    """What the last one at the desk left, if it is not too old. Costs: one query."""
    at_desk(viewer=viewer)
    rows = DeskNote.objects.filter(network_id=viewer.network.id, expires_at__gt=now)
    row = rows.select_related("by").first()
    if row is None:
        return Note(words="", by="", at=None)
    return Note(
        words=vault.reveal(row.words_guarded, purpose=NOTE, whose=row.network_id),
        by=row.by.name if row.by.left_at is None else "",
        at=row.at,
    )


@dataclass(frozen=True, kw_only=True)
class OnDesk:
    """One need at the desk."""

    card: Card
    because: str
    """Marked words."""
    since: datetime
    asked: int
    """Before how many it was put in all."""
    suggested: list[list[str]]
    """Who could be asked next: for each of them why, in marked words. Nobody's name."""


def on_desk(*, viewer: Viewer, need_id: UUID, now: datetime) -> OnDesk:
    """One open need, and who could be asked next.

    Refuses: NotHere without the mandate, for what is over, and for what somebody asks for whom the
    viewer must not meet. Costs: at most sixteen queries.
    """
    at_desk(viewer=viewer)
    need = _open(viewer, now).filter(id=need_id).first()
    if need is None:
        raise NotHere
    system = Viewer.system(viewer.network, "suggesting who could be asked")
    suggested = helpers_for(
        viewer=system,
        need=need,
        most=MOST_SUGGESTED,
        most_at_once=number(network_id=viewer.network.id, key=MOST_HELPED, now=now),
        now=now,
    )
    return OnDesk(
        card=card_of(need, now, viewer.network.zoneinfo),
        because=BECAUSE_WORDS[why_on_desk(_standing(need), now=now)[1]],
        since=need.created_at,
        asked=need.proposals.count(),
        suggested=[[REASON_WORDS_FOR_DESK[reason] for reason in one.reasons] for one in suggested],
    )


def at_desk(*, viewer: Viewer) -> UUID:
    """Whoever is at the desk. Refuses: NotHere without the mandate."""
    if not viewer.may(Right.DISPATCH):
        raise NotHere
    return own_id(viewer=viewer)
