"""Showing guarded words and ending it, on a real database, and by several at the same moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Least
from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people import models
from porchlight.people.actions.me import leave_network
from porchlight.people.queries.signing_in import as_network
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.trust.actions.disclosures import disclose, open_guarded, revoke
from porchlight.trust.actions.forgetting import forget_disclosures
from porchlight.trust.models import Disclosure, Reading
from porchlight.trust.queries.disclosures import may_open, opened_by, readers_now
from porchlight.trust.rules.disclosures import ONCE_IN, STAYS, How

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DOOR = "alert.door"
THING = UUID(int=7)


def show(owner: models.Person, *readers: models.Person, **changed: Any) -> None:
    now = changed.pop("now", None) or clock.now()
    facts: dict[str, Any] = {
        "network_id": owner.network_id,
        "owner_id": owner.id,
        "reader_ids": [reader.id for reader in readers],
        "what": DOOR,
        "thing_id": THING,
        "why_kind": "alert",
        "why_id": uuid4(),
        "now": now,
        "expires_at": now + DAY,
    }
    disclose(**facts | changed)


def end(owner: models.Person, **changed: Any) -> None:
    facts: dict[str, Any] = {
        "network_id": owner.network_id,
        "now": changed.pop("now", None) or clock.now(),
        "thing_id": THING,
    }
    revoke(**facts | changed)


def read(
    who: models.Person, now: datetime | None = None, how: str = "page", scope: Scope = Scope.SESSION
) -> bool:
    try:
        open_guarded(
            viewer=looking(who, scope), what=DOOR, thing_id=THING, how=how, now=now or clock.now()
        )
    except NotHere:
        return False
    return True


def looking(who: models.Person, scope: Scope = Scope.SESSION) -> Viewer:
    return Viewer(network=as_network(who.network), person_id=who.id, scope=scope)


def system() -> Viewer:
    return Viewer.system(as_network(cast.linden()), "a test")


def who_may(viewer: Viewer, now: datetime | None = None) -> frozenset[UUID]:
    return readers_now(viewer=viewer, thing_id=THING, what=DOOR, now=now or clock.now())


# ---------- showing ----------


def test_who_is_shown_something_reads_it_and_nobody_else() -> None:
    ada, bo, dee, cy = cast.ada(), cast.bo(), cast.dee(), cast.cy()
    assert not read(bo)
    show(ada, bo)
    assert [read(who) for who in (ada, bo, dee, cy)] == [False, True, False, False]
    assert may_open(viewer=looking(bo), what=DOOR, thing_id=THING, now=clock.now())
    for what, thing in (("alert.story", THING), (DOOR, uuid4())):
        assert not may_open(viewer=looking(bo), what=what, thing_id=thing, now=clock.now())
    assert Reading.objects.count() == 1


@pytest.mark.parametrize("scope", Scope)
def test_only_a_session_and_a_link_open_words_never_an_alert_key(scope: Scope) -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    assert read(bo, scope=scope) == (scope in {Scope.SESSION, Scope.LINK})
    assert Reading.objects.count() == (1 if scope in {Scope.SESSION, Scope.LINK} else 0)


def test_a_visitor_reads_nothing() -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    assert not may_open(viewer=cast.nobody(), what=DOOR, thing_id=THING, now=clock.now())


def test_showing_twice_is_the_same_as_once_and_never_shorter() -> None:
    ada, bo = cast.ada(), cast.bo()
    now, first, second = clock.now(), uuid4(), uuid4()
    show(ada, bo, now=now, until_at=now + 2 * HOUR, why_id=first)
    show(ada, bo, bo, now=now + HOUR, until_at=now + HOUR * 1.5, why_id=second)
    (row,) = Disclosure.objects.all()
    assert (row.from_at, row.until_at, row.why_id) == (now, now + 2 * HOUR, second)
    show(ada, bo, now=now + HOUR)
    (row,) = Disclosure.objects.all()
    assert (row.until_at, row.expires_at) == (None, now + HOUR + DAY)


def test_the_owner_the_blocked_and_the_gone_are_left_out() -> None:
    ada, bo, dee, eli, cy = cast.ada(), cast.bo(), cast.dee(), cast.person("Eli"), cast.cy()
    gone = cast.person("Gus")
    cast.block(ada, bo)
    cast.block(dee, ada)
    models.Person.objects.filter(id=gone.id).update(left_at=clock.now())
    show(ada, ada, bo, dee, eli, gone, cy)
    assert list(Disclosure.objects.values_list("reader_id", flat=True)) == [eli.id]
    assert who_may(system()) == {eli.id}


@pytest.mark.parametrize("by_reader", [False, True])
def test_a_block_made_later_closes_it_until_it_is_lifted(by_reader: bool) -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    block = cast.block(bo, ada) if by_reader else cast.block(ada, bo)
    assert (read(bo), who_may(system())) == (False, frozenset())
    assert who_may(looking(ada)) == {bo.id}, "neither may be able to tell"
    models.Block.objects.filter(id=block.id).update(lifted_at=clock.now())
    assert read(bo)


@pytest.mark.parametrize("who", ["Ada", "Bo"])
def test_nothing_opens_once_one_of_the_two_left(who: str) -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    models.Person.objects.filter(name=who).update(left_at=clock.now())
    assert (read(bo), who_may(system())) == (False, frozenset())


def test_an_owner_who_left_and_an_end_that_passed_show_nothing() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    show(ada, bo, now=now, expires_at=now)
    show(ada, bo, now=now, until_at=now - HOUR)
    models.Person.objects.filter(id=ada.id).update(left_at=now)
    show(ada, bo)
    assert not Disclosure.objects.exists()


def test_three_hundred_readers_cost_as_many_statements_as_three(
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    ada = cast.ada()
    people = [cast.person(f"N{number}", with_login=False) for number in range(300)]
    with django_assert_max_num_queries(11):
        show(ada, *people)
    with django_assert_max_num_queries(11):
        show(ada, *people)
    now = clock.now()
    with django_assert_max_num_queries(5):
        end(ada, now=now)
    assert Disclosure.objects.exclude(revoked_at=None).count() == 300


# ---------- ending ----------


@pytest.mark.parametrize("end_of", ["revoked", "until", "expires"])
def test_it_ends_in_three_ways_and_can_be_shown_anew(end_of: str) -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    show(ada, bo, now=now, until_at=now + HOUR if end_of == "until" else None)
    assert read(bo, now)
    later = {"revoked": now + HOUR, "until": now + HOUR, "expires": now + DAY}[end_of]
    if end_of == "revoked":
        end(ada, now=later)
    assert not read(bo, later)
    assert read(bo, later - timedelta(microseconds=1)) == (end_of != "revoked")
    show(ada, bo, now=later)
    assert read(bo, later)
    assert (Disclosure.objects.count(), Disclosure.objects.filter(revoked_at=None).count()) == (
        2,
        1,
    )


def test_ending_goes_by_thing_reason_reader_and_kind() -> None:
    ada, bo, eli = cast.ada(), cast.bo(), cast.person("Eli")
    one, two = uuid4(), uuid4()

    def left(**by: Any) -> int:
        with transaction.atomic():
            show(ada, bo, eli, why_id=one)
            show(ada, bo, what="alert.story", why_id=two)
            end(ada, **by)
            found = Disclosure.objects.filter(revoked_at=None).count()
            transaction.set_rollback(True)
        return found

    assert left() == 0
    assert left(what=DOOR) == 1
    assert left(reader_ids=[bo.id]) == 1
    assert left(reader_ids=[]) == 3
    assert left(thing_id=None, why_id=one) == 1
    assert left(thing_id=uuid4()) == 3
    assert left(network_id=cast.harbour().id) == 3
    with pytest.raises(TypeError):
        end(ada, thing_id=None)


def test_ended_once_is_ended_also_when_the_clock_goes_back() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    show(ada, bo, now=now - HOUR)
    read(bo, now)
    end(ada, now=now - 2 * HOUR)
    (row,) = Disclosure.objects.all()
    assert row.revoked_at == now, "not before the last reading"
    end(ada, now=now + HOUR)
    assert Disclosure.objects.get().revoked_at == now
    assert not read(bo, now - 2 * HOUR)


def test_whoever_leaves_takes_their_words_along_and_reads_no_more() -> None:
    ada, bo, eli = cast.ada(), cast.bo(), cast.person("Eli")
    cast.mandate(eli)
    show(ada, bo)
    show(eli, ada, thing_id=UUID(int=8))
    show(bo, eli, thing_id=UUID(int=9))
    read(bo)
    leave_network(viewer=cast.viewer(ada), now=clock.now())
    still = Disclosure.objects.filter(revoked_at=None)
    assert list(still.values_list("thing_id", flat=True)) == [UUID(int=9)]
    assert Reading.objects.count() == 1


# ---------- readings ----------


def test_a_page_that_draws_itself_again_is_one_reading_each_ten_minutes_and_way() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    show(ada, bo, now=now)
    for seconds in range(0, 1260, 20):
        assert read(bo, now + timedelta(seconds=seconds))
    assert read(bo, now, how="text")
    assert Reading.objects.filter(how="page").count() == 3
    (opened,) = opened_by(viewer=looking(ada), thing_id=THING)
    assert (opened.first_at, opened.last_at) == (now, now + 2 * ONCE_IN)
    assert set(opened.how) == {How.PAGE, How.TEXT}


def test_a_redraw_costs_four_queries(django_assert_num_queries: Callable[..., Any]) -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    read(bo)
    viewer, now = looking(bo), clock.now()
    with django_assert_num_queries(4 + 2):  # and the savepoint of a test
        open_guarded(viewer=viewer, what=DOOR, thing_id=THING, how="page", now=now)


def test_an_unknown_way_of_reading_is_a_mistake_in_the_program() -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    with pytest.raises(ValueError, match="smoke"):
        read(bo, how="smoke")


def test_the_owner_sees_who_read_and_who_may_and_has_not_yet() -> None:
    ada, bo, eli, now = cast.ada(), cast.bo(), cast.person("Eli"), clock.now()
    assert opened_by(viewer=looking(ada), thing_id=THING) == []
    show(ada, bo, now=now, until_at=now + HOUR)
    show(ada, eli, now=now + HOUR / 2)
    read(eli, now + HOUR / 2)
    one, two = opened_by(viewer=looking(ada), thing_id=THING)
    assert (one.name, one.first_at, one.how, one.until_at) == ("Bo", None, (), now + HOUR)
    assert (two.name, two.first_at, two.revoked_at) == ("Eli", now + HOUR / 2, None)
    assert [one.is_in_force(now + HOUR), two.is_in_force(now + HOUR)] == [False, True]


def test_nobody_else_sees_who_read() -> None:
    ada, bo, cy = cast.ada(), cast.bo(), cast.cy()
    show(ada, bo)
    for viewer in (looking(bo), looking(ada, Scope.LINK), looking(ada, Scope.ALERT_KEY)):
        with pytest.raises(NotHere):
            opened_by(viewer=viewer, thing_id=THING)
        with pytest.raises(NotHere):
            who_may(viewer)
    assert opened_by(viewer=looking(cy), thing_id=THING) == []
    assert who_may(looking(cy)) == set()
    assert who_may(looking(ada)) == {bo.id}


# ---------- the database itself ----------


def change(sql: str, *values: UUID | datetime | str | None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "change_to",
    [
        "until_at = now() + interval '1 minute'",
        "expires_at = expires_at - interval '1 minute'",
        "what = 'alert.story'",
        "owner_id = reader_id",
        "reader_id = gen_random_uuid()",
        "thing_id = gen_random_uuid()",
        "from_at = from_at - interval '1 day'",
        "revoked_at = from_at - interval '1 second'",
    ],
)
def test_the_database_refuses_to_change_what_is_shown(change_to: str) -> None:
    show(cast.ada(), cast.bo())
    with pytest.raises(IntegrityError):
        change(f"UPDATE trust_disclosure SET {change_to}")


def test_the_database_keeps_ended_what_was_ended() -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    end(ada)
    with pytest.raises(IntegrityError, match="stays ended"):
        change("UPDATE trust_disclosure SET revoked_at = NULL")


ROW = """INSERT INTO trust_disclosure (id, network_id, owner_id, reader_id, what, thing_id,
 why_kind, why_id, from_at, until_at, expires_at) VALUES (gen_random_uuid(), %s, %s, %s,
 'alert.door', %s, 'alert', gen_random_uuid(), %s, %s, %s)"""


def test_the_database_refuses_two_in_force_oneself_another_network_and_no_time() -> None:
    ada, bo, cy, now = cast.ada(), cast.bo(), cast.cy(), clock.now()
    show(ada, bo)
    for owner, reader, thing, until, expires in (
        (ada, bo, THING, None, now + DAY),
        (ada, ada, uuid4(), None, now + DAY),
        (ada, cy, uuid4(), None, now + DAY),
        (cy, bo, uuid4(), None, now + DAY),
        (ada, bo, uuid4(), now, now + DAY),
        (ada, bo, uuid4(), None, now),
    ):
        with pytest.raises(IntegrityError):
            change(ROW, ada.network_id, owner.id, reader.id, thing, now, until, expires)
    change(ROW, ada.network_id, ada.id, bo.id, uuid4(), now, None, now + DAY)


WRITTEN = """INSERT INTO trust_reading (network_id, disclosure_id, at, how, expires_at)
 SELECT network_id, id, %s, %s, %s FROM trust_disclosure"""


def test_the_database_refuses_readings_outside_the_time_too_soon_and_changed() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    show(ada, bo, now=now, until_at=now + HOUR)
    read(bo, now)
    last = now + HOUR - timedelta(seconds=1)
    for at, how in (
        (now - timedelta(seconds=1), "text"),
        (now + HOUR, "text"),
        (now + ONCE_IN - timedelta(seconds=1), "page"),
        (last, "smoke"),
    ):
        with pytest.raises(IntegrityError):
            change(WRITTEN, at, how, now + DAY)
    change(WRITTEN, now + ONCE_IN, "page", now + DAY)
    change(WRITTEN, last, "page", now + DAY)
    with pytest.raises(IntegrityError, match="append-only"):
        change("UPDATE trust_reading SET at = now()")
    end(ada, now=now + HOUR)
    with pytest.raises(IntegrityError, match="outside"):
        change(WRITTEN, last, "call", now + DAY)


# ---------- what goes by itself ----------


def test_it_is_erased_with_its_readings_thirty_days_after_the_end() -> None:
    ada, bo, eli, now = cast.ada(), cast.bo(), cast.person("Eli"), clock.now()
    show(ada, bo, now=now)
    show(ada, eli, now=now, expires_at=now + 90 * DAY)
    read(bo, now)
    read(eli, now)
    end(ada, now=now + HOUR, reader_ids=[bo.id])
    assert forget_disclosures(now=now + STAYS) == 0
    assert forget_disclosures(now=now + STAYS + HOUR) == 1
    assert forget_disclosures(now=now + STAYS + HOUR) == 0
    assert (Disclosure.objects.get().reader_id, Reading.objects.count()) == (eli.id, 1)


# ---------- at the same moment ----------


@pytest.mark.django_db(transaction=True)
def test_six_redraws_at_once_are_one_reading() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    show(ada, bo, now=now)
    assert at_once(*[lambda: read(bo, now)] * 6) == [True] * 6
    assert Reading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_reading_and_ending_at_once_leave_no_reading_after_the_end() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    for turn in range(8):
        thing = uuid4()
        show(ada, bo, now=now, thing_id=thing)

        def look(thing: UUID = thing) -> None:
            open_guarded(viewer=looking(bo), what=DOOR, thing_id=thing, how="page", now=now)

        said = at_once(look, partial(end, ada, thing_id=thing, now=now))
        read_it = Reading.objects.filter(disclosure__thing_id=thing).count()
        assert (said[0] is None) == (read_it == 1), turn
        assert not may_open(viewer=looking(bo), what=DOOR, thing_id=thing, now=now)


@pytest.mark.parametrize("_round", range(5))
@pytest.mark.django_db(transaction=True)
def test_showing_the_same_at_once_makes_one_row_for_the_longest_time(_round: int) -> None:
    ada, now = cast.ada(), clock.now()
    people = [cast.person(f"N{number}", with_login=False) for number in range(12)]
    show(ada, *people[:4], now=now - 2 * DAY, expires_at=now - DAY)
    ends = [now + DAY * days for days in (1, 3, 2)]

    def deed(turn: int) -> Callable[[], None]:
        some = people[turn:] if turn % 2 else people[::-1]
        return lambda: show(ada, *some, now=now, expires_at=ends[turn])

    assert at_once(*[deed(turn) for turn in range(3)]) == [None] * 3
    in_force = Disclosure.objects.filter(revoked_at=None)
    assert in_force.count() == len(people)
    assert set(in_force.filter(reader__in=people[2:]).values_list("expires_at", flat=True)) == {
        ends[1]
    }


# ---------- any order of events ----------

STEPS = st.lists(
    st.tuples(st.sampled_from(["show", "brief", "end", "read", "wait", "back"]), st.integers(0, 2)),
    max_size=14,
)


@pytest.mark.django_db(transaction=True)
@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_opening_works_exactly_while_it_is_in_force(steps: list[tuple[str, int]]) -> None:
    """Against a model of two lines: until when is it shown, and was it ended."""
    Disclosure.objects.all().delete()
    ada = models.Person.objects.filter(name="Ada").first() or cast.ada()
    readers = [
        models.Person.objects.filter(name=name).first() or cast.person(name)
        for name in ("Bo", "Eli", "Gus")
    ]
    now = clock.now()
    until: dict[int, datetime] = {}
    for verb, who in steps:
        if verb in {"show", "brief"}:
            asked = now + (DAY if verb == "show" else HOUR)
            show(ada, readers[who], now=now, expires_at=now + DAY, until_at=asked)
            until[who] = max(asked, until[who]) if until.get(who, now) > now else asked
        elif verb == "end":
            end(ada, now=now, reader_ids=[readers[who].id])
            until.pop(who, None)
        elif verb in {"wait", "back"}:
            now += HOUR * (0.6 if verb == "wait" else -0.4)
        elif verb == "read":
            assert read(readers[who], now) == (until.get(who, now) > now)
    for who, reader in enumerate(readers):
        assert read(reader, now) == (until.get(who, now) > now)
        in_force = {one.id for n, one in enumerate(readers) if until.get(n, now) > now}
        assert who_may(system(), now) == in_force
    outside = (
        Q(at__lt=F("disclosure__from_at"))
        | Q(at__gt=F("disclosure__revoked_at"))
        | Q(at__gte=Least("disclosure__until_at", "disclosure__expires_at"))
    )
    assert not Reading.objects.filter(outside).exists()
