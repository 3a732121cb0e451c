"""My places and ways: a list, a page for each, and a pause."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.kit import cells
from porchlight.people.actions import places as actions
from porchlight.people.forms.places import (
    HOURS_WORDS,
    PARTS_OF_A_DAY,
    MiddleForm,
    PauseForm,
    PlaceForm,
    as_typed,
    still_typing,
)
from porchlight.people.queries import places as queries
from porchlight.people.queries.export import places_file
from porchlight.people.queries.places import MyPlace
from porchlight.people.rules.hours import Hours, named, spans
from porchlight.people.rules.places import Kind, Pause
from porchlight.people.rules.rights import Right
from porchlight.people.views.place_map import turned_picker
from porchlight.people.views.ways_in import password_first

KIND_WORDS = {
    Kind.HOME: pgettext_lazy("a place", "Home"),
    Kind.WORK: gettext_lazy("Work"),
    Kind.OTHER: gettext_lazy("Another place"),
    Kind.ROUTE: gettext_lazy("A usual way"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One place in the list."""

    place: MyPlace
    title: str
    hours: str


@door("GET", who=SIGNED_IN)
def places(request: Request) -> HttpResponse:
    mine = queries.places_of(viewer=request.viewer)
    taken = {place.kind for place in mine}
    return page(
        request,
        "people/places.html",
        {
            "lines": [
                Line(place=one, title=title_of(one), hours=hours_words(one.hours)) for one in mine
            ],
            "pausing": queries.pausing_of(viewer=request.viewer, now=request.now),
            "pause_form": PauseForm(),
            "kinds": [
                (kind, words)
                for kind, words in KIND_WORDS.items()
                if kind is not Kind.HOME or kind not in taken
            ],
            "has_map": bool(queries.middle_cell(viewer=request.viewer)),
            "may_keep": request.viewer.may(Right.KEEP),
        },
    )


@door("GET", "POST", who=SIGNED_IN)
def new_place(request: Request, kind: str) -> HttpResponse:
    if kind not in set(Kind):
        raise Http404
    return _place_page(request, Kind(kind), None)


@door("GET", "POST", who=SIGNED_IN)
def place(request: Request, place_id: UUID) -> HttpResponse:
    found = queries.place_of(viewer=request.viewer, place_id=place_id)
    return _place_page(request, found.kind, found)


def _place_page(request: Request, kind: Kind, found: MyPlace | None) -> HttpResponse:
    """Ask for a place, or save it. Turning the map keeps all that was typed, and saves nothing."""
    turn = request.POST.get("turn", "")
    if request.method == "POST" and not turn:
        form = PlaceForm(request.POST, kind=kind)
        if form.is_valid() and _save(request, form, kind, found):
            return redirect("people:places", request.network.slug)
        chosen = request.POST.getlist("cell")
    else:
        typed = still_typing(request.POST) if turn else as_typed(found) if found else {}
        form = PlaceForm(initial=typed, kind=kind)
        chosen = typed.get("cell", [])
    centre = queries.middle_cell(viewer=request.viewer)
    return page(
        request,
        "people/place.html",
        {
            "form": form,
            "place": found,
            "title": title_of(found) if found else KIND_WORDS[kind],
            "is_route": kind is Kind.ROUTE,
            "picker": turned_picker(
                kind=kind,
                chosen=chosen,
                middle=request.POST.get("middle", ""),
                turn=turn,
                centre=centre,
            )
            if centre
            else None,
            "parts": PARTS_OF_A_DAY,
            "may_keep": request.viewer.may(Right.KEEP),
        },
    )


def _save(request: Request, form: PlaceForm, kind: Kind, found: MyPlace | None) -> bool:
    facts: dict[str, Any] = {
        "viewer": request.viewer,
        "entered": form.entered,
        "now": request.now,
    }
    if found:
        attempt(form, actions.change_place, place_id=found.id, **facts)
    else:
        attempt(form, actions.add_place, kind=kind, client_key=form.client_key_sent, **facts)
    return not form.errors


@door("GET", "POST", who=SIGNED_IN)
def delete_place(request: Request, place_id: UUID) -> HttpResponse:
    found = queries.place_of(viewer=request.viewer, place_id=place_id)
    if request.method == "POST":
        actions.delete_place(viewer=request.viewer, place_id=place_id, now=request.now)
        return redirect("people:places", request.network.slug)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": Form(),
            "title": _("Delete «%(place)s»?") % {"place": title_of(found)},
            "words": _("It is gone at once. You can enter it again later."),
            "action": _("Delete it"),
            "back": reverse("people:place", args=[request.network.slug, place_id]),
        },
    )


@door("POST", who=SIGNED_IN)
def pause_places(request: Request) -> HttpResponse:
    form = PauseForm(request.POST)
    if form.is_valid():
        actions.pause_places(
            viewer=request.viewer, pause=Pause(form.cleaned_data["pause"]), now=request.now
        )
    return redirect("people:places", request.network.slug)


@door("POST", who=SIGNED_IN)
def resume_places(request: Request) -> HttpResponse:
    actions.resume_places(viewer=request.viewer, now=request.now)
    return redirect("people:places", request.network.slug)


@door("GET", "POST", who=SIGNED_IN)
def download_places(request: Request) -> HttpResponse:
    """The file, after the password: it holds doors and hours."""
    asked = password_first(
        request,
        title=_("Download all of this"),
        back=reverse("people:places", args=[request.network.slug]),
    )
    if asked is not None:
        return asked
    return JsonResponse(
        {"places": places_file(viewer=request.viewer)},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="my-places.json"'},
    )


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def network_middle(request: Request) -> HttpResponse:
    form = MiddleForm(request.POST or None, initial=_middle_typed(request))
    if request.method == "POST" and form.is_valid():
        attempt(form, actions.set_middle_cell, viewer=request.viewer, now=request.now, **form.facts)
        if not form.errors:
            return redirect("people:places", request.network.slug)
    return page(request, "people/places_middle.html", {"form": form})


def _middle_typed(request: Request) -> dict[str, float]:
    """The middle that holds now, roughly: it is the middle of a cell, not a house."""
    cell = queries.middle_cell(viewer=request.viewer)
    if not cell:
        return {}
    latitude, longitude = cells.centre_of(cell)
    return {"latitude": round(latitude, 3), "longitude": round(longitude, 3)}


def title_of(found: MyPlace) -> str:
    """What its owner calls it, else what it is."""
    return found.label or str(KIND_WORDS[found.kind])


def hours_words(mask: bytes) -> str:
    """When, in plain words: «Evenings, every day» or «Monday, Tuesday 8–12»."""
    hours = named(mask)
    if hours is not Hours.OWN:
        return str(dict(HOURS_WORDS)[hours])
    return "; ".join(
        _("%(days)s %(from_hour)s–%(until)s")
        % {
            "days": ", ".join(str(WEEKDAYS[day]) for day in span.days),
            "from_hour": span.from_hour,
            "until": span.until,
        }
        for span in spans(mask)
    )
