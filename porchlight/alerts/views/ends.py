"""The end of an alert and what comes after: who opened the door, and how long words stay."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.alerts.actions import afterwards, ending, wording
from porchlight.alerts.actions.deaths import end_with_death
from porchlight.alerts.forms.choices import AfterForm
from porchlight.alerts.queries.pages import Part, alert_page, must_be, must_end
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.views.entering import alert_door
from porchlight.alerts.views.one import acted
from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.views.ways_in import password_first
from porchlight.trust.queries.disclosures import opened_by

BY_HAND = frozenset({EndedHow.ALL_CLEAR, EndedHow.ALL_RIGHT, EndedHow.FOUND})


@alert_door("GET", "POST")
def end(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    """Ask how it ended, then tell everybody. A tap alone ends nothing."""
    if request.method == "POST":
        how = request.POST.get("how", "")
        if how == EndedHow.DIED:
            act = partial(end_with_death, viewer=viewer, alert_id=alert_id, now=request.now)
            return acted(request, viewer, alert_id, act)
        if how not in BY_HAND:
            raise NotHere
        act = partial(
            ending.end, viewer=viewer, alert_id=alert_id, how=EndedHow(how), now=request.now
        )
        return acted(request, viewer, alert_id, act)
    must_end(viewer=viewer, alert_id=alert_id, now=request.now)
    shown = alert_page(viewer=viewer, alert_id=alert_id, now=request.now)
    if not shown.may_end:
        raise NotHere
    facts = {
        "alert": shown,
        "network": request.network,
        "is_missing": shown.kind is Kind.MISSING,
        "form": Form(),
    }
    return page(request, "alerts/end.html", facts)


@door("GET", "POST", who=SIGNED_IN)
def opened(request: Request, alert_id: UUID) -> HttpResponse:
    """Who opened the door and when. Only the asker, after their password (SAFETY.md 17)."""
    must_be(Part.ASKER, viewer=request.viewer, alert_id=alert_id, now=request.now)
    shown = alert_page(viewer=request.viewer, alert_id=alert_id, now=request.now)
    if shown.is_silent:
        raise NotHere
    asked = password_first(
        request,
        title=_("Who opened my door"),
        back=reverse("alerts:one", args=[request.network.slug, alert_id]),
    )
    if asked is not None:
        return asked
    found = opened_by(viewer=request.viewer, thing_id=alert_id)
    facts = {
        "alert": shown,
        "network": request.network,
        "opened": [one for one in found if one.what == DOOR],
        "now": request.now,
    }
    return page(request, "alerts/opened.html", facts)


@door("POST", who=SIGNED_IN)
def after(request: Request, alert_id: UUID) -> HttpResponseBase:
    """Somebody to look in; «I'd like to talk»."""
    whose: dict[str, Any] = {"viewer": request.viewer, "alert_id": alert_id, "now": request.now}
    form = AfterForm(request.POST)
    if not form.is_valid():
        raise NotHere
    act, person_id = form.cleaned_data["act"], form.cleaned_data["person"]
    acts: dict[str, Callable[[], None]] = {
        "talk": partial(afterwards.ask_to_talk, **whose),
    }
    if person_id is not None:
        acts["name"] = partial(afterwards.name_contact, **whose, person_id=person_id)
    if act not in acts:
        raise NotHere
    return acted(request, request.viewer, alert_id, acts[act])


@door("POST", who=SIGNED_IN)
def keep(request: Request, alert_id: UUID) -> HttpResponseBase:
    """The words stay until the 30th day after the end."""
    act = partial(wording.keep_words, viewer=request.viewer, alert_id=alert_id, now=request.now)
    return acted(request, request.viewer, alert_id, act)


@door("GET", "POST", who=SIGNED_IN)
def erase(request: Request, alert_id: UUID) -> HttpResponseBase:
    """The words go now."""
    viewer = request.viewer
    if request.method == "POST":
        act = partial(wording.erase_words, viewer=viewer, alert_id=alert_id, now=request.now)
        return acted(request, viewer, alert_id, act)
    facts: dict[str, Any] = {"viewer": viewer, "alert_id": alert_id, "now": request.now}
    must_be(Part.ASKER, Part.SUBJECT, **facts, is_running=False)
    facts = {
        "form": Form(),
        "title": _("Erase the words now?"),
        "points": [
            _("The place, what you wrote and what others wrote here is gone at once."),
            _("When it was and who came stays for 30 days, without words."),
        ],
        "action": _("Erase them"),
        "back": reverse("alerts:one", args=[request.network.slug, alert_id]),
        "is_grave": True,
    }
    return page(request, "browser/confirm.html", facts)
