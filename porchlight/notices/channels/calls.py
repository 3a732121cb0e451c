"""Calls over HTTP that all gateways share: one pool of connections that stay open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from porchlight.notices.rules import CALL_TIME_OUT

MOST_READ = 65_536
"""Bytes of an answer that are read; no gateway needs more to say what became of a message."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a gateway said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(Exception):
    """Nobody answered. `may_have_arrived`: the request may have been read before the line broke."""

    def __init__(self, why: str, *, may_have_arrived: bool) -> None:
        super().__init__(why)
        self.why, self.may_have_arrived = why, may_have_arrived


class Calls:
    """One pool for one sender. Only addresses that operators or an allow-list named are called.

    open_calls: the most at the same time. Redirects are never followed.
    """

    def __init__(self, *, open_calls: int, time_out: float = CALL_TIME_OUT) -> None:
        self._open_calls, self._time_out = open_calls, time_out
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self,
        url: str,
        *,
        data: Mapping[str, str] | bytes | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Post form fields, bytes or JSON. Raises NoAnswer."""
        return await self._call("POST", url, data=data, json=json, headers=headers)

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """For providers that are asked for news. Raises NoAnswer."""
        return await self._call("GET", url, headers=headers)

    async def _call(self, method: str, url: str, **words: Any) -> Answer:
        if self._session is None:  # made late: it belongs to the loop that uses it
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._open_calls),
                timeout=aiohttp.ClientTimeout(total=self._time_out),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        try:
            async with self._session.request(method, url, allow_redirects=False, **words) as answer:
                body = await answer.content.read(MOST_READ)
                return Answer(status=answer.status, headers=answer.headers, body=body)
        except aiohttp.ClientConnectorError as trouble:
            raise NoAnswer(type(trouble).__name__, may_have_arrived=False) from trouble
        except (TimeoutError, aiohttp.ClientError, OSError) as trouble:
            raise NoAnswer(type(trouble).__name__, may_have_arrived=True) from trouble

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
