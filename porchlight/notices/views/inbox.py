"""What no area understood, for those who keep the group."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.notices.actions import mark_handled
from porchlight.notices.queries import inbox, strange_calls
from porchlight.notices.views.news import _page_number


@door("GET", who=SIGNED_IN, right="inbox")
def inbox_page(request: Request) -> HttpResponse:
    """Texts that wait for a person."""
    found = inbox(viewer=request.viewer, page=_page_number(request))
    facts = {"page": found, "strange_calls": strange_calls(viewer=request.viewer)}
    return page(request, "notices/inbox.html", facts)


@door("POST", who=SIGNED_IN, right="inbox")
def handled(request: Request, text_id: UUID) -> HttpResponse:
    """Somebody took care of it."""
    mark_handled(viewer=request.viewer, text_id=text_id, now=request.now)
    return redirect("notices:inbox", request.network.slug)
