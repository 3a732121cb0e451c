"""Setting up a second factor, showing it, and taking it off."""

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import digits_in
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.warning import warn
from porchlight.people.queries.factor_words import factors_of_login
from porchlight.people.queries.factors import SECRETS, factor_id, has_factor, own_factors
from porchlight.people.queries.own import own_id
from porchlight.people.rules.factors import MOST_PASSKEYS, Way, Why

ADDED = gettext_noop("A second step was added to your page")
REMOVED = gettext_noop("A second step was taken off your page")
CODES_MADE = gettext_noop("New codes for paper were made for your page")
CODE_USED = gettext_noop("One of your codes on paper was used")
NOT_YOU = gettext_noop("Was it not you? Tell a keeper today.")


@one_transaction
def add_app(*, viewer: Viewer, secret: str, typed: str, now: datetime) -> None:
    """Set up an app for codes, after its first code was typed.

    secret: what the app scanned, shown once and kept nowhere else in the open.
    Refuses: HAS_APP, WRONG_CODE.
    Tells: the person, at every address.
    """
    login = _lock(viewer)
    if own_factors(viewer=viewer).filter(type=Way.APP).exists():
        raise Refusal(Why.HAS_APP)
    counter = _counter_of(secret, digits_in(typed), now)
    if counter is None:
        raise Refusal(Why.WRONG_CODE)
    with factors_of_login(login.id):
        row = TOTP.activate(login, secret).instance
    row.data["last"] = counter
    row.created_at = now
    row.save(update_fields=["data", "created_at"])
    _noted(login, "people.factor_added", now, Way.APP)
    _told(login, ADDED, now)


@one_transaction
def add_passkey(*, viewer: Viewer, name: str, credential: dict[str, Any], now: datetime) -> None:
    """Set up a passkey that the door has checked.

    name: typed by its owner, kept guarded.
    Refuses: HAS_PASSKEY, TOO_MANY.
    Tells: the person, at every address.
    """
    login = _lock(viewer)
    held = list(own_factors(viewer=viewer).filter(type=Way.PASSKEY))
    if any(row.data["credential"].get("id") == credential.get("id") for row in held):
        raise Refusal(Why.HAS_PASSKEY)
    if len(held) >= MOST_PASSKEYS:
        raise Refusal(Why.TOO_MANY)
    with factors_of_login(login.id):
        row = WebAuthn.add(login, encrypt(name), credential).instance
    row.created_at = now
    row.save(update_fields=["created_at"])
    _noted(login, "people.factor_added", now, Way.PASSKEY)
    _told(login, ADDED, now)


@one_transaction
def show_code(*, viewer: Viewer, typed: str, now: datetime) -> Way:
    """Show a code of the app or one from paper; each works once. Answers which it was.

    Refuses: WRONG_CODE, also for a code that was shown before.
    Tells: the person, at every address, when a code from paper was used.
    """
    login = _lock(viewer)
    digits = digits_in(typed)
    for row in own_factors(viewer=viewer).exclude(type=Way.PASSKEY):
        with factors_of_login(login.id):
            is_right = _is_app_code(row, digits, now) if row.type == Way.APP else (
                row.wrap().validate_code(digits)
            )  # fmt: skip
        if is_right:
            if row.type == Way.CODES:
                _told(login, CODE_USED, now)
            _noted(login, "people.factor_shown", now, Way(row.type))
            return Way(row.type)
    raise Refusal(Why.WRONG_CODE)


@one_transaction
def make_codes(*, viewer: Viewer, now: datetime) -> list[str]:
    """Make ten codes for paper, shown by the caller once; the old ones open nothing now.

    Refuses: NO_FACTOR.
    Tells: the person, at every address.
    """
    login = _lock(viewer)
    if not has_factor(viewer=viewer):
        raise Refusal(Why.NO_FACTOR)
    own_factors(viewer=viewer).filter(type=Way.CODES).delete()
    with factors_of_login(login.id):
        made = RecoveryCodes.activate(login)
        codes: list[str] = made.generate_codes()
    made.instance.created_at = now
    made.instance.save(update_fields=["created_at"])
    _noted(login, "people.factor_codes_made", now, Way.CODES)
    _told(login, CODES_MADE, now)
    return codes


@one_transaction
def remove_factor(*, viewer: Viewer, factor: UUID | None, now: datetime) -> None:
    """Take off an app or a passkey; with the last of them the codes go too.

    factor: which passkey; None: the app, of which there is one.
    Refuses: NotHere.
    Tells: the person, at every address.
    """
    login = _lock(viewer)
    rows = own_factors(viewer=viewer).exclude(type=Way.CODES)
    row = next((row for row in rows if _is_named(row, factor)), None)
    if row is None:
        raise NotHere
    way = Way(row.type)
    row.delete()
    if not has_factor(viewer=viewer):
        own_factors(viewer=viewer).delete()
    _noted(login, "people.factor_removed", now, way)
    _told(login, REMOVED, now)


@one_transaction
def forget_factors(*, login: models.Login, now: datetime) -> int:
    """Take all of them off, for somebody two keepers let in anew; their phone may be gone."""
    gone: int = Authenticator.objects.filter(user_id=login.pk).delete()[0]
    if gone:
        _noted(login, "people.factor_forgotten", now)
    return gone


@one_transaction
def guard_factors_anew(*, most: int) -> int:
    """Guard secrets of older data keys with today's; answers how many rows, 0 when all are.

    For a change of keys, a batch at a time: a row is changed whole, so stopping loses nothing.
    """
    done = 0
    for row in Authenticator.objects.select_for_update().order_by("id"):
        if done >= most:
            break
        with factors_of_login(row.user_id):
            done += _guarded_anew(row)
    return done


def _is_named(row: Authenticator, factor: UUID | None) -> bool:
    return row.type == Way.APP if factor is None else factor_id(row) == factor


def _guarded_anew(row: Authenticator) -> bool:
    old = [
        name
        for name in SECRETS
        if name in row.data
        and vault.key_name(base64.b64decode(row.data[name])) != vault.keyring().current
    ]
    row.data |= {name: encrypt(decrypt(row.data[name])) for name in old}
    if old:
        row.save(update_fields=["data"])
    return bool(old)


def _is_app_code(row: Authenticator, digits: str, now: datetime) -> bool:
    """Whether it is a code of now that was not shown yet: RFC 6238, 5.2."""
    counter = _counter_of(decrypt(row.data["secret"]), digits, now)
    if counter is None or counter <= row.data.get("last", -1):
        return False
    row.data["last"] = counter
    row.save(update_fields=["data"])
    return True


def _counter_of(secret: str, digits: str, now: datetime) -> int | None:
    """Which half minute a code belongs to; the one before and the one after now count too."""
    middle = int(now.timestamp()) // app_settings.TOTP_PERIOD
    near: Iterable[int] = range(
        middle - app_settings.TOTP_TOLERANCE, middle + app_settings.TOTP_TOLERANCE + 1
    )
    fitting = (
        counter
        for counter in near
        if compare_user_code(actual=digits, expected=format_hotp_value(hotp_value(secret, counter)))
    )
    return next(fitting, None)


def _lock(viewer: Viewer) -> models.Login:
    me: UUID = own_id(viewer=viewer)
    return models.Login.objects.select_for_update(no_key=True, of=("self",)).get(
        network_id=viewer.network.id, person_id=me
    )


def _told(login: models.Login, title: str, now: datetime) -> None:
    warn(
        network_id=login.network_id,
        person_id=login.person_id,
        kind="factor",
        title=title,
        line=NOT_YOU,
        now=now,
    )


def _noted(login: models.Login, verb: str, now: datetime, way: Way | None = None) -> None:
    note(
        network_id=login.network_id,
        verb=verb,
        now=now,
        actor_id=login.person_id,
        thing_id=login.id,
        **({"way": str(way)} if way else {}),
    )
