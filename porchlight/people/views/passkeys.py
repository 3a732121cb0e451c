"""What the doors of passkeys share: a question for the browser, and checking its answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core.context import request_context
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError

from porchlight.browser.doors import Request
from porchlight.people.models import Login
from porchlight.people.queries.factor_words import factors_of_login
from porchlight.people.queries.signing_in import login_of_passkey


def question_for(request: Request, *, what: str) -> dict[str, Any]:
    """What the browser shows its passkey; the session keeps what the answer has to fit."""
    login = own_login(request)
    with _asking(request, login):
        if what == "add" and login is not None:
            asked = auth.begin_registration(login, passwordless=True)
        else:
            asked = auth.begin_authentication(login if what == "prove" else None)
    return json.loads(json.dumps(asked))  # type: ignore[no-any-return]


def new_passkey(request: Request, said: str) -> dict[str, Any] | None:
    """A passkey the browser has just made, when it fits the question; None when not."""
    given = _read(said)
    with _asking(request, own_login(request)):
        return given if given and _is_right(auth.complete_registration, given) else None


def passkey_is_shown(request: Request, said: str) -> bool:
    """Whether the browser showed a passkey of whom is signed in."""
    given, login = _read(said), own_login(request)
    with _asking(request, login):
        return bool(
            given and login and _is_right(auth.complete_authentication, login, response=given)
        )


def login_by_passkey(request: Request, said: str) -> Login | None:
    """Whose passkey the browser showed, of this network; None when it opens nothing here."""
    given = _read(said)
    handle = (given or {}).get("response", {})
    named = handle.get("userHandle") if isinstance(handle, dict) else None
    login = login_of_passkey(network=request.network, handle=named)
    with _asking(request, login):
        is_theirs = given and login and _is_right(
            auth.complete_authentication, login, response=given
        )  # fmt: skip
    return login if is_theirs else None


def own_login(request: Request) -> Login | None:
    return request.user if isinstance(request.user, Login) else None


@contextmanager
def _asking(request: Request, login: Login | None) -> Iterator[None]:
    """allauth.mfa finds the session and the host in a context of its own."""
    with request_context(request):
        if login is None:
            yield
            return
        with factors_of_login(login.id):
            yield


def _read(said: str) -> dict[str, Any] | None:
    try:
        given = json.loads(said)
    except (ValueError, RecursionError):  # brackets in brackets, a thousand deep
        return None
    return given if isinstance(given, dict) else None


def _is_right(check: Any, *given: Any, **more: Any) -> bool:
    """Ask the library. What a stranger sends may break it anywhere: all of that is a no."""
    try:
        check(*given, **more)
    except (ValidationError, ValueError, TypeError, KeyError, LookupError, AttributeError):
        return False
    except Exception as trouble:
        if type(trouble).__module__.split(".")[0] in {"cryptography", "fido2", "struct"}:
            return False
        raise
    return True
