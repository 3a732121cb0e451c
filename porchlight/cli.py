"""`porchlight`: the operator's command."""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from importlib import import_module
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "porchlight.settings")


@dataclass(frozen=True, kw_only=True)
class Command:
    """One word after `porchlight`."""

    does: str
    run: Callable[[list[str]], int]


def _up(arguments: list[str]) -> int:
    _nothing_more("up", arguments)
    from porchlight import supervisor

    return supervisor.up()


def _web(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="porchlight web", description=COMMANDS["web"].does)
    parser.add_argument("--fd", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    from porchlight import processes

    place = socket.socket(fileno=chosen.fd) if chosen.fd is not None else processes.listen()
    with place, processes.database():
        processes.web(place)
    return 0


def _worker(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="porchlight worker", description=COMMANDS["worker"].does)
    parser.add_argument("lane", choices=["urgent", "background"])
    chosen = parser.parse_args(arguments)
    from porchlight import processes

    with processes.database():
        processes.worker(chosen.lane)
    return 0


def _migrate(arguments: list[str]) -> int:
    _nothing_more("migrate", arguments)
    from porchlight import processes

    with processes.database():
        processes.prepare(with_demo=False)
    return 0


def _prepare(arguments: list[str]) -> int:
    """What `up` runs before anything else."""
    _nothing_more("prepare", arguments)
    from porchlight import processes, settings

    with processes.database():
        processes.prepare(with_demo=settings.IS_DEMO)
    return 0


def _nothing_more(name: str, arguments: list[str]) -> None:
    does = COMMANDS[name].does if name in COMMANDS else None
    argparse.ArgumentParser(prog=f"porchlight {name}", description=does).parse_args(arguments)


def _django(name: str) -> Callable[[list[str]], int]:
    """A command that an area brings, run with the database up."""

    def run(arguments: list[str]) -> int:
        return _manage([name, *arguments])

    return run


def _alone(name: str) -> Callable[[list[str]], int]:
    """A command that an area brings and that needs no database."""

    def run(arguments: list[str]) -> int:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["porchlight", name, *arguments])
        return 0

    return run


def _manage(arguments: list[str]) -> int:
    from django.core.management import execute_from_command_line

    from porchlight import processes

    with processes.database():
        execute_from_command_line(["porchlight", *arguments])
    return 0


def _elsewhere(module: str) -> Callable[[list[str]], int]:
    """A command with a module of its own, loaded only when it is asked for."""

    def run(arguments: list[str]) -> int:
        code: int = import_module(module).main(arguments)
        return code

    return run


COMMANDS = {
    "up": Command(does="start everything and keep it running; Ctrl-C stops it", run=_up),
    "web": Command(does="only answer browsers", run=_web),
    "worker": Command(does="only deliver: `urgent` or `background`", run=_worker),
    "migrate": Command(does="bring tables, keys and the browser's files up to date", run=_migrate),
    "new-network": Command(does="start a network of your own", run=_django("new_network")),
    "end-network": Command(
        does="end a network that two keepers ended, and keep nothing", run=_django("end_network")
    ),
    "setup-code": Command(does="print what the page /start/ asks for", run=_django("setup_code")),
    "demo": Command(does="load the made-up neighbourhood, or --remove it", run=_django("demo")),
    "doctor": Command(
        does="look at everything and say what to do", run=_elsewhere("porchlight.doctor")
    ),
    "invariants": Command(does="check every promise in the database", run=_django("invariants")),
    "backup": Command(does="write everything into one file for two keepers", run=_django("backup")),
    "restore": Command(does="put a backup back, with a keeper's key", run=_django("restore")),
    "restore-drill": Command(
        does="try whether a backup of today comes back", run=_django("restore_drill")
    ),
    "keeper-key": Command(does="make a key for one keeper of backups", run=_alone("keeper_key")),
    "rotate-keys": Command(does="guard all words with a new data key", run=_django("rotate_keys")),
    "watch": Command(
        does="on another machine: text two people when it is dead",
        run=_elsewhere("porchlight.watching"),
    ),
    "simulate": Command(
        does="try the rules on a made-up town: who would come, and when",
        run=_elsewhere("porchlight.simulate"),
    ),
    "bench": Command(does="measure how fast it is", run=_elsewhere("porchlight.bench")),
    "manage": Command(does="Django's own commands, for developers", run=_manage),
}


def usage() -> str:
    """The list of commands."""
    lines = [f"  {name:<13} {command.does}" for name, command in COMMANDS.items()]
    more = "`porchlight <command> --help` says more. Settings are listed in docs/settings.md."
    return "\n".join(["usage: porchlight <command>", "", *lines, "", more, ""])


def main(arguments: list[str] | None = None) -> int:
    """Run one command; trouble becomes one sentence and exit code 1."""
    given = sys.argv[1:] if arguments is None else arguments
    name, rest = (given[0], given[1:]) if given else ("", [])
    if name in {"", "help", "-h", "--help"}:
        sys.stdout.write(usage())
        return 0 if name else 2
    if name == "--version":
        from porchlight import __version__

        sys.stdout.write(f"{__version__}\n")
        return 0
    run = _prepare if name == "prepare" else COMMANDS[name].run if name in COMMANDS else None
    if run is None:
        sys.stderr.write(f"porchlight: there is no command «{name}».\n\n{usage()}")
        return 2
    return _plainly(run, rest)


NO_ROOM_SQL = "53100"
"""What PostgreSQL calls a full disk. Source: its manual, appendix A, class 53."""


def _is_full(trouble: BaseException | None) -> bool:
    """Whether a disk without room is behind this, however deep."""
    while trouble is not None:
        if isinstance(trouble, OSError) and trouble.errno in {ENOSPC, EDQUOT}:
            return True
        if getattr(trouble, "sqlstate", None) == NO_ROOM_SQL:
            return True
        trouble = trouble.__cause__ or trouble.__context__
    return False


def _disk_full(trouble: BaseException) -> str:
    from porchlight import settings
    from porchlight.kit.postgres import disk_full

    named = getattr(trouble, "filename", None)
    return disk_full(Path(named) if named else settings.VAR)


def _plainly(run: Callable[[list[str]], int], arguments: list[str]) -> int:
    from porchlight.kit.postgres import PostgresTrouble
    from porchlight.kit.vault import VaultTrouble
    from porchlight.processes import Trouble

    # So that whoever holds the database lets go of it on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return run(arguments)
    except (Trouble, PostgresTrouble, VaultTrouble) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except Exception as trouble:
        if not _is_full(trouble):
            raise
        sys.stderr.write(f"{_disk_full(trouble)}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
