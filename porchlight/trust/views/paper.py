"""Paper for the worst day: the phone tree and the fridge sheet of one's own pod."""

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.people.views.numbers import numbers
from porchlight.trust.actions import paper as actions
from porchlight.trust.forms.paper import PaperForm
from porchlight.trust.queries import paper as queries

OURS = "ours:/"


@door("GET", "POST", who=SIGNED_IN)
def paper(request: Request) -> HttpResponse:
    """What may stand on it, and the way to print it."""
    chosen = queries.chosen(viewer=request.viewer, now=request.now)
    if chosen is None:
        return redirect("people:pod", request.network.slug)
    start = {
        "shows_number": chosen.shows_number,
        "shows_training": chosen.shows_training,
        "looks_after": chosen.looks_after,
    }
    form = PaperForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        attempt(form, actions.choose, viewer=request.viewer, **form.facts, now=request.now)
        if not form.errors:
            return redirect("trust:paper", request.network.slug)
    return page(request, "trust/paper.html", {"form": form, "chosen": chosen, "now": request.now})


@door("POST", who=SIGNED_IN)
def hangs(request: Request) -> HttpResponse:
    """«It hangs.»"""
    actions.hang_up(viewer=request.viewer, now=request.now)
    return redirect("trust:paper", request.network.slug)


@door("GET", who=SIGNED_IN)
def sheet(request: Request) -> HttpResponse:
    """The sheet as a page, to print from the browser. Opening it counts as reading the numbers."""
    if queries.pod_of(viewer=request.viewer) is None:
        return redirect("people:pod", request.network.slug)
    return page(request, "trust/paper_sheet.html", _sheet(request))


@door("GET", who=SIGNED_IN)
def sheet_file(request: Request) -> HttpResponse:
    """The same as a file of one or two A4 pages; the page to print where none can be made here."""
    if queries.pod_of(viewer=request.viewer) is None:
        return redirect("people:pod", request.network.slug)
    words = render_to_string("trust/paper_file.html", _sheet(request), request)
    made = _pdf(words)
    if made is None:
        return redirect("trust:paper-sheet", request.network.slug)
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="pod-paper.pdf"'},
    )


def _sheet(request: Request) -> dict[str, Any]:
    may_read = actions.open_numbers(viewer=request.viewer, now=request.now)
    sheet = queries.sheet(viewer=request.viewer, may_read=may_read, now=request.now)
    zone = request.network.zoneinfo
    return numbers(request) | {
        "sheet": sheet,
        # Paper hangs for a month: whole dates, never «today».
        "printed_on": sheet.printed_at.astimezone(zone).date(),
        "good_until_on": sheet.good_until.astimezone(zone).date(),
        "now": request.now,
    }


def _pdf(words: str) -> bytes | None:
    """Made by WeasyPrint; None where its libraries are missing, as the doctor says.

    It fetches nothing: only our own fonts, from the folder they lie in.
    """
    try:
        import weasyprint
    except (ImportError, OSError):
        return None

    style = weasyprint.CSS(string=_style(), base_url=OURS, url_fetcher=_ours)
    made: bytes = weasyprint.HTML(string=words, base_url=OURS, url_fetcher=_ours).write_pdf(
        pdf_variant="pdf/ua-1", stylesheets=[style]
    )
    return made


def _style() -> str:
    found = finders.find("browser/paper.css")
    return Path(found).read_text("utf-8") if isinstance(found, str) else ""


def _ours(url: str) -> Any:
    """One of our own fonts from the folder it lies in; nothing else is ever fetched."""
    found = finders.find(f"browser/fonts/{url.removeprefix(OURS)}")
    if not url.startswith(OURS) or not isinstance(found, str):
        raise ValueError("Nothing but our own fonts stands on paper.")
    from weasyprint.urls import URLFetcherResponse

    return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": "font/woff2"})


def pod_piece(request: HttpRequest) -> SafeString:
    """On the page of the pod: the way to its paper."""
    return SafeString(render_to_string("trust/_pod_paper.html", {}, request))
