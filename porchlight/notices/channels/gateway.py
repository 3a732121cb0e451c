"""How gateways are spoken to: one that speaks Twilio's way, and plain JSON (docs/gateways.md).

An adapter makes requests and says in our words what the answer means. What its owner typed as the
gateway's address is the only address there is.
"""

import base64
import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings

from porchlight.notices.channels.calls import Answer, Calls, NoAnswer
from porchlight.notices.queries.ways import GatewaySettings, from_outside
from porchlight.notices.rules import (
    CALL_TIME_OUT,
    FIRST,
    FOUND,
    RINGS,
    DeliveryState,
    Known,
    Next,
    Parcel,
    Result,
    Urgency,
    Words,
    after_doubt,
)

OPTED_OUT = 21610
"""Source: Twilio's error list: the owner of this number sent STOP."""
NOBODY_THERE = frozenset({21211, 21214, 21217, 21401, 21421, 21601, 21612, 21614, 13224, 13223})
"""Numbers that do not exist or take no texts or calls. Source: the same list."""
LONGEST_VALIDITY = 36_000
"""Seconds a provider may hold a text. Source: Twilio's ValidityPeriod."""
LONGEST_PATIENCE = 3600
"""Seconds we wait at most when told to; a notice is mostly over before."""
SLACK = timedelta(minutes=2)
"""How far a provider's clock may be behind ours."""
TOO_FAST = frozenset({425, 429})
"""It asks us to slow down: that is no illness."""
LOUD_EVERY = 60.0
NOBODY = UUID(int=0)
PAGE = 50
"""Messages in one page of news."""
MOST_NEWS_PAGES, MOST_RECEIPT_PAGES = 50, 10
"""Read in one round at most."""
FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=10), timedelta(days=1)
"""How far back news are read the first time, and after we were away for long."""
RECEIPTS_FOR = timedelta(hours=1)
"""How long after a text its receipt is looked for."""
ENDED = {"delivered": "delivered", "read": "delivered", "undelivered": "failed", "failed": "failed"}
"""How a text ends. Source: Twilio's MessageStatus."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a provider knows about a message in doubt."""

    known: Known
    reference: str = ""


class TwilioWay:
    """Form posts with name and secret; receipts come to an address that carries our delivery.

    provider: which of our gateways this is; each has addresses of its own.
    """

    def __init__(self, gateway: GatewaySettings, calls: Calls, provider: int = FIRST) -> None:
        self._gateway, self._calls = gateway, calls
        self._here = "/gateway/twilio" if provider == FIRST else f"/gateway/{provider}/twilio"
        pair = f"{gateway.account}:{gateway.secret}".encode()
        self._headers = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        self._base = f"{gateway.url}/2010-04-01/Accounts/{quote(gateway.account, safe='')}"

    async def text(self, parcel: Parcel, words: str) -> Result:
        form = {
            "To": parcel.address,
            "Body": words,
            "ValidityPeriod": str(min(_seconds_left(parcel), LONGEST_VALIDITY)),
            _from(self._gateway.sender): self._gateway.sender,
        }
        if not settings.PUBLIC_IS_LOOPBACK:
            form["StatusCallback"] = from_outside(f"{self._here}/receipt/{parcel.delivery_id}/")
        return await self._post(parcel, "Messages", form)

    async def call(self, parcel: Parcel) -> Result:
        """Ring the phone; what it says, the gateway fetches from us when somebody picks up."""
        here = f"{self._here}/call/{parcel.delivery_id}"
        form = {
            "To": parcel.address,
            "From": self._gateway.calls_from,
            "Url": from_outside(f"{here}/say/"),
            "Method": "POST",
            "StatusCallback": from_outside(f"{here}/ended/"),
            "MachineDetection": "Enable",
            "Timeout": str(RINGS),
        }
        return await self._post(parcel, "Calls", form)

    async def _post(self, parcel: Parcel, what: str, form: Mapping[str, str]) -> Result:
        answer = await self._calls.post(
            f"{self._base}/{what}.json", data=form, headers=self._headers
        )
        body = _json(answer)
        code = body.get("code")
        return _result(
            parcel, answer, reference=str(body.get("sid") or ""),
            code=code if isinstance(code, int) else None,
        )  # fmt: skip

    async def known_text(self, parcel: Parcel, words: str) -> Said:
        """Look through what went to this phone since. Every text differs: it carries a link."""
        for row in await self._list("Messages", parcel):
            if _is_since(row, parcel) and str(row.get("body", "")).strip().endswith(words):
                return Said(known=Known.YES, reference=str(row.get("sid", "")))
        return Said(known=Known.NO)

    async def known_call(self, parcel: Parcel) -> Said:
        for row in await self._list("Calls", parcel):
            if _is_since(row, parcel):
                return Said(known=Known.YES, reference=str(row.get("sid", "")))
        return Said(known=Known.NO)

    async def news(
        self, cursor: str, *, now: datetime, waiting: Mapping[str, int]
    ) -> list[dict[str, Any]]:
        """What came in since, oldest first, in pages like those of `JsonWay.news`.

        cursor: the moment of the newest text that was read; empty: the last minutes only, for what
        is older was meant for somebody before us. waiting: texts of ours that may have a receipt
        by now, by the provider's reference. Raises NoAnswer, CannotSay.
        """
        since = _since(cursor, now)
        texts = [row for row in await self._messages("To", since) if _is_inbound(row)]
        texts.reverse()
        receipts = await self._receipts(waiting, now) if waiting else []
        pages: list[dict[str, Any]] = [
            {
                "texts": [_text(row) for row in some],
                "receipts": [],
                "cursor": max(_sent_at(some[-1]) or since, since).isoformat(),
            }
            for some in (texts[at : at + PAGE] for at in range(0, len(texts), PAGE))
        ]
        if receipts:
            last = pages[-1]["cursor"] if pages else cursor or since.isoformat()
            pages.append({"texts": [], "receipts": receipts, "cursor": last})
        return pages

    async def _receipts(self, waiting: Mapping[str, int], now: datetime) -> list[dict[str, Any]]:
        rows = await self._messages("From", now - RECEIPTS_FOR, most=MOST_RECEIPT_PAGES)
        return [
            {
                "id": str(row["sid"]),
                "reference": str(waiting[str(row["sid"])]),
                "state": ENDED[str(row["status"])],
                "error": "opted_out" if str(row.get("error_code")) == str(OPTED_OUT) else "",
            }
            for row in reversed(rows)
            if str(row.get("sid")) in waiting and str(row.get("status")) in ENDED
        ]

    async def _messages(
        self, side: str, since: datetime, *, most: int = MOST_NEWS_PAGES
    ) -> list[dict[str, Any]]:
        """Messages to us or from us since then, newest first, in as many pages as it takes.

        side: «To» or «From». most: pages; one more is not asked for.
        """
        sender = self._gateway.sender
        ours = {} if sender.startswith("MG") else {side: sender}
        query = urlencode(ours | {"DateSent>": since.date().isoformat(), "PageSize": PAGE})
        path, found = f"/Messages.json?{query}", []
        for _page in range(most):
            answer = await self._calls.get(f"{self._base}{path}", headers=self._headers)
            body = _json(answer)
            rows = body.get("messages")
            if answer.status != 200 or not isinstance(rows, list):
                complain(answer.status)
                raise CannotSay
            rows = [row for row in rows if isinstance(row, dict)]
            found += [
                row for row in rows if (_sent_at(row) or since) >= since and self._is_our(row)
            ]
            path = self._next_page(body.get("next_page_uri"))
            if not path or any((_sent_at(row) or since) < since for row in rows):
                return found
        log.warning("gateway: more news than are read at once; the oldest may be missing")
        return found

    def _is_our(self, row: Mapping[str, Any]) -> bool:
        """Of a messaging service all messages of the account are listed; only its own count."""
        sender = self._gateway.sender
        return not sender.startswith("MG") or row.get("messaging_service_sid") == sender

    def _next_page(self, given: Any) -> str:
        """Where the next page stands, below this account and nowhere else; empty: there is none."""
        before = f"/2010-04-01/Accounts/{quote(self._gateway.account, safe='')}"
        if not isinstance(given, str) or not given.startswith(f"{before}/Messages.json?"):
            return ""
        return given.removeprefix(before)

    async def _list(self, what: str, parcel: Parcel) -> list[dict[str, Any]]:
        query = urlencode({"To": parcel.address, "PageSize": 50})
        answer = await self._calls.get(f"{self._base}/{what}.json?{query}", headers=self._headers)
        rows = _json(answer).get(what.lower())
        if answer.status != 200 or not isinstance(rows, list):
            raise CannotSay
        return [row for row in rows if isinstance(row, dict)]


class JsonWay:
    """A bearer secret, JSON in and out; our delivery is the reference of a message."""

    def __init__(self, gateway: GatewaySettings, calls: Calls) -> None:
        self._gateway, self._calls = gateway, calls
        self._headers = {"Authorization": f"Bearer {gateway.secret}"}

    async def text(self, parcel: Parcel, words: str) -> Result:
        message = {
            "to": parcel.address,
            "text": words,
            "reference": str(parcel.delivery_id),
            "expires_in": _seconds_left(parcel),
        }
        answer = await self._calls.post(
            f"{self._gateway.url}/messages", json=message, headers=self._headers
        )
        body = _json(answer)
        error = str(body.get("error") or "")
        code = {"opted_out": OPTED_OUT, "bad_number": 21211}.get(error)
        return _result(parcel, answer, reference=str(body.get("id") or ""), code=code)

    async def known_text(self, parcel: Parcel, words: str) -> Said:
        answer = await self._calls.get(
            f"{self._gateway.url}/messages/{parcel.delivery_id}", headers=self._headers
        )
        if answer.status == 404:
            return Said(known=Known.NO)
        if answer.status != 200:
            raise CannotSay
        return Said(known=Known.YES, reference=str(_json(answer).get("id") or ""))

    async def news(self, cursor: str) -> dict[str, Any]:
        """What came in since: texts, receipts and the next cursor. Raises NoAnswer, CannotSay."""
        query = urlencode({"after": cursor})
        answer = await self._calls.get(f"{self._gateway.url}/news?{query}", headers=self._headers)
        if answer.status != 200:
            complain(answer.status)
            raise CannotSay
        return _json(answer)


def _since(cursor: str, now: datetime) -> datetime:
    """From when on news are read; a little is read again, since clocks differ."""
    try:
        known = datetime.fromisoformat(cursor)
    except ValueError:
        return now - FIRST_LOOK
    return max(known - SLACK, now - LONGEST_LOOK) if known.tzinfo else now - FIRST_LOOK


def _sent_at(row: Mapping[str, Any]) -> datetime | None:
    return _moment(str(row.get("date_sent") or row.get("date_created") or ""))


def _is_inbound(row: Mapping[str, Any]) -> bool:
    return row.get("direction") == "inbound"


def _text(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row.get("sid"), "from": row.get("from"), "text": row.get("body")}


def way_of(gateway: GatewaySettings, calls: Calls, provider: int = FIRST) -> TwilioWay | JsonWay:
    """How this gateway is spoken to."""
    if gateway.kind == "twilio":
        return TwilioWay(gateway, calls, provider)
    return JsonWay(gateway, calls)


def own_parcel(
    number: str, words: str, *, purpose: str, language: str, now: datetime, life: timedelta
) -> Parcel:
    """A text of the program itself, no delivery of anybody's."""
    return Parcel(
        delivery_id=0, attempt_id=0, network_id=NOBODY, notice_id=NOBODY, topic_id=NOBODY,
        recipient_id=NOBODY, purpose=purpose, urgency=Urgency.CRITICAL, language=language,
        path="/", address=number, words=Words(title=words, line=""), begun_at=now,
        expires_at=now + life,
    )  # fmt: skip


async def is_taken(
    parcel: Parcel, provider: int, gateway: GatewaySettings, *, time_out: float = CALL_TIME_OUT
) -> bool:
    """Whether this gateway took such a text. One that may have it and says nothing did not."""
    calls = Calls(open_calls=1, time_out=time_out)
    try:
        result = await way_of(gateway, calls, provider).text(parcel, parcel.words.title)
    except NoAnswer as trouble:
        log.warning("%s: the gateway did not answer (%s)", parcel.purpose, trouble.why)
        return False
    finally:
        await calls.close()
    if result.state is not DeliveryState.HANDED:
        log.warning("%s: the gateway took no text (%s)", parcel.purpose, result.detail)
    return result.state is DeliveryState.HANDED


class CannotSay(Exception):
    """The gateway gave no answer to a question about a message."""


async def asked(question: Any) -> Said:
    """The answer to a question about a message in doubt; no answer is an answer too."""
    try:
        said: Said = await question
    except (NoAnswer, CannotSay, TimeoutError):
        return Said(known=Known.CANNOT_SAY)
    return said


def unsettled(parcel: Parcel, answers: Sequence[Said], *, able: Sequence[int]) -> Result | None:
    """The result of a doubt, where it has one; None: send it once more by the parcel's gateway.

    answers: of the gateways that may have it; one that is set no more answers nothing. able: the
    gateways that could carry it. A repeat is the other one's: this one has just shown that it is
    not well, also where it answers that it never saw the text.
    """
    knows = next((one for one in answers if one.known is Known.YES), None)
    is_known_not = {one.known for one in answers} == {Known.NO}
    known = Known.YES if knows else Known.NO if is_known_not else Known.CANNOT_SAY
    step = after_doubt(known=known, doubts=parcel.doubts, urgency=parcel.urgency)
    if knows is not None and step is Next.COUNT_AS_SENT:
        return said(parcel, DeliveryState.HANDED, FOUND, provider_ref=knows.reference)
    if step is Next.GIVE_UP:
        return said(parcel, DeliveryState.FAILED_PERM, "doubt", blames_address=False)
    others = [one for one in able if one not in parcel.doubted]
    if parcel.provider not in able or (others and parcel.provider not in others):
        return said(parcel, DeliveryState.FAILED_TEMP, str(known), goes_on_at_once=True)
    return None


def lost(parcel: Parcel, trouble: NoAnswer) -> Result:
    """No answer to a message. Once it may have been read, nobody knows what became of it."""
    state = DeliveryState.IN_DOUBT if trouble.may_have_arrived else DeliveryState.FAILED_TEMP
    wait = 5 if trouble.may_have_arrived else 0
    return said(parcel, state, trouble.why, wait=wait, took=False)


def _result(parcel: Parcel, answer: Answer, *, reference: str, code: int | None) -> Result:
    """What the answer to a message means; see the table in docs/gateways.md."""
    status = answer.status
    short = f"{status} {code}" if code else str(status)
    if 200 <= status < 300:
        if reference:
            return said(parcel, DeliveryState.HANDED, short, provider_ref=reference, took=True)
        return said(
            parcel, DeliveryState.IN_DOUBT, f"{short} without reference", wait=5, took=False
        )
    if status in TOO_FAST or status == 408 or status >= 500:
        took = None if status in TOO_FAST else False
        wait = _patience(answer)
        return said(parcel, DeliveryState.FAILED_TEMP, short, wait=wait, rests=wait, took=took)
    if code == OPTED_OUT:
        return said(parcel, DeliveryState.FAILED_PERM, short, has_opted_out=True)
    if code in NOBODY_THERE:
        return said(parcel, DeliveryState.FAILED_PERM, short)
    complain(status)
    if status in {401, 403, 404} or status < 400:  # us, not this phone: somebody will mend it
        return said(parcel, DeliveryState.FAILED_TEMP, short, took=False)
    return said(parcel, DeliveryState.FAILED_PERM, short, blames_address=False)


def said(parcel: Parcel, state: DeliveryState, detail: str = "", **more: Any) -> Result:
    return Result(
        delivery_id=parcel.delivery_id,
        attempt_id=parcel.attempt_id,
        state=state,
        detail=detail,
        **more,
    )


_last_complaint = -LOUD_EVERY


def complain(status: int) -> None:
    """Say in the log that the gateway does not take us, once a minute; the doctor says it too."""
    global _last_complaint
    if time.monotonic() - _last_complaint >= LOUD_EVERY:
        _last_complaint = time.monotonic()
        log.error("gateway: it refuses what we send (%s). Run: porchlight doctor", status)


def _seconds_left(parcel: Parcel) -> int:
    return max(1, int((parcel.expires_at - parcel.begun_at).total_seconds()))


def _from(sender: str) -> str:
    return "MessagingServiceSid" if sender.startswith("MG") else "From"


def _json(answer: Answer) -> dict[str, Any]:
    try:
        body = json.loads(answer.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _patience(answer: Answer) -> float:
    """What Retry-After asks for: seconds, or a moment; at most an hour."""
    asked_for = answer.headers.get("Retry-After", "").strip()
    if asked_for.isdecimal():
        return min(float(asked_for[:9]), LONGEST_PATIENCE)
    until, sent = _moment(asked_for), _moment(answer.headers.get("Date", ""))
    if until is None or sent is None:
        return 0
    return min(max((until - sent).total_seconds(), 0), LONGEST_PATIENCE)


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_since(row: Mapping[str, Any], parcel: Parcel) -> bool:
    """Whether a message of the provider's list can be the one in doubt."""
    made = _moment(str(row.get("date_created") or ""))
    return made is None or parcel.first_begun_at is None or made >= parcel.first_begun_at - SLACK
