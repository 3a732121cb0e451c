"""`porchlight up`: starts everything, keeps it running, and stops all of it.

It holds the database, takes the address, has tables brought up to date, and starts one process for
browsers and one for each lane of deliveries (more by number). What ends is started again. It does
not load the program itself, so that nothing of it can break the supervisor.
"""

import fcntl
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from porchlight import settings
from porchlight.home.rules.cast import DESCRIBED, PASSWORD
from porchlight.kit import accounts, postgres
from porchlight.processes import Trouble, database, listen

STOP_SECONDS = 8.5
"""For all processes together; the database needs its share of the ten that are promised."""
READY_SECONDS = 90
SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
STEADY_SECONDS = 30
"""A process that ran this long starts again at once, as if it had never failed."""
FAILURES_AT_START = 3
LOOKS_EVERY = 2.0
"""Seconds between looks at the database: one that another command started says nothing to us when
it ends."""
STOPPERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(kw_only=True)
class Part:
    """One process that should always run."""

    name: str
    command: list[str]
    pass_on: tuple[int, ...] = ()
    """Open files it is given: the address browsers come to."""
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = 0.0
    due: float = 0.0
    began: float = 0.0
    failures: int = 0

    def start(self) -> None:
        """Start it; it gets SIGTERM when we die, however we die."""
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "porchlight.cli", *self.command],
            stdin=subprocess.DEVNULL,
            pass_fds=self.pass_on,
            start_new_session=True,
            preexec_fn=accounts.end_with_parent(signal.SIGTERM),
        )

    def bury(self, now: float) -> None:
        """Note that it ended, and when it starts again: soon at first, then ever later."""
        if self.process is None or (code := self.process.poll()) is None:
            return
        self.process = None
        self.failures += 1
        self.pause = _next_pause(self.pause, ran_for=now - self.began)
        self.due = now + self.pause
        say(f"{self.name} ended ({_ending(code)}); it starts again in {self.pause:g} seconds.")


@dataclass(kw_only=True)
class Minder:
    """Looks after the database that comes with the program: it too is started when it ended."""

    held: postgres.Embedded | None
    """None where DATABASE_URL names one: whoever runs that looks after it."""
    server: "subprocess.Popen[bytes] | None" = None
    """The one we started again."""
    pause: float = 0.0
    due: float = 0.0
    began: float = 0.0

    def mind(self, now: float) -> None:
        """Start it again if it is not there: at once at first, then ever later."""
        if self.held is None or now < self.due or self._runs(self.held):
            return
        self.pause = _next_pause(self.pause, ran_for=now - self.began)
        self.began, self.due = now, now + self.pause
        try:
            self.server = postgres.start_again(self.held)
        except postgres.PostgresTrouble as trouble:
            say(str(trouble))
        if self.server:
            say("the database ended; it is started again.")

    def _runs(self, held: postgres.Embedded) -> bool:
        is_coming = self.server is not None and self.server.poll() is None
        return is_coming or postgres.server_pid(held) is not None


def _next_pause(before: float, *, ran_for: float) -> float:
    """Seconds until what ended is started: few at first and after a steady run, then ever more."""
    steady = ran_for >= STEADY_SECONDS
    return SHORTEST_PAUSE if steady or not before else min(LONGEST_PAUSE, before * 2)


def _ending(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with {code}"


def say(words: str) -> None:
    """One line for whoever watches."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


@dataclass(kw_only=True)
class Bell:
    """Wakes the supervisor when a child ends or somebody asks it to stop."""

    ears: int
    asked: list[int] = field(default_factory=list)

    @property
    def stop(self) -> bool:
        return bool(self.asked)

    def wait(self, seconds: float) -> None:
        """Sleep until something happens, at most so long."""
        if select.select([self.ears], [], [], max(0.0, seconds))[0]:
            with suppress(BlockingIOError):
                os.read(self.ears, 4096)


@contextmanager
def hung_bell() -> Iterator[Bell]:
    """Listen to signals for the length of the block."""
    ears, mouth = os.pipe()
    os.set_blocking(ears, False)
    os.set_blocking(mouth, False)
    bell = Bell(ears=ears)
    before = {
        by: signal.signal(by, lambda by, _: bell.asked.append(by))
        for by in STOPPERS
        if signal.getsignal(by) is not signal.SIG_IGN  # `nohup` means it
    }
    before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    try:
        yield bell
    finally:
        signal.set_wakeup_fd(-1)
        for by, handler in before.items():
            signal.signal(by, handler)
        os.close(ears)
        os.close(mouth)


@contextmanager
def the_only_one() -> Iterator[None]:
    """One start at a time for a `var` folder; the second hears where the first one is."""
    try:
        settings.VAR.mkdir(parents=True, exist_ok=True)
        note = (settings.VAR / "up.lock").open("a+")
    except OSError as trouble:
        why = f"The folder {settings.VAR} cannot be used ({trouble.strerror})."
        raise Trouble(f"{why} Set PORCHLIGHT_VAR to a folder of your own.") from None
    with note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note.seek(0)
            where = note.read().strip() or "already (it is just starting)"
            why = f"Porchlight runs {where}. Stop it first, or set both PORCHLIGHT_VAR and PORT"
            raise Trouble(f"{why} to start a second one.") from None
        note.truncate(0)
        note.write(f"at {settings.PUBLIC_URL} already (process {os.getpid()})")
        note.flush()
        yield
        note.truncate(0)


def up() -> int:
    """Start everything and keep it running until asked to stop."""
    with hung_bell() as bell, the_only_one(), listen() as place, database() as held:
        if not bell.stop:
            _prepare(bell)
        if bell.stop:
            return 0
        return _keep_running(_parts(place), Minder(held=held), bell)


def _prepare(bell: Bell) -> None:
    first = Part(name="prepare", command=["prepare"])
    first.start()
    process = first.process
    assert process is not None  # noqa: S101  (for the type checker)
    while process.poll() is None and not bell.stop:
        bell.wait(5)
    _stop([first])
    if process.returncode and not bell.stop:
        raise Trouble("Nothing was started. The line above says why.")


def _parts(place: socket.socket) -> list[Part]:
    door = place.fileno()
    numbers = (
        (["web", "--fd", str(door)], settings.WEB_PROCESSES, (door,)),
        (["worker", "urgent"], settings.URGENT_WORKERS, ()),
        (["worker", "background"], settings.BACKGROUND_WORKERS, ()),
    )
    return [
        Part(name=" ".join(command[:2]).replace(" --fd", ""), command=command, pass_on=given)
        for command, number, given in numbers
        for _ in range(number)
    ]


def _keep_running(parts: list[Part], minder: Minder, bell: Bell) -> int:
    given_up_at = time.monotonic() + READY_SECONDS
    ready = False
    try:
        while not bell.stop:
            now = time.monotonic()
            minder.mind(now)
            for part in parts:
                part.bury(now)
                if part.process is None and part.due <= now:
                    part.start()
            if not ready and (ready := _answers()):
                _announce()
            if not ready and (now > given_up_at or _hopeless(parts)):
                raise Trouble("The web server does not start. The lines above say why.")
            longest = LOOKS_EVERY if minder.held else 60.0
            bell.wait(min(longest, _pause(parts, time.monotonic())) if ready else 0.1)
        say("Stopping.")
        return 0
    finally:
        _stop(parts)


def _hopeless(parts: list[Part]) -> bool:
    return any(part.command[0] == "web" and part.failures >= FAILURES_AT_START for part in parts)


def _pause(parts: list[Part], now: float) -> float:
    """Until the next process is due; a while if all run."""
    return min([60.0, *(part.due - now for part in parts if part.process is None)])


def _answers() -> bool:
    """Whether the program answers and reaches its database."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (where to ask, not to listen)
    host = everywhere.get(settings.HOST, settings.HOST)
    line = http.client.HTTPConnection(host, settings.PORT, timeout=5)
    try:
        line.request("GET", "/healthz", headers={"Host": settings.ALLOWED_HOSTS[0]})
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _announce() -> None:
    say(f"\nPorchlight is ready: {settings.PUBLIC_URL}\n")
    if settings.IS_DEMO:
        say("This is a made-up neighbourhood. On its first page, one tap signs you in as:")
        for one in DESCRIBED:
            say(f"  {one.name:<10} {one.who}")
        say(f"Or sign in with one of these names and the password «{PASSWORD}».\n")
    if settings.HOST in settings.EVERYWHERE and settings.PUBLIC_IS_LOOPBACK:
        say(
            "Other devices may reach it once PORCHLIGHT_PUBLIC_URL is the address they type, such "
            f"as http://192.168.1.20:{settings.PORT}\n"
        )
    say("Ctrl-C stops everything.")


def _stop(parts: list[Part]) -> None:
    """Ask every process to stop, wait, and end those that do not."""
    running = [part.process for part in parts if part.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait()
