"""Alerts somebody has to do with, a strip on every page, and the doors that are paused."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from porchlight.alerts.actions.choices import close_tonight, lift_door_pause, open_tonight
from porchlight.alerts.queries import lists
from porchlight.alerts.queries.doors import paused
from porchlight.alerts.queries.lists import Listed
from porchlight.alerts.queries.resting import closed_until, planned_tonight
from porchlight.alerts.rules.kinds import SHORT_WORDS
from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.kit.viewer import Viewer
from porchlight.people.rules.rights import Right


@door("GET", who=SIGNED_IN)
def all_alerts(request: Request) -> HttpResponse:
    """What runs now and what is over, as far as the viewer has to do with it."""
    facts = {
        "running": [row(one) for one in lists.running(viewer=request.viewer, now=request.now)],
        "past": [row(one) for one in lists.past(viewer=request.viewer, now=request.now)],
        "may_lift": request.viewer.may(Right.COORDINATE),
        "closed": closed_until(viewer=request.viewer, now=request.now),
        "planned": planned_tonight(viewer=request.viewer, now=request.now),
        "network": request.network,
        "now": request.now,
    }
    return page(request, "alerts/all.html", facts)


def row(one: Listed) -> dict[str, object]:
    """One alert in a list."""
    return {"one": one, "kind_words": _(SHORT_WORDS[one.kind])}


@door("GET", who=SIGNED_IN, right=Right.COORDINATE)
def pauses(request: Request) -> HttpResponse:
    """Whom a coordinator should talk with before they are shown a door again."""
    facts = {"paused": paused(viewer=request.viewer), "network": request.network}
    return page(request, "alerts/pauses.html", facts | {"now": request.now})


@door("POST", who=SIGNED_IN, right=Right.COORDINATE)
def lift(request: Request, person_id: UUID) -> HttpResponse:
    """«We talked.»"""
    lift_door_pause(viewer=request.viewer, person_id=person_id, now=request.now)
    return redirect("alerts:pauses", request.network.slug)


@door("POST", who=SIGNED_IN, right=Right.COORDINATE)
def tonight(request: Request) -> HttpResponse:
    """Nobody coordinates tonight, or somebody does after all."""
    act = close_tonight if request.POST.get("act") == "close" else open_tonight
    act(viewer=request.viewer, now=request.now)
    return redirect("alerts:all", request.network.slug)


def strip_piece(request: HttpRequest) -> SafeString | None:
    """On every page: somebody asks, and the viewer has not answered. Costs: one query a page."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not viewer.is_someone:
        return None
    waiting = lists.unanswered(viewer=viewer, now=request.now)  # type: ignore[attr-defined]  # people.middleware put it there
    if waiting is None:
        return None
    address = reverse("alerts:one", args=[viewer.network.slug, waiting.alert_id])
    if request.path.startswith(address):
        return None
    return render_to_string(
        "alerts/_strip.html", {"address": address, "is_second": waiting.is_second}
    )
