"""How much one request may carry, watched before Django reads it: it would fill the disk first."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from django.http import HttpResponse
from django.test import RequestFactory

from porchlight.browser.middleware import headers, language, most_bytes, too_large

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PATIENCE = 16
"""How many times too much we still read to the end, so that the browser shows our sentence."""


class LimitedBodies:
    """Wraps the ASGI application: a body that is too large is thrown away and answered with 413."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        largest = most_bytes(scope.get("path", ""))
        if _announced(scope) > largest:
            await self._refuse(scope, receive, send, _announced(scope))
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                await self._refuse(scope, receive, send, read)
                # Django takes this for a visitor who left, and stops.
                return {"type": "http.disconnect"}
            return message

        await self.application(scope, counted, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, announced: int) -> None:
        most = most_bytes(scope.get("path", "")) * PATIENCE
        left = most
        while announced < most and left > 0:
            message = await receive()
            left -= len(message.get("body", b""))
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                break
        page = cast(HttpResponse, REFUSAL(RequestFactory().get("/", headers=_reader(scope))))
        page["Connection"] = "close"
        lines = [(name.lower().encode(), value.encode()) for name, value in page.items()]
        await send({"type": "http.response.start", "status": 413, "headers": lines})
        await send({"type": "http.response.body", "body": page.content})


REFUSAL = headers(language(too_large))
"""The page of a body too large, as if it had passed through the middleware."""
SAYS_LANGUAGE = {b"cookie", b"accept-language"}


def _reader(scope: Scope) -> dict[str, str]:
    """What tells which language the visitor reads."""
    return {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in scope["headers"]
        if name in SAYS_LANGUAGE
    }


def _announced(scope: Scope) -> int:
    """The length the browser announced; 0 when it does not say."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
