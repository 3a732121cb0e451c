"""Whatever people of a network do, in whatever order, every promise holds after each step.

Also when they erase themselves, and when a copy of earlier is put back in the middle of it.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from porchlight.alerts.models import Alert
from porchlight.alerts.rules.asking import Where as WhereOfCall
from porchlight.alerts.rules.kinds import Kind as Emergency
from porchlight.people import models as people
from porchlight.people.tests.promises import broken_promises
from tests.life import Life
from tests.life_put_back import LifePutBack

pytestmark = pytest.mark.usefixtures("mail_goes_out")
ALL_OF_IT = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@pytest.fixture(autouse=True)
def graveyard(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_FOLDER = tmp_path / "keys"


def play(examples: int, steps: int, *, is_same: bool, life: type[Life] = Life) -> None:
    """Play that many lives; `is_same`: the same ones each time."""
    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=is_same,
        suppress_health_check=ALL_OF_IT, print_blob=True, database=None,
        phases=[Phase.generate, Phase.shrink] if not is_same else [Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(life, settings=how)


def test_every_promise_holds_whatever_happens(db: None) -> None:
    play(16, 40, is_same=True)


def test_an_old_copy_is_put_back_in_the_middle_of_a_life(transactional_db: None) -> None:
    LifePutBack.put_back = 0
    play(3, 22, is_same=True, life=LifePutBack)
    assert LifePutBack.put_back == 3


def test_a_phone_that_was_taken_calls_no_more_when_an_older_copy_is_put_back(
    transactional_db: None,
) -> None:
    """Found by a life that was put back: the one row that does not come back as it was."""
    life = LifePutBack()
    try:
        life.founded()
        life.a_phone_may_call_or_is_taken(who=1, is_taken=False)
        life.takes_a_copy()
        life.a_phone_may_call_or_is_taken(who=1, is_taken=True)
        life.puts_it_back()
        assert people.AlertKey.objects.exclude(revoked_at=None).count() == 1
    finally:
        life.steps = life.put_back_at
        life.teardown()


def test_somebody_who_was_asked_leaves(db: None) -> None:
    """Found by a long life: who left needs no notice any more of the call they were asked to."""
    life = Life()
    try:
        life.founded()
        life.calls(
            who=1, kind=Emergency.FIRE, is_wide=False, other=2, in_a_hurry=True,
            where=WhereOfCall.HOME,
        )  # fmt: skip
        life.leaves(who=2)
        life.every_promise_holds()
        assert people.Person.objects.filter(left_at__isnull=False).count() == 1
    finally:
        life.teardown()


@pytest.mark.faults
@pytest.mark.parametrize("part", range(4))
def test_every_promise_holds_in_many_long_lives(db: None, part: int) -> None:
    play(60, 80, is_same=False)


@pytest.mark.faults
def test_old_copies_are_put_back_in_many_lives(transactional_db: None) -> None:
    LifePutBack.put_back = 0
    play(60, 50, is_same=False, life=LifePutBack)
    assert LifePutBack.put_back >= 50


def test_a_broken_promise_is_seen_in_a_life(db: None) -> None:
    """The guard itself: a pod with an eleventh person, made behind everybody's back."""
    life = Life()
    try:
        life.founded()
        life.every_promise_holds()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE people_person SET left_at = now() WHERE id IN"
                " (SELECT person_id FROM people_membership WHERE until_at IS NULL LIMIT 1)"
            )
        assert "nobody_stays_after_leaving" in broken_promises(now=life.now)
    finally:
        life.teardown()


def test_workers_come_back_after_an_hour_to_a_call_whose_pod_is_gone(db: None) -> None:
    """Found by a long life: what became due meanwhile follows upon each other, step after step."""
    life = Life()
    try:
        life.founded()
        for who in (0, 0, 1):
            life.erases_everything(who=who)
        life.calls(
            who=0, kind=Emergency.HURT, is_wide=True, other=0, in_a_hurry=False,
            where=WhereOfCall.HOME,
        )  # fmt: skip
        life.lets_in_or_removes(which=0, who=0, other=0, yes=False)
        life.time_passes(step="an hour")
        life.every_promise_holds()
        assert Alert.objects.get(state="open").step_at > life.now
    finally:
        life.teardown()
