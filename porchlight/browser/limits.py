"""How much one request may carry, watched before Django reads it: it would fill the disk first."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.test import RequestFactory

from porchlight.browser.middleware import HEADERS, most_bytes, too_large

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
            await self._refuse(receive, send, _announced(scope), largest)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                await self._refuse(receive, send, read, largest)
                # Django takes this for a visitor who left, and stops.
                return {"type": "http.disconnect"}
            return message

        await self.application(scope, counted, send)

    async def _refuse(self, receive: Receive, send: Send, announced: int, largest: int) -> None:
        left = largest * PATIENCE
        while announced < largest * PATIENCE and left > 0:
            message = await receive()
            left -= len(message.get("body", b""))
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                break
        page = too_large(RequestFactory().get("/"))
        headers = {**HEADERS, "Cache-Control": "no-store", "Connection": "close"}
        headers["Content-Type"] = page["Content-Type"]
        lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 413, "headers": lines})
        await send({"type": "http.response.body", "body": page.content})


def _announced(scope: Scope) -> int:
    """The length the browser announced; 0 when it does not say."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0
