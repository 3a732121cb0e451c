"""A silent call on its asker's phone: a note, and nothing about what it is."""

from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.alerts.actions.ending import end
from porchlight.alerts.actions.raising import stop_sending
from porchlight.alerts.actions.steering import remove
from porchlight.alerts.actions.together import write_update
from porchlight.alerts.forms.choices import NoteForm
from porchlight.alerts.queries.notes import note_page
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.views.who import asker_of
from porchlight.browser.doors import Request, door, page, stranger
from porchlight.kit.errors import Refusal
from porchlight.kit.viewer import Viewer


@door("GET", "POST")
def note(request: Request, alert_id: UUID) -> HttpResponse:
    """How many have read it, and who comes by. Only its asker opens it."""
    viewer = asker_of(request)
    if viewer is None:
        return stranger(request)
    shown = note_page(viewer=viewer, alert_id=alert_id, now=request.now)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with suppress(Refusal):  # its sentence says what this is; the page shows how it stands
            _act(viewer, alert_id, form, request)
        return redirect("alerts:note", request.network.slug, alert_id)
    facts = {"note": shown, "network": request.network, "form": form, "now": request.now}
    return page(request, "alerts/note.html", facts, piece="alerts/_note.html")


def _act(viewer: Viewer, alert_id: UUID, form: NoteForm, request: Request) -> None:
    sent = form.cleaned_data
    if sent["act"] == "undo":
        stop_sending(viewer=viewer, alert_id=alert_id, now=request.now)
    elif sent["act"] == "close":
        end(viewer=viewer, alert_id=alert_id, how=EndedHow.ALL_RIGHT, now=request.now)
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
