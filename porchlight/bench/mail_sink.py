"""A mail server on loopback that takes every mail.

`smtp-sink` of Debian's postfix where it is installed, or can be unpacked into a folder that is
thrown away (nothing is installed); else one of our own, in Python, which is the slower one.
"""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import cast

LINES = 256


class MailSink:
    """Runs while the block does. `program`: smtp-sink or python."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="porchlight-mail-")
        folder = Path(self._folder.name)
        folder.chmod(0o755)
        found = shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin:/usr/bin")
        self._debians = Path(found) if found else _unpacked(folder)
        self.program = "smtp-sink" if self._debians else "python"

    def __enter__(self) -> "MailSink":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"smtp://127.0.0.1:{port}?tls=none"
        self._process = subprocess.Popen(
            self._command(port), env=self._environment(), stdin=subprocess.DEVNULL
        )
        until = time.monotonic() + 10
        while not _answers(port):
            if time.monotonic() > until or self._process.poll() is not None:
                self.__exit__(None, None, None)
                raise SystemExit("The mail server of the benchmark did not start.")
            time.sleep(0.02)
        return self

    def _command(self, port: int) -> list[str]:
        if self._debians is None:
            return [sys.executable, "-m", __name__, str(port)]
        who = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [
            str(self._debians), *who, "-h", "sink", "-m", str(LINES), f"127.0.0.1:{port}",
            str(LINES),
        ]  # fmt: skip

    def _environment(self) -> dict[str, str]:
        """What was unpacked finds its own libraries beside it."""
        libraries = Path(self._folder.name) / "usr/lib/postfix"
        return os.environ | ({"LD_LIBRARY_PATH": str(libraries)} if libraries.exists() else {})

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            return bool(line.recv(1))
    except OSError:
        return False


def _unpacked(folder: Path) -> Path | None:
    """Debian's package, fetched and unpacked, where this machine has its tools and is let."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return None
    quiet = {"cwd": folder, "capture_output": True, "check": False, "timeout": 60}
    try:
        subprocess.run(["apt-get", "download", "postfix"], **quiet)  # type: ignore[call-overload]
        for package in folder.glob("postfix_*.deb"):
            subprocess.run(["dpkg", "-x", package, folder], **quiet)  # type: ignore[call-overload]
    except subprocess.TimeoutExpired:
        return None
    program = folder / "usr/sbin/smtp-sink"
    return program if program.exists() else None


# ---------- where there is none ----------


class _Line(asyncio.Protocol):
    def __init__(self) -> None:
        self._bytes, self._in_words = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by its deeds
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        while True:
            end = b"\r\n.\r\n" if self._in_words else b"\r\n"
            said, found, rest = self._bytes.partition(end)
            if not found:
                return
            self._bytes = rest
            if self._in_words:
                self._in_words = False
                self._transport.write(b"250 kept\r\n")
            elif said[:4].upper() == b"QUIT":
                self._transport.write(b"221 bye\r\n")
                self._transport.close()
            else:
                self._in_words = said[:4].upper() == b"DATA"
                self._transport.write(b"354 go on\r\n" if self._in_words else b"250 ok\r\n")


async def _serve(port: int) -> None:
    door = await asyncio.get_running_loop().create_server(_Line, "127.0.0.1", port)
    await door.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(_serve(int(sys.argv[1])))
