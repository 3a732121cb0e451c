"""The desk: what waits for whom, one open need, and a note for the next."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.kit.errors import Refusal
from porchlight.people.rules.rights import Right
from porchlight.sharing.actions import desk as actions
from porchlight.sharing.forms.desk import NoteForm
from porchlight.sharing.queries import desk as queries
from porchlight.sharing.queries.intake import ring_backs, through_desk
from porchlight.sharing.views.parts import where_on, with_no


@door("GET", "POST", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def desk(request: Request) -> HttpResponse:
    """Everything open in three lists; sending leaves a note."""
    form = NoteForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        sent = form.cleaned_data
        attempt(
            form,
            actions.leave_note,
            viewer=request.viewer,
            words=sent["words"],
            read_at=sent["read_at"],
            now=request.now,
        )
        if not form.errors:
            return redirect("sharing:desk", request.network.slug)
    found = queries.desk(viewer=request.viewer, now=request.now)
    waiting = ring_backs(viewer=request.viewer, now=request.now)
    read_at = found.note.at.isoformat() if found.note.at else ""
    if form is None:
        form = NoteForm(initial={"words": found.note.words, "read_at": read_at})
    else:  # whoever sends it again has read what stands above by now
        sent_again = request.POST.copy()
        sent_again["read_at"] = read_at
        form.data = sent_again
    return page(
        request,
        "sharing/desk.html",
        {"desk": found, "ring_backs": waiting, "form": form, "now": request.now},
        status=422 if form.errors else 200,
    )


@door("GET", "POST", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def on_desk(request: Request, need_id: UUID) -> HttpResponse:
    """One open need, and who could be asked next; sending has them asked."""
    form = Form()
    if request.method == "POST":
        try:
            actions.ask_more(viewer=request.viewer, need_id=need_id, now=request.now)
        except Refusal as refusal:
            form = with_no(refusal)
        else:
            return redirect("sharing:on-desk", request.network.slug, need_id)
    return on_desk_page(request, need_id, form)


def on_desk_page(request: Request, need_id: UUID, form: Form) -> HttpResponse:
    """One need at the desk, and for whom of those who rang something can be done; what is over of
    theirs stays for the thanks."""
    guest = through_desk(viewer=request.viewer, need_id=need_id, now=request.now)
    found = None
    if guest is None or guest.page.is_open:
        found = queries.on_desk(viewer=request.viewer, need_id=need_id, now=request.now)
    facts = {
        "found": found,
        "guest": guest,
        "need": guest.page if guest else None,
        "card": found.card if found else guest.page.card if guest else None,
        "form": form,
        "now": request.now,
    }
    return page(request, "sharing/on_desk.html", facts, status=409 if form.errors else 200)
