"""«Lock everything»: one keeper shuts it for a day, two open it earlier, everybody may read why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.kit.network import Network
from porchlight.people.rules.mandates import Why
from porchlight.people.rules.rights import Right
from porchlight.people.views.ways_in import is_fresh, password_before
from porchlight.trust.actions import lockdown as actions
from porchlight.trust.queries.lockdown import lock_page


@door("GET", who=SIGNED_IN)
def lockdown(request: Request) -> HttpResponse:
    """How it stands, for everybody here; keepers find their button."""
    found = lock_page(viewer=request.viewer, now=request.now)
    facts = {"lock": found, "too_new": Why.TOO_NEW.value, "now": request.now}
    return page(request, "trust/lockdown.html", facts)


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def lock(request: Request) -> HttpResponse:
    """The one «yes, lock everything», after the password."""
    here = reverse("trust:lockdown", args=[request.network.slug])
    asked = password_before(request, title=_("Lock everything"), back=here)
    if asked is not None:
        return asked
    form = Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, actions.lock_everything, viewer=request.viewer, now=request.now)
        if done is not None:
            return redirect(here)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("Lock everything for a day?"),
            "words": _("For when an account or a phone of a keeper is in the wrong hands."),
            "points": [
                _("Nobody reads anybody else's address, words or numbers."),
                _("Nobody new comes in. Signing in works on a phone set up to call for you."),
                _("Calls for help go on. Whoever asks says person by person who sees the door."),
                _("Everybody is told. It ends by itself after a day; two keepers end it sooner."),
            ],
            "action": _("Lock everything"),
            "is_grave": True,
            "back": here,
        },
    )


@door("POST", who=SIGNED_IN, right=Right.KEEP)
def unlock(request: Request) -> HttpResponse:
    """One of the two «open it again»; the password first, on the page it leads back to."""
    if not is_fresh(request):
        return redirect("trust:unlock-first", request.network.slug)
    actions.open_everything(viewer=request.viewer, now=request.now)
    return redirect("trust:lockdown", request.network.slug)


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def unlock_first(request: Request) -> HttpResponse:
    """The password, then back to the page with the button."""
    here = reverse("trust:lockdown", args=[request.network.slug])
    asked = password_before(request, title=_("Open everything again"), back=here)
    return asked or redirect(here)


def banner_piece(request: HttpRequest) -> SafeString | None:
    """On every page while it holds: everything is locked, until when, and what works."""
    network: Network | None = getattr(request, "network", None)
    if network is None or not network.is_locked(request.now):  # type: ignore[attr-defined]  # people.middleware put it there
        return None
    facts = {"until": network.locked_until, "slug": network.slug}
    return SafeString(render_to_string("trust/_locked.html", facts, request))
