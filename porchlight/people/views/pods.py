"""My pod: the street, hello, buddies, and the sheet for the fridge."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.street import House
from porchlight.people.actions import buddies as buddy_actions
from porchlight.people.actions import hello as hello_actions
from porchlight.people.forms.circles import AnswerForm, NothingTyped
from porchlight.people.queries import pods as queries
from porchlight.people.queries.asks import asks_of_mine, asks_to_answer
from porchlight.people.queries.buddies import buddy_rows
from porchlight.people.queries.networks import local_numbers
from porchlight.people.rules.rights import Right


@door("GET", who=SIGNED_IN)
def pod(request: Request) -> HttpResponse:
    mine = queries.my_pod(viewer=request.viewer, now=request.now)
    common = {
        "form": NothingTyped(),
        "is_keeper": request.viewer.may(Right.KEEP),
        "buddies": buddy_rows(viewer=request.viewer, now=request.now),
        "own_asks": asks_of_mine(viewer=request.viewer, now=request.now),
        "now": request.now,
    }
    if mine is None:
        free = queries.free_pods(viewer=request.viewer, now=request.now)
        return page(
            request,
            "people/pod_none.html",
            common | {"free": free, "may_open": request.viewer.may(Right.OPEN_GROUP)},
        )
    waiting = asks_to_answer(viewer=request.viewer, now=request.now, circle_id=mine.group.id)
    return page(
        request,
        "people/pod.html",
        common | {"pod": mine, "houses": _houses(mine), "waiting": waiting},
    )


@door("GET", who=SIGNED_IN)
def pod_sheet(request: Request) -> HttpResponse:
    """For the fridge: names, roles and numbers for emergencies; no phone numbers of neighbours."""
    mine = queries.my_pod(viewer=request.viewer, now=request.now)
    if mine is None:
        return redirect("people:pod", request.network.slug)
    numbers = local_numbers(viewer=request.viewer)
    return page(
        request,
        "people/pod_sheet.html",
        {
            "pod": mine,
            "numbers": numbers,
            "now": request.now,
            "today": request.now.astimezone(request.network.zoneinfo).date(),
        },
    )


@door("POST", who=SIGNED_IN)
def hello(request: Request) -> HttpResponse:
    hello_actions.say_hello(viewer=request.viewer, now=request.now)
    return redirect("people:pod", request.network.slug)


@door("POST", who=SIGNED_IN)
def hello_back(request: Request) -> HttpResponse:
    """Turn one's light off again."""
    hello_actions.take_hello_back(viewer=request.viewer, now=request.now)
    return redirect("people:pod", request.network.slug)


@door("POST", who=SIGNED_IN)
def ask_buddy(request: Request, person_id: UUID) -> HttpResponse:
    form = NothingTyped(request.POST)
    if form.is_valid():
        buddy_actions.ask_buddy(
            viewer=request.viewer,
            person_id=person_id,
            client_key=form.client_key_sent,
            now=request.now,
        )
    return redirect("people:pod", request.network.slug)


@door("POST", who=SIGNED_IN)
def answer_buddy(request: Request, buddy_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST)
    if form.is_valid():
        buddy_actions.answer_buddy(
            viewer=request.viewer, buddy_id=buddy_id, yes=form.is_yes, now=request.now
        )
    return redirect("people:pod", request.network.slug)


@door("POST", who=SIGNED_IN)
def withdraw_buddy(request: Request, buddy_id: UUID) -> HttpResponse:
    buddy_actions.withdraw_buddy_ask(viewer=request.viewer, buddy_id=buddy_id, now=request.now)
    return redirect("people:pod", request.network.slug)


@door("POST", who=SIGNED_IN)
def end_buddy(request: Request, buddy_id: UUID) -> HttpResponse:
    buddy_actions.end_buddy(viewer=request.viewer, buddy_id=buddy_id, now=request.now)
    return redirect("people:pod", request.network.slug)


def _houses(mine: queries.Pod) -> list[House]:
    return [House(name=one.name, is_lit=one.is_lit, is_me=one.is_me) for one in mine.street]
