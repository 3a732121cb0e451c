"""Mail: it says that something waits and where, never what.

Same subject and same size every time, in the reader's language, so that nobody on the way learns
anything from it. The one exception is the code that proves an address. Source: research on alerts
and safety, «E-mail and push».
"""

import asyncio
import contextlib
import re
import ssl
from base64 import encodebytes
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Protocol

import aiosmtplib
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from porchlight.kit import vault
from porchlight.notices.rules import (
    CALL_TIME_OUT,
    Capabilities,
    Channel,
    DeliveryState,
    Parcel,
    Result,
)

SAID_IN_FULL = frozenset({"code", "seal"})
"""Purposes whose words a mail says: a code to type, and the seal, which names nobody and is worth
something only where the machine is not. Every other mail says that something waits."""
BODY_BYTES = 900
"""Every mail's words are padded to this, whatever the language."""
MAILS_A_CONNECTION = 100
"""Servers close a connection that sends for ever; so we do it first."""
FRESH = 1.0
"""Seconds in which a connection that was given back is taken for open without asking."""
OPEN_CALLS = 16
NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
"""What a mailbox may look like; no quotes, comments, spaces, or dots beside each other. Source: the
email field of HTML, and dot-atoms of RFC 5322."""
LONGEST_NAME = 64
PLACE = "\0"


class NoMailbox(Exception):
    """The address cannot be written to."""


class MailServer(Protocol):
    """What `settings.MAIL_SERVER` says."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def tls(self) -> str: ...


class EmailSender:
    """Hands mail to the operator's server over a few connections that stay open between mails."""

    channel = Channel.EMAIL
    capabilities = Capabilities(batch=1, open_calls=OPEN_CALLS)

    def __init__(self, *, time_out: float = CALL_TIME_OUT) -> None:
        self._time_out = time_out
        self._idle: list[tuple[aiosmtplib.SMTP, int, float]] = []

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        return [await self._send_one(parcel) for parcel in parcels]

    async def _send_one(self, parcel: Parcel) -> Result:
        server = settings.MAIL_SERVER
        if server is None:
            return _said(parcel, DeliveryState.FAILED_PERM, "no mail server", blames_address=False)
        try:
            message = letter(parcel)
        except NoMailbox:
            return _said(parcel, DeliveryState.FAILED_PERM, "bad address")
        call = _Call()
        try:
            async with asyncio.timeout(self._time_out), self._connection(server) as smtp:
                await call.make(smtp, message)
        except TimeoutError:
            return call.lost(parcel, "time-out")
        except aiosmtplib.SMTPResponseException as answer:
            return call.refused(parcel, answer.code)
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as trouble:
            return call.lost(parcel, type(trouble).__name__)
        return _said(parcel, DeliveryState.HANDED, "250", message.message_id)

    @contextlib.asynccontextmanager
    async def _connection(self, server: MailServer) -> AsyncIterator[aiosmtplib.SMTP]:
        """A connection that is given back when all went well, and closed when anything did not."""
        smtp, used = await self._ready(server)
        try:
            yield smtp
        except BaseException:
            smtp.close()
            raise
        if used + 1 < MAILS_A_CONNECTION and smtp.is_connected:
            self._idle.append((smtp, used + 1, asyncio.get_running_loop().time()))
        else:
            smtp.close()

    async def _ready(self, server: MailServer) -> tuple[aiosmtplib.SMTP, int]:
        """An idle connection that still answers, else a new one."""
        fresh = asyncio.get_running_loop().time() - FRESH
        while self._idle:
            smtp, used, since = self._idle.pop()
            if smtp.is_connected and since > fresh:
                return smtp, used
            if smtp.is_connected:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await smtp.rset()
                    return smtp, used
            smtp.close()
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls == "tls",
            start_tls=server.tls == "starttls",
            timeout=self._time_out,
        )
        await smtp.connect()
        return smtp, 0

    async def close(self) -> None:
        for smtp, *_ in self._idle:
            smtp.close()
        self._idle.clear()


class _Call:
    """One mail on its way, and how far it got: that decides what a silence means."""

    def __init__(self) -> None:
        self._step = "connect"

    async def make(self, smtp: aiosmtplib.SMTP, message: "Letter") -> None:
        sender = parseaddr(settings.MAIL_FROM)[1]
        self._step = "mail"
        await smtp.mail(sender)
        self._step = "rcpt"
        await smtp.rcpt(message.to)
        self._step = "data"
        await smtp.data(message.content)

    def lost(self, parcel: Parcel, why: str) -> Result:
        """No answer. Once the words were on their way the server may have taken them."""
        state = DeliveryState.IN_DOUBT if self._step == "data" else DeliveryState.FAILED_TEMP
        return _said(parcel, state, f"{why} at {self._step}")

    def refused(self, parcel: Parcel, code: int) -> Result:
        """A no to the mailbox or the words is about this mail; a no to us is about the server."""
        if code < 0:  # aiosmtplib's way to say that the line broke
            return self.lost(parcel, "lost")
        is_final = code >= 500 and self._step in {"rcpt", "data"}
        state = DeliveryState.FAILED_PERM if is_final else DeliveryState.FAILED_TEMP
        return _said(parcel, state, f"{code} at {self._step}")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail as it goes over the line."""

    to: str
    message_id: str
    content: bytes


def letter(parcel: Parcel) -> Letter:
    """The mail for one parcel. The same parcel makes the same reference each time.

    What is the same for everybody is made once a language: building each mail from its parts took
    seven times as long as sending it (docs/benchmarks.md, «Mail»).
    Refuses: NoMailbox.
    """
    sender = parseaddr(settings.MAIL_FROM)[1]
    to, domain = _mailbox(parcel.address), sender.rpartition("@")[2]
    message_id = f"<{reference(parcel)}@{domain}>"
    if parcel.purpose in SAID_IN_FULL:
        words = f"{parcel.words.title}\n\n{parcel.words.line}"
    else:
        place = f"{settings.PUBLIC_URL}/r/{parcel.notice_id}"
        words = _open_words(parcel.language).replace(PLACE, place)
    own = f"To: {to}\r\nDate: {format_datetime(parcel.begun_at)}\r\nMessage-ID: {message_id}\r\n"
    head = _head(parcel.language, settings.MAIL_FROM)
    return Letter(to=to, message_id=message_id, content=own.encode("ascii") + head + _body(words))


def reference(parcel: Parcel) -> str:
    """Stays the same when a mail is sent again, and tells nobody how many we send."""
    return vault.digest(str(parcel.delivery_id), purpose="message-id").hex()[:32]


@lru_cache(maxsize=64)
def _head(language: str, mail_from: str) -> bytes:
    """The lines of the head that all mails of a language share, and the empty one behind them."""
    sender_name, sender = parseaddr(mail_from)
    message = EmailMessage(policy=MAIL_POLICY)
    with translation.override(language):
        message["Subject"] = gettext("News from Porchlight")
    message["From"] = MailAddress(display_name=sender_name, addr_spec=sender)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    # base64: a fixed number of bytes stays a fixed number of bytes in every script.
    message.set_content("", charset="utf-8", cte="base64")
    message["Content-Language"] = language
    return message.as_bytes().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


@lru_cache(maxsize=64)
def _open_words(language: str) -> str:
    """What nearly every mail says, with a mark where its address goes."""
    with translation.override(language):
        return gettext("Something on Porchlight needs you. Open:\n%(address)s") % {"address": PLACE}


def _body(words: str) -> bytes:
    """Spaces up to the fixed size, line ends as mail writes them (two bytes), then base64."""
    missing = BODY_BYTES - len(words.encode()) - words.count("\n")
    padded = f"{words}\n{' ' * max(missing, 0)}\n".replace("\n", "\r\n")
    return encodebytes(padded.encode()).replace(b"\n", b"\r\n")


def _mailbox(value: str) -> str:
    """Somebody's address for a header; anything that could be more than one is refused."""
    name, _, domain = value.rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except ValueError as trouble:
        raise NoMailbox from trouble
    is_sound = NAME.fullmatch(name) and HOST.fullmatch(host) and ".." not in host
    if not is_sound or len(name) > LONGEST_NAME:
        raise NoMailbox
    return f"{name}@{host}"


def _said(
    parcel: Parcel,
    state: DeliveryState,
    detail: str,
    provider_ref: str = "",
    *,
    blames_address: bool = True,
) -> Result:
    return Result(
        delivery_id=parcel.delivery_id,
        attempt_id=parcel.attempt_id,
        state=state,
        detail=detail,
        provider_ref=provider_ref,
        blames_address=blames_address,
    )
