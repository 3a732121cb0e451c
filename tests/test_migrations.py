"""Every shape a release ever had still becomes today's."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from porchlight import __version__

Shape = list[list[tuple[object, ...]]]
SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
SHAPE = """
SELECT table_name, column_name, data_type, is_nullable, coalesce(character_maximum_length, 0)
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
LIMITS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"


def plain(part: object) -> object:
    """PostgreSQL writes a condition down anew when it is read back: other casts and brackets."""
    return (
        re.sub(r"::(?:character varying|text)(?:\[\])?|[()]", "", part)
        if isinstance(part, str)
        else part
    )


def shape_now() -> Shape:
    with connection.cursor() as cursor:
        found = []
        for asked in (SHAPE, LIMITS, INDEXES):
            cursor.execute(asked)
            found.append([tuple(map(plain, row)) for row in cursor.fetchall()])
        return found


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[tuple[Shape, str]]:
    """Today's shape, and a database of its own beside it with Django's connection moved there."""
    today = shape_now()
    name = "porchlight_old_shape"
    parameters = {k: v for k, v in settings.DATABASE_PARAMETERS.items() if k != "dbname"}
    with psycopg.connect(**parameters, dbname="postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name}")  # type: ignore[arg-type]
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")  # type: ignore[arg-type]
        usual = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield today, name
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = usual
            admin.execute(f"DROP DATABASE {name}")  # type: ignore[arg-type]


def test_the_shape_of_this_version_is_kept() -> None:
    assert f"{__version__}.sql" in [file.name for file in SCHEMAS]


@pytest.mark.parametrize("old", SCHEMAS, ids=[file.stem for file in SCHEMAS])
def test_an_old_shape_migrates_to_todays(old: Path, empty_database: tuple[Shape, str]) -> None:
    today, _name = empty_database
    with connection.cursor() as cursor:
        cursor.execute(old.read_text("utf-8"))
        cursor.execute("SELECT set_config('search_path', 'public', false)")
    call_command("migrate", verbosity=0)
    assert shape_now() == today


def test_no_change_of_a_table_waits_for_its_migration(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
