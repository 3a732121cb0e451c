"""`porchlight bench backup`: a backup, a drill and a restore of much data, and what they cost.

The demo neighbourhood grows in a scratch install, by the program's own actions, until its database
is as large as asked: people with guarded addresses and places, what they were told, the list of
deeds. Then each of the three runs in a process of its own, whose memory is looked at. Meanwhile
every file outside the database is watched: what is not sealed is counted.
"""

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from porchlight import __version__
from porchlight.bench.scratch import run, scratch_install

SMALLEST, USUAL, MOST = 0.02, 1.0, 8.0
"""Gigabytes (2³⁰ bytes) of the database; an empty one with the demo has 0.015."""
GIGABYTE = 2**30
PEOPLE = 2_000
"""For each gigabyte."""
ROOM = 6
"""Times the database's size that must be free: log, the drill's copy, the restored one, files."""
DEEDS = ("backup", "drill", "restore")
CANARY = "Kanarievogelstraat"
"""A guarded word that must be nowhere in any file."""
SEALED = b"age-encryption.org/v1"
OUTSIDE = {".backup.lock", "audit-heads.json", ".audit-heads.json.draft", "secret"}
"""Files that hold nothing of the database, or chains that are not secret."""
OFTEN = 0.01
MOST_GROWN_MB = 64
"""What a deed may need beside the program itself, whatever the size: some pieces of 4 MiB."""
PREPARE = (["demo", "--if-empty"],)


# ---------- inside the scratch install ----------


def fill(gigabytes: float) -> dict[str, Any]:
    """Let the demo's network grow until its database is so large."""
    import django

    django.setup()
    began = time.perf_counter()
    network = _network()
    people = _people(network, max(10, round(PEOPLE * gigabytes)))
    rounds = 0
    while _database_bytes() < gigabytes * GIGABYTE:
        _tell_everybody(network, people, rounds)
        rounds += 1
    _seal()
    return {"database_bytes": _database_bytes(), "fill_s": round(time.perf_counter() - began, 1)}


def _network() -> Any:
    from porchlight.people import models
    from porchlight.people.queries.signing_in import as_network

    return as_network(models.Network.objects.order_by("created_at")[0])


def _people(network: Any, many: int) -> list[Any]:
    """People with a verified mail address and a home; answers with how to reach them."""
    from porchlight.kit import clock, vault
    from porchlight.kit.viewer import Viewer
    from porchlight.kit.words import skeleton
    from porchlight.people import models
    from porchlight.people.queries.reaching import ADDRESS_PURPOSE, address_index, recipients

    now, ids = clock.now(), [uuid4() for _ in range(many)]
    made = {"network_id": network.id, "source": "bench", "created_at": now}
    names = {one: f"Neighbour {number}" for number, one in enumerate(ids)}
    models.Person.objects.bulk_create(
        models.Person(
            id=one, name=name, skeleton=skeleton(name), client_key=uuid4(), language="en",
            speaks=["en"], level="member", joined_at=now, **made,
        )
        for one, name in names.items()
    )  # fmt: skip
    mails = {one: f"{CANARY.lower()}{number}@example.org" for number, one in enumerate(ids)}
    models.Address.objects.bulk_create(
        models.Address(
            person_id=one, client_key=uuid4(), channel="email", rank=1, verified_at=now,
            value_guarded=vault.guard(mail, purpose=ADDRESS_PURPOSE, whose=one),
            value_index=address_index(mail), **made,
        )
        for one, mail in mails.items()
    )  # fmt: skip
    for number, one in enumerate(ids):
        _home(Viewer(network=network, person_id=one), number, now)
    return recipients(viewer=Viewer.system(network, "bench"), person_ids=ids)


def _home(viewer: Any, number: int, now: Any) -> None:
    from porchlight.kit import cells
    from porchlight.people import models
    from porchlight.people.actions.places import add_place
    from porchlight.people.rules.places import Entered, Kind, Where

    middle = models.Network.objects.get(id=viewer.network.id).middle_cell
    near = cells.around(middle, 4)
    entered = Entered(
        label="Home", address=f"{CANARY} {number}", door_note=f"{CANARY}, third bell",
        where=Where(cells=(near[number % len(near)],), pin=None), hours=b"\xff" * 21,
    )  # fmt: skip
    add_place(viewer=viewer, client_key=uuid4(), kind=Kind.HOME, entered=entered, now=now)


def _tell_everybody(network: Any, people: list[Any], number: int) -> None:
    """One thing said to all of them, and a few deeds on the list."""
    from porchlight.kit import clock
    from porchlight.notices.actions import open_topic, tell
    from porchlight.notices.rules import Urgency, Wording
    from porchlight.people.actions.audit import note

    now = clock.now()
    later = now + timedelta(days=14)
    words = f"{CANARY} {number}: the hall is open tonight, soup for all, bring a chair. " * 4
    topic_id = open_topic(
        network_id=network.id, about=None, kind="bench", now=now, expires_at=later
    )
    tell(
        network_id=network.id, topic_id=topic_id, recipients=people,
        wording=Wording(title="%(words)s", facts={"words": words}), urgency=Urgency.ORDINARY,
        path=f"/n/{network.slug}/", now=now, expires_at=later,
    )  # fmt: skip
    for one in people[: len(people) // 40]:
        note(network_id=network.id, verb="people.add_place", now=now, actor_id=one.id)


def _seal() -> None:
    from porchlight.people.queries.chain import unsealed_networks
    from porchlight.people.tasks import seal_everything

    while unsealed_networks():
        seal_everything()


def _database_bytes() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


# ---------- one deed, in a process of its own ----------


def do(deed: str, folder: Path) -> dict[str, Any]:
    """Back up, drill or restore; how long it took, and the most memory it held."""
    import django

    django.setup()
    work = {"backup": _back_up, "drill": _drill, "restore": _restore}[deed]
    known = json.loads(os.environ["PORCHLIGHT_BENCH_KNOWN"])
    before = _peak_mb()
    began = time.perf_counter()
    says = work(folder, known)
    return {
        "s": round(time.perf_counter() - began, 2),
        "memory_mb": _peak_mb(),
        "memory_before_mb": before,
        **says,
    }


def _peak_mb() -> float:
    """The most that this process ever held in memory, in MiB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _back_up(folder: Path, known: dict[str, Any]) -> dict[str, Any]:
    from porchlight.home.channels.backups import back_up
    from porchlight.kit import clock

    file = back_up(folder=folder, keepers=known["keepers"], now=clock.now())
    return {"file_bytes": file.stat().st_size}


def _drill(folder: Path, known: dict[str, Any]) -> dict[str, Any]:
    from porchlight.home.channels.backups import drill
    from porchlight.kit import clock

    says = drill(folder=folder, keepers=known["keepers"], now=clock.now())
    return {"rows": int(says.split()[0])}


def _restore(folder: Path, known: dict[str, Any]) -> dict[str, Any]:
    from porchlight.home.channels.backups import restore
    from porchlight.home.channels.backups.bundle import identities_of
    from porchlight.kit import clock

    [file] = folder.glob("*.age")
    with file.open("rb") as source:
        identities = identities_of(known["secret"])
        manifest = restore(source=source, identities=identities, replace=True, now=clock.now())
    return {"rows": sum(manifest.tables.values()), "opens": _opens()}


def _opens() -> bool:
    """Whether a guarded word of before says the same in the restored database."""
    from porchlight.kit import vault
    from porchlight.people import models
    from porchlight.people.queries.places import ADDRESS

    home = models.Place.objects.filter(person__source="bench").order_by("id")[0]
    raw = home.address_guarded or b""
    return vault.reveal(raw, purpose=ADDRESS, whose=home.person_id).startswith(CANARY)


# ---------- what lies on the disk meanwhile ----------


class Watch:
    """Looks at every file in some folders, again and again; remembers which were not sealed."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self.sealed: set[str] = set()
        self.plain: set[str] = set()
        self._stop = threading.Event()
        self._beside = threading.Thread(target=self._watch, name="watching")

    @contextmanager
    def over(self) -> Iterator[None]:
        """Watch for the length of the block."""
        self._beside.start()
        try:
            yield
        finally:
            self._stop.set()
            self._beside.join()
            self.look()

    def _watch(self) -> None:
        while not self._stop.wait(OFTEN):
            self.look()

    def look(self) -> None:
        """Once over all files; one that goes meanwhile is not there."""
        for folder in self._folders:
            for file in folder.rglob("*"):
                if file.name not in OUTSIDE and file.is_file():
                    self._look_at(file)

    def _look_at(self, file: Path) -> None:
        try:
            with file.open("rb") as source:
                head = source.read(len(SEALED))
        except OSError:
            return
        if head:
            (self.sealed if head == SEALED else self.plain).add(file.name)


def files_with(folder: Path, word: bytes) -> list[str]:
    """Every file below a folder that holds a word, in small letters or as it is."""
    marks = {word, word.lower(), word.hex().encode(), word.lower().hex().encode()}
    return sorted(str(file) for file in folder.rglob("*") if _holds(file, marks))


def _holds(file: Path, marks: set[bytes]) -> bool:
    longest, tail = max(map(len, marks)), b""
    try:
        with file.open("rb") as source:
            while piece := source.read(2**22):
                if any(mark in tail + piece for mark in marks):
                    return True
                tail = piece[-longest:]
    except OSError:
        return False
    return False


# ---------- the whole ----------


def bench_backup(gigabytes: float) -> dict[str, Any]:
    """Fill one scratch install, back it up, drill, and restore into another."""
    import pyrage

    secret, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    keepers = [str(one.to_public()) for one in (secret, other)]
    known = json.dumps({"keepers": keepers, "secret": str(secret)})
    with (
        tempfile.TemporaryDirectory(prefix="porchlight-bench-") as room,
        scratch_install(prepare=PREPARE, is_durable=True) as first,
        scratch_install(is_durable=True) as second,
    ):
        folder, own = Path(room) / "backups", Path(room) / "tmp"
        own.mkdir()
        facts = {"PORCHLIGHT_BENCH_KNOWN": known, "TMPDIR": str(own)}
        installs = dict.fromkeys(DEEDS, first | facts)
        installs["restore"] = second | facts | {"PORCHLIGHT_KEYS": first["PORCHLIGHT_KEYS"]}
        result = _inside(first, "fill", str(gigabytes))
        watch = Watch(Path(room), Path(second["PORCHLIGHT_VAR"]))
        with watch.over():
            for deed in DEEDS:
                result[deed] = _inside(installs[deed], "do", deed, str(folder))
        databases = [_home_of(one["DATABASE_URL"]) for one in (first, second)]
        leaks = [name for at in (Path(room), *databases) for name in files_with(at, CANARY_BYTES)]
    return {
        "what": "backup",
        "version": __version__,
        "gigabytes": gigabytes,
        **result,
        "files_sealed": len(watch.sealed),
        "files_plain": sorted(watch.plain),
        "files_with_guarded_words": leaks,
    }


CANARY_BYTES = CANARY.encode()


def _home_of(url: str) -> Path:
    """The folder of a throwaway database: its socket lies in it."""
    from urllib.parse import parse_qs, urlsplit

    return Path(parse_qs(urlsplit(url).query)["host"][0]).parent


def _inside(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "porchlight.bench.backing_up", *arguments]
    found: dict[str, Any] = json.loads(run(command, environment).strip().splitlines()[-1])
    return found


def _told(result: dict[str, Any]) -> str:
    """The result as lines for people."""
    megabytes = result["database_bytes"] / 2**20
    lines = [f"{megabytes:,.0f} MiB, {result['restore']['rows']:,} rows", ""]
    lines += [
        f"  {deed:<8} {result[deed]['s']:>8.1f} s  {result[deed]['memory_mb']:>6.0f} MiB, "
        f"{result[deed]['memory_before_mb']:.0f} before"
        for deed in DEEDS
    ]
    lines += ["", f"  the file: {result['backup']['file_bytes'] / 2**20:,.1f} MiB"]
    plain = [*result["files_plain"], *result["files_with_guarded_words"]]
    return "\n".join([*lines, f"  plain on the disk meanwhile: {', '.join(plain) or 'nothing'}"])


def main(arguments: list[str]) -> int:
    """`porchlight bench backup ...`"""
    inside: dict[str, Callable[..., dict[str, Any]]] = {
        "fill": lambda size: fill(float(size)),
        "do": lambda deed, folder: do(deed, Path(folder)),
    }
    if arguments and arguments[0] in inside:
        print(json.dumps(inside[arguments[0]](*arguments[1:])))
        return 0
    parser = argparse.ArgumentParser(
        prog="porchlight bench backup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    parser.add_argument(
        "--gigabytes", type=float, default=USUAL, help=f"of the database, {SMALLEST} to {MOST:.0f}"
    )
    chosen = parser.parse_args(arguments)
    if not SMALLEST <= chosen.gigabytes <= MOST:
        parser.error(f"--gigabytes goes from {SMALLEST} to {MOST:.0f}.")
    if shutil.disk_usage(tempfile.gettempdir()).free < ROOM * chosen.gigabytes * GIGABYTE:
        parser.error(f"--gigabytes {chosen.gigabytes} needs {ROOM} times as much free disk.")
    result = bench_backup(chosen.gigabytes)
    print(json.dumps(result) if chosen.json else _told(result))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
