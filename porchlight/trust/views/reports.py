"""«Something went wrong»: telling it, one's own reports, and the desk of those who were told."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere
from porchlight.people.views.numbers import numbers
from porchlight.people.views.ways_in import password_first
from porchlight.trust.actions import reports as actions
from porchlight.trust.actions.disclosures import open_guarded
from porchlight.trust.forms.reports import AnswerForm, ReportForm
from porchlight.trust.queries import reports as queries
from porchlight.trust.rules.reports import SHOWN, About


@door("GET", "POST", who=SIGNED_IN)
def report(request: Request) -> HttpResponse:
    """Something went wrong somewhere among us."""
    return _report(request, None, None)


@door("GET", "POST", who=SIGNED_IN)
def report_about(request: Request, about: str, thing_id: UUID) -> HttpResponse:
    """Something went wrong at this call, or in this group."""
    if about not in {About.ALERT, About.GROUP}:
        raise NotHere
    kind = About(about)
    if not queries.was_there(viewer=request.viewer, about=kind, thing_id=thing_id):
        raise NotHere
    return _report(request, kind, thing_id)


def _report(request: Request, about: About | None, thing_id: UUID | None) -> HttpResponse:
    viewer, now = request.viewer, request.now
    people = queries.could_be_kept_away(viewer=viewer, thing_id=thing_id, now=now)
    form = ReportForm(request.POST or None, people=people, is_about_known=about is not None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            actions.report,
            viewer=viewer,
            about=about or About(form.cleaned_data["about"]),
            thing_id=thing_id,
            words=form.cleaned_data["words"],
            keep_away=form.cleaned_data.get("keep_away", []),
            client_key=form.client_key_sent,
            now=now,
        )
        if done is not None:
            return redirect("trust:report-sent", request.network.slug)
        if not form.errors:
            return page(request, "trust/report_nobody.html", numbers(request))
    reachable = queries.is_anybody_uninvolved(
        viewer=viewer, about=about or About.OTHER, thing_id=thing_id, now=now
    )
    return page(
        request,
        "trust/report.html",
        {"form": form, "is_reachable": reachable} | numbers(request),
    )


@door("GET", who=SIGNED_IN)
def sent(request: Request) -> HttpResponse:
    """It is on its way. Nothing of it stands on this page: others may hold the phone."""
    return page(request, "trust/report_sent.html")


@door("GET", "POST", who=SIGNED_IN)
def my_reports(request: Request) -> HttpResponse:
    """One's own reports and the answers, after the password."""
    asked = password_first(
        request,
        title=_("What I reported"),
        back=reverse("people:me", args=[request.network.slug]),
    )
    if asked is not None:
        return asked
    found = queries.my_reports(viewer=request.viewer)
    shown = {"reports": found, "now": request.now}
    return page(request, "trust/my_reports.html", shown | numbers(request))


@door("POST", who=SIGNED_IN)
def take_back(request: Request, report_id: UUID) -> HttpResponse:
    """Erase one's own report now."""
    actions.take_back(viewer=request.viewer, report_id=report_id, now=request.now)
    return redirect("trust:my-reports", request.network.slug)


@door("GET", who=SIGNED_IN)
def reports(request: Request) -> HttpResponse:
    """What the viewer was told of; for nobody who neither keeps nor coordinates."""
    found = queries.desk(viewer=request.viewer)
    return page(request, "trust/reports.html", {"reports": found, "now": request.now})


@door("GET", "POST", who=SIGNED_IN)
def one_report(request: Request, report_id: UUID) -> HttpResponse:
    """One of them: read, and answer. Each reading is written down for whoever wrote it."""
    viewer, now = request.viewer, request.now
    shown = queries.report_on_desk(viewer=viewer, report_id=report_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            actions.close,
            viewer=viewer,
            report_id=report_id,
            answer=form.cleaned_data["answer"],
            now=now,
        )
        if not form.errors:
            return redirect("trust:reports", request.network.slug)
    words = _words(request, report_id)
    facts = {"report": shown, "words": words, "form": form, "now": now}
    return page(request, "trust/one_report.html", facts)


def _words(request: Request, report_id: UUID) -> str:
    """What was written; nothing while everything is locked or where it was taken back just now."""
    try:
        open_guarded(
            viewer=request.viewer, what=SHOWN, thing_id=report_id, how="page", now=request.now
        )
    except NotHere:
        return ""
    return queries.words_of(viewer=request.viewer, report_id=report_id)


@door("POST", who=SIGNED_IN)
def take(request: Request, report_id: UUID) -> HttpResponse:
    actions.take(viewer=request.viewer, report_id=report_id, now=request.now)
    return redirect("trust:one-report", request.network.slug, report_id)


@door("POST", who=SIGNED_IN)
def give_back(request: Request, report_id: UUID) -> HttpResponse:
    actions.give_back(viewer=request.viewer, report_id=report_id, now=request.now)
    return redirect("trust:reports", request.network.slug)


def group_piece(request: HttpRequest) -> SafeString | None:
    """On the page of a group: the way to say that something went wrong in it."""
    match = request.resolver_match
    if match is None:
        return None
    circle_id = match.kwargs["circle_id"]
    return SafeString(render_to_string("trust/_went_wrong.html", {"circle_id": circle_id}, request))
