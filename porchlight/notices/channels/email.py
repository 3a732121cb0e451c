"""Mail: it says that something waits and where, never what.

Same subject and same size every time, in the reader's language, so that nobody on the way learns
anything from it. The one exception is the code that proves an address. Source: research on alerts
and safety, «E-mail and push».
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from email.errors import MessageError
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime, parseaddr
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
OPEN_CALLS = 16
NAME = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
"""What a mailbox may look like; no quotes, comments or spaces. Source: the email field of HTML."""


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
        self._idle: list[tuple[aiosmtplib.SMTP, int]] = []

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
        return _said(parcel, DeliveryState.HANDED, "250", str(message["Message-ID"]))

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
            self._idle.append((smtp, used + 1))
        else:
            smtp.close()

    async def _ready(self, server: MailServer) -> tuple[aiosmtplib.SMTP, int]:
        """An idle connection that still answers, else a new one."""
        while self._idle:
            smtp, used = self._idle.pop()
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
        for smtp, _ in self._idle:
            smtp.close()
        self._idle.clear()


class _Call:
    """One mail on its way, and how far it got: that decides what a silence means."""

    def __init__(self) -> None:
        self._step = "connect"

    async def make(self, smtp: aiosmtplib.SMTP, message: EmailMessage) -> None:
        sender = parseaddr(settings.MAIL_FROM)[1]
        self._step = "mail"
        await smtp.mail(sender)
        self._step = "rcpt"
        await smtp.rcpt(message["To"].addresses[0].addr_spec)
        self._step = "data"
        await smtp.data(message.as_bytes())

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


def letter(parcel: Parcel) -> EmailMessage:
    """The mail for one parcel. The same parcel makes the same reference each time."""
    sender_name, sender = parseaddr(settings.MAIL_FROM)
    message = EmailMessage(policy=MAIL_POLICY)
    with translation.override(parcel.language):
        message["Subject"] = gettext("News from Porchlight")
        words = _code_words(parcel) if parcel.purpose in SAID_IN_FULL else _open_words(parcel)
    message["From"] = MailAddress(display_name=sender_name, addr_spec=sender)
    message["To"] = _mailbox(parcel.address)
    message["Date"] = format_datetime(parcel.begun_at)
    message["Message-ID"] = f"<{reference(parcel)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    # base64: a fixed number of bytes stays a fixed number of bytes in every script.
    message.set_content(_padded(words), charset="utf-8", cte="base64")
    message["Content-Language"] = parcel.language
    return message


def reference(parcel: Parcel) -> str:
    """Stays the same when a mail is sent again, and tells nobody how many we send."""
    return vault.digest(str(parcel.delivery_id), purpose="message-id").hex()[:32]


def _open_words(parcel: Parcel) -> str:
    return gettext("Something on Porchlight needs you. Open:\n%(address)s") % {
        "address": f"{settings.PUBLIC_URL}/r/{parcel.notice_id}"
    }


def _code_words(parcel: Parcel) -> str:
    return f"{parcel.words.title}\n\n{parcel.words.line}"


def _padded(words: str) -> str:
    """Spaces up to the fixed size, line ends counted as mail writes them (two bytes)."""
    missing = BODY_BYTES - len(words.encode()) - words.count("\n")
    return f"{words}\n{' ' * max(missing, 0)}"


def _mailbox(value: str) -> MailAddress:
    """Somebody's address as a header; anything that could be more than one is refused."""
    name, _, domain = value.rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii").lower()
        if not (NAME.fullmatch(name) and HOST.fullmatch(host)):
            raise NoMailbox
        return MailAddress(addr_spec=f"{name}@{host}")
    except (MessageError, ValueError) as trouble:
        raise NoMailbox from trouble


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
