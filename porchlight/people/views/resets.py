"""Doors of keepers, and of members, who hand somebody a new way in."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.people.actions.resets import (
    cancel_reset,
    say_i_saw_somebody,
    say_i_saw_them,
    start_reset,
    words_to_hand_over,
)
from porchlight.people.forms.accounts import ButtonForm, StartResetForm
from porchlight.people.queries.resets import (
    open_reset,
    open_resets,
    own_open_reset,
    resets_i_saw,
)
from porchlight.people.rules.rights import Right
from porchlight.people.views.ways_in import one_more_try


@door("GET", "POST", who=SIGNED_IN, right=Right.RESET_LOGIN)
def resets(request: Request) -> HttpResponse:
    """Who lost everything, and beginning it for somebody who stands before a keeper."""
    form = StartResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            start_reset,
            viewer=request.viewer,
            name=form.cleaned_data["name"],
            client_key=form.client_key_sent,
            now=request.now,
        )
        if not form.errors:
            return redirect("people:resets", request.network.slug)
    found = open_resets(viewer=request.viewer, now=request.now)
    return page(request, "people/resets.html", {"form": form, "resets": found})


@door("GET", "POST", who=SIGNED_IN, right=Right.RESET_LOGIN)
def reset_seen(request: Request, request_id: UUID) -> HttpResponse:
    """«I saw this person»: after the second keeper there are words to hand over."""
    found = open_reset(viewer=request.viewer, request_id=request_id, now=request.now)
    form = ButtonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        seen = attempt(
            form,
            say_i_saw_them,
            viewer=request.viewer,
            request_id=request_id,
            client_key=form.client_key_sent,
            now=request.now,
        )
        if seen:
            return redirect("people:reset-seen", request.network.slug, request_id)
    return page(request, "people/reset_seen.html", {"form": form, "reset": found})


@door("GET", "POST", who=SIGNED_IN, right=Right.VOUCH)
def saw(request: Request) -> HttpResponse:
    """A member says «I saw this person» of a name they type, and sees how it stands."""
    form = StartResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        one_more_try("saw", request, request.now)
        done = attempt(
            form,
            say_i_saw_somebody,
            viewer=request.viewer,
            name=form.cleaned_data["name"],
            client_key=form.client_key_sent,
            now=request.now,
        )
        if done:
            return redirect("people:saw", request.network.slug)
    found = resets_i_saw(viewer=request.viewer, now=request.now)
    return page(request, "people/saw.html", {"form": form, "resets": found})


@door("POST", who=SIGNED_IN, right=Right.VOUCH)
def reset_words(request: Request, request_id: UUID) -> HttpResponse:
    """The words for the person, on this page only; asked for again, they are new ones."""
    found = open_reset(viewer=request.viewer, request_id=request_id, now=request.now)
    code = words_to_hand_over(viewer=request.viewer, request_id=request_id, now=request.now)
    return page(
        request,
        "people/reset_words.html",
        {"reset": found, "code": code.split("-"), "back": _list(request)},
    )


@door("POST", who=SIGNED_IN)
def reset_stop(request: Request, request_id: UUID) -> HttpResponse:
    """Stop it: the person themself, a keeper, or a member who saw the person after all."""
    whose = own_open_reset(viewer=request.viewer, now=request.now)
    cancel_reset(viewer=request.viewer, request_id=request_id, now=request.now)
    is_own = whose is not None and whose.id == request_id
    return redirect("people:me" if is_own else _list(request), request.network.slug)


def _list(request: Request) -> str:
    """Where somebody finds the new ways in they help with."""
    return "people:resets" if request.viewer.may(Right.RESET_LOGIN) else "people:saw"
