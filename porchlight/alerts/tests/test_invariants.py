"""Every promise of alerts holds while a call runs and after it, and is seen to be broken."""

from collections.abc import Callable

import pytest
from django.db import connection

from porchlight.alerts.actions import answering, ending, steering
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import Scene, call, says, scene
from porchlight.alerts.tests.test_check_ins import HALF, out, step
from porchlight.kit import clock
from porchlight.people.tests.promises import broken_promises, promises_of

pytestmark = pytest.mark.django_db
# By name: the list stands above every area.
ALERTS = promises_of("alerts")
TABLES = ("alerts_checkin", "alerts_alert", "alerts_invitation", "alerts_alertevent",
          "trust_disclosure", "notices_topic", "notices_notice")  # fmt: skip


def run(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def broken() -> set[str]:
    return set(broken_promises("alerts"))


@pytest.fixture
def street() -> Scene:
    """One wide call with people in every standing, a silent one with two coming, and one over."""
    street = scene()
    wide = call(street, is_wide=True)
    says(street, wide, "Sofie", minutes=5)
    says(street, wide, "Nils")
    says(street, wide, "Amir", Said.REMOTE)
    says(street, wide, "Rosa", Said.CANT)
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=wide.id, now=clock.now())
    says(street, wide, "Sofie", minutes=9)  # who is there says no minutes any more
    steering.allow(
        viewer=street.viewer("Lena"), alert_id=wide.id, person_id=street.id("Nils"), now=clock.now()
    )
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=wide.id, person_id=street.id("Hana"), now=clock.now()
    )
    for name in ("Omar", "Jan", "Hank"):
        says(street, wide, name)
    silent = call(street, Kind.UNSAFE)
    says(street, silent, "Bea")
    row = out(street)
    step(row, row.due_at)
    step(row, row.due_at + HALF)
    over = call(street, Kind.FIRE, by="Jan")
    says(street, over, "Rosa")
    ending.end(
        viewer=street.viewer("Jan"), alert_id=over.id, how=EndedHow.ALL_CLEAR, now=clock.now()
    )
    return street


def shown_after_the_end() -> None:
    run("UPDATE trust_disclosure SET revoked_at = NULL WHERE thing_id IN"
        " (SELECT id FROM alerts_alert WHERE state = 'ended')")  # fmt: skip


def shown_without_coming() -> None:
    run("UPDATE trust_disclosure SET reader_id ="
        " (SELECT id FROM people_person WHERE name = 'Rosa') WHERE reader_id ="
        " (SELECT id FROM people_person WHERE name = 'Sofie') AND revoked_at IS NULL")  # fmt: skip


def shown_to_a_stranger() -> None:
    run("UPDATE alerts_invitation SET allowed_at = NULL WHERE why = 'near'")


def shown_to_one_alone() -> None:
    run("UPDATE alerts_alert SET playbook = playbook || '{\"needs_two\": true}'")
    run("UPDATE alerts_invitation SET standing = 'cant', seat = NULL WHERE standing = 'coming'")
    run("INSERT INTO alerts_alertevent (network_id, alert_id, at, verb, person_id, detail)"
        " SELECT network_id, alert_id, now(), standing, person_id, '{}' FROM alerts_invitation"
        " WHERE standing = 'cant'")  # fmt: skip
    run("UPDATE trust_disclosure SET revoked_at = from_at WHERE reader_id <>"
        " (SELECT id FROM people_person WHERE name = 'Sofie')")  # fmt: skip
    run("UPDATE alerts_alert SET state = 'open' WHERE state = 'enough'")


def over_the_cap() -> None:
    run("UPDATE alerts_alert SET playbook = playbook || '{\"most\": 2}' WHERE state = 'enough'")


def enough_too_early() -> None:
    run("UPDATE alerts_alert SET wanted = 9 WHERE state = 'enough'")


def standing_beside_the_line() -> None:
    run("UPDATE alerts_invitation SET standing = 'remote' WHERE standing = 'cant'")


def leads_from_home() -> None:
    run("UPDATE alerts_alert SET lead_id = (SELECT id FROM people_person WHERE name = 'Rosa')"
        " WHERE lead_id IS NOT NULL")  # fmt: skip


def never_told() -> None:
    run("UPDATE alerts_invitation SET notice_id = gen_random_uuid() WHERE standing = 'remote'")


def still_asking() -> None:
    run("UPDATE notices_topic SET closed_at = NULL WHERE id IN"
        " (SELECT topic_id FROM alerts_alert WHERE state = 'ended')")  # fmt: skip


def runs_for_ever() -> None:
    run("UPDATE alerts_alert SET closes_at = now() - interval '3 hours' WHERE state = 'enough'")


def stands_still() -> None:
    run("UPDATE alerts_alert SET step_at = now() - interval '3 minutes' WHERE state = 'enough'")


def without_a_step() -> None:
    run("UPDATE alerts_alert SET step_at = NULL, due_at = now() - interval '3 minutes'"
        " WHERE state = 'enough'")  # fmt: skip


def words_for_ever() -> None:
    run("UPDATE alerts_alertwords SET expires_at = now() + interval '99 days' WHERE alert_id IN"
        " (SELECT id FROM alerts_alert WHERE state = 'ended')")  # fmt: skip


def words_too_long() -> None:
    run("UPDATE alerts_alertwords SET expires_at = now() - interval '3 hours'")


def call_for_ever() -> None:
    run("UPDATE alerts_alert SET expires_at = now() - interval '2 days' WHERE state = 'ended'")


def a_way_stands_still() -> None:
    run("UPDATE alerts_checkin SET step_at = now() - interval '3 minutes'")


def told_too_early() -> None:
    run("UPDATE alerts_checkin SET state = 'asked'")


def test_a_good_street_keeps_every_promise(street: Scene) -> None:
    assert len(ALERTS) == 14
    assert broken() == set()


@pytest.mark.parametrize(
    ("wrong", "promise"),
    [
        (shown_after_the_end, "a_door_is_shown_only_while_it_runs"),
        (shown_without_coming, "a_door_is_earned"),
        (shown_to_a_stranger, "a_door_is_earned"),
        (shown_to_one_alone, "nobody_alone_at_a_door_that_needs_two"),
        (over_the_cap, "never_too_many_at_the_scene"),
        (enough_too_early, "enough_is_enough"),
        (standing_beside_the_line, "standings_are_what_happened"),
        (leads_from_home, "who_leads_is_there"),
        (never_told, "whoever_is_asked_was_told"),
        (still_asking, "nobody_is_asked_after_the_end"),
        (runs_for_ever, "no_call_runs_for_ever"),
        (stands_still, "a_running_call_goes_on"),
        (without_a_step, "a_running_call_goes_on"),
        (a_way_stands_still, "a_way_goes_on"),
        (told_too_early, "nobody_hears_of_a_way_too_early"),
        (words_for_ever, "words_of_calls_go_in_time"),
        (words_too_long, "words_of_calls_go_in_time"),
        (call_for_ever, "words_of_calls_go_in_time"),
    ],
)
def test_a_broken_promise_is_seen(street: Scene, wrong: Callable[[], None], promise: str) -> None:
    """Without triggers, as after a mistake in a migration; the test's end brings them back."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    wrong()
    assert promise in broken()
