"""Pushes: a phone or computer rings through its browser, with the words sealed for it alone.

The push service in between learns that something was sent to a browser, when, and how urgent it is.
Source: RFC 8030 (push), 8291 (sealing), 8292 (who we are).
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language_bidi, gettext
from py_vapid import Vapid02

from porchlight.kit import vapid, vault
from porchlight.kit.base64url import as_base64url
from porchlight.notices.channels.calls import Calls, NoAnswer
from porchlight.notices.queries.words import push_token
from porchlight.notices.rules import (
    CALL_TIME_OUT,
    Capabilities,
    Channel,
    DeliveryState,
    Parcel,
    Result,
)
from porchlight.notices.rules.push import (
    NoSubscription,
    PushWords,
    Subscription,
    is_about_address,
    is_gone,
    payload,
    seconds_kept,
    state_after,
    subscription_of,
    urgency_word,
    wait_asked,
)

OPEN_CALLS = 64
TAG_BYTES = 24
"""Thirty-two letters, the most a Topic may have."""
SIGNED_FOR = timedelta(hours=12)
"""Push services refuse more than a day."""
SIGNED_ANEW = timedelta(hours=6)


class WebPushSender:
    """Seals each push and hands it to the service that the browser named."""

    channel = Channel.WEB_PUSH
    capabilities = Capabilities(batch=1, open_calls=OPEN_CALLS)

    def __init__(self, *, time_out: float = CALL_TIME_OUT - 1) -> None:
        # A second less than the worker waits: then it is we who say what happened.
        self._calls = Calls(open_calls=OPEN_CALLS, time_out=time_out)
        self._signatures = Signatures()

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        return list(await asyncio.gather(*(self._send_one(parcel) for parcel in parcels)))

    async def _send_one(self, parcel: Parcel) -> Result:
        try:
            to = subscription_of(parcel.address, hosts=settings.PUSH_HOSTS)
            headers = headers_of(parcel) | {
                "Authorization": self._signatures.for_service(to.origin, now=parcel.begun_at)
            }
            answer = await self._calls.post(to.endpoint, data=sealed(parcel, to), headers=headers)
        except NoSubscription:
            return _said(parcel, DeliveryState.FAILED_PERM, "bad endpoint")
        except vapid.VapidTrouble:
            return _said(parcel, DeliveryState.FAILED_PERM, "no push key", blames_address=False)
        except NoAnswer as silence:
            lost = DeliveryState.IN_DOUBT if silence.may_have_arrived else DeliveryState.FAILED_TEMP
            return _said(parcel, lost, silence.why)
        return Result(
            delivery_id=parcel.delivery_id,
            attempt_id=parcel.attempt_id,
            state=state_after(answer.status),
            detail=str(answer.status),
            wait=wait_asked(answer.headers.get("Retry-After")),
            address_is_gone=is_gone(answer.status),
            blames_address=is_about_address(answer.status),
        )

    async def close(self) -> None:
        await self._calls.close()


class Signatures:
    """Who we are, said to each push service; the same words serve for hours."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[datetime, str]] = {}

    def for_service(self, origin: str, *, now: datetime) -> str:
        """The Authorization header for one push service. Raises vapid.VapidTrouble."""
        made_at, header = self._kept.get(origin, (now, ""))
        if header and made_at <= now < made_at + SIGNED_ANEW:
            return header
        claims = {
            "aud": origin,
            "exp": int((now + SIGNED_FOR).timestamp()),
            "sub": contact(),
        }
        header = str(Vapid02(vapid.own_key()).sign(claims)["Authorization"])
        self._kept[origin] = (now, header)
        return header


def contact() -> str:
    """Where a push service finds whoever runs this install."""
    if settings.PUBLIC_IS_SECURE:
        return str(settings.PUBLIC_URL)
    return f"mailto:{parseaddr(settings.MAIL_FROM)[1]}"


def tag_of(parcel: Parcel) -> str:
    """The same for all pushes about one thing to one person, and says nothing to anybody else.

    About one thing, not of one topic: «All clear» must take the place of the question that still
    stands on the phone with its buttons. The person is part of it: two people of one household may
    share a tablet.
    """
    thing = parcel.about or parcel.topic_id
    about = vault.digest(f"{thing}:{parcel.recipient_id}", purpose="push-topic")
    return as_base64url(about[:TAG_BYTES])


def headers_of(parcel: Parcel) -> dict[str, str]:
    """What the push service must know to carry it."""
    kept = seconds_kept(
        now=parcel.begun_at,
        expires_at=parcel.expires_at,
        is_question=parcel.wants_answer,
    )
    return {
        "TTL": str(kept),
        "Urgency": urgency_word(parcel.urgency),
        "Topic": tag_of(parcel),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
    }


def words_for(parcel: Parcel) -> PushWords:
    """What the service worker shows."""
    with translation.override(parcel.language):
        return PushWords(
            notice_id=parcel.notice_id,
            tag=tag_of(parcel),
            language=parcel.language,
            is_rtl=get_language_bidi(),
            urgency=parcel.urgency,
            words=parcel.words,
            # Like a mail: it notes that the notice was seen, then goes where the notice leads.
            path=f"/r/{parcel.notice_id}",
            link=push_token(parcel.notice_id, parcel.link_key) if parcel.wants_answer else "",
            sent=gettext("Sent"),
            not_sent=gettext("Could not send. Tap to open."),
        )


def sealed(parcel: Parcel, to: Subscription) -> bytes:
    """The words, opened by one browser only; new keys each time."""
    body: bytes = http_ece.encrypt(
        payload(words_for(parcel)),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=to.p256dh,
        auth_secret=to.auth,
        version="aes128gcm",
    )
    return body


def _said(
    parcel: Parcel, state: DeliveryState, detail: str, *, blames_address: bool = True
) -> Result:
    return Result(
        delivery_id=parcel.delivery_id,
        attempt_id=parcel.attempt_id,
        state=state,
        detail=detail,
        blames_address=blames_address,
    )
