"""The board: what waits for somebody, in words that say nothing of who and where exactly."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from porchlight.kit.viewer import Viewer
from porchlight.sharing.queries.rows import open_needs, special_for
from porchlight.sharing.rules.categories import ICONS, WORDS, Category
from porchlight.sharing.rules.offers import TAKES_WORDS, Ability

ROWS_A_PAGE = 50
MOST_SHOWN = 10_000
"""Nobody turns two hundred pages: kinds and parts of the map lead to what is farther behind."""
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
    Costs: four queries, however much waits.
    """
    special = special_for(viewer=viewer)
    shown = open_needs(viewer=viewer, special=special, now=now)
    counted = _counts(shown)
    is_one_kind = category in set(Category)
    if is_one_kind:
        shown = shown.filter(category=category)
    if cell:
        shown = shown.filter(cell=cell)
    by_category, by_cell = Counter[str](), Counter[str]()
    for kind, where, many in counted:
        by_category[kind] += many
        if where:
            by_cell[where] += many
    all_shown = sum(
        many
        for kind, where, many in counted
        if (kind == category or not is_one_kind) and cell in {"", where}
    )
    order = ("until_at", "id") if is_soonest else ("created_at", "id")
    pages = Counted(shown.order_by(*order), ROWS_A_PAGE, all_shown=min(all_shown, MOST_SHOWN))
    page = pages.get_page(number)
    return Board(
        cards=[card_of(row, now, viewer.network.zoneinfo, special.promised) for row in page],
        page=page,
        categories=[(one, WORDS[one], by_category[one]) for one in Category if one in by_category],
        cells=sorted(by_cell.items()),
        all=sum(by_category.values()),
    )


class Counted(Paginator):  # type: ignore[type-arg]  # it takes none while it runs
    """Pages of rows that were counted already: counting a hundred thousand takes as long as all
    the rest."""

    def __init__(self, *args: Any, all_shown: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._all_shown = all_shown

    @property
    def count(self) -> int:
        return self._all_shown


def _counts(rows: "QuerySet[Any]") -> list[tuple[str, str, int]]:
    plain = rows.values_list("category", "cell").annotate(many=Count("*"))
    return list(plain.order_by())


def card_of(
    row: Any, now: datetime, zone: ZoneInfo, promised: Collection[UUID] = frozenset()
) -> Card:
    """A need as a card. promised: those to which the viewer has a live promise."""
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
        is_promised=row.id in promised,
    )
