"""The page of one alert, drawn for whoever is looking."""

import base64
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from porchlight.alerts.actions.core import KEPT_LIFE
from porchlight.alerts.forms.together import LineForm, SecondForm, TaskForm
from porchlight.alerts.queries import words as guarded
from porchlight.alerts.queries.afterwards import afterwards
from porchlight.alerts.queries.doors import Shut, why_shut
from porchlight.alerts.queries.offered import could_check
from porchlight.alerts.queries.pages import AlertPage, Helper, Part, alert_page, not_ones_own_silent
from porchlight.alerts.queries.reach import rung
from porchlight.alerts.queries.resting import closed_until
from porchlight.alerts.queries.words import DoorWords, TaskShown
from porchlight.alerts.rules.doors import waits_for_second
from porchlight.alerts.rules.kinds import KIND_WORDS, SHORT_WORDS, Kind
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import ON_THE_WAY, AlertState, Standing
from porchlight.alerts.rules.tasks import OFFERED, TASK_WORDS
from porchlight.alerts.views.entering import alert_door
from porchlight.alerts.views.lines import so_far, title_of
from porchlight.browser.doors import Request, is_htmx, page
from porchlight.browser.forms import Form
from porchlight.browser.maps import Cell, HexMap, hex_map
from porchlight.kit import cells
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.actions import mark_seen_at
from porchlight.people.queries.numbers import emergency_number
from porchlight.trust.actions.disclosures import open_guarded

CHIPS = (2, 4, 10)
"""Minutes one tap away."""
BARS = {
    Standing.ASKED: "asked",
    Standing.ENOUGH: "asked",
    Standing.COMING: "coming",
    Standing.ARRIVED: "there",
    Standing.REMOTE: "remote",
    Standing.CANT: "cant",
}
"""What whoever was asked may do next, by where they stand."""
SIGNS = {
    Kind.HURT: "med",
    Kind.FIRE: "fire",
    Kind.UNSAFE: "hand",
    Kind.MISSING: "search",
    Kind.OTHER: "bell-ringing",
}
SHUT_WORDS = {
    Shut.PAUSED: gettext_noop("Before you are shown a door again, a coordinator talks with you."),
    Shut.NEEDS_SECOND: gettext_noop("The door shows when a second person is on the way."),
    Shut.STRANGER: gettext_noop(
        "The door shows when the person who asked, or somebody who is there, taps «Yes, this "
        "person»."
    ),
    Shut.LOCKED: gettext_noop(
        "Everything here is locked just now. Go where people meet. The door shows when the person "
        "who asked, or somebody who is there, taps «Yes, this person»."
    ),
    Shut.APART: gettext_noop("The door does not show here. Wait where people meet."),
}


@dataclass(frozen=True, kw_only=True)
class Where:
    """The place as this viewer may see it now."""

    words: DoorWords | None = None
    """The door itself."""
    meeting: str = ""
    map: HexMap | None = None
    why_shut: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """One small thing on the list."""

    task: TaskShown
    words: str
    is_typed: bool
    """Words somebody typed: they may run the other way."""


@alert_door("GET")
def one(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponse:
    """The alert for whoever has anything to do with it. Drawn again whenever something changes."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return HttpResponse(status=503)  # nobody has read the door who only fetched ahead
    return show(request, viewer, alert_id)


def show(
    request: Request, viewer: Viewer, alert_id: UUID, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Draw it, with a rule's no above it. Who may not see it any more is led away."""
    try:
        shown = alert_page(viewer=viewer, alert_id=alert_id, now=request.now)
    except NotHere:
        if is_htmx(request):
            away = reverse("alerts:all", args=[request.network.slug])
            return HttpResponse(headers={"HX-Redirect": away})
        raise
    if shown.is_silent and shown.part is Part.ASKER:
        return _to_note(request, alert_id)
    if request.method == "GET" and not is_htmx(request):
        # Drawn again by itself it proves nobody's eyes: a phone that lies there goes on ringing.
        mark_seen_at(viewer=viewer, path=request.path, now=request.now)
    facts = facts_of(request, viewer, shown) | {"problem": problem}
    piece = "alerts/_now.html" if request.method == "GET" else "alerts/_acted.html"
    return page(request, "alerts/one.html", facts, piece=piece, status=status)


def _to_note(request: Request, alert_id: UUID) -> HttpResponse:
    """A silent call has a page of its own on its asker's phone, in other words."""
    return redirect("alerts:note", request.network.slug, alert_id)


def acted(
    request: Request, viewer: Viewer, alert_id: UUID, act: Callable[[], object]
) -> HttpResponseBase:
    """Do one thing and show the page again; a rule's no stands on it as a sentence.

    Of a silent call its asker does all by its note: else its end would show by other doors.
    """
    not_ones_own_silent(viewer=viewer, alert_id=alert_id)
    try:
        act()
    except Refusal as refusal:
        return show(request, viewer, alert_id, problem=refusal.sentence, status=409)
    if is_htmx(request):
        return show(request, viewer, alert_id)
    return redirect("alerts:one", request.network.slug, alert_id)


@alert_door("GET")
def picture(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponse:
    """Of who is missing, as long as somebody looks for them."""
    words = guarded.missing_words(viewer=viewer, alert_id=alert_id, now=request.now)
    if not words.picture:
        raise NotHere
    return HttpResponse(base64.b64decode(words.picture), content_type="image/jpeg")


def facts_of(request: Request, viewer: Viewer, shown: AlertPage) -> dict[str, Any]:
    """Everything the template needs."""
    second_now = shown.is_second and shown.state is AlertState.VERIFYING
    is_asker = shown.part is Part.ASKER
    facts: dict[str, Any] = {
        "alert": shown,
        "network": request.network,
        "now": request.now,
        "stage": _stage(shown, second_now),
        "bar": bar_of(shown, second_now),
        "title": title_of(shown, second_now),
        "kind_words": _(KIND_WORDS[shown.kind] if is_asker else SHORT_WORDS[shown.kind]),
        "kind_sign": SIGNS[shown.kind],
        "counts": counts_words(shown),
        "emergency": emergency_number(viewer=viewer),
        "seconds_left": max(0, math.ceil((shown.due_at - request.now).total_seconds())),
        "is_signed_in": viewer.scope is Scope.SESSION,
        "chips": CHIPS,
    }
    if facts["stage"] in {"plain", "stopped"}:
        return facts
    facts["after"] = afterwards(viewer=viewer, page=shown)
    return facts | _inside(request, viewer, shown) | _for_asker(request, viewer, shown)


def _inside(request: Request, viewer: Viewer, shown: AlertPage) -> dict[str, Any]:
    """Place, people, lines and small things."""
    now, alert_id = request.now, shown.id
    reads = _reads_along(shown)
    updates, tasks = (
        guarded.read_along(viewer=viewer, alert_id=alert_id, now=now) if reads else ([], [])
    )
    may_write = reads and shown.is_running and not shown.is_sending
    rings = [] if may_write else guarded.to_ring(viewer=viewer, alert_id=alert_id, now=now)
    tasks = tasks or rings
    return {
        "helpers": [_row(one, shown) for one in shown.helpers],
        "where": _where(viewer, shown, now),
        "missing": _missing(viewer, shown, now),
        "lines": so_far(shown, updates, now),
        "own_lines": sum(one.is_me for one in updates),
        "tasks": _task_lines(tasks, is_late=bool(rings)),
        "offered": _offered(shown, tasks) if may_write else [],
        "may_write": may_write,
        "may_act": may_write or bool(rings),
        "line_form": LineForm(auto_id=False),
        "task_form": TaskForm(auto_id=False),
    }


def _for_asker(request: Request, viewer: Viewer, shown: AlertPage) -> dict[str, Any]:
    """What only the asker's side is told: whom it reaches, words to share, how long words stay."""
    if shown.part not in {Part.ASKER, Part.SUBJECT}:
        return {}
    if shown.is_running:
        here = reverse("alerts:one", args=[request.network.slug, shown.id])
        words = _("People are wanted now. If you were asked, please answer: %(link)s")
        facts: dict[str, Any] = {"share_words": words % {"link": f"{settings.PUBLIC_URL}{here}"}}
        if shown.part is Part.ASKER and shown.state is AlertState.VERIFYING:
            people = could_check(viewer=viewer, alert_id=shown.id)
            facts["second_form"] = SecondForm(people=people) if people else None
        facts["asks_where"] = guarded.is_place_wanted(
            viewer=viewer, alert_id=shown.id, now=request.now
        )
        if shown.part is Part.ASKER and not shown.is_sending:
            facts["closed"] = closed_until(viewer=viewer, now=request.now)
            facts["reach"] = _reach(rung(viewer=viewer, page=shown), shown.asked)
        return facts
    until = guarded.words_until(viewer=viewer, alert_id=shown.id, now=request.now)
    may_keep = until is not None and shown.ended_at is not None
    return {
        "kept_until": until,
        "may_keep": may_keep and until < shown.ended_at + KEPT_LIFE,  # type: ignore[operator]  # both are known then
    }


def _reach(phones: int, asked: int) -> str:
    """«5 of 7 can be rung»: what push and texts cannot promise is said."""
    if phones >= asked:
        return _("Everybody who was asked has a phone that rings for this.")
    return ngettext(
        "%(phones)s of %(asked)s has a phone that rings for this. The others see it here.",
        "%(phones)s of %(asked)s have a phone that rings for this. The others see it here.",
        phones,
    ) % {"phones": phones, "asked": asked}


def bar_of(shown: AlertPage, second_now: bool) -> str:
    """Which buttons stand at the lower edge of a phone."""
    if shown.part is Part.ASKED:
        return _bar_of_asked(shown, second_now)
    if not shown.is_running or shown.is_sending:
        return "sending" if shown.is_sending and shown.part is Part.ASKER else ""
    return str(shown.part)


def _bar_of_asked(shown: AlertPage, second_now: bool) -> str:
    if not shown.is_running:
        return "home" if shown.mine in ON_THE_WAY else ""
    if second_now:
        return "second"
    return BARS.get(shown.mine, "") if shown.mine else ""


def _is_plain(shown: AlertPage) -> bool:
    """Whoever is not needed and whoever was removed read the very same page (SAFETY.md 2)."""
    return (
        shown.part is Part.ASKED
        and shown.mine is Standing.ENOUGH
        and shown.state is not AlertState.OPEN
    )


def _stage(shown: AlertPage, second_now: bool) -> str:
    if _is_plain(shown):
        return "plain"
    if shown.state is AlertState.CANCELLED:
        return "stopped"
    if not shown.is_running:
        return "over"
    if shown.is_sending:
        return "sending"
    return "second" if second_now else "running"


def _reads_along(shown: AlertPage) -> bool:
    """Lines and tasks are for the asker's side and those who help, strangers once let in."""
    if shown.part in {Part.ASKER, Part.SUBJECT}:
        return True
    on_the_way = shown.coming + shown.there
    if shown.doors_paused or waits_for_second(needs_two=shown.needs_two, on_the_way=on_the_way):
        return False  # lines may name a door
    me = next((one for one in shown.helpers if one.is_me), None)
    return me is not None and (not me.is_stranger or me.is_allowed) and not me.is_shut


def counts_words(shown: AlertPage) -> str:
    """«7 asked · 3 coming · 1 there», and nothing about who can't."""
    parts = [ngettext("%(n)s asked", "%(n)s asked", shown.asked) % {"n": shown.asked}]
    coming = shown.coming if shown.is_running else 0  # when it is over, nobody comes any more
    for number, words in (
        (coming, ngettext("%(n)s coming", "%(n)s coming", coming)),
        (shown.there, ngettext("%(n)s there", "%(n)s there", shown.there)),
        (
            shown.counts.get(Standing.REMOTE, 0),
            ngettext(
                "%(n)s helps from home",
                "%(n)s help from home",
                shown.counts.get(Standing.REMOTE, 0),
            ),
        ),
    ):
        if number:
            parts.append(words % {"n": number})
    if len(parts) == 1 and shown.is_running:
        parts.append(_("nobody yet"))
    return " · ".join(parts)


def _row(one: Helper, shown: AlertPage) -> dict[str, Any]:
    """One person who helps, with what this viewer may say about them."""
    is_coming = one.standing in ON_THE_WAY
    return {
        "one": one,
        "roles": ", ".join(_(role) for role in one.roles),
        "is_there": one.standing is Standing.ARRIVED,
        "is_coming": one.standing is Standing.COMING,
        "is_home": one.standing is Standing.HOME,
        "may_allow": shown.may_steer
        and is_coming
        and ((one.is_stranger and not one.is_allowed) or one.is_shut)
        and (not one.is_shut or shown.part is Part.ASKER)
        and not one.is_me,
        "may_remove": shown.may_remove and not one.is_me,
    }


def _where(viewer: Viewer, shown: AlertPage, now: datetime) -> Where:
    """The door through its disclosure, written down as a reading; else where people wait."""
    if shown.part is Part.ASKER:
        return _own_place(viewer, shown, now)
    if shown.part is not Part.ASKED or shown.mine not in ON_THE_WAY or not shown.is_running:
        return Where()
    try:
        open_guarded(viewer=viewer, what=DOOR, thing_id=shown.id, how="page", now=now)
        words = guarded.door_words(viewer=viewer, alert_id=shown.id, now=now)
        return Where(words=words, meeting=words.meeting, map=map_of(words.cell))
    except NotHere:
        meeting, cell = guarded.meeting_words(viewer=viewer, alert_id=shown.id, now=now)
        shut = why_shut(viewer=viewer, page=shown)
        return Where(meeting=meeting, map=map_of(cell), why_shut=_(SHUT_WORDS[shut]))


def _own_place(viewer: Viewer, shown: AlertPage, now: datetime) -> Where:
    """What the asker wrote; on a device that is not signed in nothing of it is shown."""
    if viewer.scope is not Scope.SESSION:
        return Where()
    words = guarded.door_words(viewer=viewer, alert_id=shown.id, now=now)
    return Where(words=words, meeting=words.meeting, map=map_of(words.cell))


def map_of(cell: str) -> HexMap | None:
    """The part of the map where people are wanted, with what lies around it."""
    if not cell:
        return None
    shown = [Cell(cell=one, is_alert=one == cell) for one in cells.around(cell, 1)]
    return hex_map(shown, middle=cell, rings=4)


def _missing(viewer: Viewer, shown: AlertPage, now: datetime) -> guarded.MissingWords | None:
    if shown.kind is not Kind.MISSING or shown.is_sending:
        return None
    return guarded.missing_words(viewer=viewer, alert_id=shown.id, now=now)


def _task_lines(tasks: Iterable[TaskShown], *, is_late: bool) -> list[TaskLine]:
    """is_late: for a coordinator, who is shown no door and says what they know."""
    lines = []
    for task in tasks:
        words = _(TASK_WORDS[task.key]) if task.key else task.words
        if task.key == "ring" and task.ring_name:
            told = (
                _("Ring %(name)s and say who asked")
                if is_late
                else _("Ring %(name)s and say where")
            )
            words = told % {"name": task.ring_name}
        lines.append(TaskLine(task=task, words=words, is_typed=not task.key))
    return lines


def _offered(shown: AlertPage, tasks: Iterable[TaskShown]) -> list[dict[str, Any]]:
    """Small things of this kind that are not on the list yet."""
    on_list = {task.key for task in tasks if not task.is_done}
    return [
        {"key": key, "words": _(TASK_WORDS[key]), "form": Form(auto_id=False)}
        for key in OFFERED[shown.kind]
        if key not in on_list
    ]
