"""Every shape a release ever had still becomes today's."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import StateApps

from porchlight import __version__
from porchlight.notices.actions import receive_receipt
from porchlight.notices.models import Attempt, Delivery, IncomingText, Receipt
from porchlight.notices.rules import FIRST
from porchlight.people.models import Login, Person
from porchlight.people.queries.names import named

Shape = list[list[tuple[object, ...]]]
CHECKOUT = Path(__file__).parent.parent
SCHEMAS = sorted((CHECKOUT / "tests" / "schemas").glob("*.sql"))
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


def lacking(heading: str, dump: str, migrations: set[tuple[str, str]]) -> set[str]:
    """Migrations that a released version's shape does not hold; before the release it may be older,
    so that a database of those who run what is not released yet is tried too."""
    if "unreleased" in heading:
        return set()
    return {name for app, name in migrations if f"'{app}', '{name}'" not in dump}


def test_a_release_has_the_shape_it_was_released_with() -> None:
    """Whoever writes a date behind the version has to run `python tools/schema.py --again`."""
    changes = (CHECKOUT / "CHANGELOG.md").read_text("utf-8")
    [heading] = re.findall(rf"^## {re.escape(__version__)}.*$", changes, re.M)
    dump = (CHECKOUT / f"tests/schemas/{__version__}.sql").read_text("utf-8")
    own = {one.name for one in (CHECKOUT / "porchlight").iterdir()}
    ours = {one for one in MigrationLoader(None).graph.nodes if one[0] in own}
    assert lacking(heading, dump, ours) == set()
    assert lacking("## 0.1.0 (1 January)", dump, {("people", "0001_initial")}) == set()
    assert lacking("## 0.1.0 (1 January)", dump, {("people", "9999_later")}) == {"9999_later"}


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


SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def _somebody_before(apps: StateApps, network_id: UUID, name: str, day: int) -> UUID:
    """A person with a login, as the version before wrote them: the skeleton was the bare name."""
    person = apps.get_model("people", "Person").objects.create(
        id=uuid4(), network_id=network_id, source="test", client_key=uuid4(), created_at=SINCE,
        joined_at=SINCE + timedelta(days=day), name=name, skeleton=name, language="ar",
        level="member",
    )  # fmt: skip
    apps.get_model("people", "Login").objects.create(
        id=uuid4(), network_id=network_id, person_id=person.id, handle=f"{network_id}:{name}",
        password="!", recovery="!",
    )  # fmt: skip
    found: UUID = person.id
    return found


def test_deliveries_under_way_belong_to_the_first_gateway(
    empty_database: tuple[Shape, str],
) -> None:
    """Also what a worker of the version before writes beside the new one."""
    executor = MigrationExecutor(connection)
    before = [
        key if key[0] != "notices" else ("notices", "0016_keys_by_their_index")
        for key in executor.loader.graph.leaf_nodes()
    ]
    executor.migrate(before)
    told = _told_before(executor.loader.project_state(before).apps)
    call_command("migrate", verbosity=0)
    assert list(Attempt.objects.values_list("provider", flat=True)) == [FIRST]
    assert list(Receipt.objects.values_list("provider", flat=True)) == [FIRST]
    assert list(Delivery.objects.values_list("prefers", flat=True)) == [None]
    assert list(IncomingText.objects.values_list("provider", flat=True)) == [FIRST]
    with connection.cursor() as cursor:
        cursor.execute(OLD_ATTEMPT, [uuid4(), told])
    assert Attempt.objects.get(ordinal=2).provider == FIRST
    receive_receipt(delivery_id=told, provider_id="SM1:delivered", arrived=True, now=SINCE)
    assert Delivery.objects.get().state == "delivered"


OLD_ATTEMPT = """
INSERT INTO notices_attempt (network_id, delivery_id, ordinal, begun_at, worker)
SELECT network_id, id, 2, now(), %s FROM notices_delivery WHERE id = %s
"""


def _told_before(apps: StateApps) -> int:
    """A text in doubt, with all that was written about it, as the version before wrote it."""
    network_id, life = uuid4(), SINCE + timedelta(days=1)
    here: dict[str, Any] = {"network_id": network_id}

    def make(name: str, **facts: Any) -> Any:
        return apps.get_model("notices", name).objects.create(**here | facts)

    topic = make("Topic", kind="ask", opened_at=SINCE, expires_at=life)
    text = make(
        "Text", topic=topic, language="en", fingerprint=b"", words_guarded=b"", expires_at=life
    )
    notice = make(
        "Notice", topic=topic, text=text, recipient_id=uuid4(), purpose="told", urgency="critical",
        path="/", wants_answer=False, told_at=SINCE, expires_at=life,
    )  # fmt: skip
    delivery = make(
        "Delivery", notice=notice, lane="urgent", channel="sms", rank=1, address_id=uuid4(),
        address_guarded=b"", language="en", state="queued", due_at=SINCE, expires_at=life, tries=1,
    )  # fmt: skip
    rows = apps.get_model("notices", "Delivery").objects.filter(id=delivery.id)
    rows.update(state="claimed", lease_until=SINCE, claimed_by=uuid4())
    rows.update(state="in_doubt", lease_until=None)
    attempt = make("Attempt", delivery=delivery, ordinal=1, begun_at=SINCE, worker=uuid4())
    make("Outcome", attempt=attempt, at=SINCE, state="in_doubt")
    make("Receipt", delivery=delivery, provider_id="SM1:sent", at=SINCE, arrived=False)
    make(
        "IncomingText", channel="sms", provider_id="SM2", address_guarded=b"", address_index=b"",
        text_guarded=b"", arrived_at=SINCE, expires_at=life,
    )  # fmt: skip
    found: int = delivery.id
    return found


def test_people_from_before_are_found_by_how_their_names_look_today(
    empty_database: tuple[Shape, str],
) -> None:
    executor = MigrationExecutor(connection)
    before = [
        key if key[0] != "people" else ("people", "0013_lockdown")
        for key in executor.loader.graph.leaf_nodes()
    ]
    executor.migrate(before)
    apps = executor.loader.project_state(before).apps
    street, other = (
        apps.get_model("people", "Network").objects.create(
            id=uuid4(), slug=slug, name=slug, zone="UTC", languages=["ar"], created_at=SINCE,
            emergency_number="112",
        )
        for slug in ("linden", "harbour")
    )  # fmt: skip
    here = {
        name: _somebody_before(apps, street.id, name, day)
        for day, name in enumerate(["علی", "على", "علي", "کریم", "ada"])
    }
    there = _somebody_before(apps, other.id, "علی", 0)
    gone = _somebody_before(apps, street.id, "فاطمة", 0)
    apps.get_model("people", "Login").objects.filter(person_id=gone).update(handle="died")
    apps.get_model("people", "Person").objects.filter(id=gone).update(left_at=SINCE)

    call_command("migrate", verbosity=0)

    rows = {row.id: row for row in Person.objects.all()}
    handles = dict(Login.objects.values_list("person_id", "handle"))
    keys = {name: rows[person_id].skeleton for name, person_id in here.items()}
    assert keys == {
        "علي": "علي", "علی": "علي 2", "على": "علي 3", "کریم": "كريم", "ada": "ada",
    }  # fmt: skip
    assert {name: rows[person_id].name for name, person_id in here.items()} == {n: n for n in here}
    for name, person_id in here.items():
        assert handles[person_id] == f"{street.id}:{keys[name]}"
        first = named(network_id=street.id, name=name).first()
        assert first is not None
        assert first.id == person_id
    assert (rows[there].skeleton, handles[there]) == ("علي", f"{other.id}:علي")
    assert (rows[gone].skeleton, handles[gone]) == ("فاطمه", "died")
