"""A need outside the network: its link for whoever asks, the page behind it, and a poster."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from porchlight.browser.doors import ANYONE, SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.views.invites import whole_address
from porchlight.sharing.actions import outside as actions
from porchlight.sharing.queries.one import NeedPage, need_page
from porchlight.sharing.queries.outside import seen_outside
from porchlight.sharing.views.parts import where_on, with_no

STRIPS = 8
"""Strips to tear off at the foot of a poster: as many as fit side by side on a sheet."""


@door("GET", who=ANYONE)
@where_on
def outside(request: Request, shared_as: str) -> HttpResponse:
    """What is asked for and whether it is still open, for anybody who has the link."""
    found = seen_outside(viewer=request.viewer, shared_as=shared_as, now=request.now)
    return page(request, "sharing/outside.html", {"found": found, "now": request.now})


@door("GET", "POST", who=SIGNED_IN)
@where_on
def link(request: Request, need_id: UUID) -> HttpResponse:
    """Make a link to one's own need, or end it."""
    found, form = _own(request, need_id), Form()
    if request.method == "POST":
        deed = actions.end_link if "end" in request.POST else actions.show_outside
        try:
            deed(viewer=request.viewer, need_id=need_id, now=request.now)
        except Refusal as refusal:
            form = with_no(refusal)
        else:
            return redirect("sharing:link", request.network.slug, need_id)
    address = _address(request, found)
    facts = {
        "need": found,
        "form": form,
        "address": address,
        "words": _("A neighbour asks for something. Can you help? %(link)s") % {"link": address},
    }
    return page(request, "sharing/link.html", facts, status=409 if form.errors else 200)


@door("GET", who=SIGNED_IN)
@where_on
def poster(request: Request, need_id: UUID) -> HttpResponse:
    """One sheet of paper for a wall, with strips to tear off."""
    found = _own(request, need_id)
    if not found.shared_as:
        raise NotHere
    address = _address(request, found)
    facts = {
        "need": found,
        "address": address,
        "short": address.partition("://")[2],
        "strips": range(STRIPS),
        "now": request.now,
    }
    return page(request, "sharing/poster.html", facts)


def _own(request: Request, need_id: UUID) -> NeedPage:
    found = need_page(viewer=request.viewer, need_id=need_id, now=request.now)
    if not found.is_mine:
        raise NotHere
    return found


def _address(request: Request, found: NeedPage) -> str:
    if not found.shared_as:
        return ""
    return whole_address("sharing:outside", request.network.slug, found.shared_as)
