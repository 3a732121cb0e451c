"""Rows of a spreadsheet: which column is what, a look at each row, then all of them or none."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.kit.errors import Refusal
from porchlight.people.rules.rights import Right
from porchlight.sharing.actions.intake import take_down_many
from porchlight.sharing.forms.spreadsheet import PasteForm
from porchlight.sharing.queries.desk import at_desk
from porchlight.sharing.views.parts import where_on


@dataclass(frozen=True)
class Looked:
    """One row, and what is wrong with it."""

    number: int
    words: str
    """What it asks for, or what stands first in it."""
    problem: str
    """Empty: nothing."""


@door("GET", "POST", who=SIGNED_IN, right=Right.DISPATCH)
@where_on
def spreadsheet(request: Request) -> HttpResponse:
    """Paste, say what the columns are, look, then put all on the board. Nothing is half done."""
    at_desk(viewer=request.viewer)
    form = PasteForm(request.POST if request.method == "POST" else None, network=request.network)
    looked: list[Looked] = []
    if form.is_first_look and form.sheet:
        form = _with_columns(request, form)
    elif form.is_bound and form.is_valid():
        wants_all = "all" in request.POST
        looked = _looked(request, form, is_only_a_look=not wants_all)
        if wants_all and not any(row.problem for row in looked):
            return redirect("sharing:desk", request.network.slug)
    facts = {
        "form": form,
        "looked": looked,
        "wrong": sum(bool(row.problem) for row in looked),
        "columns": [form[name] for name in form.fields if name.startswith("column_")],
    }
    return page(request, "sharing/spreadsheet.html", facts, status=422 if form.errors else 200)


def _with_columns(request: Request, form: PasteForm) -> PasteForm:
    """The rows were pasted just now: their columns come with what they may be."""
    sent = request.POST.copy()
    for name, field in form.fields.items():
        if name.startswith("column_"):
            sent[name] = field.initial
    if form.fields["has_headings"].initial:
        sent["has_headings"] = "on"
    shown = PasteForm(sent, network=request.network)
    shown.full_clean()
    shown.errors.clear()  # nothing was chosen yet that could be wrong
    return shown


def _looked(request: Request, form: PasteForm, *, is_only_a_look: bool) -> list[Looked]:
    read = form.rows()
    whole = [row for _number, _words, row in read if not isinstance(row, Refusal)]
    found = iter(
        take_down_many(
            viewer=request.viewer,
            rows=whole,
            client_key=form.client_key_sent,
            now=request.now,
            is_only_a_look=is_only_a_look or len(whole) < len(read),
        )
    )
    looked = []
    for number, words, row in read:
        refusal = row if isinstance(row, Refusal) else next(found)
        problem = refusal.sentence if refusal else ""
        looked.append(Looked(number=number, words=words, problem=problem))
    return looked
