"""Writes tests/corpus/backups: files somebody might give to `restore`, each named by its fault.

    .venv/bin/python -m tools.bad_backups

Run once; the files are kept. Their keeper exists for tests only.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import django
import pyrage

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "porchlight.settings")
os.environ["PORCHLIGHT_MODE"] = "test"
django.setup()

from porchlight.home.channels.backups import bundle  # noqa: E402
from porchlight.home.rules.backups import Manifest  # noqa: E402
from porchlight.kit import accounts, postgres  # noqa: E402
from porchlight.kit.postgres.programs import programs_for  # noqa: E402

FOLDER = REPOSITORY / "tests" / "corpus" / "backups"
KEEPER = pyrage.x25519.Identity.generate()
STRANGER = pyrage.x25519.Identity.generate()
MANIFEST = Manifest(
    made_at="2026-01-02T03:04:05+00:00", version="0.0.1", server=16, tables={}, heads=[], keys=[]
)
GARBAGE = b"PGDMP is how a dump begins, but this is none."
CHUNK = 65_536
"""Of age."""


def sealed(plain: bytes, *keepers: pyrage.x25519.Identity) -> bytes:
    return bytes(pyrage.encrypt(plain, [one.to_public() for one in keepers or (KEEPER, STRANGER)]))


def inside(
    dump: bytes = GARBAGE,
    manifest: Manifest = MANIFEST,
    keys: dict[str, bytes] | None = None,
) -> bytes:
    return b"".join(bundle.pieces(manifest, keys or {}, iter([dump])))


def archive(*files: tuple[str, bytes]) -> bytes:
    members = b"".join(piece for name, words in files for piece in bundle.member(name, words))
    return members + bytes(1024)


def linked() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as written:
        about = tarfile.TarInfo("keys/k1.key")
        about.type, about.linkname = tarfile.SYMTYPE, "/etc/hostname"
        written.addfile(about)
    return out.getvalue()


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def outside() -> dict[str, bytes]:
    """Faults of the sealed file."""
    whole = sealed(inside())
    head = whole.index(b"\n--- ") + 1
    body = whole.index(b"\n", head) + 1
    exact = sealed(inside().ljust(CHUNK, b"\0"))
    stanza = whole.index(b"-> X25519 ")
    return {
        "empty": b"",
        "armoured": bytes(pyrage.encrypt(inside(), [KEEPER.to_public()], armored=True)),
        "cut-in-first-line": whole[:12],
        "cut-in-head": whole[: stanza + 30],
        "cut-after-head": whole[:body],
        "cut-in-the-middle": whole[: (body + len(whole)) // 2],
        "cut-last-byte": whole[:-1],
        "flipped-in-key": flipped(whole, stanza + 70),
        "flipped-in-mac": flipped(whole, head + 10),
        "flipped-in-nonce": flipped(whole, body + 3),
        "flipped-in-the-middle": flipped(whole, (body + len(whole)) // 2),
        "flipped-last-byte": flipped(whole, len(whole) - 1),
        "more-behind": whole + b"more",
        "more-behind-a-full-piece": exact + b"more",
        "passphrase": bytes(pyrage.passphrase.encrypt(inside(), "linden")),
        "unknown-stanza": bundle.FIRST_LINE + b"-> rot13 linden\n\n" + whole[head:],
        "huge-line": bundle.FIRST_LINE + b"-> X25519 " + b"a" * 40_000 + b"\n" + whole[head:],
        "many-stanzas": bundle.FIRST_LINE + b"-> x\n\n" * 10_000 + whole[head:],
        "random-body": whole[:body] + os.urandom(2_000),
        "for-somebody-else": sealed(inside(), STRANGER),
    }


def within(empty: bytes, rows_of_no_table: bytes) -> dict[str, bytes]:
    """A sealed file that is right, with something else in it."""
    manifest, end = ("manifest.json", MANIFEST.as_bytes()), ("end.json", b"{}")
    wrong = json.dumps({"made_at": 1, "version": 2, "server": "x", "tables": [],
                        "heads": {}, "keys": 3})  # fmt: skip
    newer = replace(MANIFEST, version="999.0.0")
    found = {
        "words-inside": b"Dear keeper, this is no backup.\n" * 20,
        "other-archive": archive(("holiday.jpg", b"\xff\xd8\xff")),
        "cut-off-inside": inside()[:1_700],
        "manifest-no-json": archive(("manifest.json", b"\xff{"), end),
        "manifest-wrong-kinds": archive(("manifest.json", wrong.encode()), end),
        "manifest-deep": archive(("manifest.json", b"[" * 100_000), end),
        "end-no-json": archive(manifest, ("end.json", b"nothing")),
        "end-a-list": archive(manifest, ("end.json", b"[]")),
        "other-fingerprint": archive(manifest, ("dump/00000000", b"x"), end),
        "way-out": archive(manifest, ("../../x", b"x"), end),
        "way-out-of-keys": archive(manifest, ("keys/../../x", b"x"), end),
        "from-the-root": archive(manifest, ("/tmp/x", b"x"), end),  # noqa: S108 (never written)
        "link": linked(),
        "newer": inside(manifest=newer),
        "key-no-key": inside(empty, keys={"k9.key": b"linden\n"}),
        "dump-no-dump": inside(),
        "dump-of-nothing": inside(empty),
        "table-not-there": inside(empty, replace(MANIFEST, tables={"people_gone": 3})),
        "rows-of-no-table": inside(rows_of_no_table),
    }
    return {name: sealed(plain) for name, plain in found.items()}


def dumps() -> tuple[bytes, bytes]:
    """A dump of an empty database, and one of rows without their table, as any version reads."""
    with postgres.throwaway(16) as database:
        programs = programs_for(accounts.ourselves(), 16)

        def run(program: str, *words: str) -> bytes:
            command = [programs / program, *words, f"--dbname={database.url}"]
            return subprocess.run(command, check=True, capture_output=True).stdout

        empty = run("pg_dump", "--format=custom")
        run("psql", "-c", "CREATE TABLE people_gone (id int)", "-c", "INSERT INTO people_gone"
            " VALUES (1), (2), (3)")  # fmt: skip
        return empty, run("pg_dump", "--format=custom", "--data-only")


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "keeper.txt").write_text(f"For tests only: nothing real is sealed to it.\n{KEEPER}\n")
    for name, content in (outside() | within(*dumps())).items():
        (FOLDER / f"{name}.age").write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
