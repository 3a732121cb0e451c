"""Bodies that are too large never reach Django."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from django.conf import settings

from porchlight.browser.limits import LimitedBodies

Message = Mapping[str, Any]
LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def sent(headers: list[tuple[bytes, bytes]], pieces: list[bytes]) -> tuple[list[Message], int]:
    """What the visitor reads, and how many bytes the program was given."""
    given = 0
    answered: list[Message] = []
    waiting: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": place < len(pieces)}
        for place, piece in enumerate(pieces, start=1)
    ]

    async def program(scope: dict[str, Any], receive: Any, send: Any) -> None:
        nonlocal given
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            given += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {"type": "http", "headers": headers}
    asyncio.run(LimitedBodies(program)(scope, receive, send))
    return answered, given


def test_a_usual_form_passes_whole() -> None:
    answered, given = sent([(b"content-length", b"6")], [b"abc", b"def"])
    assert answered[0]["status"] == 200
    assert given == 6


def test_a_body_of_exactly_the_greatest_size_passes() -> None:
    answered, _given = sent([], [b"x" * LARGEST])
    assert answered[0]["status"] == 200


@pytest.mark.parametrize("announced", [str(LARGEST + 1).encode(), b"99999999999999"])
def test_an_announced_giant_is_answered_before_the_program_hears_of_it(announced: bytes) -> None:
    answered, given = sent([(b"content-length", announced)], [b"x" * 1000])
    assert answered[0]["status"] == 413
    assert b"That is too much at once" in answered[1]["body"]
    assert given == 0


def test_a_giant_that_hides_its_length_is_stopped_on_the_way() -> None:
    answered, given = sent([], [b"x" * 500_000] * 40)
    assert [message.get("status") for message in answered] == [413, None]
    assert given <= LARGEST


def test_the_refusal_carries_the_protecting_headers() -> None:
    answered, _given = sent([(b"content-length", b"99999999")], [b""])
    assert b"content-security-policy" in dict(answered[0]["headers"])


@pytest.mark.parametrize("line", [(b"cookie", b"porch-language=ar"), (b"accept-language", b"ar")])
def test_the_refusal_speaks_the_visitors_language(line: tuple[bytes, bytes]) -> None:
    answered, _given = sent([(b"content-length", b"99999999"), line], [b""])
    assert b'lang="ar" dir="rtl"' in answered[1]["body"]
    assert dict(answered[0]["headers"])[b"content-language"] == b"ar"


def test_the_refusal_keeps_the_browser_on_https(settings: Any) -> None:
    settings.PUBLIC_IS_SECURE = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    answered, _given = sent([(b"content-length", b"99999999")], [b""])
    assert dict(answered[0]["headers"])[b"strict-transport-security"] == b"max-age=63072000"
