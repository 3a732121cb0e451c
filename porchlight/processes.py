"""What one process does: bring everything up to date, answer browsers, or deliver."""

import hashlib
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from errno import EACCES, EADDRINUSE
from importlib import import_module
from pathlib import Path

import django
import psycopg
import uvicorn
from django.apps import apps
from django.db import connection
from django.utils.module_loading import import_string
from psycopg.conninfo import make_conninfo

from porchlight import settings
from porchlight.browser.heads import LimitedHeads
from porchlight.kit import logs, memory, postgres, vapid, vault

OLDEST_POSTGRES = 16
LONGEST_ANSWER = 4
"""Seconds an answer may still take once the program is asked to stop; then it is cut off."""
BUSY = 0x706F7268  # any number of our own: two machines bring one database up to date in turn


class Trouble(Exception):
    """The program cannot go on; the message is the one sentence for the operator."""


@contextmanager
def database() -> Iterator[postgres.Embedded | None]:
    """The database for the length of a block: ours is started, a named one (None) is looked for."""
    held: AbstractContextManager[postgres.Embedded | None] = (
        _named() if settings.DATABASE_URL else postgres.hold(settings.VAR)
    )
    with held as ours:
        try:
            yield ours
        finally:
            _hang_up()


def _hang_up() -> None:
    """Close what is open before the database may stop: a pool still connecting would complain."""
    if apps.ready:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # stubs know no PostgreSQL pool


@contextmanager
def _named() -> Iterator[None]:
    try:
        with connect() as line:
            version = line.info.server_version // 10_000
    except psycopg.OperationalError as trouble:
        reason = str(trouble).strip().splitlines()[-1]
        raise Trouble(
            f"The database that DATABASE_URL names does not let us in: {reason}"
        ) from None
    if version < OLDEST_POSTGRES:
        raise Trouble(
            f"DATABASE_URL names a PostgreSQL {version}, but Porchlight needs {OLDEST_POSTGRES} "
            "or newer. Upgrade it, or leave DATABASE_URL out."
        )
    yield


def connect() -> psycopg.Connection:
    """One connection of our own, outside Django."""
    reach = {name: str(value) for name, value in settings.DATABASE_PARAMETERS.items()}
    return psycopg.connect(make_conninfo(**reach), connect_timeout=10, autocommit=True)


# ---------- before the others start ----------


def prepare(*, with_demo: bool) -> None:
    """Bring tables, keys and the browser's files up to date; load the demo where there is none."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    refuse_half_restored()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [BUSY])
        try:
            call_command("migrate", interactive=False, verbosity=0)
            _make_first_key()
            _make_push_key()
            _verify_keys()
            _erase_the_buried()
            _refuse_demo()
            _collect_files()
            if with_demo:
                call_command("demo", "--if-empty", verbosity=0)
            else:
                call_command("setup_code", "--if-empty")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [BUSY])
    connection.close()


def _make_first_key() -> None:
    """A new install gets its data key. An old one never does: its key is somewhere, in a backup."""
    from porchlight.kit.models import KeyCheck

    has_key = settings.KEYS_TEXT or any(settings.KEYS_FOLDER.glob("*.key"))
    if not has_key and not KeyCheck.objects.exists():
        vault.make_key(settings.KEYS_FOLDER)


def _make_push_key() -> None:
    """An install without a push key gets one; where keys come as settings, none is written."""
    is_given = settings.VAPID_KEY or settings.KEYS_TEXT
    if not is_given and not (settings.KEYS_FOLDER / vapid.FILE).exists():
        vapid.make_key(settings.KEYS_FOLDER)


def _verify_keys() -> None:
    from porchlight.kit.clock import ClockMoved, verify_clock
    from porchlight.kit.key_check import verify_keys

    verify_keys()
    try:
        verify_clock()
    except ClockMoved as moved:
        raise Trouble(str(moved)) from None


def refuse_half_restored() -> None:
    """A restore that was killed is finished first: whoever was erased could be there again."""
    from porchlight.home.queries.backups import is_half_restored

    with connect() as line:
        if is_half_restored(line):
            raise Trouble(
                "A restore was stopped half-way. Run the same `porchlight restore` again; nothing "
                "of what was here before is lost until it has gone well."
            )


def _erase_the_buried() -> None:
    """Who was erased for good and is back, or was to be erased when a kill came, goes first."""
    from porchlight.home.actions.burying import erase_the_buried
    from porchlight.kit import clock

    erase_the_buried(now=clock.now())


def _refuse_demo() -> None:
    """In production nobody may come in with a password that stands on a public page."""
    from porchlight.home.queries.demo import has_demo

    if settings.IS_PRODUCTION and has_demo():
        raise Trouble(
            "The demo neighbourhood is in this database, and everybody knows its password. "
            "Run `porchlight demo --remove`, then start again."
        )


def _collect_files() -> None:
    """Put the browser's files where they are served from, if any changed since."""
    from django.contrib.staticfiles import finders
    from django.core.management import call_command

    facts = hashlib.sha256(settings.VERSION.encode())
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            facts.update(f"{path}|{found.st_size}|{found.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if stamp.exists() and stamp.read_text("ascii") == facts.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(facts.hexdigest(), "ascii")


# ---------- answering browsers ----------


def listen() -> socket.socket:
    """The place browsers come to. Refuses in one sentence when it is taken or not allowed."""
    host, port = settings.HOST, settings.PORT
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        place = socket.socket(family, kind, protocol)
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(address)
    except socket.gaierror:
        raise Trouble(f"HOST is «{host}», which is no address of this machine.") from None
    except OSError as trouble:
        if trouble.errno == EADDRINUSE:
            why = f"Port {port} is taken by another program. Set PORT to another number, like "
            raise Trouble(f"{why}PORT={port + 1 if port < 65535 else 8000}.") from None
        if trouble.errno == EACCES:
            why = f"This account may not use port {port}. Set PORT to 1024 or more"
            raise Trouble(f"{why}, behind a TLS proxy (docs/operate.md).") from None
        raise Trouble(f"HOST is «{host}», which is no address of this machine.") from None
    place.listen(1024)
    return place


def web(place: socket.socket) -> None:
    """Answer browsers until asked to stop; answers under way are finished first."""
    django.setup()
    refuse_half_restored()
    _verify_keys()
    _refuse_demo()
    logs.keep_words_out()
    config = uvicorn.Config(
        "porchlight.asgi:application",
        http=LimitedHeads,
        lifespan="off",
        log_config=None,
        access_log=False,
        ws="none",  # we have none, and uvicorn's log of them names the address
        server_header=False,
        timeout_graceful_shutdown=LONGEST_ANSWER,
    )
    config.load()
    import_module(settings.ROOT_URLCONF)  # all pages, before the first one is asked for
    memory.keep_what_is_loaded()
    # uvicorn raises the signal once more when it has stopped: that must not end us half-way out.
    for by in (signal.SIGTERM, signal.SIGINT):
        signal.signal(by, lambda *_: None)
    uvicorn.Server(config).run(sockets=[place])


# ---------- delivering ----------


def worker(lane: str) -> None:
    """Deliver one lane's notices and do its other work until asked to stop."""
    keep_own_connections()
    django.setup()
    refuse_half_restored()
    _verify_keys()
    _refuse_demo()
    logs.keep_words_out()
    stop = threading.Event()

    def ask(*_: object) -> None:
        # Not here: the main thread may be inside the event's own lock at this moment.
        threading.Thread(target=stop.set, daemon=True).start()

    for by in (signal.SIGTERM, signal.SIGINT):
        signal.signal(by, ask)
    run_worker = import_module("porchlight.notices.tasks").run_worker
    memory.keep_what_is_loaded()
    with _beside(lane, stop):
        run_worker(lane, stop)


def keep_own_connections() -> None:
    """For a worker: each of its few threads keeps a connection, and makes it anew itself.

    A pool asks a database that is away ever more rarely, up to twice as late as it was back: after
    a minute without it, calls for help would wait another one.
    """
    settings.DATABASE_OPTIONS.pop("pool", None)


BESIDE = {
    "background": ["porchlight.people.tasks.seal_each_second"],
    "urgent": [
        "porchlight.alerts.tasks.step_through_calls",
        "porchlight.watching.say_alive",
    ],
}
"""What runs in threads of their own while a lane is served."""


@contextmanager
def _beside(lane: str, stop: threading.Event) -> Iterator[None]:
    """Seal the audit, or take the steps of running calls, while the lane is served."""
    threads = [
        threading.Thread(target=import_string(work), args=[stop], name=work, daemon=True)
        for work in BESIDE[lane]
    ]
    for beside in threads:
        beside.start()
    try:
        yield
    finally:
        stop.set()
        for beside in threads:
            beside.join(timeout=5)
