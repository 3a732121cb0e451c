"""`porchlight bench pages`: how fast pages come beside a bare page, on a database thrown away.

Everything runs on this machine at once: database, program, and the one who asks. So the numbers are
small and honest; compare them with the bare page of the same run, not with other machines.
"""

import argparse
import asyncio
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from porchlight import __version__
from porchlight.bench.scratch import demo_reader, run, scratch_install
from porchlight.kit import memory

CLIENTS = 8
"""How many ask at the same time, each on a connection that stays open."""
WARM_UP = 0.5
START_WITHIN = 60.0
LONGEST = 60
ROWS = 50
PREPARE = (["collectstatic", "--noinput"], ["demo", "--if-empty"])


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one address answered in one run."""

    took: list[float]
    """Seconds, one entry a request."""
    seconds: float
    body: int
    """Bytes over the wire of one answer, without headers."""

    def summary(self) -> dict[str, float | int]:
        ordered = sorted(self.took)
        return {
            "requests": len(ordered),
            "per_s": round(len(ordered) / self.seconds, 1),
            "p50_ms": round(nearest_rank(ordered, 50) * 1000, 2),
            "p99_ms": round(nearest_rank(ordered, 99) * 1000, 2),
            "bytes": self.body,
        }


def nearest_rank(ordered: list[float], percent: int) -> float:
    """The nearest-rank percentile. ordered: at least one."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


# ---------- asking ----------


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address to ask, and with which cookie."""

    port: int
    path: str
    cookie: str = ""

    @property
    def request(self) -> bytes:
        lines = [
            f"GET {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Accept-Encoding: gzip",
        ]
        lines += [f"Cookie: {self.cookie}"] if self.cookie else []
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


class WrongAnswer(Exception):
    """A page that did not answer 200: measuring it would measure nothing."""


async def _ask(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    """One request; returns the length of the body."""
    writer.write(target.request)
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, *lines = head.split("\r\n")
    if " 200 " not in status + " ":
        raise WrongAnswer(f"{target.path} answered «{status}»")
    fields = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    length = int(fields["content-length"])
    await reader.readexactly(length)
    return length


async def _one_client(target: Target, until: float, took: list[float], bodies: set[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port, limit=2**22)
    try:
        while (began := time.perf_counter()) < until:
            bodies.add(await _ask(target, reader, writer))
            took.append(time.perf_counter() - began)
    finally:
        writer.close()


async def _measure(target: Target, seconds: float) -> Measured:
    await _for(target, WARM_UP)
    began = time.perf_counter()
    took, bodies = await _for(target, seconds)
    return Measured(took=took, seconds=time.perf_counter() - began, body=max(bodies))


async def _for(target: Target, seconds: float) -> tuple[list[float], set[int]]:
    took: list[float] = []
    bodies: set[int] = set()
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_one_client(target, until, took, bodies) for _ in range(CLIENTS)))
    return took, bodies


# ---------- what answers ----------


def bare_application() -> Any:
    """The peer: Django with nothing in it, one page of one word."""
    from django.conf import settings

    settings.configure(
        SECRET_KEY=secrets.token_hex(),
        ROOT_URLCONF="porchlight.bench.pages",
        ALLOWED_HOSTS=["127.0.0.1"],
    )
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


def __getattr__(name: str) -> Any:
    """`urlpatterns` of the bare page, made only where Django asks for them."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    def hello(request: HttpRequest) -> HttpResponse:
        return HttpResponse("hello", headers={"Content-Length": "5"})

    return [path("", hello)]


APPLICATIONS = {
    "porchlight": "porchlight.asgi:application",
    "bare": "porchlight.bench.pages:bare_application",
}


def serve(name: str, handle: int) -> None:
    """Answer on a socket somebody else opened, as `porchlight web` does, until asked to stop."""
    import uvicorn

    # From the handle itself: uvicorn's own --fd takes it for a Unix socket, and then every answer
    # waits 40 ms for an acknowledgement.
    place = socket.socket(fileno=handle)
    config = uvicorn.Config(
        APPLICATIONS[name],
        factory=name == "bare",
        lifespan="off",
        log_level="error",
        access_log=False,
    )
    config.load()
    memory.keep_what_is_loaded()
    uvicorn.Server(config).run(sockets=[place])


@contextmanager
def served(name: str, environment: Mapping[str, str]) -> Iterator[int]:
    """One of the applications on a free loopback port until the end of the block."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
        listener.listen(128)
        handle = listener.fileno()
        server = subprocess.Popen(
            [sys.executable, "-m", "porchlight.bench.pages", "serve", name, str(handle)],
            env=dict(environment),
            pass_fds=[handle],
        )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until somebody answers at all, whatever they answer."""
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit("The server that was to be measured did not start.")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as line:
                line.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if line.recv(1):
                    return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(
        f"The server that was to be measured did not answer within {START_WITHIN:.0f} seconds."
    )


# ---------- the scratch install ----------


def prepare() -> None:
    """In the scratch install: fill somebody's news, count queries of each page, print all of it.

    Runs in a process of its own, so that the one who measures never loads the program.
    """
    import django

    django.setup()
    print(json.dumps(_prepared()))


def _prepared() -> dict[str, Any]:
    """Who asks, where, and how many queries each page costs the database."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    login, client = demo_reader()
    _tell_a_lot(login)
    pages: dict[str, Any] = {}
    for name, url in (("home", "home:home"), ("list", "notices:news")):
        path = reverse(url, args=[login.network.slug])
        client.get(path)  # the first time fills caches
        with CaptureQueriesContext(connection) as asked:
            status = client.get(path).status_code
        if status != 200:
            raise SystemExit(f"{path} answered {status}.")
        pages[name] = {"path": path, "queries": len(asked)}
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return {"cookie": cookie, "pages": pages}


def _tell_a_lot(login: Any) -> None:
    """Give somebody a list of fifty things to read."""
    from porchlight.kit import clock
    from porchlight.kit.viewer import Viewer
    from porchlight.notices.actions import open_topic, tell
    from porchlight.notices.rules import Urgency, Wording
    from porchlight.people.queries.reaching import recipients
    from porchlight.people.queries.signing_in import as_network

    now, network = clock.now(), as_network(login.network)
    reader = recipients(viewer=Viewer.system(network, "bench"), person_ids=[login.person_id])
    later = now + timedelta(days=1)
    for number in range(ROWS):
        topic_id = open_topic(
            network_id=network.id, about=None, kind="bench", now=now, expires_at=later
        )
        tell(
            network_id=network.id,
            topic_id=topic_id,
            recipients=reader,
            wording=Wording(title="%(n)s things to read", facts={"n": str(number)}),
            urgency=Urgency.ORDINARY,
            path=f"/n/{network.slug}/",
            now=now,
            expires_at=later,
        )


def bench_pages(seconds: float) -> dict[str, Any]:
    """Measure home, a list of fifty rows, and the bare page. seconds: of each."""
    with scratch_install(prepare=PREPARE) as environment:
        said = run([sys.executable, "-m", "porchlight.bench.pages", "prepare"], environment)
        known = json.loads(said.strip().splitlines()[-1])
        with served("porchlight", environment) as port:
            pages = {
                name: asyncio.run(
                    _measure(Target(port=port, path=page["path"], cookie=known["cookie"]), seconds)
                ).summary()
                | {"queries": page["queries"]}
                for name, page in known["pages"].items()
            }
        with served("bare", environment) as port:
            bare = asyncio.run(_measure(Target(port=port, path="/"), seconds)).summary()
    for page in pages.values():
        page["ratio_to_bare"] = round(page["per_s"] / bare["per_s"], 3)
    return {
        "what": "pages",
        "version": __version__,
        "clients": CLIENTS,
        "seconds_each": seconds,
        "rows_in_list": ROWS,
        "pages": pages,
        "peers": {"bare": bare},
    }


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    names = ("per second", "p50 ms", "p99 ms", "queries", "bytes", "of bare")
    rows = [f"{'':10}" + "".join(f"{name:>12}" for name in names)]
    for name, page in {**result["pages"], "bare": result["peers"]["bare"]}.items():
        rows.append(
            f"{name:10}{page['per_s']:>12}{page['p50_ms']:>12}{page['p99_ms']:>12}"
            f"{page.get('queries', 0):>12}{page['bytes']:>12}{page.get('ratio_to_bare', 1):>12}"
        )
    return "\n".join(rows)


def main(arguments: list[str]) -> int:
    """`porchlight bench pages ...`"""
    if arguments == ["prepare"]:
        prepare()
        return 0
    if arguments[:1] == ["serve"]:
        serve(arguments[1], int(arguments[2]))
        return 0
    parser = argparse.ArgumentParser(prog="porchlight bench pages", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each page, 1 to 60")
    chosen = parser.parse_args(arguments)
    if not 1 <= chosen.seconds <= LONGEST:
        parser.error(f"--seconds goes from 1 to {LONGEST}.")
    result = bench_pages(chosen.seconds)
    print(json.dumps(result) if chosen.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
