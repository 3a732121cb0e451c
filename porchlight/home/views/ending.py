"""«End this neighbourhood», for keepers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.home.actions.ending import say_it_ends, say_it_stays
from porchlight.home.rules.ending import END
from porchlight.people.queries.network_ends import ends_at
from porchlight.people.rules.rights import Right
from porchlight.people.views.ways_in import is_fresh, password_first
from porchlight.trust.queries.countersigns import signed


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def ending(request: Request) -> HttpResponse:
    """Two keepers say it; one stops it. After the password, since it is the gravest page of all."""
    network = request.network
    means = request.POST.get("means") if request.method == "POST" and is_fresh(request) else None
    form = Form(request.POST if means else None)
    if means and form.is_valid():
        act = say_it_stays if means == "stays" else say_it_ends
        attempt(form, act, viewer=request.viewer, now=request.now)
        if not form.errors:
            return redirect("home:ending", network.slug)
    elif not means:
        asked = password_first(
            request,
            title=_("End this neighbourhood"),
            words=_("Your password first, so that nobody else can do this."),
            back=f"/n/{network.slug}/me/",
        )
        if asked is not None:
            return asked
    said = signed(viewer=request.viewer, kind=END, thing_id=network.id, now=request.now)
    facts = {
        "form": form,
        "ends_at": ends_at(viewer=request.viewer),
        "signed": said if said and not said.is_done else None,
        "is_mine": bool(said and request.viewer.person_id in said.by),
    }
    return page(request, "home/ending.html", facts)


def keepers_piece(request: HttpRequest) -> SafeString:
    """The last line in the list for keepers on one's own page."""
    return SafeString(render_to_string("home/_keepers.html", {}, request))
