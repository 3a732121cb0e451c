"""The board, and one's own list."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from porchlight.browser.context import Entry
from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.maps import Cell, HexMap, hex_map
from porchlight.kit import cells
from porchlight.kit.errors import NotHere
from porchlight.people.queries.places import middle_cell
from porchlight.people.rules.rights import Right
from porchlight.people.views.place_map import steps_words
from porchlight.sharing.actions.digest import choose_digest
from porchlight.sharing.queries import board as queries
from porchlight.sharing.queries.digest import wants_digest
from porchlight.sharing.queries.offers import put_before_me
from porchlight.sharing.queries.one import mine as mine_of
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.views.parts import is_on_here, where_on

SOONEST = "soonest"


@dataclass(frozen=True, kw_only=True)
class Link:
    """One way to see the board."""

    href: str
    words: str
    is_here: bool
    sign: str = ""


@door("GET", who=SIGNED_IN)
@where_on
def board(request: Request) -> HttpResponse:
    """What waits for somebody here."""
    asked = request.GET
    kind, cell = asked.get("kind", ""), asked.get("cell", "")
    cell = cell if cells.is_cell(cell) else ""
    is_soonest = asked.get("sort") == SOONEST
    found = queries.board(
        viewer=request.viewer,
        category=kind,
        cell=cell,
        is_soonest=is_soonest,
        number=asked.get("page", ""),
        now=request.now,
    )
    middle = middle_cell(viewer=request.viewer)
    # Newcomers see no map (SAFETY.md 17).
    has_map = bool(middle and found.cells) and request.viewer.may(Right.SEE_GROUPS)
    return page(
        request,
        "sharing/board.html",
        {
            "board": found,
            "sections": sections(request, here="board"),
            "filters": _filters(found, kind=kind, cell=cell, is_soonest=is_soonest),
            "map": _map(found, cell, middle) if has_map else None,
            "parts": _parts(found, cell, middle, kind) if has_map else [],
            "where": where_words(cell, middle),
            "all_parts": f"?{_keep(kind=kind, sort=SOONEST if is_soonest else '')}",
            "is_filtered": kind in set(Category) or bool(cell),
            "keep": _keep(kind=kind, cell=cell, sort=SOONEST if is_soonest else ""),
            "now": request.now,
        },
    )


@door("GET", who=SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """What I asked for, and what I promised; also where it was switched off meanwhile, so that
    what was agreed can be brought to an end."""
    found = mine_of(viewer=request.viewer, now=request.now)
    if not found.asked and not found.promised and not is_on_here(request):
        raise NotHere
    return page(
        request,
        "sharing/mine.html",
        {
            "mine": found,
            "sections": sections(request, here="mine"),
            "put": put_before_me(viewer=request.viewer, now=request.now),
            "wants_digest": wants_digest(viewer=request.viewer, now=request.now),
            "is_on": is_on_here(request),
            "now": request.now,
        },
    )


@door("POST", who=SIGNED_IN)
@where_on
def digest(request: Request) -> HttpResponse:
    """A few figures each week by mail, or no more."""
    choose_digest(viewer=request.viewer, wants="wants" in request.POST, now=request.now)
    return redirect("sharing:mine", request.network.slug)


def sections(request: Request, *, here: str) -> list[Link]:
    """The lists. here: the name of the one that is shown."""
    words = {"board": _("The board"), "mine": _("Mine"), "offers": _("What I offer")}
    return [
        Link(
            href=reverse(f"sharing:{name}", args=[request.network.slug]),
            words=said,
            is_here=name == here,
        )
        for name, said in words.items()
    ]


def _keep(**wanted: str) -> str:
    """What the address keeps on the next page: ends in «&» where there is anything."""
    said = urlencode({name: value for name, value in wanted.items() if value})
    return f"{said}&" if said else ""


def _filters(found: queries.Board, *, kind: str, cell: str, is_soonest: bool) -> list[Link]:
    sort = SOONEST if is_soonest else ""
    ways = [
        Link(
            href=f"?{_keep(kind=kind, cell=cell)}".rstrip("&"),
            words=_("Waiting longest"),
            is_here=not is_soonest,
            sign="clock",
        ),
        Link(
            href=f"?{_keep(kind=kind, cell=cell, sort=SOONEST)}".rstrip("&"),
            words=_("Soonest"),
            is_here=is_soonest,
            sign="cal",
        ),
    ]
    if len(found.categories) > 1 or kind in set(Category):
        ways.append(
            Link(
                href=f"?{_keep(cell=cell, sort=sort)}".rstrip("&"),
                words=_("All kinds"),
                is_here=kind not in set(Category),
            )
        )
        ways += [
            Link(
                href=f"?{_keep(kind=one, cell=cell, sort=sort)}".rstrip("&"),
                words=f"{_(words)} {many}",
                is_here=kind == one,
            )
            for one, words, many in found.categories
        ]
    return ways


def _map(found: queries.Board, chosen: str, middle: str) -> HexMap:
    """Parts of the map with something in them: how many, nothing else."""
    shown = [
        Cell(cell=cell, mark=str(many), heat=min(3, many), is_mine=cell == chosen)
        for cell, many in found.cells
    ]
    return hex_map(shown, middle=middle, rings=3)


def _parts(found: queries.Board, chosen: str, middle: str, kind: str) -> list[Link]:
    """The same as a list, to show one part only."""
    return [
        Link(
            href=f"?{_keep(kind=kind, cell=cell)}".rstrip("&"),
            words=ngettext("%(where)s: %(many)s waits", "%(where)s: %(many)s wait", many)
            % {"where": where_words(cell, middle), "many": many},
            is_here=cell == chosen,
        )
        for cell, many in found.cells
    ]


def where_words(cell: str, middle: str) -> str:
    """«2 north of the middle»: a part of the map in words, never a distance."""
    if not middle or not cell:
        return ""
    [one] = cells.draw([cell], middle, metres_a_unit=1.0)
    return steps_words(north=-one.y, east=one.x)


def can_wait_piece(request: HttpRequest) -> SafeString | None:
    """On the page for calling for help: the way to ask for what can wait."""
    if not is_on_here(request):
        return None
    return SafeString(render_to_string("sharing/_can_wait.html", request=request))


def menu_piece(request: HttpRequest) -> SafeString | None:
    """In the menu at the side of every page."""
    if not is_on_here(request):
        return None
    address = reverse("sharing:board", args=[request.network.slug])  # type: ignore[attr-defined]
    entry = Entry(
        address=address, icon="hand", label=_("What neighbours need"),
        is_here=request.path == address,
    )  # fmt: skip
    return SafeString(render_to_string("browser/shell/entry.html", {"entry": entry}))
