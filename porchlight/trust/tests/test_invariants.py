"""Every promise of trust holds on a good street, and is seen to be broken when it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from porchlight.kit import clock
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises, promises_of
from porchlight.trust.tests.test_countersigns import ask, sign
from porchlight.trust.tests.test_disclosures import end, read, show

pytestmark = pytest.mark.django_db
# By name: the list stands above every area.
TRUST = promises_of("trust")
MINUTE = timedelta(minutes=1)
TABLES = (
    "trust_disclosure",
    "trust_reading",
    "trust_countersign",
    "trust_countersignature",
)


def run(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def broken() -> list[str]:
    return broken_promises("trust")


@contextmanager
def unguarded() -> Iterator[None]:
    """Without triggers, as after a mistake in a migration; the test's end brings them back."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield


@pytest.fixture
def street() -> None:
    """Something shown, read and ended; something two said yes to; and all of it again, open."""
    ada, bo, eli = cast.ada(), cast.bo(), cast.person("Eli")
    show(ada, bo, eli, now=clock.now() - 5 * MINUTE)
    read(bo)
    read(eli)
    end(ada, reader_ids=[eli.id])
    show(ada, eli)
    ask(ada)
    sign(bo)
    ask(ada)


def too_early() -> None:
    run("UPDATE trust_reading SET at = at - interval '1 hour'")


def after_the_end() -> None:
    run("UPDATE trust_disclosure SET revoked_at = from_at + interval '1 second'")


def after_its_time() -> None:
    run("UPDATE trust_disclosure SET until_at = from_at + interval '1 minute'")


def twice() -> None:
    run("DROP INDEX disclosure_current")
    run("UPDATE trust_disclosure SET revoked_at = NULL")


def too_few() -> None:
    run(
        "DELETE FROM trust_countersignature WHERE id = (SELECT min(id) FROM trust_countersignature)"
    )


def too_late() -> None:
    run("UPDATE trust_countersignature SET at = at + interval '1 year'")


def shown_for_ever() -> None:
    run(
        "UPDATE trust_disclosure SET from_at = from_at - interval '33 days',"
        " revoked_at = revoked_at - interval '32 days' WHERE revoked_at IS NOT NULL"
    )
    run("DELETE FROM trust_reading")


def signed_for_ever() -> None:
    run(
        "UPDATE trust_countersign SET opened_at = opened_at - interval '33 days',"
        " done_at = done_at - interval '33 days', until_at = until_at - interval '33 days',"
        " expires_at = expires_at - interval '33 days' WHERE done_at IS NOT NULL"
    )
    run("UPDATE trust_countersignature SET at = at - interval '33 days'")


def test_a_good_street_keeps_every_promise(street: None) -> None:
    assert len(TRUST) == 8
    assert broken() == []


@pytest.mark.parametrize(
    ("wrong", "promise"),
    [
        (too_early, "readings_lie_in_their_time"),
        (after_the_end, "readings_lie_in_their_time"),
        (after_its_time, "readings_lie_in_their_time"),
        (twice, "one_disclosure_in_force"),
        (too_few, "what_was_done_together_was_signed"),
        (too_late, "what_was_done_together_was_signed"),
        (shown_for_ever, "what_was_shown_is_forgotten"),
        (signed_for_ever, "what_was_shown_is_forgotten"),
    ],
)
def test_a_broken_promise_is_seen(street: None, wrong: Callable[[], None], promise: str) -> None:
    with unguarded():
        wrong()
    assert broken() == [promise]
