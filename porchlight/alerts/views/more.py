"""«Say more»: a page of its own, so that nothing typed is lost when the alert moves on."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from porchlight.alerts.actions import wording
from porchlight.alerts.forms.more import MoreForm
from porchlight.alerts.queries import words as guarded
from porchlight.alerts.queries.pages import Part, alert_page
from porchlight.alerts.views.entering import alert_door
from porchlight.browser.doors import Request, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.queries.places import places_of


@alert_door("GET", "POST")
def say_more(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    """What happened, for whoever comes, the place, the kind. Only the asker, while it runs."""
    shown = alert_page(viewer=viewer, alert_id=alert_id, now=request.now)
    if shown.part is not Part.ASKER or shown.is_silent:
        raise NotHere
    if not shown.is_running:
        return redirect("alerts:one", request.network.slug, alert_id)
    is_in = viewer.scope is Scope.SESSION
    form = MoreForm(
        request.POST or None,
        kind=shown.kind,
        places=places_of(viewer=viewer) if is_in else (),
        words=guarded.door_words(viewer=viewer, alert_id=alert_id, now=request.now)
        if is_in
        else None,
    )
    if request.method == "POST" and form.is_valid():
        facts: dict[str, Any] = {"viewer": viewer, "alert_id": alert_id, "now": request.now}
        attempt(form, wording.say_more, **facts, **form.changes)
        if not form.errors:
            return redirect("alerts:one", request.network.slug, alert_id)
    return _drawn(request, alert_id, form)


def _drawn(request: Request, alert_id: UUID, form: MoreForm) -> HttpResponse:
    facts = {"form": form, "network": request.network, "alert_id": alert_id}
    return page(request, "alerts/more.html", facts)
