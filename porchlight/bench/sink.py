"""A gateway that takes every message and remembers when: a small C program where there is a
compiler, else the same in Python. Asked later, it tells whether it took one. Loopback only; it
stops when we close its input or are gone.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

SOURCE = Path(__file__).with_name("sink.c")
PATIENCE = 120
"""Seconds without a message after which it gives up."""
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b'Content-Length: 29\r\n\r\n{"id":"kept","status":"sent"}'
)
UNKNOWN = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
QUESTION = re.compile(rb"GET /messages/(\d+)")
REFERENCE = re.compile(rb'"reference": "(\d+)')
NUMBER = re.compile(rb"(?:\+|%2[Bb])(\d+)")
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """One message that arrived whole."""

    at: float
    """Seconds of `time.monotonic()`."""
    number: int
    """The telephone number in it."""


class Sink:
    """Runs while the block does. `is_c`: the fast one."""

    def __init__(self, *, expected: int, patience: int = PATIENCE) -> None:
        self._expected, self._patience = expected, patience
        self._folder = tempfile.TemporaryDirectory(prefix="porchlight-sink-")
        self._has_all = threading.Event()
        self._lines: list[str] = []
        program = _compiled(Path(self._folder.name))
        self.is_c = program is not None
        self._command = [str(program)] if program else [sys.executable, "-m", __name__]

    def __enter__(self) -> "Sink":
        self._process = subprocess.Popen(
            [*self._command, str(self._expected), str(self._patience)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None  # noqa: S101  # for the types
        port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{port}"
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def _read(self) -> None:
        for line in self._process.stdout or ():
            if line == "all\n":
                self._has_all.set()
            else:
                self._lines.append(line)

    def gateway(self) -> dict[str, str]:
        """The settings that make it the gateway of an install."""
        return {
            "PORCHLIGHT_GATEWAY": "json",
            "PORCHLIGHT_GATEWAY_URL": self.url,
            "PORCHLIGHT_GATEWAY_SECRET": "not secret at all",
            "PORCHLIGHT_GATEWAY_FROM": "+31600000000",
            "PORCHLIGHT_PRIVATE_ADDRESSES": "127.0.0.1/32",
        }

    def has_all(self, seconds: float) -> bool:
        """Wait until as many have arrived as were expected; False: they did not."""
        return self._has_all.wait(seconds)

    def stop(self) -> list[Stamp]:
        """Stop it; everything that arrived, in order."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
            self._process.wait(10)
            self._reader.join(10)
            if self._process.stdout:
                self._process.stdout.close()
        return [
            Stamp(at=int(at) / 1e9, number=int(number))
            for at, number in (line.split() for line in self._lines)
        ]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


def _compiled(folder: Path) -> Path | None:
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    program = folder / "sink"
    done = subprocess.run(
        [compiler, "-O2", "-o", str(program), str(SOURCE)], capture_output=True, check=False
    )
    return program if done.returncode == 0 else None


# ---------- where there is no compiler ----------


class _Line(asyncio.Protocol):
    def __init__(self, sink: "_PlainSink") -> None:
        self._sink, self._bytes = sink, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # for the types
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        while (head := self._bytes.find(b"\r\n\r\n")) >= 0:
            said = LENGTH.search(self._bytes[: head + 2])
            whole = head + 4 + (int(said[1]) if said else 0)
            if len(self._bytes) < whole:
                return
            asked = QUESTION.match(self._bytes[:head])
            if asked:
                self._transport.write(ANSWER if asked[1] in self._sink.references else UNKNOWN)
            else:
                self._sink.stamp(self._bytes[head + 4 : whole])
                self._transport.write(ANSWER)
            self._bytes = self._bytes[whole:]


class _PlainSink:
    def __init__(self, expected: int, patience: float) -> None:
        self._expected, self._patience = expected, patience
        self._stamps: list[tuple[int, int]] = []
        self.references: set[bytes] = set()
        self._last = time.monotonic()

    def stamp(self, body: bytes) -> None:
        found = NUMBER.search(body)
        self._stamps.append((time.monotonic_ns(), int(found[1]) if found else 0))
        self.references |= set(REFERENCE.findall(body)[:1])
        self._last = time.monotonic()
        if len(self._stamps) == self._expected:
            print("all", flush=True)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        door = await loop.create_server(lambda: _Line(self), "127.0.0.1", 0)
        print(door.sockets[0].getsockname()[1], flush=True)
        closed = loop.run_in_executor(None, sys.stdin.read)
        while not closed.done() and time.monotonic() < self._last + self._patience:
            await asyncio.wait([closed], timeout=0.5)
        print("\n".join(f"{at} {number}" for at, number in self._stamps), flush=True)


if __name__ == "__main__":
    import os

    asyncio.run(_PlainSink(int(sys.argv[1]), float(sys.argv[2])).run())
    os._exit(0)  # a thread may still read the input
