"""The embedded database's log forgets after a week, also while the server writes into it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from porchlight.home import tasks
from porchlight.kit import clock
from porchlight.kit.postgres import place, throwaway
from porchlight.kit.postgres.log import LOG_LIFE, STAMP, forget_old_lines
from porchlight.kit.postgres.server import within

NOW = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)


def line(ago: timedelta, words: str) -> str:
    at = NOW - ago
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} UTC [42] LOG:  {words}\n"


def lines(*ages: float) -> str:
    return "".join(line(timedelta(days=age), f"{age} days") + "\tand more\n" for age in ages)


@pytest.mark.parametrize(
    ("said", "stays"),
    [
        ("", ""),
        (lines(1), lines(1)),
        (lines(9, 8, 6, 1), lines(6, 1)),
        (lines(9, 8), ""),
        ("no stamp at all\n", "no stamp at all\n"),
        ("before any stamp\n" + lines(8, 2), lines(2)),
        (line(LOG_LIFE, "just a week") + lines(1), line(LOG_LIFE, "just a week") + lines(1)),
        (line(LOG_LIFE + timedelta(milliseconds=1), "over it") + lines(1), lines(1)),
    ],
)
def test_what_is_older_than_a_week_is_cut_off(said: str, stays: str, tmp_path: Path) -> None:
    log = tmp_path / "postgres.log"
    log.write_text(said)
    assert forget_old_lines(log, now=NOW) == len(said) - len(stays)
    assert log.read_text() == stays
    assert forget_old_lines(log, now=NOW) == 0


def test_no_log_and_one_that_may_not_be_written_change_nothing(tmp_path: Path) -> None:
    assert forget_old_lines(tmp_path / "postgres.log", now=NOW) == 0
    folder = tmp_path / "another.log"
    folder.mkdir()
    assert forget_old_lines(folder, now=NOW) == 0


def test_the_file_that_was_put_aside_goes_too(tmp_path: Path) -> None:
    log, aside = tmp_path / "postgres.log", tmp_path / "postgres.log.1"
    aside.write_text("old")
    now = datetime.now(UTC)
    assert forget_old_lines(log, now=now + LOG_LIFE - timedelta(hours=1)) == 0
    assert forget_old_lines(log, now=now + LOG_LIFE + timedelta(hours=1)) == 3
    assert not aside.exists()


def test_a_real_server_writes_such_lines_and_goes_on_writing_behind_the_cut() -> None:
    with throwaway() as database:
        said = database.log.read_bytes()
        assert STAMP.search(said)
        a_week_on = datetime.now(UTC) + LOG_LIFE + timedelta(minutes=1)
        assert forget_old_lines(database.log, now=a_week_on) == len(said)
        assert database.log.read_bytes() == b""
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(
                make_conninfo("", **(dict(database.parameters) | {"dbname": "nowhere"}))
            )
        assert within(20, lambda: b"nowhere" in database.log.read_bytes())
        assert STAMP.match(database.log.read_bytes())  # it left no hole


@pytest.mark.django_db(transaction=True)
def test_the_sweep_does_it_where_the_database_is_ours(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "ROOT_HOME", tmp_path / "root")
    settings.VAR = settings.KEYS_FOLDER = tmp_path
    log = place.embedded(tmp_path).log
    log.parent.mkdir(parents=True)
    at = clock.now() - timedelta(days=8)
    old = f"{at:%Y-%m-%d %H:%M:%S}.000 UTC [42] LOG:  old\n"
    log.write_text(old)
    settings.DATABASE_URL = "postgresql://another.example/one"
    tasks.sweep()
    assert log.read_text() == old
    settings.DATABASE_URL = ""
    tasks.sweep()
    assert log.read_text() == ""
