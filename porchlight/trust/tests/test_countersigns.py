"""Acts that need several persons, on a real database, and by several at the same moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from porchlight.kit import clock, moments
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.me import leave_network
from porchlight.people.queries.signing_in import as_network
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.trust.actions import countersigns
from porchlight.trust.actions.forgetting import forget_countersigns
from porchlight.trust.models import Countersign, Countersignature
from porchlight.trust.queries.countersigns import Signed, signed
from porchlight.trust.rules.countersigns import STAYS, Why

pytestmark = pytest.mark.django_db
# By name: the list stands above every area.
MOMENTS: dict[str, list[str]] = import_module("porchlight.moments").MOMENTS
HOUR = timedelta(hours=1)
END = "tale.end"
THING = UUID(int=7)
HEARD: list[dict[str, Any]] = []


def hear(**facts: Any) -> None:
    HEARD.append(facts)


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What happened, in place of the area whose act it is."""
    monkeypatch.setitem(MOMENTS, "countersigned", [f"{__name__}.hear"])
    moments.answers_to.cache_clear()
    HEARD.clear()
    yield HEARD
    moments.answers_to.cache_clear()


def ask(by: models.Person, **changed: Any) -> UUID:
    now = changed.pop("now", None) or clock.now()
    facts: dict[str, Any] = {
        "network_id": by.network_id,
        "kind": END,
        "thing_id": THING,
        "needed": 2,
        "by": by.id,
        "among": set(models.Person.objects.values_list("id", flat=True)),
        "now": now,
        "until_at": now + HOUR,
    }
    return countersigns.open_countersign(**facts | changed)


def sign(by: models.Person, now: datetime | None = None, thing_id: UUID = THING) -> bool:
    return countersigns.sign(
        network_id=by.network_id, kind=END, thing_id=thing_id, by=by.id, now=now or clock.now()
    )


def back(by: models.Person | None = None) -> None:
    countersigns.withdraw(
        network_id=cast.linden().id,
        kind=END,
        thing_id=THING,
        now=clock.now(),
        by=by.id if by else None,
    )


def state(now: datetime | None = None) -> Signed | None:
    viewer = Viewer.system(as_network(cast.linden()), "a test")
    return signed(viewer=viewer, kind=END, thing_id=THING, now=now or clock.now())


def test_the_second_yes_does_it_once_and_says_who(heard: list[dict[str, Any]]) -> None:
    ada, bo, eli, now = cast.ada(), cast.bo(), cast.person("Eli"), clock.now()
    assert state() is None
    made = ask(ada, now=now)
    assert state(now) == Signed(needed=2, by=(ada.id,), until_at=now + HOUR, is_done=False)
    assert [sign(ada, now), heard] == [False, []]
    assert sign(bo, now)
    assert heard == [
        {
            "network_id": ada.network_id,
            "kind": END,
            "thing_id": THING,
            "by": [ada.id, bo.id],
            "now": now,
        }
    ]
    assert [sign(bo, now), sign(eli, now + 2 * HOUR), len(heard)] == [False, False, 1]
    assert state(now) == Signed(needed=2, by=(ada.id, bo.id), until_at=now + HOUR, is_done=True)
    assert (Countersign.objects.get().id, Countersignature.objects.count()) == (made, 2)


def test_asking_again_while_it_is_open_is_a_yes(heard: list[dict[str, Any]]) -> None:
    ada, bo = cast.ada(), cast.bo()
    first = ask(ada)
    assert ask(ada) == first
    assert (heard, Countersign.objects.count()) == ([], 1)
    assert ask(bo, needed=5) == first
    assert len(heard) == 1
    assert ask(ada) != first, "done is done: the next one is another"


def test_the_yes_of_who_may_no_longer_say_it_is_taken_back(heard: list[dict[str, Any]]) -> None:
    ada, bo, eli = cast.ada(), cast.bo(), cast.person("Eli")
    first = ask(ada)
    assert ask(bo, among={bo.id, eli.id}) == first
    now = state()
    assert now is not None
    assert (now.by, heard) == ((bo.id,), [])
    ask(eli, among={bo.id, eli.id})
    assert heard[0]["by"] == [bo.id, eli.id]


def test_one_person_is_enough_where_one_is_needed(heard: list[dict[str, Any]]) -> None:
    ask(cast.ada(), needed=1)
    assert len(heard) == 1


def test_too_late_is_too_late_and_may_be_asked_anew(heard: list[dict[str, Any]]) -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    first = ask(ada, now=now)
    with pytest.raises(Refusal) as no:
        sign(bo, now + HOUR)
    assert (no.value.why, state(now + HOUR)) == (Why.TOO_LATE, None)
    second = ask(bo, now=now + HOUR)
    assert second != first
    assert Countersign.objects.get(id=first).closed_at == now + HOUR
    assert state(now + HOUR) == Signed(
        needed=2, by=(bo.id,), until_at=now + 2 * HOUR, is_done=False
    )
    assert (sign(ada, now + HOUR), len(heard)) == (True, 1)


def test_a_yes_and_the_whole_ask_can_be_taken_back(heard: list[dict[str, Any]]) -> None:
    ada, bo, eli = cast.ada(), cast.bo(), cast.person("Eli")
    with pytest.raises(NotHere):
        back()
    ask(ada, needed=3)
    sign(bo)
    back(ada)
    now = state()
    assert now is not None
    assert (now.by, now.missing) == ((bo.id,), 2)
    back(bo)
    assert state() is None
    with pytest.raises(Refusal) as no:
        sign(eli)
    assert no.value.why is Why.CLOSED
    back()
    ask(ada)
    back()
    assert (state(), heard) == (None, [])
    ask(ada)
    sign(bo)
    for whose in (None, bo):
        with pytest.raises(Refusal) as no:
            back(whose)
        assert no.value.why is Why.DONE


def test_what_nobody_asked_for_is_not_here() -> None:
    ada, cy = cast.ada(), cast.cy()
    ask(ada)
    for who, thing in ((ada, uuid4()), (cy, THING)):
        with pytest.raises(NotHere):
            sign(who, thing_id=thing)
    with pytest.raises(NotHere):
        signed(viewer=cast.nobody(), kind=END, thing_id=THING, now=clock.now())
    assert signed(viewer=cast.viewer(cy), kind=END, thing_id=THING, now=clock.now()) is None


def test_who_leaves_takes_their_yes_along_where_it_is_open(heard: list[dict[str, Any]]) -> None:
    ada, bo, eli, gus = cast.ada(), cast.bo(), cast.person("Eli"), cast.person("Gus")
    ask(bo, needed=3)
    sign(ada)
    ask(bo, thing_id=UUID(int=8))
    ask(bo, thing_id=UUID(int=9))
    sign(ada, thing_id=UUID(int=9))
    leave_network(viewer=cast.viewer(bo), now=clock.now())
    assert (sign(eli), sign(gus), len(heard)) == (False, True, 2)
    alone = Countersign.objects.get(thing_id=UUID(int=8))
    assert alone.closed_at is not None, "nobody's yes is left"
    done = Countersign.objects.get(thing_id=UUID(int=9))
    assert Countersignature.objects.filter(countersign=done).count() == 2


def test_the_whole_fails_when_what_follows_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bo = cast.ada(), cast.bo()
    ask(ada)

    def refuse(**_facts: Any) -> None:
        raise NotHere

    monkeypatch.setitem(globals(), "hear", refuse)
    moments.answers_to.cache_clear()
    with pytest.raises(NotHere):
        sign(bo)
    now = state()
    assert now is not None
    assert (now.by, now.is_done) == ((ada.id,), False)


# ---------- the database itself ----------


def change(sql: str, *values: UUID | datetime | str | None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE trust_countersign SET done_at = opened_at",
        "UPDATE trust_countersign SET needed = 1",
        "UPDATE trust_countersign SET until_at = until_at + interval '1 day'",
        "UPDATE trust_countersign SET thing_id = gen_random_uuid()",
        "UPDATE trust_countersign SET closed_at = opened_at - interval '1 second'",
        "UPDATE trust_countersignature SET at = at + interval '1 second'",
        "INSERT INTO trust_countersign SELECT gen_random_uuid(), kind, thing_id, needed, until_at,"
        " opened_at, done_at, closed_at, expires_at, network_id FROM trust_countersign",
        "INSERT INTO trust_countersign SELECT gen_random_uuid(), 'other', thing_id, needed,"
        " until_at, opened_at, opened_at, closed_at, expires_at, network_id FROM trust_countersign",
        "INSERT INTO trust_countersign SELECT gen_random_uuid(), 'other', thing_id, 0,"
        " until_at, opened_at, done_at, closed_at, expires_at, network_id FROM trust_countersign",
    ],
)
def test_the_database_refuses(wrong: str) -> None:
    ask(cast.ada())
    with pytest.raises(IntegrityError):
        change(wrong)


YES = """INSERT INTO trust_countersignature (network_id, countersign_id, person_id, at)
 SELECT network_id, id, %s, %s FROM trust_countersign"""


def test_the_database_refuses_a_yes_twice_too_late_from_elsewhere_and_to_what_is_over() -> None:
    ada, bo, cy, now = cast.ada(), cast.bo(), cast.cy(), clock.now()
    ask(ada, needed=3, now=now)
    for who, at in ((ada, now), (bo, now + HOUR), (cy, now)):
        with pytest.raises(IntegrityError):
            change(YES, who.id, at)
    change(YES, bo.id, now)
    back()
    with pytest.raises(IntegrityError, match="over"):
        change(YES, cast.person("Eli").id, now)
    with pytest.raises(IntegrityError, match="over is over"):
        change("UPDATE trust_countersign SET closed_at = NULL")


def test_it_is_erased_thirty_days_after_its_time() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    ask(ada, now=now)
    sign(bo, now)
    assert forget_countersigns(now=now + STAYS) == 0
    assert forget_countersigns(now=now + STAYS + HOUR) == 1
    assert not Countersignature.objects.exists()


# ---------- at the same moment ----------


@pytest.mark.django_db(transaction=True)
def test_five_who_say_yes_at_once_complete_it_once(heard: list[dict[str, Any]]) -> None:
    people = [cast.person(f"N{number}", with_login=False) for number in range(6)]
    ask(people[0], needed=3)
    said = at_once(*[partial(sign, who) for who in people[1:]])
    assert sorted(map(str, said)) == ["False"] * 4 + ["True"]
    assert (len(heard), Countersignature.objects.count()) == (1, 3)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_ask_for_one(heard: list[dict[str, Any]]) -> None:
    ada, bo = cast.ada(), cast.bo()
    for turn in range(6):
        thing = UUID(int=100 + turn)
        made = at_once(
            partial(ask, ada, thing_id=thing),
            partial(ask, bo, thing_id=thing),
        )
        assert made[0] == made[1]
        assert len(heard) == turn + 1


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_taking_back_at_once_agree(heard: list[dict[str, Any]]) -> None:
    ada, bo = cast.ada(), cast.bo()
    ask(ada)
    said = at_once(lambda: sign(bo), lambda: back())
    assert said in ([True, Why.DONE], [Why.CLOSED, None])
    assert len(heard) == (1 if said[0] is True else 0)
