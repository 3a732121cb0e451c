"""Groups: the list, a page for each, asking, leaving, changing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere
from porchlight.people.actions import asks as ask_actions
from porchlight.people.actions import circles as actions
from porchlight.people.actions import on_call as on_call_actions
from porchlight.people.forms.circles import (
    AnswerForm,
    CircleForm,
    NewCircleForm,
    NothingTyped,
    PartForm,
    PersonForm,
)
from porchlight.people.forms.places import PARTS_OF_A_DAY, HoursForm, hours_typed
from porchlight.people.queries import circles as queries
from porchlight.people.queries.asks import asks_of_mine, asks_to_answer
from porchlight.people.queries.neighbours import choices
from porchlight.people.queries.on_call import on_call_here
from porchlight.people.rules.circles import PARENTS, Kind
from porchlight.people.rules.rights import Right
from porchlight.people.views.places import hours_words


def to_circle(request: Request, circle_id: UUID, kind: str) -> HttpResponse:
    """Back to where a circle is shown: one's pod has a page of its own."""
    if kind == Kind.POD:
        return redirect("people:pod", request.network.slug)
    return redirect("people:group", request.network.slug, circle_id)


@door("GET", who=SIGNED_IN)
def groups(request: Request) -> HttpResponse:
    return page(
        request,
        "people/groups.html",
        {
            "groups": queries.groups(viewer=request.viewer),
            "own_asks": asks_of_mine(viewer=request.viewer, now=request.now),
            "waiting": asks_to_answer(viewer=request.viewer, now=request.now),
            "may_open": request.viewer.may(Right.OPEN_GROUP),
            "may_audit": request.viewer.may(Right.READ_AUDIT),
            "form": NothingTyped(),
        },
    )


@door("GET", "POST", who=SIGNED_IN, right=Right.OPEN_GROUP)
def open_group(request: Request) -> HttpResponse:
    wanted = request.GET.get("kind", "")
    form = NewCircleForm(
        request.POST or None,
        initial={"kind": wanted if wanted in set(Kind) else Kind.COMMITTEE},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            actions.open_circle,
            viewer=request.viewer,
            kind=form.kind_chosen,
            name=form.cleaned_data["name"],
            purpose=form.cleaned_data["purpose"],
            source=request.viewer.source,
            client_key=form.client_key_sent,
            now=request.now,
        )
        if made:
            return to_circle(request, made.id, made.kind)
    return page(request, "people/group_new.html", {"form": form})


@door("GET", who=SIGNED_IN)
def group(request: Request, circle_id: UUID) -> HttpResponse:
    shown = queries.group_page(viewer=request.viewer, circle_id=circle_id, now=request.now)
    return page(
        request,
        "people/group.html",
        {
            "shown": shown,
            "group": shown.group,
            "waiting": asks_to_answer(viewer=request.viewer, now=request.now, circle_id=circle_id),
            "form": NothingTyped(),
            "is_keeper": request.viewer.may(Right.KEEP),
            "on_call": on_call_here(viewer=request.viewer, shown=shown, now=request.now),
            "now": request.now,
        },
    )


@door("GET", "POST", who=SIGNED_IN)
def on_call(request: Request, circle_id: UUID) -> HttpResponse:
    """Say at which hours one is on call for everybody here, or stop it."""
    shown = _own(request, circle_id)
    here = on_call_here(viewer=request.viewer, shown=shown, now=request.now)
    if here is None:
        raise NotHere
    facts: dict[str, Any] = {
        "viewer": request.viewer,
        "circle_id": circle_id,
        "now": request.now,
    }
    back = redirect("people:group", request.network.slug, circle_id)
    if request.method == "POST" and "stop" in request.POST:
        on_call_actions.be_on_call_no_more(**facts)
        return back
    form = HoursForm(request.POST or None, initial=hours_typed(here.hours) if here.hours else {})
    if request.method == "POST" and form.is_valid():
        attempt(form, on_call_actions.be_on_call, hours=form.mask, **facts)
        if not form.errors:
            return back
    return page(
        request,
        "people/on_call.html",
        {
            "form": form,
            "group": shown.group,
            "on_call": here,
            "hours": hours_words(here.hours) if here.hours else "",
            "parts": PARTS_OF_A_DAY,
        },
    )


def _own(request: Request, circle_id: UUID) -> queries.GroupPage:
    shown = queries.group_page(viewer=request.viewer, circle_id=circle_id, now=request.now)
    if not shown.group.is_mine:
        raise NotHere
    return shown


@door("GET", "POST", who=SIGNED_IN, right=Right.OPEN_GROUP)
def change_group(request: Request, circle_id: UUID) -> HttpResponse:
    shown = _own(request, circle_id)
    form = CircleForm(
        request.POST or None,
        initial={"name": shown.group.name, "purpose": shown.group.purpose},
    )
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            actions.change_circle,
            viewer=request.viewer,
            circle_id=circle_id,
            now=request.now,
            **form.facts,
        )
        if not form.errors:
            return to_circle(request, circle_id, shown.group.kind)
    return page(request, "people/group_change.html", {"form": form, "group": shown.group})


@door("GET", "POST", who=SIGNED_IN)
def group_part(request: Request, circle_id: UUID) -> HttpResponse:
    """Make a group part of another of one's own groups."""
    shown = _own(request, circle_id)
    form = PartForm(
        request.POST or None,
        parents=queries.parents_to_choose(viewer=request.viewer, kinds=PARENTS[shown.group.kind]),
        initial={"parent": str(shown.part_of.id) if shown.part_of else ""},
    )
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            actions.make_part_of,
            viewer=request.viewer,
            circle_id=circle_id,
            parent_id=form.parent_chosen,
            now=request.now,
        )
        if not form.errors:
            return to_circle(request, circle_id, shown.group.kind)
    return page(request, "people/group_part.html", {"form": form, "group": shown.group})


@door("GET", "POST", who=SIGNED_IN)
def close_group(request: Request, circle_id: UUID) -> HttpResponse:
    shown = queries.group_page(viewer=request.viewer, circle_id=circle_id, now=request.now)
    if not shown.may_close:
        raise NotHere
    form = NothingTyped(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(
            form, actions.close_circle, viewer=request.viewer, circle_id=circle_id, now=request.now
        )
        if not form.errors:
            return redirect("people:groups", request.network.slug)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("Close %(name)s?") % {"name": shown.group.name},
            "words": _("Everybody in it is out then, and roles in it end. It can't be undone."),
            "action": _("Close it"),
            "is_grave": True,
            "back": reverse("people:group", args=[request.network.slug, circle_id]),
        },
    )


@door("GET", "POST", who=SIGNED_IN)
def leave_group(request: Request, circle_id: UUID) -> HttpResponse:
    shown = _own(request, circle_id)
    form = NothingTyped(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.leave_circle(viewer=request.viewer, circle_id=circle_id, now=request.now)
        return redirect("people:groups", request.network.slug)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("Leave %(name)s?") % {"name": shown.group.name},
            "words": _("You need no reason. Roles you have in it end too."),
            "action": _("Leave"),
            "back": reverse("people:group", args=[request.network.slug, circle_id]),
        },
    )


@door("POST", who=SIGNED_IN)
def ask_group(request: Request, circle_id: UUID) -> HttpResponse:
    """Ask to join: a button."""
    form = NothingTyped(request.POST)
    if form.is_valid() and request.viewer.person_id:
        ask_actions.ask_to_join(
            person_id=request.viewer.person_id,
            circle_id=circle_id,
            source=request.viewer.source,
            client_key=form.client_key_sent,
            now=request.now,
        )
    return redirect("people:groups", request.network.slug)


@door("GET", "POST", who=SIGNED_IN)
def ask_in(request: Request, circle_id: UUID) -> HttpResponse:
    """Ask somebody of one's own circles into this one."""
    shown = _own(request, circle_id)
    inside = frozenset(one.id for one in shown.members)
    form = PersonForm(request.POST or None, people=choices(viewer=request.viewer, without=inside))
    if request.method == "POST" and form.is_valid():
        asked = attempt(
            form,
            ask_actions.ask_somebody_in,
            viewer=request.viewer,
            circle_id=circle_id,
            person_id=form.person_chosen,
            client_key=form.client_key_sent,
            now=request.now,
        )
        if asked:
            return to_circle(request, circle_id, shown.group.kind)
    return page(request, "people/group_ask_in.html", {"form": form, "group": shown.group})


@door("POST", who=SIGNED_IN)
def answer_ask(request: Request, ask_id: UUID) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return redirect("people:groups", request.network.slug)
    ask = ask_actions.answer_ask(
        viewer=request.viewer, ask_id=ask_id, yes=form.is_yes, now=request.now
    )
    if ask.person_id == request.viewer.person_id and not form.is_yes:
        return redirect("people:groups", request.network.slug)
    return to_circle(request, ask.circle_id, ask.circle.kind)


@door("POST", who=SIGNED_IN)
def withdraw_ask(request: Request, ask_id: UUID) -> HttpResponse:
    ask_actions.withdraw_ask(viewer=request.viewer, ask_id=ask_id, now=request.now)
    return redirect("people:groups", request.network.slug)
