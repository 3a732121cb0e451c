"""Pushes to browsers: whom one may be sent to, what it says, how long it is kept for a phone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from porchlight.kit.base64url import as_base64url, from_base64url
from porchlight.notices.rules.deliveries import DeliveryState
from porchlight.notices.rules.words import Urgency, Words

LONGEST_ENDPOINT = 1_000
LONGEST_SUBSCRIPTION = 4_000
AUTH_BYTES = 16
SIZES = (1_024, 3_072)
"""Bytes a push is padded to, so that its length says little. Push services take 4,096, of which the
encryption needs 103."""
QUESTION_LIFE = timedelta(minutes=10)
"""A question that a phone gets later than this only confuses."""
LONGEST_LIFE = timedelta(days=28)
"""Push services keep nothing longer."""
LONGEST_WAIT = 600.0
"""Seconds; whoever asks us to wait longer is asked again anyhow: somebody may need help."""


class NoSubscription(ValueError):
    """This is nothing that a push could be sent to."""


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Where one browser is reached, and the keys only it can open."""

    endpoint: str = field(repr=False)
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)

    @property
    def origin(self) -> str:
        """The push service, as its signature names it."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def as_kept(self) -> str:
        """How it is written down before it is guarded."""
        facts = {
            "endpoint": self.endpoint,
            "p256dh": as_base64url(self.p256dh),
            "auth": as_base64url(self.auth),
        }
        return json.dumps(facts, separators=(",", ":"))


def subscription_of(text: str, *, hosts: Sequence[str]) -> Subscription:
    """What a browser sent, or what we kept. Raises NoSubscription.

    hosts: push services that may be called (`is_push_service`). Users' browsers name the endpoint,
    so it is looked at when it is taken and again before each call.
    """
    if len(text) > LONGEST_SUBSCRIPTION:
        raise NoSubscription("too long")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise NoSubscription("not JSON") from None
    if not isinstance(given, dict):
        raise NoSubscription("not an object")
    keys = given.get("keys", given)  # the browser's own way to write it, and ours
    if not isinstance(keys, dict):
        raise NoSubscription("no keys")
    endpoint = given.get("endpoint")
    if not isinstance(endpoint, str) or not is_push_service(endpoint, hosts=hosts):
        raise NoSubscription("not at a push service")
    return Subscription(endpoint=endpoint, p256dh=_point(keys), auth=_auth(keys))


def _point(keys: Mapping[str, Any]) -> bytes:
    raw = _bytes(keys, "p256dh")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        raise NoSubscription("not a key") from None
    if len(raw) != 65:  # the short way to write a point is not what browsers do
        raise NoSubscription("not a key")
    return raw


def _auth(keys: Mapping[str, Any]) -> bytes:
    raw = _bytes(keys, "auth")
    if len(raw) != AUTH_BYTES:
        raise NoSubscription("not a secret")
    return raw


def _bytes(keys: Mapping[str, Any], name: str) -> bytes:
    given = keys.get(name)
    if not isinstance(given, str):
        raise NoSubscription(f"no {name}")
    try:
        return from_base64url(given)
    except ValueError:
        raise NoSubscription(f"{name} is not base64url") from None


def is_push_service(endpoint: str, *, hosts: Sequence[str]) -> bool:
    """Whether we may call this address: https, at one of these hosts or below one.

    hosts: names such as push.example; or whole origins such as http://127.0.0.1:9000, which fit
    exactly (for tests, on this machine only: `settings` refuses others).
    """
    parts = _split(endpoint)
    if parts is None:
        return False
    if f"{parts.scheme}://{parts.netloc}" in {host for host in hosts if "://" in host}:
        return True
    host = parts.hostname or ""
    return (
        parts.scheme == "https"
        and parts.netloc == host  # no name, no password, no port of their own, no capitals
        and any(host == known or host.endswith(f".{known}") for known in hosts if known)
    )


def _split(endpoint: str) -> SplitResult | None:
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii():
        return None
    if any(letter <= " " or letter in '\\"<>^`{|}\x7f' for letter in endpoint):
        return None
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return None
    return None if parts.fragment or "@" in parts.netloc or not parts.netloc else parts


def seconds_kept(*, now: datetime, expires_at: datetime, is_question: bool) -> int:
    """How long a push service keeps it for a phone that is off. Never 0: that would drop it."""
    life = min(expires_at - now, QUESTION_LIFE if is_question else LONGEST_LIFE)
    return max(1, int(life.total_seconds()))


def urgency_word(urgency: Urgency) -> str:
    """High wakes a phone that saves its battery."""
    return "normal" if urgency is Urgency.ORDINARY else "high"


@dataclass(frozen=True, kw_only=True)
class PushWords:
    """What one push says. Read on locked phones: what and when; never who, where, why or keys."""

    notice_id: UUID
    tag: str
    """A later push with the same tag takes the place of this one."""
    language: str
    is_rtl: bool
    urgency: Urgency
    words: Words
    path: str
    link: str = ""
    """What its buttons answer with; only for questions."""
    sent: str = ""
    not_sent: str = ""
    """What the phone says after an answer went out, or did not."""


def payload(push: PushWords) -> bytes:
    """The words as the service worker reads them, padded; long ones are cut to fit."""
    title, line = push.words.title[:120], push.words.line[:300]
    answers = [[option.key[:40], option.label[:40]] for option in push.words.answers[:4]]
    while True:
        body = _body(push, title, line, answers)
        if len(body) <= SIZES[-1]:
            break
        # What says most goes last.
        if line:
            line = line[: len(line) // 2]
        elif len(answers) > 2:
            answers.pop()
        else:
            title = title[: len(title) // 2]
    size = next(size for size in SIZES if len(body) <= size)
    return body.ljust(size)


def _body(push: PushWords, title: str, line: str, answers: list[list[str]]) -> bytes:
    facts = {
        "id": str(push.notice_id),
        "tag": push.tag,
        "lang": push.language,
        "dir": "rtl" if push.is_rtl else "ltr",
        "grave": push.urgency is Urgency.CRITICAL,
        "title": title,
        "line": line,
        "answers": answers,
        "path": push.path,
        "link": push.link,
        "sent": push.sent[:80],
        "notSent": push.not_sent[:80],
    }
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()


def state_after(status: int) -> DeliveryState:
    """What a push service's answer means. Source: RFC 8030, and the services' own pages.

    Busy or broken: once more. Any other no is about this endpoint, our signature or our words, and
    says the same the next time: somebody's next address has its turn at once.
    """
    if 200 <= status < 300:
        return DeliveryState.HANDED
    if status in {408, 425, 429} or status >= 500:
        return DeliveryState.FAILED_TEMP
    return DeliveryState.FAILED_PERM


def is_gone(status: int) -> bool:
    """The browser was told to stop, or nobody opened it for very long."""
    return status in {404, 410}


def is_about_address(status: int) -> bool:
    """It worked, or its owner can mend it by turning the phone on again; any other no is ours.

    403: the browser was turned on for another key of ours.
    """
    return 200 <= status < 300 or is_gone(status) or status == 403


def wait_asked(header: str | None) -> float:
    """Seconds of a Retry-After; its other form, a date, counts as none: clocks differ."""
    text = (header or "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return 0
    return min(float(text), LONGEST_WAIT)
