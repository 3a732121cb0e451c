"""Who is late on the way to a call, or home: oneself, and whom one was told about."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.alerts.actions.afterwards import answer_contact, they_were_rung
from porchlight.alerts.actions.looking import say_where, spoke_with
from porchlight.alerts.queries.afterwards import to_look_in, want_to_talk
from porchlight.alerts.queries.check_ins import LateOnTheirWay, on_their_way
from porchlight.alerts.queries.late import late_page
from porchlight.alerts.rules.afterwards import YesNo
from porchlight.alerts.rules.names import AT_HOME, CHECK_IN, HERE, NOT_COMING, STILL
from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.views.numbers import numbers
from porchlight.trust.actions.disclosures import open_guarded
from porchlight.trust.rules.disclosures import How


@door("GET", who=SIGNED_IN)
def late(request: Request) -> HttpResponse:
    """Buttons for whoever is asked; names and numbers for whoever looks."""
    return _show(request)


def _show(request: Request, *, problem: str = "", status: int = 200) -> HttpResponse:
    ways = _ways(request)
    facts = numbers(request) | {
        "look_in": to_look_in(viewer=request.viewer, now=request.now),
        "want_to_talk": want_to_talk(viewer=request.viewer, now=request.now),
        "late": late_page(viewer=request.viewer, now=request.now),
        "ways": [one for one in ways if one.is_late],
        "any_quiet": any(one.is_quiet for one in ways),
        "setting_out": [one for one in ways if not one.is_late],
        "now": request.now,
        "problem": problem,
    }
    return page(request, "alerts/late.html", facts, status=status)


def _ways(request: Request) -> list[LateOnTheirWay]:
    """Ways of others the viewer was told about; words are written down as read before they show."""
    found = on_their_way(viewer=request.viewer, now=request.now)
    for one in found:
        if one.is_read:
            open_guarded(
                viewer=request.viewer, what=CHECK_IN, thing_id=one.id, how=How.PAGE, now=request.now
            )
    return found


@door("POST", who=SIGNED_IN)
def say(request: Request, alert_id: UUID) -> HttpResponse:
    """«I'm there», «I'm home», a little later, or not coming."""
    said = request.POST.get("said", "")
    if said not in {HERE, STILL, NOT_COMING, AT_HOME}:
        raise NotHere
    try:
        say_where(viewer=request.viewer, alert_id=alert_id, said=said, now=request.now)
    except Refusal as refusal:
        return _show(request, problem=refusal.sentence, status=409)
    return redirect("alerts:late", request.network.slug)


@door("POST", who=SIGNED_IN)
def look_in(request: Request, alert_id: UUID) -> HttpResponse:
    """«I look in», «I can't», «I rang them»."""
    whose: dict[str, Any] = {"viewer": request.viewer, "alert_id": alert_id, "now": request.now}
    said = request.POST.get("said", "")
    if said == "rung":
        they_were_rung(**whose)
    elif said in set(YesNo):
        answer_contact(**whose, said=YesNo(said))
    else:
        raise NotHere
    return redirect("alerts:late", request.network.slug)


@door("POST", who=SIGNED_IN)
def spoke(request: Request, alert_id: UUID, person_id: UUID) -> HttpResponse:
    """«We spoke»: somebody who was late is well."""
    spoke_with(viewer=request.viewer, alert_id=alert_id, person_id=person_id, now=request.now)
    return redirect("alerts:late", request.network.slug)
