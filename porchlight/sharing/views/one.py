"""The page of one need, and what can be done there."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.queries.places import middle_cell
from porchlight.sharing.actions import helping as actions
from porchlight.sharing.queries.offers import how_many_asked, was_put_before_me
from porchlight.sharing.queries.one import NeedPage, need_page, words_of
from porchlight.sharing.rules.needs import SHOWN
from porchlight.sharing.rules.states import NeedState
from porchlight.sharing.views.board import where_words
from porchlight.sharing.views.parts import where_on, with_no
from porchlight.trust.actions.disclosures import open_guarded

ACTS: dict[str, Callable[..., None]] = {
    "yes": partial(actions.answer_offer, is_yes=True),
    "no": partial(actions.answer_offer, is_yes=False),
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
    if not form.is_valid():
        return _page(request, need_id, form, 409)
    deed = partial(
        actions.offer_help,
        viewer=request.viewer,
        need_id=need_id,
        client_key=form.client_key_sent,
        now=request.now,
    )
    return _acted(request, need_id, deed)


@door("POST", who=SIGNED_IN)
def act(request: Request, need_id: UUID, match_id: UUID, what: str) -> HttpResponse:
    """Yes, no, I can't after all, not them, done, thank you."""
    if what not in ACTS:
        raise Http404
    deed = partial(ACTS[what], viewer=request.viewer, match_id=match_id, now=request.now)
    # Whoever does not come may not see a page that is over.
    return _acted(request, need_id, deed, to_list=what == "cannot")


def _acted(
    request: Request, need_id: UUID, deed: Callable[[], object], *, to_list: bool = False
) -> HttpResponse:
    """Do one thing and show the page again; a rule's no stands on it as a sentence, and by itself
    where the page is not there any more."""
    try:
        deed()
    except Refusal as refusal:
        try:
            return _page(request, need_id, with_no(refusal), 409)
        except NotHere:
            raise refusal from None
    if to_list:
        return redirect("sharing:mine", request.network.slug)
    return redirect("sharing:one", request.network.slug, need_id)


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
            "steps": steps_of(found),
            "because": None
            if found.is_mine
            else was_put_before_me(viewer=request.viewer, need_id=need_id),
            "asked": how_many_asked(viewer=request.viewer, need_id=need_id) if found.is_mine else 0,
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


def steps_of(found: NeedPage) -> list[dict[str, object]]:
    """Asked, somebody comes, done: how far it is."""
    has_helper = found.card.taken > 0
    is_met = found.state is NeedState.MET
    return [
        {"words": _("Asked"), "is_done": True, "is_now": not has_helper and not is_met},
        {"words": _("Agreed"), "is_done": has_helper, "is_now": has_helper and not is_met},
        {"words": _("Done"), "is_done": is_met, "is_now": is_met},
    ]
