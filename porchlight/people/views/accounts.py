"""Doors of signing in and out, and of getting back in."""

from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth import authenticate, logout
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from porchlight.browser.doors import ANYONE, SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.browser.views import speak_their_own
from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.people.actions.accounts import (
    change_password,
    recover,
    set_recovery,
    sign_out_everywhere,
)
from porchlight.people.actions.push import stop_elsewhere, stop_here
from porchlight.people.actions.resets import ask_for_reset, use_reset
from porchlight.people.forms.accounts import (
    ButtonForm,
    LostForm,
    PasswordForm,
    RecoverForm,
    SignInForm,
    TypedBackForm,
    UseResetForm,
    WhereForm,
)
from porchlight.people.forms.factors import PasskeyForm
from porchlight.people.queries.networks import only_slug
from porchlight.people.queries.push import cookie_name
from porchlight.people.queries.signing_in import handle_of, network_at
from porchlight.people.rules.accounts import Why
from porchlight.people.rules.codes import is_typed_back
from porchlight.people.rules.factors import Why as FactorWhy
from porchlight.people.rules.networks import SLUG
from porchlight.people.sessions import prove
from porchlight.people.views.passkeys import login_by_passkey
from porchlight.people.views.ways_in import (
    empty,
    fresh_form,
    freshen,
    home_of,
    is_fresh,
    is_themself,
    let_in,
    next_page,
    one_more_try,
    put_away,
    right_try,
    row_key,
    six_words,
    taken_out,
    wrong_try,
)

POCKET = "recovery"


@door("GET", "POST", who=ANYONE)
def where(request: Request) -> HttpResponse:
    """Sign in, when the address does not say to which network."""
    wanted = request.GET.get("next", "")
    parts = wanted.split("/")
    slug = parts[2] if len(parts) > 2 and parts[:2] == ["", "n"] else (only_slug() or "")
    form = WhereForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        slug = form.cleaned_data["place"].casefold()
    if SLUG.fullmatch(slug) and network_at(slug=slug, now=clock.now()):
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        return redirect(reverse("people:sign-in", args=[slug]) + query)
    if request.method == "POST" and form.is_valid():
        form.refuse(Refusal(Why.NO_SUCH_PLACE), "place")
    return page(request, "people/where.html", {"form": form})


@door("GET", "POST", who=ANYONE)
def sign_in(request: Request) -> HttpResponse:
    """Name and password. One answer for a wrong name and a wrong password, after the same work."""
    if request.method == "GET" and request.viewer.is_someone:
        return redirect(next_page(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        knocked = handle_of(request.network.id, name)
        found = authenticate(request, network_id=request.network.id, name=name, password=password)
        if found is not None:
            right_try(knocked)
            goes_to = next_page(request)
            device = form.cleaned_data["device"]
            attempt(form, let_in, request, found, request.now, device=device)
            if not form.errors:
                return speak_their_own(redirect(goes_to))
        else:
            now = request.now
            wrong_try(knocked, now)
            form.refuse(Refusal(Why.WRONG_NAME_OR_PASSWORD))
    return _sign_in_page(request, form)


def _sign_in_page(request: Request, form: Form) -> HttpResponse:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return page(request, "people/sign_in.html", {"form": form, "next": wanted})


@door("POST", who=ANYONE)
def sign_in_by_passkey(request: Request) -> HttpResponse:
    """A passkey alone: it is held in one hand and opened by a finger or face, so it is both."""
    given = PasskeyForm(request.POST)
    shown = given.cleaned_data["passkey"] if given.is_valid() else ""
    found = login_by_passkey(request, shown)
    if found is not None:
        goes_to = next_page(request)
        let_in(request, found, request.now, is_own_device=True)
        prove(request.session, request.now)
        return speak_their_own(redirect(goes_to))
    wrong_try(f"passkey:{request.network.id}", request.now, request)
    form = SignInForm({"client_key": str(uuid4())})
    form.errors.clear()
    form.refuse(Refusal(FactorWhy.WRONG_PASSKEY))
    return _sign_in_page(request, form)


@door("POST", who=ANYONE)
def sign_out(request: Request) -> HttpResponse:
    """End this session; the device stops ringing. Signed out already: nothing to do."""
    if request.viewer.is_someone:
        held = request.COOKIES.get(cookie_name(), "")
        stop_here(viewer=request.viewer, cookie=held, now=request.now)
    logout(request)
    return redirect("people:sign-in", request.network.slug)


@door("POST", who=SIGNED_IN)
def sign_out_elsewhere(request: Request) -> HttpResponse:
    """End all sessions but this one; the other devices stop ringing."""
    held = request.COOKIES.get(cookie_name(), "")
    stop_elsewhere(viewer=request.viewer, cookie=held, now=request.now)
    sign_out_everywhere(
        viewer=request.viewer,
        keep_session=row_key(request),
        now=request.now,
    )
    return redirect(reverse("people:me", args=[request.network.slug]) + "#devices")


@door("GET", "POST", who=SIGNED_IN)
def password(request: Request) -> HttpResponse:
    """Change one's own password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            change_password,
            viewer=request.viewer,
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
            now=request.now,
        )
        if done:
            let_in(request, done, request.now)
            return redirect("people:me", request.network.slug)
        wrong_try(f"password:{request.viewer.person_id}", request.now)
    return page(request, "people/password.html", {"form": form})


@door("GET", "POST", who=SIGNED_IN)
def recovery(request: Request) -> HttpResponse:
    """Ask for the password again, unless it was typed a moment ago; then make six new words."""
    needs_password = not is_fresh(request)
    form = fresh_form(request) if needs_password else ButtonForm(request.POST or None)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and (not needs_password or is_themself(request, form)):
        freshen(request)
        keep_new_words(request)
        return redirect("people:recovery-words", request.network.slug)
    return page(request, "people/recovery.html", {"form": form})


def keep_new_words(request: Request) -> None:
    """Make six words and keep them until two were typed back; the old ones hold until then."""
    code, places = six_words()
    put_away(request, POCKET, {"words": code, "hashed": make_password(code), "places": places})


@door("GET", "POST", who=SIGNED_IN)
def recovery_words(request: Request) -> HttpResponse:
    """The six new words, two of them typed back; only then they hold."""
    kept = taken_out(request, POCKET, ("words", "hashed", "places"))
    if kept is None or not is_fresh(request):
        return redirect("people:recovery", request.network.slug)
    places = tuple(kept["places"])
    form = TypedBackForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        if is_typed_back(kept["words"], places, form.cleaned_data["words"]):
            set_recovery(viewer=request.viewer, hashed=kept["hashed"], now=request.now)
            empty(request, POCKET)
            return redirect("people:me", request.network.slug)
        form.refuse(Refusal(Why.NOT_TYPED_BACK), "words")
    return page(
        request, "people/recovery_words.html", {"form": form, "code": kept["words"].split("-")}
    )


@door("GET", "POST", who=ANYONE)
def recover_page(request: Request) -> HttpResponse:
    """Back in with the six words from joining."""
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        done = attempt(
            form,
            recover,
            network=request.network,
            name=name,
            typed=form.cleaned_data["words"],
            new=form.cleaned_data["new"],
            now=request.now,
        )
        knocked = f"words:{handle_of(request.network.id, name)}"
        if done:
            right_try(knocked)
            let_in(request, done, request.now)
            return redirect(home_of(request.network))
        wrong_try(knocked, request.now)
    return page(request, "people/recover.html", {"form": form})


@door("GET", "POST", who=ANYONE)
def lost(request: Request) -> HttpResponse:
    """«I lost everything»: begins a new way in. Reads the same whether the name is here or not."""
    form = LostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        one_more_try("lost", request, request.now)
        ask_for_reset(
            network=request.network,
            name=form.cleaned_data["name"],
            source="anonymous",
            client_key=form.client_key_sent,
            now=request.now,
        )
        return page(request, "people/lost_asked.html")
    return page(request, "people/lost.html", {"form": form})


@door("GET", "POST", who=ANYONE)
def reset(request: Request) -> HttpResponse:
    """Back in with the words of two who saw one; six new words follow."""
    form = UseResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, places = six_words()
        sealed = make_password(code)
        done = attempt(
            form,
            use_reset,
            network=request.network,
            typed=form.cleaned_data["words"],
            new=form.cleaned_data["new"],
            recovery=sealed,
            now=request.now,
        )
        if done:
            let_in(request, done, request.now)
            put_away(request, POCKET, {"words": code, "hashed": sealed, "places": places})
            return redirect("people:recovery-words", request.network.slug)
        wrong_try(f"reset:{request.network.id}", request.now, request)
    return page(request, "people/reset.html", {"form": form})
