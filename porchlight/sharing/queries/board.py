"""The board: what waits for somebody, in words that say nothing of who and where exactly."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from porchlight.kit.viewer import Viewer
from porchlight.people.queries.blocks import all_blocked
from porchlight.people.queries.own import own_id
from porchlight.sharing.queries.rows import open_needs
from porchlight.sharing.rules.categories import ICONS, WORDS, Category
from porchlight.sharing.rules.offers import TAKES_WORDS, Ability

ROWS_A_PAGE = 50
A_MINUTE = timedelta(minutes=1)
LONG_WAIT = timedelta(days=1)
"""From then on a card says since when it waits: old and unglamorous ones must not sink
(research/mutual-aid.md, section 0)."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One need as everybody reads it."""

    id: UUID
    kind: str
    """Marked words of its category."""
    icon: str
    line: str
    from_at: datetime
    until_at: datetime
    last_at: datetime
    """The last minute of it: a day that ends at midnight is still that day."""
    is_one_day: bool
    has_hours: bool
    """On that day it matters at what time."""
    cell: str
    people: int
    helpers: int
    takes: list[str]
    """Marked words of what a helper must be able to do."""
    taken: int
    """At most as many as are asked for: that a second one comes says something of the door."""
    waits_since: datetime | None
    """Where it waits long already."""
    is_promised: bool
    """The viewer offered to help, or is agreed."""


@dataclass(frozen=True, kw_only=True)
class Board:
    """One page of it, and what to filter by."""

    cards: list[Card]
    page: "Page[Any]"
    categories: list[tuple[Category, str, int]]
    """Those with something in them: marked words, and how many."""
    cells: list[tuple[str, int]]
    """Parts of the map with something in them, and how many."""
    all: int


def board(
    *,
    viewer: Viewer,
    category: str,
    cell: str,
    is_soonest: bool,
    number: str,
    now: datetime,
) -> Board:
    """What waits here: longest first, or what is wanted soonest.

    category, cell: as they stand in the address; what is none of them filters nothing. number: of
    the page, as typed in the address.
    Costs: five queries, however much waits.
    """
    own_id(viewer=viewer)
    rows = open_needs(viewer=viewer, apart=all_blocked(viewer=viewer), now=now)
    counted = _counts(rows)
    shown = rows
    if category in set(Category):
        shown = shown.filter(category=category)
    if cell:
        shown = shown.filter(cell=cell)
    order = ("until_at", "id") if is_soonest else ("created_at", "id")
    page = Paginator(shown.order_by(*order), ROWS_A_PAGE).get_page(number)
    by_category, by_cell = Counter[str](), Counter[str]()
    for kind, where, many in counted:
        by_category[kind] += many
        if where:
            by_cell[where] += many
    return Board(
        cards=[card_of(row, now, viewer.network.zoneinfo) for row in page],
        page=page,
        categories=[(one, WORDS[one], by_category[one]) for one in Category if one in by_category],
        cells=sorted(by_cell.items()),
        all=sum(by_category.values()),
    )


def _counts(rows: "QuerySet[Any]") -> list[tuple[str, str, int]]:
    plain = rows.order_by().values("category", "cell").annotate(many=Count("id"))
    return list(plain.values_list("category", "cell", "many"))


def card_of(row: Any, now: datetime, zone: ZoneInfo) -> Card:
    """A row of `open_needs` as a card."""
    category = Category(row.category)
    last_at = row.until_at - A_MINUTE
    ends = row.until_at.astimezone(zone)
    is_one_day = row.from_at.astimezone(zone).date() == last_at.astimezone(zone).date()
    return Card(
        id=row.id,
        kind=WORDS[category],
        icon=ICONS[category],
        line=row.line,
        from_at=row.from_at,
        until_at=row.until_at,
        last_at=last_at,
        is_one_day=is_one_day,
        has_hours=is_one_day and (ends.hour, ends.minute) != (0, 0),
        cell=row.cell,
        people=row.people,
        helpers=row.helpers,
        takes=[TAKES_WORDS[one] for one in Ability if one in row.takes],
        taken=min(row.taken, row.helpers),
        waits_since=row.created_at if now - row.created_at >= LONG_WAIT else None,
        is_promised=bool(getattr(row, "is_promised", False)),
    )
