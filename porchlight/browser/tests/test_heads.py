"""A request whose head never ends, or comes too slowly, is cut off; all others pass."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvicorn

from porchlight.browser import heads

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with how many bytes came."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    if scope["path"] == "/slow":
        await asyncio.sleep(5 * heads.HEAD_SECONDS)  # an answer has no limit
    length = str(size).encode()
    lines = [(b"content-length", str(len(length)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": lines})
    await send({"type": "http.response.body", "body": length})


def visit(what: Callable[[Reader, Writer], Coroutine[Any, Any, bytes]]) -> bytes:
    """What a visitor reads who says something to a server of ours."""

    async def both() -> bytes:
        config = uvicorn.Config(echo, lifespan="off", ws="none", log_config=None)
        config.load()
        state = uvicorn.server.ServerState()

        def line() -> heads.LimitedHeads:
            return heads.LimitedHeads(config=config, server_state=state, app_state={})

        server = await asyncio.get_running_loop().create_server(line, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            try:
                return await asyncio.wait_for(what(reader, writer), 20)
            finally:
                writer.close()

    return asyncio.run(both())


def says(*pieces: bytes) -> bytes:
    async def what(reader: Reader, writer: Writer) -> bytes:
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await reader.read(100_000)
        except ConnectionError:
            return b"cut off"

    return visit(what)


CLOSE = b"Connection: close\r\n"


def test_usual_requests_pass_one_after_the_other_on_one_line() -> None:
    async def what(reader: Reader, writer: Writer) -> bytes:
        for _ in range(60):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 3_000 + b"\r\n\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(1) == b"0"
        return b"all"

    assert visit(what) == b"all"


def test_a_large_body_is_no_head() -> None:
    length = b"Content-Length: 3000000\r\n"
    assert says(HEAD + CLOSE + length + b"\r\n", b"x" * 3_000_000).endswith(b"3000000")
    chunks = [b"%x\r\n%b\r\n" % (40_000, b"x" * 40_000)] * 50
    chunked = HEAD + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n"
    assert says(chunked, *chunks, b"0\r\n\r\n").endswith(b"2000000")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (HEAD + b"X: ", b"a" * 60_000),
        (HEAD, b"X: a\r\n" * 10_000),
        (b"GET /", b"a" * 60_000),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: a\r\n" * 10_000),
    ],
    ids=["one line", "many lines", "an address", "behind the body"],
)
def test_a_head_without_end_is_cut_off(first: bytes, again: bytes) -> None:
    began = time.monotonic()
    said = says(first, *[again] * 600)
    assert b" 200 " not in said
    assert time.monotonic() - began < 5  # reading all of it would take minutes


def test_a_line_on_which_nothing_comes_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.1)
    assert says() == b""
    assert says(HEAD) == b""


def test_a_body_that_does_not_come_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "BODY_SECONDS", 0.1)
    assert says(HEAD + b"Content-Length: 9\r\n\r\nabc") == b""


def test_an_answer_may_take_longer_than_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(heads, "BODY_SECONDS", 0.1)
    assert says(b"GET /slow HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n").endswith(b"\r\n\r\n0")
