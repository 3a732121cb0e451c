"""Saying «I know this person»."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit import clock
from porchlight.kit.viewer import Viewer
from porchlight.trust.actions import vouches as actions
from porchlight.trust.forms.vouches import VouchForm
from porchlight.trust.queries import vouches as queries


@door("GET", "POST", who=SIGNED_IN)
def vouch(request: Request, person_id: UUID) -> HttpResponse:
    known = queries.known_newcomer(viewer=request.viewer, person_id=person_id, now=request.now)
    form = VouchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        missing = attempt(
            form,
            actions.vouch,
            viewer=request.viewer,
            person_id=person_id,
            client_key=form.client_key_sent,
            now=request.now,
        )
        if missing is not None:
            return redirect("people:pod", request.network.slug)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("Do you know %(name)s?") % {"name": known.name},
            "words": _("Your word helps them become a member. Members see the groups here."),
            "points": [
                _("Say it only of somebody you have met and would open your door to."),
                _("You can do this about once a week. Nobody is told who said it."),
            ],
            "action": _("I know this person"),
            "back": reverse("people:pod", args=[request.network.slug]),
        },
    )


def vouch_piece(request: HttpRequest) -> SafeString | None:
    """On the page of a pod or group: whom one may know here, or how many one still needs."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not viewer.is_someone:
        return None
    now = getattr(request, "now", None) or clock.now()
    circle_id = request.resolver_match.kwargs.get("circle_id") if request.resolver_match else None
    known = queries.known_newcomers(viewer=viewer, now=now, circle_id=circle_id)
    shown = [one for one in known if one.why_not is None or one.i_said_it]
    missing = 0 if circle_id else queries.own_missing(viewer=viewer, now=now)
    if not shown and not missing:
        return None
    return SafeString(
        render_to_string("trust/_vouches.html", {"known": shown, "missing": missing}, request)
    )
