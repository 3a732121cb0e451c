"""What people tap on the page of an alert: one door, one action, and the page again."""

from functools import partial
from uuid import UUID

from django.http.response import HttpResponseBase

from porchlight.alerts.actions import answering, missing, raising, steering, together
from porchlight.alerts.forms.together import LineForm, SecondForm, TaskForm
from porchlight.alerts.queries.offered import could_check
from porchlight.alerts.queries.pages import Part, must_be
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.views.entering import alert_door
from porchlight.alerts.views.one import acted, show
from porchlight.browser.doors import SIGNED_IN, Request, door
from porchlight.browser.forms import OLD_PAGE, Form
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer


@alert_door("POST")
def stop(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    """«Sending… tap to stop»."""
    act = partial(raising.stop_sending, viewer=viewer, alert_id=alert_id, now=request.now)
    return acted(request, viewer, alert_id, act)


@door("POST", who=SIGNED_IN)
def answer(request: Request, alert_id: UUID) -> HttpResponseBase:
    """I'm on my way, in so many minutes; help from here; I can't."""
    said, viewer = request.POST.get("answer", ""), request.viewer
    if said not in set(Said) or viewer.person_id is None:
        raise NotHere
    act = partial(
        answering.answer,
        network_id=viewer.network.id,
        alert_id=alert_id,
        person_id=viewer.person_id,
        said=Said(said),
        channel="page",
        now=request.now,
        minutes=_minutes(request.POST.get("minutes", "").strip()),
    )
    return acted(request, viewer, alert_id, act)


def _minutes(typed: str) -> int | None:
    """What was typed as minutes; 0, which is refused, for anything that is no small number."""
    if not typed:
        return None
    return int(typed) if typed.isdecimal() and len(typed) < 4 else 0


@door("POST", who=SIGNED_IN)
def arrived(request: Request, alert_id: UUID) -> HttpResponseBase:
    viewer = request.viewer
    act = partial(answering.arrive, viewer=viewer, alert_id=alert_id, now=request.now)
    return acted(request, viewer, alert_id, act)


@door("POST", who=SIGNED_IN)
def at_home(request: Request, alert_id: UUID) -> HttpResponseBase:
    """«I'm home», also after the end."""
    viewer = request.viewer
    act = partial(answering.safe_home, viewer=viewer, alert_id=alert_id, now=request.now)
    return acted(request, viewer, alert_id, act)


@alert_door("POST")
def allow(request: Request, viewer: Viewer, alert_id: UUID, person_id: UUID) -> HttpResponseBase:
    """«Yes, this person»."""
    act = partial(
        steering.allow, viewer=viewer, alert_id=alert_id, person_id=person_id, now=request.now
    )
    return acted(request, viewer, alert_id, act)


@alert_door("POST")
def remove(request: Request, viewer: Viewer, alert_id: UUID, person_id: UUID) -> HttpResponseBase:
    """«Not this person»: one tap, no reason."""
    act = partial(
        steering.remove, viewer=viewer, alert_id=alert_id, person_id=person_id, now=request.now
    )
    return acted(request, viewer, alert_id, act)


@alert_door("POST")
def more_people(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    """Two more; counted from what stood on the page, so that a second tap adds nothing."""
    act = partial(
        steering.want_more,
        viewer=viewer,
        alert_id=alert_id,
        now=request.now,
        seen=_seen(request.POST.get("wanted", "")),
    )
    return acted(request, viewer, alert_id, act)


def _seen(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 3 else 0


@alert_door("POST")
def wider(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    """Let people outside the pod hear of it."""
    act = partial(steering.go_wider, viewer=viewer, alert_id=alert_id, now=request.now)
    return acted(request, viewer, alert_id, act)


@alert_door("POST")
def line(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    """A line for everybody who helps."""
    form = LineForm(request.POST)
    if not form.is_valid():
        return _not_taken(request, viewer, alert_id, form)
    act = partial(
        together.write_update,
        viewer=viewer,
        alert_id=alert_id,
        words=form.cleaned_data["words"],
        client_key=form.client_key_sent,
        now=request.now,
    )
    return acted(request, viewer, alert_id, act)


@alert_door("POST")
def task(request: Request, viewer: Viewer, alert_id: UUID) -> HttpResponseBase:
    """Put a small thing on the list."""
    form = TaskForm(request.POST)
    if not form.is_valid():
        return _not_taken(request, viewer, alert_id, form)
    act = partial(
        together.add_task,
        viewer=viewer,
        alert_id=alert_id,
        client_key=form.client_key_sent,
        now=request.now,
        key=form.cleaned_data["key"],
        words=form.cleaned_data["words"],
    )
    return acted(request, viewer, alert_id, act)


def _not_taken(request: Request, viewer: Viewer, alert_id: UUID, form: Form) -> HttpResponseBase:
    sentence = next((said for _anchor, said in form.problems), str(OLD_PAGE))
    return show(request, viewer, alert_id, problem=sentence, status=422)


TASK_ACTS = {
    "take": together.take_task,
    "done": together.finish_task,
    "back": together.give_task_back,
}


@alert_door("POST")
def task_act(
    request: Request, viewer: Viewer, alert_id: UUID, task_id: UUID, what: str
) -> HttpResponseBase:
    """«I will», «Done», «I can't do it»."""
    act = TASK_ACTS.get(what)
    if act is None:
        raise NotHere
    chosen = partial(act, viewer=viewer, alert_id=alert_id, task_id=task_id, now=request.now)
    return acted(request, viewer, alert_id, chosen)


@door("POST", who=SIGNED_IN)
def second(request: Request, alert_id: UUID) -> HttpResponseBase:
    """The asker asks somebody else whether it is true."""
    viewer = request.viewer
    must_be(Part.ASKER, viewer=viewer, alert_id=alert_id, now=request.now)
    form = SecondForm(request.POST, people=could_check(viewer=viewer, alert_id=alert_id))
    if not form.is_valid():
        return _not_taken(request, viewer, alert_id, form)
    person_id = UUID(form.cleaned_data["person"])
    act = partial(
        missing.ask_another, viewer=viewer, alert_id=alert_id, person_id=person_id, now=request.now
    )
    return acted(request, viewer, alert_id, act)


@door("POST", who=SIGNED_IN)
def confirm(request: Request, alert_id: UUID) -> HttpResponseBase:
    """Whoever is asked first says whether somebody is really missing."""
    said = request.POST.get("true", "")
    if said not in {"yes", "no"}:
        raise NotHere
    act = partial(
        missing.confirm_missing,
        viewer=request.viewer,
        alert_id=alert_id,
        is_true=said == "yes",
        now=request.now,
    )
    return acted(request, request.viewer, alert_id, act)


@door("POST", who=SIGNED_IN)
def im_safe(request: Request, alert_id: UUID) -> HttpResponseBase:
    """«I'm safe, don't tell»."""
    act = partial(missing.im_safe, viewer=request.viewer, alert_id=alert_id, now=request.now)
    return acted(request, request.viewer, alert_id, act)
