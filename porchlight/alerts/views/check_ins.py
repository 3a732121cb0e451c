"""«See me home»: a way of one's own, and the numbers that end things."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.alerts.actions.check_ins import be_there, not_so, set_out, take_longer
from porchlight.alerts.actions.checking import look_after, say_we_spoke
from porchlight.alerts.actions.end_numbers import choose_numbers, drop_numbers
from porchlight.alerts.forms.check_ins import (
    NumberForm,
    NumbersForm,
    SetOutForm,
    number_form,
    took,
)
from porchlight.alerts.queries.check_ins import could_hear, has_numbers, my_check_in
from porchlight.alerts.rules.check_ins import LONGER, WAY_WORDS, Way
from porchlight.alerts.rules.end_numbers import Given
from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.words import plain_digits
from porchlight.people.queries.own import own_id
from porchlight.people.views.numbers import numbers
from porchlight.people.views.ways_in import is_fresh, password_first


@door("GET", "POST", who=SIGNED_IN)
def see_me_home(request: Request) -> HttpResponse:
    """Set out; or how it stands, with «I'm there»."""
    if request.method != "POST":
        return _show(request)
    form = SetOutForm(request.POST, could_hear=could_hear(viewer=request.viewer))
    if form.is_valid():
        sent = form.cleaned_data
        attempt(
            form,
            set_out,
            viewer=request.viewer,
            way=Way(sent["way"]),
            due_at=form.due_at(request.now, request.network.zoneinfo),
            person_ids=form.chosen,
            words_for_them=sent["words_for_them"],
            tells_now=sent["tells_now"],
            to_coordinators=sent["to_coordinators"],
            client_key=form.client_key_sent,
            now=request.now,
        )
        if not form.errors:
            return redirect("alerts:see-me-home", request.network.slug)
    return _show(request, form=form)


def _show(
    request: Request,
    *,
    form: SetOutForm | None = None,
    number: NumberForm | None = None,
    problem: str = "",
) -> HttpResponse:
    mine = my_check_in(viewer=request.viewer)
    facts = numbers(request) | {"mine": mine, "now": request.now, "problem": problem}
    if mine is None:
        people = could_hear(viewer=request.viewer)
        facts |= {"form": form or SetOutForm(could_hear=people), "people": people}
    else:
        by_number = has_numbers(viewer=request.viewer, person_id=own_id(viewer=request.viewer))
        facts |= {
            "way_words": _(WAY_WORDS[mine.way]),
            "number": (number or NumberForm()) if by_number else None,
            "longer": LONGER,
        }
    status = 409 if problem else 422 if (form or number) is not None else 200
    return page(request, "alerts/see_me_home.html", facts, status=status)


@door("POST", who=SIGNED_IN)
def say(request: Request, check_in_id: UUID) -> HttpResponse:
    """«I'm there», some minutes more, or «that's not so»."""
    form, typed = number_form(request.POST)
    said = request.POST.get("said", "")
    whose: dict[str, Any] = {
        "viewer": request.viewer, "check_in_id": check_in_id, "now": request.now,
    }  # fmt: skip
    try:
        if said == "there":
            given = be_there(**whose, number=typed)
        elif said in {str(one) for one in LONGER}:
            given = take_longer(**whose, minutes=int(said), number=typed)
        elif said == "not-so":
            not_so(**whose)
            given = Given.ENDS
        else:
            raise NotHere
    except Refusal as refusal:
        return _show(request, problem=refusal.sentence)
    if not took(form, given):
        return _show(request, number=form)
    return redirect("alerts:see-me-home", request.network.slug)


@door("POST", who=SIGNED_IN)
def about(request: Request, check_in_id: UUID) -> HttpResponse:
    """One who was told looks after it, or spoke with them."""
    acts = {"mine": look_after, "spoke": say_we_spoke}
    act = acts.get(request.POST.get("said", ""))
    if act is None:
        raise NotHere
    act(viewer=request.viewer, check_in_id=check_in_id, now=request.now)
    return redirect("alerts:late", request.network.slug)


@door("GET", "POST", who=SIGNED_IN)
def my_numbers(request: Request) -> HttpResponse:
    """The two numbers; the password comes first, so that nobody else reads what they are for."""
    back = reverse("alerts:my-people", args=[request.network.slug])
    if not is_fresh(request):
        asked = password_first(request, title=_("My people"), back=back)
        if asked is not None:
            return asked
    form = NumbersForm(request.POST if request.method == "POST" else None)
    if request.POST.get("act") == "drop":
        drop_numbers(viewer=request.viewer)
        return redirect("alerts:my-people", request.network.slug)
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            choose_numbers,
            viewer=request.viewer,
            ends=plain_digits(form.cleaned_data["ends"]),
            looks=plain_digits(form.cleaned_data["looks"]),
        )
        if not form.errors:
            return redirect("alerts:my-people", request.network.slug)
    has = has_numbers(viewer=request.viewer, person_id=own_id(viewer=request.viewer))
    facts = {"form": form, "has": has, "network": request.network}
    return page(request, "alerts/my_numbers.html", facts, status=422 if form.errors else 200)
