"""Asking for something: first what kind, then four questions."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.kit.errors import NotHere
from porchlight.people.queries.places import middle_cell, places_of
from porchlight.people.rules.places import Kind
from porchlight.people.views.numbers import numbers
from porchlight.people.views.place_map import turned_picker
from porchlight.sharing.actions import asking as actions
from porchlight.sharing.forms.asking import AskForm, SayForm, TakeBackForm, still_typing
from porchlight.sharing.queries.one import need_page
from porchlight.sharing.queries.rows import may_tell_pod
from porchlight.sharing.rules.categories import (
    DANGEROUS_WORDS,
    ICONS,
    WORDS,
    Category,
    Dangerous,
)
from porchlight.sharing.rules.needs import Why
from porchlight.sharing.rules.sounds_like import kinds_for
from porchlight.sharing.views.parts import ask_taking_back, at_its_field, where_on

BEGIN = "begin"
"""As a turn of the map that turns nothing: the form opens with what was typed before it."""


@door("GET", "POST", who=SIGNED_IN)
@where_on
def choose(request: Request) -> HttpResponse:
    """What kind of thing it is. Some kinds collect no story here: they lead to numbers.

    Whoever types what they need first is shown where it may belong. It travels in forms only:
    addresses stay in the history of a phone.
    """
    form = SayForm(request.POST) if request.method == "POST" else SayForm()
    is_said = form.is_bound and form.is_valid()
    found = kinds_for(form.cleaned_data["said"]) if is_said else []
    to_ring = [_(DANGEROUS_WORDS[one]) for one in found if isinstance(one, Dangerous)]
    return page(
        request,
        "sharing/choose.html",
        {
            # What is dangerous to be read does not stay on the screen either.
            "form": SayForm() if to_ring else form,
            "kinds": [kind_shown(one) for one in Category],
            "others": [_(words) for words in DANGEROUS_WORDS.values()],
            "is_said": is_said,
            "typed": form.typed() if is_said else {},
            "belongs": [kind_shown(one) for one in found if isinstance(one, Category)],
            "to_ring": to_ring,
            "begin": BEGIN,
        },
    )


def kind_shown(one: Category) -> dict[str, str]:
    return {"key": one, "icon": ICONS[one], "words": _(WORDS[one])}


@door("GET", who=SIGNED_IN)
@where_on
def elsewhere(request: Request) -> HttpResponse:
    """Whom to ring instead: one page for all of it, whose address says nothing."""
    return page(request, "sharing/elsewhere.html", numbers(request))


@door("GET", "POST", who=SIGNED_IN)
@where_on
def ask(request: Request, category: str) -> HttpResponse:
    """The four questions. Turning the map keeps all that was typed, and sends nothing."""
    if category not in set(Category):
        raise Http404
    kind = Category(category)
    turn = request.POST.get("turn", "")
    centre = middle_cell(viewer=request.viewer)
    tells = may_tell_pod(viewer=request.viewer, now=request.now)
    if request.method == "POST" and not turn:
        form = AskForm(request.POST, may_tell_pod=tells)
        if form.is_valid():
            need = attempt(
                form,
                actions.ask_for,
                viewer=request.viewer,
                wanted=form.wanted(kind),
                client_key=form.client_key_sent,
                now=request.now,
            )
            at_its_field(form, {Why.NO_PLACE.name.lower(): "cell"})
            if need is not None:
                return redirect("sharing:one", request.network.slug, need.id)
        chosen = request.POST.getlist("cell")
    else:
        typed = still_typing(request.POST) if turn else {}
        if turn in {"", BEGIN}:
            typed["cell"] = _home(request) if centre else []
        form = AskForm(initial=typed, may_tell_pod=tells)
        chosen = typed["cell"]
    return page(
        request,
        "sharing/ask.html",
        {
            "form": form,
            "kind": _(WORDS[kind]),
            "picker": turned_picker(
                kind=Kind.OTHER,
                chosen=chosen,
                middle=request.POST.get("middle", ""),
                turn=turn,
                centre=centre,
            )
            if centre
            else None,
            "has_no_part": not any(chosen),
        },
    )


def _home(request: Request) -> list[str]:
    """Where the map opens and what is chosen at first: the part of one's own home, if entered."""
    homes = [place for place in places_of(viewer=request.viewer) if place.kind is Kind.HOME]
    return list(homes[0].cells[:1]) if homes else []


@door("GET", "POST", who=SIGNED_IN)
def take_back(request: Request, need_id: UUID) -> HttpResponse:
    """It is not needed any more."""
    found = need_page(viewer=request.viewer, need_id=need_id, now=request.now)
    if not found.is_mine:
        raise NotHere
    back = reverse("sharing:one", args=[request.network.slug, need_id])
    form = TakeBackForm(request.POST or None) if found.times_after else Form()
    if request.method == "POST":
        only = found.times_after and form.is_valid() and form.cleaned_data["only_this_time"]
        actions.take_back(
            viewer=request.viewer, need_id=need_id, now=request.now, only_this_time=bool(only)
        )
        return redirect(back)
    if not found.is_open:
        return redirect(back)
    return ask_taking_back(request, form, back)
