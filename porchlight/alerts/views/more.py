"""«Say more»: a page of its own, so that nothing typed is lost when the alert moves on."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from porchlight.alerts.actions import wording
from porchlight.alerts.forms.more import MoreForm
from porchlight.alerts.queries import words as guarded
from porchlight.alerts.queries.offered import offered
from porchlight.alerts.queries.pages import AlertPage, Part, alert_page, must_be
from porchlight.alerts.views.entering import alert_door
from porchlight.alerts.views.raising import TURN, picker_of, raw, with_position
from porchlight.browser.doors import Request, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer


@alert_door("GET", "POST")
def say_more(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    """What happened, for whoever comes, the place, the kind. Only the asker, while it runs."""
    must_be(Part.ASKER, viewer=viewer, alert_id=alert_id, now=request.now)
    shown = alert_page(viewer=viewer, alert_id=alert_id, now=request.now)
    if shown.is_silent:
        raise NotHere
    if not shown.is_running:
        return redirect("alerts:one", request.network.slug, alert_id)
    form = _form(request, viewer, shown)
    if request.method == "POST" and form.is_bound and form.is_valid():
        facts: dict[str, Any] = {"viewer": viewer, "alert_id": alert_id, "now": request.now}
        attempt(form, wording.say_more, **facts, **form.changes)
        if not form.errors:
            return redirect("alerts:one", request.network.slug, alert_id)
    return _drawn(request, viewer, alert_id, form)


def _form(request: Request, viewer: Viewer, shown: AlertPage) -> MoreForm:
    """What was said so far stands in it; a button that only turns the map sends nothing."""
    facts: dict[str, Any] = {
        "kind": shown.kind,
        "offered": offered(viewer=viewer),
        "whom": guarded.whom_for(viewer=viewer, alert_id=shown.id, now=request.now),
        "words": guarded.door_words(viewer=viewer, alert_id=shown.id, now=request.now)
        if viewer.scope is Scope.SESSION
        else None,
    }
    if request.method != "POST":
        return MoreForm(**facts)
    form = MoreForm(request.POST, **facts)
    return MoreForm(initial=raw(form), **facts) if TURN in request.POST else form


def _drawn(request: Request, viewer: Viewer, alert_id: UUID, form: MoreForm) -> HttpResponse:
    facts = {
        "form": form,
        "network": request.network,
        "alert_id": alert_id,
        "picker": picker_of(request, viewer),
        "is_turned": TURN in request.POST,
        "asks_where": guarded.is_place_wanted(viewer=viewer, alert_id=alert_id, now=request.now),
    }
    return with_position(page(request, "alerts/more.html", facts))
