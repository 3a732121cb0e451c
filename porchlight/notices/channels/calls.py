"""Calls over HTTP that all gateways share: one pool of connections that stay open."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings

from porchlight.notices.rules import CALL_TIME_OUT

CONNECT_SHARE = 0.4
"""Of the time a call may take: nobody picked up the line within it, so nothing can have arrived."""
MOST_READ = 65_536
"""Bytes of an answer that are read; no gateway needs more to say what became of a message."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a gateway said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def may_be_called(host: str) -> bool:
    """False for the IP of a private network that operators did not list; True for any name.

    What a name stands for is looked at when it is looked up, by `PublicOnly`.
    """
    address = _as_address(host)
    if address is None:
        return bool(host)
    if any(address in network for network in settings.PRIVATE_NETWORKS):
        return True
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_global and not mapped.is_multicast


@lru_cache(maxsize=256)
def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


@lru_cache(maxsize=256)
def _as_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address a host is written as; None: it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


class PublicOnly(AbstractResolver):
    """Looks names up, and forgets every answer that leads into a private network."""

    def __init__(self) -> None:
        self._asked = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._asked.resolve(host, port, family)
        allowed = [one for one in found if may_be_called(one["host"].partition("%")[0])]
        if not allowed:
            raise OSError(f"{len(found)} addresses, all private")
        return allowed

    async def close(self) -> None:
        await self._asked.close()


class NoAnswer(Exception):
    """Nobody answered. `may_have_arrived`: the request may have been read before the line broke."""

    def __init__(self, why: str, *, may_have_arrived: bool) -> None:
        super().__init__(why)
        self.why, self.may_have_arrived = why, may_have_arrived


class Calls:
    """One pool for one sender. Only addresses that operators or an allow-list named are called.

    open_calls: the most at the same time. Redirects are never followed. An address that leads into
    a private network is refused unless `settings.PRIVATE_NETWORKS` lists it, whatever its name.
    """

    def __init__(
        self,
        *,
        open_calls: int,
        time_out: float = CALL_TIME_OUT,
        connect_within: float | None = None,
        most_read: int = MOST_READ,
    ) -> None:
        """time_out: seconds for a whole call. connect_within: for finding somebody at all."""
        self._open_calls, self._time_out, self._most_read = open_calls, time_out, most_read
        self._connect_within = connect_within or time_out * CONNECT_SHARE
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
        if not may_be_called(_host(url)):
            raise NoAnswer("private address", may_have_arrived=False)
        if self._session is None:  # made late: it belongs to the loop that uses it
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._open_calls, resolver=PublicOnly()),
                timeout=aiohttp.ClientTimeout(
                    total=self._time_out,
                    sock_connect=self._connect_within,
                    ceil_threshold=2 * self._time_out,  # or more than 5 s become whole ones
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        try:
            async with self._session.request(method, url, allow_redirects=False, **words) as answer:
                return Answer(
                    status=answer.status,
                    headers=answer.headers,
                    body=await _read(answer, self._most_read),
                )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as trouble:
            raise NoAnswer(type(trouble).__name__, may_have_arrived=False) from trouble
        except TimeoutError as trouble:
            raise NoAnswer("time-out", may_have_arrived=True) from trouble
        except (aiohttp.ClientError, OSError) as trouble:
            raise NoAnswer(type(trouble).__name__, may_have_arrived=True) from trouble

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """The whole answer, however many parts it comes in, up to `most` bytes."""
    body = b""
    while len(body) < most and not answer.content.at_eof():
        body += await answer.content.read(most - len(body))
    return body
