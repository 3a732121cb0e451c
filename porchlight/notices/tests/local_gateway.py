"""A gateway of the tests' own on loopback. It carries texts and calls, or fails as a test asks.

It speaks both ways (Twilio's forms, and JSON) and remembers everything it took.
"""

import asyncio
import base64
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

SECRET = "a secret of the tests"
ACCOUNT = "AC0123456789"
OUR_NUMBER = "+31201234567"
SECOND_SECRET, SECOND_ACCOUNT, SECOND_NUMBER = "another secret, too", "AC9876543210", "+31207654321"


@dataclass
class Taken:
    """One message or call it took."""

    to: str
    words: str
    reference: str
    form: dict[str, Any] = field(default_factory=dict)


class LocalGateway:
    """What it took, by kind. `next_answers`: how to treat the next messages, in order."""

    def __init__(
        self, *, secret: str = SECRET, account: str = ACCOUNT, number: str = OUR_NUMBER
    ) -> None:
        self.secret, self.account, self.number = secret, account, number
        self.taken: list[Taken] = []
        self.calls: list[Taken] = []
        self.asked = 0
        self.posts: list[dict[str, Any]] = []
        self.next_answers: list[str] = []
        self.always = ""
        """How to treat all messages that `next_answers` says nothing of."""
        self.knows = True
        """Whether it finds what it took when asked later."""
        self.answers_questions = True
        self.news: list[dict[str, Any]] = []
        self.cursors: list[str] = []
        self.messages: list[dict[str, Any]] = []
        """What Twilio lists, oldest first: inbound and outbound."""
        self.listed: list[str] = []
        self.seconds_a_text = 0.0
        self.arrived = threading.Condition()
        self._ready, self._over = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> "LocalGateway":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: Any) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the gateway did not stop"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, kind: str = "twilio", **facts: Any) -> Any:
        """What `settings.GATEWAY` must say to reach it."""
        known: dict[str, Any] = {
            "kind": kind, "url": self.url, "account": self.account if kind == "twilio" else "",
            "secret": self.secret, "sender": self.number,
            "calls_from": self.number if kind == "twilio" else "", "polls": False,
        }  # fmt: skip
        return SimpleNamespace(**known | facts)

    def environment(self) -> dict[str, str]:
        """The same for a program of its own."""
        return {
            "PORCHLIGHT_GATEWAY": "json", "PORCHLIGHT_GATEWAY_URL": self.url,
            "PORCHLIGHT_GATEWAY_SECRET": SECRET, "PORCHLIGHT_GATEWAY_FROM": OUR_NUMBER,
        }  # fmt: skip

    def wait_for(self, texts: int, seconds: float = 20) -> bool:
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.taken) >= texts, seconds)

    def sent_to(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for one in self.taken:
            found[one.to].append(one.words)
        return found

    # ---------- the server ----------

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        application = web.Application()
        application.router.add_post("/2010-04-01/Accounts/{account}/{what}.json", self._twilio)
        application.router.add_get("/2010-04-01/Accounts/{account}/{what}.json", self._list)
        application.router.add_post("/messages", self._json)
        application.router.add_get("/messages/{reference}", self._known)
        application.router.add_get("/news", self._news)
        application.router.add_get("/2010-04-01/Accounts/{account}.json", self._account)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await self._over.wait()
        await runner.cleanup()

    async def _twilio(self, request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.posts.append(form | {"_account": request.match_info["account"]})
        if request.headers["Authorization"] != self._basic():
            return web.json_response({"code": 20003}, status=401)
        is_text = request.match_info["what"] == "Messages"
        one = Taken(to=form["To"], words=form.get("Body", ""), reference=_sid(form), form=form)
        return await self._treat(request, one, self.taken if is_text else self.calls, "sid")

    async def _json(self, request: web.Request) -> web.StreamResponse:
        message = await request.json()
        self.posts.append(message)
        if request.headers["Authorization"] != f"Bearer {self.secret}":
            return web.json_response({"error": "secret"}, status=401)
        one = Taken(
            to=message["to"], words=message["text"], reference=message["reference"], form=message
        )
        return await self._treat(request, one, self.taken, "id")

    async def _treat(
        self, request: web.Request, one: Taken, where: list[Taken], id_name: str
    ) -> web.StreamResponse:
        how = self.next_answers.pop(0) if self.next_answers else self.always or "ok"
        status, _, more = how.partition(" ")
        if status.isdigit():
            code, _, header = more.partition(" ")
            body = {"code": int(code)} if code.isdigit() else {"error": code}
            headers = {"Retry-After": header} if header else {}
            return web.json_response(body, status=int(status), headers=headers)
        if how == "hang unread":
            await asyncio.wait_for(self._over.wait(), None)
        if self.seconds_a_text:
            await asyncio.sleep(self.seconds_a_text)
        with self.arrived:
            where.append(one)
            number = len(where)
            self.arrived.notify_all()
        if how == "drop":
            assert request.transport is not None
            request.transport.abort()
        if how in {"hang", "drop"}:
            await self._over.wait()
        if how == "drip":
            response = web.StreamResponse(status=201)
            await response.prepare(request)
            while not self._over.is_set():
                await response.write(b" ")
                await asyncio.sleep(0.1)
            return response
        if status == "says":  # a body, word for word; with another status where it begins so
            first, _, rest = more.partition(" ")
            number, said = (int(first), rest) if first.isdigit() else (201, more)
            return web.Response(text=said, status=number, content_type="application/json")
        if how == "no reference":
            return web.json_response({}, status=201)
        return web.json_response({id_name: f"M{number}"}, status=201)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if not self.answers_questions:
            return web.json_response({}, status=500)
        what = request.match_info["what"]
        if "DateSent>" in request.query:
            return self._listed(request)
        rows = self.taken if what == "Messages" else self.calls
        found = [
            {
                "sid": f"M{number}", "body": one.words,
                "date_created": format_datetime(datetime.now(UTC)),
            }
            for number, one in enumerate(rows, start=1)
            if one.to == request.query["To"] and self.knows
        ]  # fmt: skip
        return web.json_response({what.lower(): found})

    def _listed(self, request: web.Request) -> web.StreamResponse:
        """Newest first, a day's and later, as Twilio pages them."""
        self.listed.append(request.query_string)
        if request.headers["Authorization"] != self._basic():
            return web.json_response({"code": 20003}, status=401)
        since, query = request.query["DateSent>"], request.query
        found = [
            one for one in reversed(self.messages)
            if parsedate_to_datetime(one["date_sent"]).date().isoformat() >= since
            and query.get("To", one["to"]) == one["to"]
            and query.get("From", one["from"]) == one["from"]
        ]  # fmt: skip
        page, size = int(query.get("Page", 0)), int(query["PageSize"])
        shown = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        path = f"{request.path}?{urlencode(dict(query) | {'Page': page + 1})}"
        return web.json_response({"messages": shown, "next_page_uri": path if more else None})

    async def _known(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if request.headers["Authorization"] != f"Bearer {self.secret}":
            return web.json_response({"error": "secret"}, status=401)
        if not self.answers_questions:
            return web.json_response({}, status=500)
        for number, one in enumerate(self.taken, start=1):
            if one.reference == request.match_info["reference"] and self.knows:
                return web.json_response({"id": f"M{number}"})
        return web.json_response({}, status=404)

    async def _news(self, request: web.Request) -> web.StreamResponse:
        if request.headers["Authorization"] != f"Bearer {self.secret}":
            return web.json_response({"error": "secret"}, status=401)
        after = request.query["after"]
        self.cursors.append(after)
        begin = int(after or 0)
        fresh = self.news[begin : begin + 2]
        return web.json_response(
            {
                "texts": [one for one in fresh if "text" in one],
                "receipts": [one for one in fresh if "reference" in one],
                "cursor": str(begin + len(fresh)),
            }
        )

    async def _account(self, request: web.Request) -> web.StreamResponse:
        is_right = request.headers["Authorization"] == self._basic()
        return web.json_response({}, status=200 if is_right else 401)

    def _basic(self) -> str:
        pair = f"{self.account}:{self.secret}".encode()
        return "Basic " + base64.b64encode(pair).decode()


def second_gateway() -> LocalGateway:
    """Another one, of another company: nothing of it is the first one's."""
    return LocalGateway(secret=SECOND_SECRET, account=SECOND_ACCOUNT, number=SECOND_NUMBER)


def _sid(form: dict[str, str]) -> str:
    return form.get("StatusCallback", "").rstrip("/").rpartition("/")[2]
