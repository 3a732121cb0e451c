"""The page behind a link that was sent: signed out, neutral, on one device."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import override

from porchlight.alerts.actions.links import LinkDoor, answer_by_link, show_door_by_link
from porchlight.alerts.queries import words as guarded
from porchlight.alerts.queries.links import Linked
from porchlight.alerts.queries.links import linked as linked_alert
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.views.one import map_of
from porchlight.browser.doors import Request, door, page
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.queries.numbers import emergency_number
from porchlight.people.views.ways_in import wrong_try

GUESSES = "answer links"
"""All guesses count together: a link has 50 bits."""
COOKIE_LIFE = 60 * 60 * 24 * 31
"""Longer than any alert is kept."""


def cookie_name() -> str:
    """The cookie that tells the first device from others; it names nobody."""
    return "__Host-porch-link" if settings.PUBLIC_IS_SECURE else "porch-link"


@door("GET", "POST")
def linked(request: Request, token: str) -> HttpResponse:
    """Asks, or takes the answer. Opening it answers nothing."""
    found = _found(request, token)
    if request.method != "POST":
        return _drawn(request, found, token)
    said = request.POST.get("answer", "")
    if said not in set(Said):
        raise NotHere
    device = _device(request)
    try:
        answer_by_link(
            viewer=found.viewer,
            alert_id=found.alert_id,
            token=token,
            device=device,
            said=Said(said),
            now=request.now,
        )
    except Refusal as refusal:
        with override(found.language):
            # What is over is said by the page itself, as it ended.
            problem = refusal.sentence if found.is_running else ""
            return _drawn(request, found, token, problem=problem, status=409)
    return _remembering(redirect("alerts:linked", request.network.slug, token), device)


@door("POST")
def where(request: Request, token: str) -> HttpResponse:
    """«Show me where», once, on the device that answered."""
    found = _found(request, token)
    if not found.is_coming or not found.is_running:
        return redirect("alerts:linked", request.network.slug, token)
    device = _device(request)
    viewer, alert_id, now = found.viewer, found.alert_id, request.now
    came_to = show_door_by_link(viewer=viewer, alert_id=alert_id, device=device, now=now)
    facts: dict[str, Any] = {"came_to": came_to.value}
    if came_to is LinkDoor.SHOWN:
        shown = guarded.door_words(viewer=viewer, alert_id=alert_id, now=now)
        facts |= {"door": shown, "map": map_of(shown.cell)}
    elif came_to is LinkDoor.MEETING:
        meeting, cell = guarded.meeting_words(viewer=viewer, alert_id=alert_id, now=now)
        facts |= {"meeting": meeting, "map": map_of(cell)}
    return _remembering(_drawn(request, found, token, **facts), device)


def _found(request: Request, token: str) -> Linked:
    """What the link leads to. Guessing gets slower with each try; real links never wait."""
    device = request.COOKIES.get(cookie_name(), "")
    try:
        return linked_alert(network=request.network, token=token, device=device, now=request.now)
    except NotHere:
        wrong_try(GUESSES, request.now, request)
        raise


def _device(request: Request) -> str:
    """What tells this device from others; made when it first sends something."""
    return request.COOKIES.get(cookie_name(), "") or secrets.token_urlsafe(32)


def _drawn(
    request: Request,
    found: Linked,
    token: str,
    *,
    problem: str = "",
    status: int = 200,
    **facts: object,
) -> HttpResponse:
    """In the language the link was written in, for whoever reads it."""
    everything = {
        "link": found,
        "token": token,
        "network": request.network,
        "emergency": emergency_number(viewer=request.viewer),
        "problem": problem,
        **facts,
    }
    with override(found.language):
        response = page(request, "alerts/link.html", everything, status=status)
    response.headers["Content-Language"] = found.language
    return response


def _remembering(response: HttpResponse, device: str) -> HttpResponse:
    response.set_cookie(
        cookie_name(),
        device,
        max_age=COOKIE_LIFE,
        path="/",
        secure=settings.PUBLIC_IS_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
