"""Doors of the second step: setting it up, showing it, taking it off."""

from urllib.parse import urlencode
from uuid import UUID

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from porchlight.browser.doors import ANYONE, SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.actions import factors as actions
from porchlight.people.forms.factors import AppForm, NewPasskeyForm, ProveForm
from porchlight.people.queries.factor_words import Adapter
from porchlight.people.queries.factors import factors_of, has_factor, ways_of
from porchlight.people.rules.factors import SETTING_UP, Way, Why
from porchlight.people.sessions import is_session_proven, prove
from porchlight.people.views.passkeys import (
    new_passkey,
    own_login,
    passkey_is_shown,
    question_for,
)
from porchlight.people.views.ways_in import (
    empty,
    freshen,
    is_fresh,
    is_own_code,
    next_page,
    one_more_try,
    password_first,
    put_away,
    taken_out,
)

PLACES_OF_LINE = {settings.MENU[0].url, "people:me", "people:roles"}
POCKET = "app"
A_FEW_MINUTES = 10 * 60


def _wanted(request: Request) -> str:
    """Where somebody was going, as words to put behind an address; "" when nowhere."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return f"?{urlencode({'next': wanted})}" if wanted else ""


def _to(request: Request, name: str) -> HttpResponse:
    return redirect(reverse(name, args=[request.network.slug]) + _wanted(request))


def _first(request: Request) -> HttpResponse | None:
    """Before anything of a second step changes: it is shown itself, or else the password again.

    What is sent by somebody who is fresh is taken.
    """
    if request.method == "POST" and is_fresh(request):
        return None
    is_shown = is_session_proven(request.session, request.now)
    if has_factor(viewer=request.viewer) and not is_shown:
        came_for = urlencode({"next": request.get_full_path()})
        return redirect(reverse("people:prove", args=[request.network.slug]) + f"?{came_for}")
    back = reverse("people:factors", args=[request.network.slug]) + _wanted(request)
    return password_first(request, title=_("Second step"), back=back)


@door("GET", who=SIGNED_IN)
def factors(request: Request) -> HttpResponse:
    """What one has set up, and what to do next."""
    found = factors_of(viewer=request.viewer)
    facts = {
        "factors": found,
        "wanted": _wanted(request),
        "goes_to": next_page(request) if _wanted(request) else "",
        "is_needed": bool(request.viewer.waiting) and not found.has_any,
        "form": Form(),
    }
    return page(request, "people/factors.html", facts)


@door("GET", "POST", who=SIGNED_IN)
def app(request: Request) -> HttpResponse:
    """An app for codes: the square to scan is new each time, and shown once."""
    asked = _first(request)
    if asked is not None:
        return asked
    if request.method == "GET":
        return _show_square(request)
    form, kept = AppForm(request.POST), taken_out(request, POCKET, ("secret", "until"))
    if kept is None or request.now.isoformat() >= kept["until"]:
        form.refuse(Refusal(Why.START_AGAIN))
    elif form.is_valid():
        attempt(form, actions.add_app, viewer=request.viewer, secret=kept["secret"],
                typed=form.cleaned_data["code"], now=request.now)  # fmt: skip
        if not form.errors:
            empty(request, POCKET)
            return _is_set_up(request)
    return page(request, "people/factor_app.html", {"form": form, "wanted": _wanted(request)})


def _show_square(request: Request) -> HttpResponse:
    if Way.APP in ways_of(viewer=request.viewer):
        return _to(request, "people:factors")
    secret = generate_totp_secret()
    until = (request.now + SETTING_UP).isoformat()
    put_away(request, POCKET, {"secret": secret, "until": until})
    facts = {
        "form": AppForm(),
        "wanted": _wanted(request),
        "square": Adapter().build_totp_url(own_login(request), secret),
        "letters": [secret[place : place + 4] for place in range(0, len(secret), 4)],
    }
    return page(request, "people/factor_app.html", facts)


@door("GET", "POST", who=SIGNED_IN)
def passkey(request: Request) -> HttpResponse:
    """A passkey of this phone or computer, or of a key in somebody's pocket."""
    asked = _first(request)
    if asked is not None:
        return asked
    form = NewPasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = new_passkey(request, form.cleaned_data["passkey"])
        if made is None:
            form.refuse(Refusal(Why.WRONG_PASSKEY))
        else:
            attempt(form, actions.add_passkey, viewer=request.viewer,
                    name=form.cleaned_data["name"], credential=made, now=request.now)  # fmt: skip
        if not form.errors:
            return _is_set_up(request)
    return page(request, "people/factor_passkey.html", {"form": form, "wanted": _wanted(request)})


def _is_set_up(request: Request) -> HttpResponse:
    """Whoever set one up has shown it."""
    prove(request.session, request.now)
    return _to(request, "people:factors")


@door("POST", who=SIGNED_IN)
def passkey_question(request: Request, what: str) -> HttpResponse:
    """What the browser asks a passkey that is made, or shown by somebody who is signed in."""
    if what not in {"add", "prove"} or (what == "add" and not is_fresh(request)):
        raise NotHere
    return JsonResponse(question_for(request, what=what))


@door("POST", who=ANYONE)
def sign_in_question(request: Request) -> HttpResponse:
    """The same for somebody who is not signed in: any passkey may answer, of nobody by name."""
    one_more_try("passkey question", request, request.now)
    if own_login(request) is None:
        request.session.set_expiry(A_FEW_MINUTES)  # signing in makes it a session of its own
    return JsonResponse(question_for(request, what="sign-in"))


@door("GET", "POST", who=SIGNED_IN)
def codes(request: Request) -> HttpResponse:
    """Ten codes for paper, on this page only; asked for again, they are new ones."""
    asked = _first(request)
    if asked is not None:
        return asked
    form = Form(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        made = attempt(form, actions.make_codes, viewer=request.viewer, now=request.now)
    shown = [f"{code[:4]} {code[4:]}" for code in made or ()]
    facts = {"form": form, "codes": shown, "wanted": _wanted(request)}
    return page(request, "people/factor_codes.html", facts)


@door("GET", "POST", who=SIGNED_IN)
def remove(request: Request, factor_id: UUID | None = None) -> HttpResponse:
    """Take an app (no id) or a passkey off."""
    own = {key.id for key in factors_of(viewer=request.viewer).passkeys}
    if factor_id is not None and factor_id not in own:
        raise NotHere
    asked = _first(request)
    if asked is not None:
        return asked
    form = Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove_factor(viewer=request.viewer, factor=factor_id, now=request.now)
        return redirect("people:factors", request.network.slug)
    facts = {
        "form": form,
        "title": _("Take it off?"),
        "words": _("It opens nothing any more. You are told at all your addresses."),
        "points": [_("With the last one the codes on your paper stop working too.")],
        "action": _("Take it off"),
        "back": reverse("people:factors", args=[request.network.slug]),
    }
    return page(request, "browser/confirm.html", facts)


def set_up_piece(request: HttpRequest) -> SafeString | None:
    """Above home, one's own page and the roles, for whoever has a role and no second step yet.

    A role that opens no door yet asks here: no door would.
    """
    viewer, match = getattr(request, "viewer", None), request.resolver_match
    is_place = match is not None and match.view_name in PLACES_OF_LINE
    if not is_place or viewer is None or not (viewer.is_excused or viewer.waiting):
        return None
    if viewer.waiting and has_factor(viewer=viewer):
        return None
    facts = {"is_needed": bool(viewer.waiting)}
    return SafeString(render_to_string("people/_set_up_factor.html", facts, request))


@door("GET", "POST", who=SIGNED_IN)
def prove_it(request: Request) -> HttpResponse:
    """Show a second factor, and go on where one wanted to go; set one up where there is none."""
    if not has_factor(viewer=request.viewer):
        return _to(request, "people:factors")
    if request.method == "GET" and is_session_proven(request.session, request.now):
        return redirect(next_page(request))
    form = ProveForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_shown(request, form):
        goes_to = next_page(request)
        prove(request.session, request.now)
        freshen(request)
        return redirect(goes_to)
    ways = {str(way) for way in ways_of(viewer=request.viewer)}
    return page(request, "people/prove.html", {"form": form, "ways": ways})


def _is_shown(request: Request, form: Form) -> bool:
    """Whether the form holds a right code or passkey; the form says no."""
    if form.cleaned_data["passkey"]:
        if passkey_is_shown(request, form.cleaned_data["passkey"]):
            return True
        form.refuse(Refusal(Why.WRONG_PASSKEY))
        return False
    return is_own_code(request, form, form.cleaned_data["code"])
