"""«Somebody died», for keepers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.people.rules.rights import Right
from porchlight.trust.actions.deaths import say_died, say_not_died
from porchlight.trust.forms.deaths import DeathForm
from porchlight.trust.queries.deaths import deaths


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def died(request: Request) -> HttpResponse:
    """Say that somebody died, or say the second yes; and what can still be put right."""
    found = deaths(viewer=request.viewer, now=request.now)
    form = DeathForm(request.POST or None, people=found.choices, waiting=found.waiting)
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            say_died,
            viewer=request.viewer,
            person_id=form.cleaned_data["person"],
            now=request.now,
        )
        if not form.errors:
            return redirect("trust:deaths", request.network.slug)
    return page(request, "trust/deaths.html", {"form": form, "deaths": found})


@door("POST", who=SIGNED_IN, right=Right.KEEP)
def not_died(request: Request, person_id: UUID) -> HttpResponse:
    """It was wrong."""
    say_not_died(viewer=request.viewer, person_id=person_id, now=request.now)
    return redirect("trust:deaths", request.network.slug)


def keepers_piece(request: HttpRequest) -> SafeString:
    """The line in the list for keepers on one's own page."""
    return SafeString(render_to_string("trust/_keepers.html", {}, request))
