"""Keeping somebody away: seen by its maker only, after the password again."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.people.actions import blocks as actions
from porchlight.people.forms.circles import NothingTyped
from porchlight.people.queries.blocks import own_blocks, somebody_met
from porchlight.people.views.ways_in import is_fresh, password_first


@door("GET", "POST", who=SIGNED_IN)
def person_blocks(request: Request) -> HttpResponse:
    """One's own blocks; the password comes first, in case somebody else holds the phone."""
    asked = password_first(request, "people/blocks_password.html")
    if asked is not None:
        return asked
    blocks = own_blocks(viewer=request.viewer)
    return page(request, "people/blocks.html", {"blocks": blocks, "form": NothingTyped()})


@door("GET", "POST", who=SIGNED_IN)
def block(request: Request, person_id: UUID) -> HttpResponse:
    """From wherever one meets a person: one tap, one «yes, keep away», no reason."""
    other = somebody_met(viewer=request.viewer, person_id=person_id, now=request.now)
    form = NothingTyped(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            actions.block,
            viewer=request.viewer,
            person_id=person_id,
            client_key=form.client_key_sent,
            now=request.now,
        )
        if done:
            return redirect("people:pod", request.network.slug)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("Keep %(name)s away?") % {"name": other.name},
            "words": _("From now on you two are not brought together. Nobody else can tell."),
            "points": [
                _("You stop being buddies, and asks between you close."),
                _("Neither of you is offered the other's pod or called to the other's help."),
                _("Is one of you on the way to the other now? That ends, and the door shuts."),
                _("In a group you share you still read each other's names. You can leave it."),
                _("You can lift it any day, on the page «Whom I keep away»."),
            ],
            "action": _("Keep away"),
            "is_grave": True,
            "back": reverse("people:pod", args=[request.network.slug]),
        },
    )


@door("POST", who=SIGNED_IN)
def lift_block(request: Request, block_id: UUID) -> HttpResponse:
    if is_fresh(request):
        actions.lift_block(viewer=request.viewer, block_id=block_id, now=request.now)
    return redirect("people:person-blocks", request.network.slug)
