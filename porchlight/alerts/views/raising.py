"""Calling for help: the page with the kinds, and the one for somebody who is missing."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.alerts.actions.raising import raise_alert
from porchlight.alerts.forms.raising import HelpForm, MissingForm, PlaceFields
from porchlight.alerts.models import Alert
from porchlight.alerts.queries.offered import Offered, offered
from porchlight.alerts.queries.resting import closed_until
from porchlight.alerts.rules.asking import Asking
from porchlight.alerts.rules.kinds import KIND_WORDS, Kind
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.views.who import caller_of
from porchlight.browser.doors import Request, door, page
from porchlight.browser.forms import attempt
from porchlight.browser.middleware import HEADERS
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.places import middle_cell
from porchlight.people.rules.places import Kind as PlaceKind
from porchlight.people.views.numbers import numbers
from porchlight.people.views.place_map import Picker, picker, start_of, turned

ICONS = {
    Kind.HURT: "med",
    Kind.FIRE: "fire",
    Kind.UNSAFE: "shield",
    Kind.MISSING: "search",
    Kind.OTHER: "ask",
}
TURN = "turn"
"""A button that only moves the map; also what Enter in a field presses. It sends nothing."""
POSITION = HEADERS["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)")


@door("GET", "POST")
def help_page(request: Request) -> HttpResponse:
    """Get help: the number first, then the kinds. Tapping a kind sends."""
    viewer = caller_of(request)
    if viewer is None:
        return _numbers_only(request)
    choices = offered(viewer=viewer)
    if request.method == "POST" and TURN not in request.POST:
        form = HelpForm(request.POST, offered=choices)
        if form.is_valid():
            sent = _send(request, viewer, form, form.asking)
            if sent is not None:
                return sent
    else:
        form = HelpForm(initial=_typed(request, HelpForm, choices), offered=choices)
    return with_position(
        page(request, "alerts/help.html", _facts(request, viewer, form, choices) | _kinds())
    )


@door("GET", "POST")
def missing(request: Request) -> HttpResponse:
    """Somebody is missing: who, and a second person who knows. For people who are signed in."""
    viewer = caller_of(request)
    if viewer is None:
        return _numbers_only(request)
    choices = offered(viewer=viewer)
    form = MissingForm(initial=_typed(request, MissingForm, choices), offered=choices)
    if request.method == "POST" and TURN not in request.POST:
        form = MissingForm(request.POST, request.FILES, offered=choices)
        if form.is_valid():
            sent = _send(request, viewer, form, form.asking)
            if sent is not None:
                return sent
    return with_position(
        page(request, "alerts/missing.html", _facts(request, viewer, form, choices))
    )


def _send(
    request: Request, viewer: Viewer, form: PlaceFields, asking: Asking
) -> HttpResponse | None:
    """Send the call; None where a rule says no, and the form says why."""
    alert: Alert | None = attempt(
        form,
        raise_alert,
        viewer=viewer,
        asking=asking,
        client_key=form.client_key_sent,
        now=request.now,
    )
    if alert is None:
        return None
    name = "alerts:note" if alert.is_silent else "alerts:one"
    address = reverse(name, args=[request.network.slug, alert.id])
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"to": address})
    return redirect(address)


def _numbers_only(request: Request) -> HttpResponse:
    """For somebody we do not know: whom to ring. A call that was pressed was not sent."""
    is_sent = request.method == "POST"
    facts = numbers(request) | {"was_pressed": is_sent}
    return page(request, "alerts/numbers_only.html", facts, status=409 if is_sent else 200)


def _kinds() -> dict[str, Any]:
    return {
        "kinds": [
            {
                "kind": kind.value,
                "words": _(words),
                "icon": ICONS[kind],
                "is_missing": kind is Kind.MISSING,
            }
            for kind, words in KIND_WORDS.items()
        ]
    }


def _facts(request: Request, viewer: Viewer, form: PlaceFields, choices: Offered) -> dict[str, Any]:
    return numbers(request) | {
        "form": form,
        "offered": choices,
        "closed": closed_until(viewer=viewer, now=request.now),
        "is_open": TURN in request.POST or bool(form.is_bound and form.errors),
        "needs_people": form.is_bound
        and form.has_error(NON_FIELD_ERRORS, WhyNot.NO_SAFE_PEOPLE.name.lower()),
        "picker": picker_of(request, viewer),
    }


def picker_of(request: Request, viewer: Viewer) -> Picker | None:
    centre = middle_cell(viewer=viewer)
    if not centre:
        return None
    chosen = request.POST.getlist("cell")
    start = start_of(request.POST.get("middle", ""), chosen=chosen, centre=centre)
    start = turned(start, towards=request.POST.get(TURN, ""), centre=centre)
    return picker(kind=PlaceKind.OTHER, chosen=chosen, start=start, centre=centre)


def _typed(request: Request, form: type[PlaceFields], choices: Offered) -> dict[str, Any]:
    """What somebody typed so far, kept while they turn the map."""
    if TURN not in request.POST:
        return {}
    return raw(form(request.POST, offered=choices))


def raw(bound: PlaceFields) -> dict[str, Any]:
    """Every field as it was typed, checked or not."""
    return {
        name: field.widget.value_from_datadict(bound.data, bound.files, name)
        for name, field in bound.fields.items()
    }


def with_position(response: HttpResponse) -> HttpResponse:
    """Let this one page ask the phone where it is."""
    response["Permissions-Policy"] = POSITION
    return response
