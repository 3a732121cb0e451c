"""What the doors of signing in and joining share: sessions, ways home, a sealed pocket."""

import base64
import json
import re
import secrets
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login as begin_session
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from porchlight.browser.doors import Request, page
from porchlight.browser.forms import Form
from porchlight.kit import vault
from porchlight.kit.errors import Refusal
from porchlight.kit.network import Network
from porchlight.kit.tries import WrongTries
from porchlight.people.forms.accounts import FreshForm
from porchlight.people.models import Login
from porchlight.people.queries.alert_keys import cookie_name as key_cookie
from porchlight.people.queries.alert_keys import row_of_key
from porchlight.people.queries.lockdown import locked_now
from porchlight.people.queries.neighbours import network_of
from porchlight.people.rules.accounts import FRESH, Why
from porchlight.people.rules.codes import CODE_WORDS, COUNT, code_of
from porchlight.people.rules.lockdown import Why as Locked

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
A_YEAR = timedelta(days=365)
FRESH_KEY = "fresh_at"
LINK_UPWARDS = re.compile(r"/r/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WRONG = WrongTries()
"""Of this process; what several web processes count apart only makes each of them gentler."""


def home_of(network: Network) -> str:
    """Where somebody lands who is in: the first line of the menu."""
    for name in (settings.MENU[0].url, "people:me"):
        try:
            return reverse(name, args=[network.slug])
        except NoReverseMatch:
            continue
    return "/"


def next_page(request: Request) -> str:
    """Where somebody wanted to go before signing in: a page of this network, else home.

    `/r/<uuid>` is what mails say; it leads on only to what that person may see.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_page = wanted.startswith(f"/n/{request.network.slug}/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None
    )
    is_ours = is_page or LINK_UPWARDS.fullmatch(wanted)
    return wanted if is_ours else home_of(request.network)


def let_in(request: HttpRequest, person_login: Login, now: datetime) -> None:
    """Begin a session under a new cookie, whatever the browser held before.

    While everything is locked, only for who is in already or holds a device of their own.
    Refuses: LOCKED_SIGN_IN.
    """
    if not _may_come_in(request, person_login, now):
        raise Refusal(Locked.LOCKED_SIGN_IN)
    begin_session(request, person_login, backend=BACKEND)
    request.session.set_expiry(None)
    request.session[FRESH_KEY] = now.isoformat()


def _may_come_in(request: HttpRequest, person_login: Login, now: datetime) -> bool:
    if locked_now(network_id=person_login.network_id, now=now) is None:
        return True
    viewer = getattr(request, "viewer", None)
    if viewer is not None and viewer.person_id == person_login.person_id:
        return True
    key = row_of_key(
        network=network_of(network_id=person_login.network_id),
        key=request.COOKIES.get(key_cookie(), ""),
        now=now,
    )
    return key is not None and key.person_id == person_login.person_id


def is_fresh(request: Request) -> bool:
    """Whether somebody typed their password a moment ago."""
    said = request.session.get(FRESH_KEY)
    if not isinstance(said, str):
        return False
    since = request.now - datetime.fromisoformat(said)
    return timedelta(0) <= since < FRESH  # a clock set back asks once more


def freshen(request: Request) -> None:
    request.session[FRESH_KEY] = request.now.isoformat()


def is_own_password(request: Request, form: Form) -> bool:
    """Whether a valid FreshForm holds the reader's own password. Guesses wait; the form says no."""
    knocked = f"password:{request.viewer.person_id}"
    if isinstance(request.user, Login) and request.user.check_password(
        form.cleaned_data["password"]
    ):
        right_try(knocked)
        return True
    wrong_try(knocked, request.now)
    form.refuse(Refusal(Why.WRONG_PASSWORD), "password")
    return False


def password_first(
    request: Request, template: str = "browser/confirm.html", **words: Any
) -> HttpResponse | None:
    """Ask for the password before what only its owner may read; None when it was typed just now."""
    if is_fresh(request):
        return redirect(request.path) if request.method == "POST" else None
    form = FreshForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and is_own_password(request, form):
        freshen(request)
        return redirect(request.path)
    said = {"words": _("Your password first, so that nobody else reads this page.")}
    return page(request, template, said | {"action": _("Go on"), "form": form} | words)


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """Speak this language on this device from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        samesite="Lax",
        secure=settings.PUBLIC_IS_SECURE,
    )
    return response


# ---------- wrong tries ----------


def wrong_try(door: str, now: datetime) -> None:
    """A wrong answer waits longer each time; nobody who knows the right one waits at all."""
    pause = WRONG.one_more(vault.index(door, purpose="tries"), now)
    if pause:
        if not connection.in_atomic_block:
            connection.close()  # somebody else may use it meanwhile
        time.sleep(pause.total_seconds())


def right_try(door: str) -> None:
    WRONG.right(vault.index(door, purpose="tries"))


# ---------- words that are shown once and typed back ----------


def six_words() -> tuple[str, tuple[int, int]]:
    """Fresh words, and the places of two of them to type back."""
    code = code_of([secrets.randbelow(COUNT) for _ in range(CODE_WORDS)])
    first, second = sorted(secrets.SystemRandom().sample(range(CODE_WORDS), 2))
    return code, (first, second)


# ---------- a pocket: what somebody typed on one screen, kept for the next ----------


def put_away(request: Request, pocket: str, things: dict[str, Any]) -> None:
    """Keep in the session, guarded: whoever reads the sessions reads nothing."""
    sealed = vault.guard(json.dumps(things), purpose=f"pocket-{pocket}", whose=request.network.id)
    request.session[pocket] = base64.b64encode(sealed).decode()


def taken_out(request: Request, pocket: str, needs: Iterable[str] = ()) -> dict[str, Any] | None:
    """What was put away; None when it is not there, too old to open, or not all of it."""
    kept = request.session.get(pocket)
    if not isinstance(kept, str):
        return None
    try:
        opened = vault.reveal(
            base64.b64decode(kept), purpose=f"pocket-{pocket}", whose=request.network.id
        )
    except (vault.VaultTrouble, ValueError):
        return None
    things: dict[str, Any] = json.loads(opened)
    return things if all(name in things for name in needs) else None


def empty(request: Request, pocket: str) -> None:
    request.session.pop(pocket, None)


def no_door(request: Request, *, template: str = "people/no_door.html") -> HttpResponse:
    """One page for words that are wrong, old, used or taken back: nothing tells them apart."""
    return page(request, template, status=404)
