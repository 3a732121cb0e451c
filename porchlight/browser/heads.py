"""How long a request may be on its way: it must not fill the memory, nor hold up the others."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 64 * 1024
"""Bytes. Reading one line that never ends takes a time that grows with its square: 100 MB held up
everybody for two minutes."""
HEAD_SECONDS = 20
BODY_SECONDS = 600
"""A picture of 11 MB over a line of 20 kB a second."""


class LimitedHeads(HttpToolsProtocol):
    """One visitor's line: cut off when a head is too long, or a part of a request too slow.

    What a body may hold is counted behind it (`limits.LimitedBodies`). An answer may take as long
    as it likes.
    """

    head_bytes = 0
    """What came since the last thing that was understood: a whole head, a piece of a body."""
    too_late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.head_bytes += len(data)
        super().data_received(data)
        if self.head_bytes > LONGEST_HEAD and not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.send_400_response("The head of this request is too long.")
            else:  # something is being answered, and a second answer would be taken for its rest
                self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect(HEAD_SECONDS)

    def on_headers_complete(self) -> None:
        self.head_bytes = 0
        self._expect(BODY_SECONDS)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.head_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.head_bytes = 0
        self._expect(None)
        super().on_message_complete()

    def _expect(self, seconds: int | None) -> None:
        """The part that comes now must be here in time; None: nothing is awaited."""
        if self.too_late is not None:
            self.too_late.cancel()
        self.too_late = None if seconds is None else self.loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
