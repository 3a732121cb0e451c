"""Doors of keepers who hand somebody a new way in."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.people.actions.resets import (
    cancel_reset,
    say_i_saw_them,
    start_reset,
    words_to_hand_over,
)
from porchlight.people.forms.accounts import ButtonForm, StartResetForm
from porchlight.people.queries.resets import open_reset, open_resets
from porchlight.people.rules.accounts import CODE_LIFE
from porchlight.people.rules.rights import Right


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


@door("POST", who=SIGNED_IN, right=Right.RESET_LOGIN)
def reset_words(request: Request, request_id: UUID) -> HttpResponse:
    """The words for the person, on this page only; asked for again, they are new ones."""
    found = open_reset(viewer=request.viewer, request_id=request_id, now=request.now)
    code = words_to_hand_over(viewer=request.viewer, request_id=request_id, now=request.now)
    return page(
        request,
        "people/reset_words.html",
        {"reset": found, "code": code.split("-"), "minutes": CODE_LIFE.seconds // 60},
    )


@door("POST", who=SIGNED_IN)
def reset_stop(request: Request, request_id: UUID) -> HttpResponse:
    """Stop it: the person themself, or a keeper."""
    cancel_reset(viewer=request.viewer, request_id=request_id, now=request.now)
    is_keeper = request.viewer.may(Right.RESET_LOGIN)
    return redirect("people:resets" if is_keeper else "people:me", request.network.slug)
