"""The desk takes a call: one screen for what somebody asks who has no account, and what is done for
them afterwards."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.queries.places import middle_cell
from porchlight.people.rules.places import Kind
from porchlight.people.rules.rights import Right
from porchlight.people.views.place_map import turned_picker
from porchlight.sharing.actions import intake as actions
from porchlight.sharing.forms.asking import still_typing
from porchlight.sharing.forms.intake import OF_CALLER, TICKED, CallForm
from porchlight.sharing.queries.intake import Reach, became, row_of, through_desk
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.intake import WhyNot
from porchlight.sharing.rules.needs import Why
from porchlight.sharing.views.desk import on_desk_page
from porchlight.sharing.views.parts import ask_taking_back, at_its_field, where_on, with_no

FIELD_OF = {
    Why.NO_PLACE.name.lower(): "cell",
    Why.NO_TIME.name.lower(): "when",
    Why.NO_LINE.name.lower(): "line",
    Why.HAS_NUMBER.name.lower(): "line",
    Why.NAMES_SOMEBODY.name.lower(): "line",
    WhyNot.NOBODY.name.lower(): "name",
    WhyNot.NO_NUMBER.name.lower(): "number",
    WhyNot.ASKED_ALREADY.name.lower(): "is_another",
}


@door("GET", "POST", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def call(request: Request) -> HttpResponse:
    """Somebody rings: take down what they ask for, or that they are to be rung back."""
    return _call(request, None, {})


@door("GET", "POST", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def ring_back(request: Request, intake_id: UUID) -> HttpResponse:
    """Ring somebody back: who they are stands there, and the rest is asked now. Where somebody else
    at the desk did so meanwhile, what they took down stands there."""
    need_id = became(viewer=request.viewer, intake_id=intake_id)
    if need_id is not None:
        return redirect("sharing:on-desk", request.network.slug, need_id)
    if request.method == "POST":  # what was typed stands in the form: nothing is shown anew
        row_of(viewer=request.viewer, intake_id=intake_id, now=request.now)
        return _call(request, intake_id, {})
    reach = actions.show_reach(viewer=request.viewer, intake_id=intake_id, now=request.now)
    return _call(request, intake_id, {"reach": reach})


def _call(request: Request, intake_id: UUID | None, facts: dict[str, Any]) -> HttpResponse:
    sent, turn = request.POST, request.POST.get("turn", "")
    centre = middle_cell(viewer=request.viewer)
    typed: dict[str, Any] = still_typing(sent, OF_CALLER, TICKED) if turn else {}
    if request.method == "POST" and not turn:
        is_later = "later" in sent and intake_id is None
        form = CallForm(sent, network=request.network, is_for_later=is_later)
        done = _sent(request, form, intake_id, is_later=is_later) if form.is_valid() else None
        if done is not None:
            return done
        chosen = sent.getlist("cell")
    else:
        reach: Reach | None = facts.get("reach")
        form = CallForm(initial=typed or _known(reach), network=request.network)
        chosen = typed.get("cell", [])
    if intake_id is not None:
        facts["back"] = reverse("sharing:drop-call", args=[request.network.slug, intake_id])
    return page(
        request,
        "sharing/call.html",
        facts
        | {
            "form": form,
            "intake_id": intake_id,
            "picker": turned_picker(
                kind=Kind.OTHER, chosen=chosen, middle=sent.get("middle", ""), turn=turn,
                centre=centre,
            )
            if centre
            else None,
            "has_no_part": not any(chosen),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _known(reach: Reach | None) -> dict[str, Any]:
    if reach is None:
        return {}
    return {
        "name": reach.name, "number": reach.number, "language": reach.language,
        "said": reach.said, "came_by": reach.came_by, "is_under_18": reach.is_under_18,
        "agreed": bool(reach.asked), **reach.asked,
    }  # fmt: skip


def _sent(
    request: Request, form: CallForm, intake_id: UUID | None, *, is_later: bool
) -> HttpResponse | None:
    """Done, and where to go next; None: a rule said no, and the form says why."""
    common: dict[str, Any] = {
        "viewer": request.viewer,
        "call": form.call(),
        "client_key": form.client_key_sent,
        "now": request.now,
    }
    if is_later:
        kept = attempt(form, actions.ring_back_later, **common)
        return None if kept is None else redirect("sharing:desk", request.network.slug)
    wanted = form.wanted(Category(form.cleaned_data["category"]))
    need = attempt(form, actions.take_down, wanted=wanted, intake_id=intake_id, **common)
    if need is not None:
        return redirect("sharing:on-desk", request.network.slug, need.id)
    at_its_field(form, FIELD_OF)
    return None


@door("GET", "POST", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def drop_call(request: Request, intake_id: UUID) -> HttpResponse:
    """Nobody need ring them any more."""
    back = reverse("sharing:desk", args=[request.network.slug])
    if request.method == "POST":
        actions.drop(viewer=request.viewer, intake_id=intake_id, now=request.now)
        return redirect(back)
    facts = {
        "form": Form(),
        "title": _("Nobody need ring them?"),
        "words": _("Their name and number are erased at once."),
        "action": _("Erase it"),
        "back": reverse("sharing:ring-back", args=[request.network.slug, intake_id]),
    }
    return page(request, "browser/confirm.html", facts)


@door("GET", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def reach(request: Request, need_id: UUID) -> HttpResponse:
    """Who rang and how to reach them; each reading is written down."""
    found = through_desk(viewer=request.viewer, need_id=need_id, now=request.now)
    if found is None:
        raise NotHere
    shown = actions.show_reach(viewer=request.viewer, intake_id=found.intake_id, now=request.now)
    return page(request, "sharing/reach.html", {"found": found, "reach": shown})


@door("POST", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def act_for(request: Request, need_id: UUID, match_id: UUID, what: str) -> HttpResponse:
    """Yes, no, done, thank you: what whoever rang said."""
    if what not in actions.DEEDS:
        raise Http404
    try:
        actions.act_for(
            viewer=request.viewer, need_id=need_id, match_id=match_id, what=what, now=request.now
        )
    except Refusal as refusal:
        return on_desk_page(request, need_id, with_no(refusal))
    return redirect("sharing:on-desk", request.network.slug, need_id)


@door("GET", "POST", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def take_back_for(request: Request, need_id: UUID) -> HttpResponse:
    """Whoever rang does not need it any more."""
    if through_desk(viewer=request.viewer, need_id=need_id, now=request.now) is None:
        raise NotHere
    if request.method == "POST":
        actions.take_back_for(viewer=request.viewer, need_id=need_id, now=request.now)
        return redirect("sharing:on-desk", request.network.slug, need_id)
    back = reverse("sharing:on-desk", args=[request.network.slug, need_id])
    return ask_taking_back(request, Form(), back)
