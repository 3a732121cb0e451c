"""What somebody decides before they ever call: whom they trust, how calls work, this phone."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from porchlight.alerts.actions.afterwards import choose_morning
from porchlight.alerts.actions.choices import (
    MOST_SAFE,
    choose,
    choose_rest,
    choose_safe_person,
    drop_safe_person,
)
from porchlight.alerts.forms.choices import (
    CallsForm,
    MorningForm,
    PersonForm,
    RestForm,
    TextsForm,
)
from porchlight.alerts.queries.afterwards import my_morning, my_ways
from porchlight.alerts.queries.offered import could_be_safe, my_choice, safe_people
from porchlight.alerts.queries.resting import my_rest
from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.network import Network
from porchlight.people.queries.numbers import emergency_number
from porchlight.people.rules.rights import Right
from porchlight.people.views.ways_in import is_fresh, password_first

REST = ("rests_tonight", "is_rung_in_quiet_hours", "most_rung")


@door("GET", "POST", who=SIGNED_IN)
def my_people(request: Request) -> HttpResponse:
    """Whom one chose for when one does not feel safe; the password comes first.

    Its title and address say nothing: somebody else may hold the phone.
    """
    back = reverse("people:me", args=[request.network.slug])
    if not is_fresh(request):
        asked = password_first(request, title=_("My people"), back=back)
        if asked is not None:
            return asked
    if "is_about_texts" in request.POST:
        return _my_texts(request)
    if "is_about_morning" in request.POST:
        return _my_morning(request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            choose_safe_person,
            viewer=request.viewer,
            person_id=form.cleaned_data["person"],
            client_key=form.client_key_sent,
            now=request.now,
        )
        if not form.errors:
            return redirect("alerts:my-people", request.network.slug)
    return page(request, "alerts/my_people.html", _my_people(request, form))


def _my_texts(request: Request) -> HttpResponse:
    """The one choice of one's calls that stands on this page too; the other one stays."""
    form = TextsForm(request.POST)
    is_wide = my_choice(viewer=request.viewer).is_wide
    if form.is_valid():
        may_text_place = form.cleaned_data["may_text_place"]
        choose(viewer=request.viewer, may_text_place=may_text_place, is_wide=is_wide)
    return redirect("alerts:my-people", request.network.slug)


def _my_morning(request: Request) -> HttpResponse:
    """Whether and how one is asked the morning after."""
    form = _morning_form(request)
    if form.is_valid():
        hour, address_id = form.chosen
        attempt(
            form, choose_morning, viewer=request.viewer, hour=hour, address_id=address_id,
            now=request.now,
        )  # fmt: skip
        if not form.errors:
            return redirect("alerts:my-people", request.network.slug)
    facts = _my_people(request, PersonForm()) | {"morning": form}
    return page(request, "alerts/my_people.html", facts, status=422)


def _morning_form(request: Request) -> MorningForm:
    ways = [(str(way.id), way.shown) for way in my_ways(viewer=request.viewer)]
    sent = request.POST if "is_about_morning" in request.POST else None
    return MorningForm(sent, ways=ways, morning=my_morning(viewer=request.viewer))


def _my_people(request: Request, form: PersonForm) -> dict[str, Any]:
    chosen = safe_people(viewer=request.viewer)
    taken = {one.id for one in chosen}
    others = [one for one in could_be_safe(viewer=request.viewer) if one.id not in taken]
    return {
        "form": form,
        "texts": TextsForm(
            initial={"may_text_place": my_choice(viewer=request.viewer).may_text_place}
        ),
        "morning": _morning_form(request),
        "chosen": chosen,
        "others": [(one, PersonForm(initial={"person": one.id})) for one in others],
        "is_full": len(chosen) >= MOST_SAFE,
        "most": MOST_SAFE,
        "network": request.network,
    }


@door("POST", who=SIGNED_IN)
def drop_person(request: Request, person_id: UUID) -> HttpResponse:
    """Take somebody off again; nobody is told."""
    if is_fresh(request):
        drop_safe_person(viewer=request.viewer, person_id=person_id)
    return redirect("alerts:my-people", request.network.slug)


@door("GET", "POST", who=SIGNED_IN)
def my_calls(request: Request) -> HttpResponse:
    """«When I call for help»: what one's own calls do by themselves; and when somebody who
    coordinates may be rung for others."""
    if "is_about_rest" in request.POST:
        return _my_rest(request)
    form = CallsForm(request.POST or None, initial=vars(my_choice(viewer=request.viewer)))
    if request.method == "POST" and form.is_valid():
        attempt(form, choose, viewer=request.viewer, **form.facts)
        if not form.errors:
            return redirect("people:me", request.network.slug)
    return _my_calls(request, form, _rest_form(request))


def _my_rest(request: Request) -> HttpResponse:
    form = RestForm(request.POST)
    if form.is_valid():
        facts = {key: form.facts[key] for key in REST}
        attempt(form, choose_rest, viewer=request.viewer, **facts, now=request.now)
    if form.errors:
        own = CallsForm(initial=vars(my_choice(viewer=request.viewer)))
        return _my_calls(request, own, form)
    return redirect("people:me", request.network.slug)


def _rest_form(request: Request) -> RestForm | None:
    """For those who coordinate only."""
    if not request.viewer.may(Right.COORDINATE):
        return None
    mine = my_rest(viewer=request.viewer, now=request.now)
    rests = mine.rests_until is not None and request.now < mine.rests_until
    facts = {"rests_tonight": rests, "most_rung": mine.most_rung}
    return RestForm(initial={**facts, "is_rung_in_quiet_hours": mine.is_rung_in_quiet_hours})


def _my_calls(request: Request, form: CallsForm, rest: RestForm | None) -> HttpResponse:
    facts = {"form": form, "rest": rest, "network": request.network}
    status = 422 if rest is not None and rest.is_bound and rest.errors else 200
    return page(request, "alerts/my_calls.html", facts, status=status)


@door("GET", who=SIGNED_IN)
def ready_texts(request: Request) -> HttpResponse:
    """Two people to write to when nothing gets through. What is typed never leaves the phone."""
    facts = {"network": request.network, "emergency": emergency_number(viewer=request.viewer)}
    return page(request, "alerts/ready_texts.html", facts)


def me_piece(request: HttpRequest) -> SafeString | None:
    """On one's own page: the way to all of these."""
    network: Network | None = getattr(request, "network", None)
    if network is None:
        return None
    return render_to_string("alerts/_me.html", {"network": network}, request)
