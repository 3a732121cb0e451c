"""A silent call on its asker's phone: a note, and nothing about what it is."""

from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.alerts.actions.quiet_ending import end_note
from porchlight.alerts.actions.raising import stop_sending
from porchlight.alerts.actions.steering import remove
from porchlight.alerts.actions.together import write_update
from porchlight.alerts.forms.check_ins import NumberForm, number_form, took
from porchlight.alerts.forms.choices import NoteForm
from porchlight.alerts.queries.check_ins import has_numbers
from porchlight.alerts.queries.notes import note_page
from porchlight.alerts.views.who import asker_of
from porchlight.browser.doors import Request, door, page, stranger
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer


@door("GET", "POST")
def note(request: Request, alert_id: UUID) -> HttpResponse:
    """How many have read it, and who comes by. Only its asker opens it."""
    viewer = asker_of(request)
    if viewer is None:
        return stranger(request)
    me = viewer.person_id
    if me is None:
        raise NotHere
    shown = note_page(viewer=viewer, alert_id=alert_id, now=request.now)
    form, number = NoteForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["act"] == "close":
            number = _close(viewer, alert_id, request)
        else:
            with suppress(Refusal):  # its sentence says what this is; the page shows how it stands
                _act(viewer, alert_id, form, request, is_open=shown.is_open)
        if number is None:
            return redirect("alerts:note", request.network.slug, alert_id)
    if number is None and has_numbers(viewer=viewer, person_id=me):
        number = NumberForm()
    facts = {
        "note": shown,
        "network": request.network,
        "form": form,
        "number": number,
        "now": request.now,
    }
    status = 422 if number is not None and number.is_bound else 200
    return page(request, "alerts/note.html", facts, piece="alerts/_note.html", status=status)


def _close(viewer: Viewer, alert_id: UUID, request: Request) -> NumberForm | None:
    """The form of the number with what was wrong; None: it is over, as far as this phone knows."""
    form, typed = number_form(request.POST)
    given = end_note(viewer=viewer, alert_id=alert_id, number=typed, now=request.now)
    return None if took(form, given) else form


def _act(
    viewer: Viewer, alert_id: UUID, form: NoteForm, request: Request, *, is_open: bool
) -> None:
    sent = form.cleaned_data
    if not is_open:
        return
    if sent["act"] == "undo":
        stop_sending(viewer=viewer, alert_id=alert_id, now=request.now)
    elif sent["act"] == "without" and sent["person"]:
        remove(viewer=viewer, alert_id=alert_id, person_id=sent["person"], now=request.now)
    elif sent["act"] == "line":
        write_update(
            viewer=viewer,
            alert_id=alert_id,
            words=sent["line"],
            client_key=form.client_key_sent,
            now=request.now,
        )
