"""Bodies that drip, heads that never end, a hundred megabytes, two hundred idle lines: the others
are answered as ever, a call for help goes out meanwhile, and nothing fills the memory."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from porchlight.browser.heads import HEAD_SECONDS
from tests.running.conftest import House, within
from tests.running.test_hanging import ask

pytestmark = [pytest.mark.running, pytest.mark.faults]

SOON = 1.0
"""Seconds within which everybody else is answered (the middle one of many)."""
SOMETIMES = 5.0
"""On a busy machine one of them may take this long."""
MOST_MEMORY = 120_000_000
"""Bytes that the web process may grow by under all of this."""
IDLE = 200
MEGABYTE = b"x" * 1_000_000
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


def memory(process: int) -> int:
    """Bytes it holds now (VmRSS)."""
    said = Path(f"/proc/{process}/status").read_text("ascii")
    return int(re.findall(r"^VmRSS:\s+(\d+) kB", said, re.M)[0]) * 1000


class Visitor:
    """One that means no good: says something, and goes on until it is cut off or told to stop."""

    def __init__(
        self, house: House, begins: str, goes_on: Callable[[], bytes] | None = None
    ) -> None:
        self.line = socket.create_connection(("127.0.0.1", house.port), timeout=5)
        self.goes_on, self.pause = goes_on, 0.0
        self.said, self.sent, self.is_over = b"", 0, threading.Event()
        head = begins.replace("HOST", f"localhost:{house.port}")
        self.line.sendall(head.encode("ascii"))
        self.thread = threading.Thread(target=self._go_on, daemon=True)

    def start(self, pause: float) -> "Visitor":
        self.pause = pause
        self.thread.start()
        return self

    def _go_on(self) -> None:
        try:
            while self.goes_on is not None and not self.is_over.is_set():
                piece = self.goes_on()
                self.line.sendall(piece)
                self.sent += len(piece)
                self.is_over.wait(self.pause)
        except OSError:
            pass  # cut off
        with contextlib.suppress(OSError):
            self.said = self.line.recv(20)
        self.is_over.set()

    @property
    def is_cut_off(self) -> bool:
        """Whether the server has closed the line."""
        try:
            self.line.setblocking(False)
            return self.line.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        self.is_over.set()
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)
        if self.thread.ident is not None:
            self.thread.join(10)
        self.line.close()


def post(more: str, path: str = "/demo/be/") -> str:
    return f"POST {path} HTTP/1.1\r\nHost: HOST\r\n{FORM}{more}"


CHUNKED = "Transfer-Encoding: chunked\r\n\r\n"


def as_chunk(words: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(words), words)


@contextmanager
def all_of(visitors: list[Visitor]) -> Iterator[list[Visitor]]:
    try:
        yield visitors
    finally:
        for one in visitors:
            one.close()


def signed_in(house: House) -> tuple[str, str]:
    """Cookies and the home page of somebody of the demo."""
    first = asked(house, "GET", "/")
    answer = asked(house, "POST", "/demo/be/", first.cookies, form(first, {"who": "first-aider"}))
    assert answer.status == 302
    return f"{first.cookies}; {answer.cookies}", answer.goes_to


@dataclass(frozen=True, kw_only=True)
class Read:
    """An answer that was read to its end."""

    status: int
    words: str
    cookies: str
    goes_to: str


def asked(house: House, method: str, path: str, cookies: str = "", body: str = "") -> Read:
    found = ask(house, method, path, cookies, body)
    with closing(found.line):
        words, goes_to = found.head.read().decode(), found.head.headers["Location"] or ""
        return Read(status=found.head.status, words=words, cookies=found.cookies, goes_to=goes_to)


def form(page: Read, fields: dict[str, str]) -> str:
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.words)
    assert token is not None
    return urlencode({"csrfmiddlewaretoken": token[1], **fields})


def call_for_help(house: House, cookies: str, home: str) -> None:
    """As somebody does who taps *Help* and one kind."""
    page = asked(house, "GET", f"{home}help/", cookies)
    assert page.status == 200
    fields = {"client_key": str(uuid4()), "kind": "hurt"}
    sent = asked(house, "POST", f"{home}help/", cookies, form(page, fields))
    assert (sent.status, sent.goes_to.startswith(f"{home}alerts/")) == (302, True)


def answer_times(house: House, tries: int) -> list[float]:
    found = []
    for _ in range(tries):
        asked = time.monotonic()
        assert house.answers()
        found.append(time.monotonic() - asked)
    return sorted(found)


def test_the_others_are_answered_while_many_do_their_worst(demo: House) -> None:
    demo.up()
    web = demo.one("porchlight.cli web")
    assert web is not None, demo.processes()
    cookies, home = signed_in(demo)
    answer_times(demo, 20)
    usual = memory(web)
    began = time.monotonic()
    with (
        all_of([Visitor(demo, "") for _ in range(IDLE)]) as idle,
        all_of([
            Visitor(demo, post("Content-Length: 5000\r\n\r\n"), lambda: b"x").start(1.0),
            Visitor(demo, post(CHUNKED), lambda: as_chunk(b"x")).start(1.0),
        ]) as dripping,
        all_of([
            Visitor(demo, post(CHUNKED), lambda: as_chunk(MEGABYTE)).start(0),
            Visitor(demo, post("Content-Length: 100000000\r\n\r\n"), lambda: MEGABYTE).start(0),
            Visitor(demo, post("X-Long: "), lambda: MEGABYTE).start(0),
            Visitor(demo, post(""), lambda: b"X-Many: more\r\n" * 5_000).start(0),
        ]) as pouring,
        all_of([
            Visitor(demo, post("X-Slow: "), lambda: b"x").start(1.0),
            Visitor(demo, post(""), lambda: b"X: y\r\n").start(1.0),
        ]) as creeping,
    ):  # fmt: skip
        call_for_help(demo, cookies, home)
        times = answer_times(demo, 60)
        assert times[len(times) // 2] < SOON
        assert times[-1] < SOMETIMES
        assert within(60, lambda: all(one.is_over.is_set() for one in pouring))
        for one in pouring:
            assert one.sent < 60_000_000
            assert one.said[9:12] in {b"", b"413", b"400"}
        grown = memory(web) - usual
        assert grown < MOST_MEMORY, grown
        # Whoever says nothing, or has not said what they want in time, is sent away.
        left = HEAD_SECONDS + 10 - (time.monotonic() - began)
        assert within(max(left, 1), lambda: all(one.is_cut_off for one in [*idle, *creeping]))
        for one in dripping:  # these may go on, for ten minutes: they keep nobody waiting
            assert one.said == b""
        times = answer_times(demo, 20)
        assert times[len(times) // 2] < SOON
    assert web == demo.one("porchlight.cli web")
    assert "Traceback" not in demo.said
    call_for_help(demo, *signed_in(demo))
