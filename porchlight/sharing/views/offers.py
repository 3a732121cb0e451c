"""What I can help with: offering it, changing it, taking it off, and saying «not this time»."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.people.forms.places import PARTS_OF_A_DAY, hours_typed
from porchlight.people.rules.hours import same_time_in_days
from porchlight.people.views.places import hours_words
from porchlight.sharing.actions import offers as actions
from porchlight.sharing.forms.offers import OFTEN, OfferForm, PauseForm
from porchlight.sharing.queries.offers import MyOffer, my_offers
from porchlight.sharing.rules.categories import ICONS, WORDS, Category
from porchlight.sharing.views.board import sections
from porchlight.sharing.views.parts import where_on


@door("GET", who=SIGNED_IN)
@where_on
def offers(request: Request) -> HttpResponse:
    """What the viewer offered, and what else they might."""
    mine = my_offers(viewer=request.viewer, now=request.now)
    here = {one.category for one in mine}
    paused = [one.paused_until for one in mine if one.paused_until]
    return page(
        request,
        "sharing/offers.html",
        {
            "sections": sections(request, here="offers"),
            "offers": [_shown(one) for one in mine],
            "paused_until": max(paused, default=None),
            "others": [
                {"key": kind, "icon": ICONS[kind], "words": _(WORDS[kind])}
                for kind in Category
                if kind not in here
            ],
        },
    )


def _shown(one: MyOffer) -> dict[str, object]:
    return {
        "key": one.category,
        "icon": one.icon,
        "kind": _(one.kind),
        "when": hours_words(one.mask),
        "often": str(dict(OFTEN).get(one.a_week, OFTEN[0][1])),
        "can": [_(words) for words in one.can_words],
    }


@door("GET", "POST", who=SIGNED_IN)
@where_on
def offer(request: Request, category: str) -> HttpResponse:
    """Offer one kind of help, or change it. What one offered before is the first answer."""
    kind = _kind(category)
    mine = my_offers(viewer=request.viewer, now=request.now)
    same = next((one for one in mine if one.category is kind), None)
    if request.method == "POST":
        form = OfferForm(request.POST)
        if form.is_valid():
            attempt(
                form,
                actions.save_offer,
                viewer=request.viewer,
                offered=form.offered(kind),
                client_key=form.client_key_sent,
                now=request.now,
            )
            if not form.errors:
                return redirect("sharing:offers", request.network.slug)
    else:
        like = same or (mine[-1] if mine else None)
        form = OfferForm(initial=_typed(like) if like else {})
    return page(
        request,
        "sharing/offer.html",
        {"form": form, "kind": _(WORDS[kind]), "key": kind, "parts": PARTS_OF_A_DAY, "offer": same},
    )


def _typed(one: MyOffer) -> dict[str, object]:
    return hours_typed(one.mask) | {"a_week": one.a_week, "can": [str(able) for able in one.can]}


@door("POST", who=SIGNED_IN)
def stop_offer(request: Request, category: str) -> HttpResponse:
    """Not offered any more."""
    actions.stop_offer(viewer=request.viewer, category=_kind(category), now=request.now)
    return redirect("sharing:offers", request.network.slug)


@door("POST", who=SIGNED_IN)
@where_on
def pause_offers(request: Request) -> HttpResponse:
    """Be asked nothing for a week or four; or again."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        return redirect("sharing:offers", request.network.slug)
    weeks = form.cleaned_data["weeks"]
    until = same_time_in_days(request.now, request.network.zoneinfo, 7 * weeks)
    actions.pause_offers(viewer=request.viewer, until=until if weeks else None, now=request.now)
    return redirect("sharing:offers", request.network.slug)


@door("POST", who=SIGNED_IN)
@where_on
def not_now(request: Request, need_id: UUID) -> HttpResponse:
    """Not this time."""
    actions.not_now(viewer=request.viewer, need_id=need_id, now=request.now)
    return redirect("sharing:mine", request.network.slug)


def _kind(category: str) -> Category:
    if category not in set(Category):
        raise Http404
    return Category(category)
