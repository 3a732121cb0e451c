"""«Who may see my address and words»: seen by their owner only, after the password again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.people.views.ways_in import is_fresh, password_first
from porchlight.trust.actions.disclosures import stop_showing
from porchlight.trust.queries.seen import seen_page


@door("GET", "POST", who=SIGNED_IN)
def seen(request: Request) -> HttpResponse:
    """All of it; the password comes first, in case somebody else holds the phone."""
    asked = password_first(
        request,
        title=_("Who may see my address and words"),
        back=reverse("people:me", args=[request.network.slug]),
    )
    if asked is not None:
        return asked
    found = seen_page(viewer=request.viewer, number=request.GET.get("page", "1"), now=request.now)
    return page(request, "trust/seen.html", {"seen": found, "now": request.now})


@door("POST", who=SIGNED_IN)
def stop(request: Request, disclosure_id: UUID) -> HttpResponse:
    if is_fresh(request):
        stop_showing(viewer=request.viewer, disclosure_id=disclosure_id, now=request.now)
    return redirect("trust:seen", request.network.slug)


def me_piece(request: HttpRequest) -> SafeString:
    """On one's own page: the way here."""
    return SafeString(render_to_string("trust/_me.html", {}, request))
