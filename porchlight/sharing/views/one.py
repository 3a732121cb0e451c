"""The page of one need, and what can be done there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.queries.places import middle_cell
from porchlight.sharing.actions import helping as actions
from porchlight.sharing.queries.one import NeedPage, need_page, words_of
from porchlight.sharing.rules.needs import SHOWN
from porchlight.sharing.rules.states import NeedState
from porchlight.sharing.views.board import where_words
from porchlight.sharing.views.parts import where_on
from porchlight.trust.actions.disclosures import open_guarded

ACTS: dict[str, Callable[..., None]] = {
    "cannot": actions.cannot,
    "not-them": actions.not_them,
    "done": actions.say_done,
    "thank": actions.thank,
}


@door("GET", who=SIGNED_IN)
def one(request: Request, need_id: UUID) -> HttpResponse:
    """What is asked for; for the two it is between, how far it is and what to do now."""
    return _page(request, need_id, Form(), 200)


@door("POST", who=SIGNED_IN)
@where_on
def help_with(request: Request, need_id: UUID) -> HttpResponse:
    """I can help."""
    form = Form(request.POST)
    if form.is_valid():
        attempt(
            form,
            actions.offer_help,
            viewer=request.viewer,
            need_id=need_id,
            client_key=form.client_key_sent,
            now=request.now,
        )
    if form.errors:
        return _refused(request, need_id, form)
    return redirect("sharing:one", request.network.slug, need_id)


@door("POST", who=SIGNED_IN)
def act(request: Request, need_id: UUID, match_id: UUID, what: str) -> HttpResponse:
    """Yes, no, I can't after all, not them, done, thank you."""
    facts: dict[str, Any] = {"viewer": request.viewer, "match_id": match_id, "now": request.now}
    try:
        if what in {"yes", "no"}:
            actions.answer_offer(is_yes=what == "yes", **facts)
        elif what in ACTS:
            ACTS[what](**facts)
        else:
            raise Http404
    except Refusal as refusal:
        form = Form({"client_key": str(uuid4())})
        form.is_valid()
        form.refuse(refusal)
        return _refused(request, need_id, form)
    if what == "cannot":  # whoever does not come may not see a page that is over
        return redirect("sharing:mine", request.network.slug)
    return redirect("sharing:one", request.network.slug, need_id)


def _refused(request: Request, need_id: UUID, form: Form) -> HttpResponse:
    """The page again with the sentence; where it is not there any more, the sentence by itself."""
    try:
        return _page(request, need_id, form, 409)
    except NotHere:
        return page(request, "sharing/over.html", {"form": form}, status=409)


def _page(request: Request, need_id: UUID, form: Form, status: int) -> HttpResponse:
    found = need_page(viewer=request.viewer, need_id=need_id, now=request.now)
    middle = middle_cell(viewer=request.viewer)
    return page(
        request,
        "sharing/one.html",
        {
            "need": found,
            "form": form,
            "where": where_words(found.card.cell, middle),
            "words": _words(request, found),
            "steps": _steps(found),
            "now": request.now,
        },
        status=status,
    )


def _words(request: Request, found: NeedPage) -> str:
    """What was written for helpers: the asker's own, or opened by an agreed one and noted."""
    if not found.is_mine:
        if found.promise is None or found.waits_for_second:
            return ""
        try:
            open_guarded(
                viewer=request.viewer,
                what=SHOWN,
                thing_id=found.card.id,
                how="page",
                now=request.now,
            )
        except NotHere:
            return ""
    return words_of(viewer=request.viewer, need_id=found.card.id)


def _steps(found: NeedPage) -> list[dict[str, object]]:
    """Asked, somebody comes, done: how far it is."""
    has_helper = found.card.taken > 0
    is_met = found.state is NeedState.MET
    return [
        {"words": _("Asked"), "is_done": True, "is_now": not has_helper and not is_met},
        {"words": _("Agreed"), "is_done": has_helper, "is_now": has_helper and not is_met},
        {"words": _("Done"), "is_done": is_met, "is_now": is_met},
    ]
