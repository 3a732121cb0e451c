"""Roles until when, and what people were trained for."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere
from porchlight.people.actions import mandates as actions
from porchlight.people.actions import training as training_actions
from porchlight.people.forms.circles import NothingTyped, RecallForm, RoleForm, TrainingForm
from porchlight.people.queries import mandates as queries
from porchlight.people.queries.circles import parents_to_choose
from porchlight.people.queries.neighbours import choices
from porchlight.people.queries.training import own_trainings, to_confirm
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.mandates import Source
from porchlight.people.rules.rights import Right
from porchlight.people.views.ways_in import password_before


@door("GET", who=SIGNED_IN)
def roles(request: Request) -> HttpResponse:
    held = queries.roles_held(viewer=request.viewer, now=request.now)
    mine = queries.own_roles(viewer=request.viewer, now=request.now)
    return page(
        request,
        "people/roles.html",
        {
            # A newcomer reads no list of people (SAFETY.md 17), not even of keepers.
            "held": held if request.viewer.may(Right.SEE_GROUPS) else [],
            "mine": mine,
            "too_many": [one.words for one in held if one.holds_too_many],
            "may_give": request.viewer.may(Right.KEEP),
            "now": request.now,
        },
    )


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def give_role(request: Request) -> HttpResponse:
    """Give a role, after the password: whoever holds the phone of a keeper makes no keeper."""
    asked = _password_first(request, _("Give somebody a role"))
    if asked is not None:
        return asked
    form = RoleForm(
        request.POST or None,
        people=choices(viewer=request.viewer, and_me=True),
        circles=parents_to_choose(viewer=request.viewer, kinds=Kind),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            actions.give_mandate,
            viewer=request.viewer,
            source=request.viewer.source,
            client_key=form.client_key_sent,
            now=request.now,
            **form.chosen(request.network.zoneinfo),
        )
        if made:
            return redirect("people:roles", request.network.slug)
    return page(request, "people/role_give.html", {"form": form})


@door("GET", "POST", who=SIGNED_IN)
def put_down_role(request: Request, mandate_id: UUID) -> HttpResponse:
    mine = queries.own_roles(viewer=request.viewer, now=request.now)
    held = next((one for one in mine if one.id == mandate_id), None)
    if held is None:
        raise NotHere
    form = NothingTyped(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(
            form, actions.put_down, viewer=request.viewer, mandate_id=mandate_id, now=request.now
        )
        if not form.errors:
            return redirect("people:roles", request.network.slug)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("Put down: %(role)s") % {"role": _(held.words)},
            "words": _("Any role can be put down today, without a reason. Thank you."),
            "action": _("Put it down"),
            "back": reverse("people:roles", args=[request.network.slug]),
        },
    )


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def recall_role(request: Request, mandate_id: UUID) -> HttpResponse:
    """Take a role back, after the password."""
    held = queries.role_held(viewer=request.viewer, mandate_id=mandate_id, now=request.now)
    asked = _password_first(request, _("Take back: %(role)s") % {"role": _(held.words)})
    if asked is not None:
        return asked
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            actions.recall,
            viewer=request.viewer,
            mandate_id=mandate_id,
            source_kind=Source(form.cleaned_data["source_kind"]),
            source_id=None,
            now=request.now,
        )
        if not form.errors:
            return redirect("people:roles", request.network.slug)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("Take back: %(role)s") % {"role": _(held.words)},
            "words": _("Only what your neighbours decided together. The person is told."),
            "action": _("Take it back"),
            "is_grave": True,
            "back": reverse("people:roles", args=[request.network.slug]),
        },
    )


def _password_first(request: Request, title: str) -> HttpResponse | None:
    back = reverse("people:roles", args=[request.network.slug])
    return password_before(request, title=title, back=back)


@door("GET", "POST", who=SIGNED_IN)
def trainings(request: Request) -> HttpResponse:
    form = TrainingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            training_actions.write_training,
            viewer=request.viewer,
            client_key=form.client_key_sent,
            now=request.now,
            **form.chosen(),
        )
        if made:
            return redirect("people:trainings", request.network.slug)
    return page(
        request,
        "people/trainings.html",
        {
            "form": form,
            "button": NothingTyped(),
            "mine": own_trainings(viewer=request.viewer, now=request.now),
            "others": to_confirm(viewer=request.viewer, now=request.now),
            "now": request.now,
        },
    )


@door("POST", who=SIGNED_IN, right=Right.CONFIRM_TRAINING)
def confirm_training(request: Request, training_id: UUID) -> HttpResponse:
    form = NothingTyped(request.POST)
    if form.is_valid():
        training_actions.confirm_training(
            viewer=request.viewer,
            training_id=training_id,
            client_key=form.client_key_sent,
            now=request.now,
        )
    return redirect("people:trainings", request.network.slug)


@door("POST", who=SIGNED_IN)
def end_training(request: Request, training_id: UUID) -> HttpResponse:
    training_actions.end_training(viewer=request.viewer, training_id=training_id, now=request.now)
    return redirect("people:trainings", request.network.slug)
