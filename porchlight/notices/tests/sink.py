"""An honest mail server: it takes mail, or refuses, hangs or drops the line as a test asks."""

import asyncio
import socket
import threading
from collections import defaultdict
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Mail by receiver. `at_rcpt` and `at_data` hold what to say to the next mails."""

    def __init__(self, *, seconds_a_mail: float = 0) -> None:
        self.mails: list[EmailMessage] = []
        self.sent_to: dict[str, list[EmailMessage]] = defaultdict(list)
        self.connections = 0
        self.at_rcpt: list[str] = []
        self.at_data: list[str] = []
        self.drops_after_data = 0
        self.hangs = False
        self.under_way = 0
        self.released = threading.Event()
        self.arrived = threading.Condition()
        self._seconds = seconds_a_mail
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._controller = _Counting(self)

    def __enter__(self) -> "Sink":
        self._controller.start()
        self.connections = 0  # the controller tries the door itself
        return self

    def __exit__(self, *_: Any) -> None:
        self.released.set()
        self._controller.stop()

    @property
    def server(self) -> Any:
        """What `settings.MAIL_SERVER` must say to reach it."""
        return SimpleNamespace(host="127.0.0.1", port=self.port, user="", password="", tls="none")

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def wait_for(self, mails: int, seconds: float = 20) -> bool:
        """True once that many have arrived."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.mails) >= mails, seconds)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_rcpt:
            return self.at_rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.under_way += 1
        if self.hangs:
            await asyncio.to_thread(self.released.wait, 20)
        if self.at_data:
            return self.at_data.pop(0)
        if self._seconds:
            await asyncio.sleep(self._seconds)
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        with self.arrived:
            self.mails.append(mail)
            for receiver in envelope.rcpt_tos:
                self.sent_to[receiver].append(mail)
            self.arrived.notify_all()
        if self.drops_after_data:
            self.drops_after_data -= 1
            line: Any = server.transport
            line.abort()
        return "250 kept"


class _Counting(Controller):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        super().__init__(sink, hostname="127.0.0.1", port=sink.port, server_hostname="sink")

    def factory(self) -> SMTP:
        self._sink.connections += 1
        server: SMTP = super().factory()  # type: ignore[no-untyped-call]
        return server
