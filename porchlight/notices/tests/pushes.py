"""An honest push service: it opens what it gets with the browser's own keys, or says no, or hangs.

Only for tests: a real one never has these keys.
"""

import asyncio
import base64
import json
import os
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from porchlight.kit.base64url import as_base64url


class Browser:
    """One browser that was subscribed: its endpoint, and the keys that open what comes."""

    def __init__(self, origin: str, name: str) -> None:
        self.endpoint = f"{origin}/send/{name}"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    @property
    def subscription(self) -> str:
        """What the browser hands to a page."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": as_base64url(point), "auth": as_base64url(self.auth)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys})

    def opened(self, body: bytes) -> bytes:
        found: bytes = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return found


@dataclass
class Pushed:
    """One push as it came."""

    to: str
    headers: Any
    body: bytes
    plain: bytes

    @property
    def words(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.plain)
        return found

    @property
    def claims(self) -> dict[str, Any]:
        """Who sent it; wrong signatures raise."""
        header = self.headers["Authorization"]
        assert Vapid02.verify(header)
        payload = header.split("t=")[1].split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
        return found


class PushService:
    """Pushes in the order they came. `answers` holds what to say to the next ones."""

    def __init__(self) -> None:
        self.pushed: list[Pushed] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.hangs = False
        self.browsers: dict[str, Browser] = {}
        self.origin = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner: web.AppRunner | None = None

    def __enter__(self) -> "PushService":
        self._thread.start()
        self._do(self._start())
        return self

    def __exit__(self, *_: Any) -> None:
        assert self._runner is not None
        self._do(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def browser(self, name: str = "ada") -> Browser:
        return self.browsers.setdefault(name, Browser(self.origin, name))

    def _do(self, work: Any) -> Any:
        done: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(10)

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_post("/send/{name}", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _take(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        body = await request.read()
        plain = self.browsers[name].opened(body)
        self.pushed.append(Pushed(to=name, headers=request.headers, body=body, plain=plain))
        if self.hangs:
            await asyncio.sleep(60)
        status, headers = self.answers.pop(0) if self.answers else (201, {})
        return web.Response(status=status, headers=headers)
