"""What the doors of signing in and joining share: sessions, ways home, a sealed pocket."""

import base64
import json
import re
import secrets
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
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
from porchlight.people.actions.deaths import is_here
from porchlight.people.actions.devices import name_device
from porchlight.people.actions.factors import show_code
from porchlight.people.forms.accounts import FreshForm
from porchlight.people.models import Login
from porchlight.people.queries.alert_keys import cookie_name as key_cookie
from porchlight.people.queries.alert_keys import row_of_key
from porchlight.people.queries.factors import ways_of
from porchlight.people.queries.lockdown import locked_now
from porchlight.people.queries.neighbours import network_of
from porchlight.people.rules.accounts import FRESH, Why
from porchlight.people.rules.codes import CODE_WORDS, COUNT, code_of
from porchlight.people.rules.factors import Why as FactorWhy
from porchlight.people.rules.lockdown import Why as Locked
from porchlight.people.sessions import hashed
from porchlight.people.views.passkeys import passkey_is_shown

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
A_YEAR = timedelta(days=365)
FRESH_KEY = "fresh_at"
FREE_FOR_ALL = 100
"""Wrong answers of everybody together at one door, in five minutes, before it gets slow."""
MOST_WRONG_CODES = 30
"""In five minutes; then codes wait until they are over."""
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


def let_in(
    request: HttpRequest,
    person_login: Login,
    now: datetime,
    *,
    device: str = "",
    is_own_device: bool = False,
) -> None:
    """Begin a session under a new cookie, whatever the browser held before.

    While everything is locked, only for who is in already or holds a device of their own.
    device: what somebody calls the phone in their hand. is_own_device: they came with a passkey.
    Refuses: LOCKED_SIGN_IN.
    """
    if not is_own_device and not _may_come_in(request, person_login, now):
        raise Refusal(Locked.LOCKED_SIGN_IN)
    begin_session(request, person_login, backend=BACKEND)
    request.session.set_expiry(None)
    request.session[FRESH_KEY] = now.isoformat()
    is_here(network_id=person_login.network_id, person_id=person_login.person_id)
    if device:
        request.session.save()
        name_device(login=person_login, label=device, key=row_key(request))


def row_key(request: HttpRequest) -> str:
    """How the row of this session is found; the cookie's value stands nowhere."""
    return hashed(request.session.session_key or "")


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
    """Whether somebody signed in, or showed a password, code or passkey, a moment ago."""
    said = request.session.get(FRESH_KEY)
    if not isinstance(said, str):
        return False
    since = request.now - datetime.fromisoformat(said)
    return timedelta(0) <= since < FRESH  # a clock set back asks once more


def freshen(request: Request) -> None:
    request.session[FRESH_KEY] = request.now.isoformat()


def fresh_form(request: Request) -> FreshForm:
    """The form that asks who somebody is once more, with the ways they have."""
    return FreshForm(request.POST or None, ways=ways_of(viewer=request.viewer))


def is_themself(request: Request, form: Form) -> bool:
    """Whether a valid FreshForm holds the reader's own password, code or passkey.

    Guesses wait; the form says no.
    """
    given = form.cleaned_data
    if given.get("passkey"):
        return passkey_is_shown(request, given["passkey"]) or _no(form, FactorWhy.WRONG_PASSKEY)
    if given.get("code"):
        return is_own_code(request, form, given["code"])
    knocked = f"password:{request.viewer.person_id}"
    if isinstance(request.user, Login) and request.user.check_password(given["password"]):
        right_try(knocked)
        return True
    wrong_try(knocked, request.now)
    return _no(form, Why.WRONG_PASSWORD, "password")


def is_own_code(request: Request, form: Form, typed: str) -> bool:
    """Whether a code of the app or from paper is right; it is used up then. The form says no.

    Only somebody who is signed in gets here, so unlike a password too many wrong codes do close
    this way for a while: six digits are few. A passkey and the password go on working.
    """
    knocked = f"code:{request.viewer.person_id}"
    if WRONG.how_many(WRONG.door(knocked), request.now) >= MOST_WRONG_CODES:
        return _no(form, FactorWhy.TOO_MANY_WRONG, "code")
    try:
        show_code(viewer=request.viewer, typed=typed, now=request.now)
    except Refusal as refusal:
        wrong_try(knocked, request.now)
        return _no(form, refusal.why, "code")
    right_try(knocked)
    return True


def _no(form: Form, why: Enum, field: str | None = None) -> bool:
    form.refuse(Refusal(why), field)
    return False


def password_first(
    request: Request, template: str = "people/fresh.html", **words: Any
) -> HttpResponse | None:
    """Ask for the password, a code or a passkey before what only its owner may read.

    None when one of them was given just now, or somebody signed in just now.
    """
    if is_fresh(request):
        return redirect(request.get_full_path()) if request.method == "POST" else None
    form = fresh_form(request)
    if request.method == "POST" and form.is_valid() and is_themself(request, form):
        freshen(request)
        return redirect(request.get_full_path())
    said = {"words": _("Your password first, so that nobody else reads this page.")}
    return page(request, template, said | {"action": _("Go on"), "form": form} | words)


def password_before(request: Request, *, title: str, back: str) -> HttpResponse | None:
    """Ask for the same before a deed, on its own page; None when it was shown just now."""
    if is_fresh(request):
        return None
    words = _("Your password first, so that nobody else with your phone can do this.")
    return password_first(request, title=title, words=words, back=back)


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


def wrong_try(door: str, now: datetime, request: HttpRequest | None = None) -> None:
    """A wrong answer waits longer each time; nobody who knows the right one waits at all.

    request: for doors that everybody knocks at, such as words of invites. Then it is counted for
    where somebody knocks from, and the door as a whole waits only after many more wrong answers.
    """
    if request is None:
        pause = WRONG.one_more(WRONG.door(door, now), now)
    else:
        here = WRONG.one_more(WRONG.door(f"{door} from {came_from(request)}", now), now)
        pause = max(here, WRONG.one_more(WRONG.door(door, now), now, free=FREE_FOR_ALL))
    _wait(pause)


def one_more_try(door: str, request: HttpRequest, now: datetime) -> None:
    """Something anybody may send, such as asking to come in: many from one place get slow."""
    _wait(WRONG.one_more(WRONG.door(f"{door} from {came_from(request)}", now), now))


def came_from(request: HttpRequest) -> str:
    """The other end of the connection. Only hashed, only in memory, only today.

    The web server puts a proxy's word for it here, and only that of the proxies it was told of.
    """
    return str(request.META.get("REMOTE_ADDR", ""))


def _wait(pause: timedelta) -> None:
    if pause:
        if not connection.in_atomic_block:
            connection.close()  # somebody else may use it meanwhile
        time.sleep(pause.total_seconds())


def right_try(door: str) -> None:
    WRONG.right(WRONG.door(door))


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
