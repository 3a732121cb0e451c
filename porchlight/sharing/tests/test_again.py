"""What is asked for again and again: when the next time is, and what goes with it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts.tests.scene import Scene
from porchlight.kit import clock
from porchlight.people import models as people
from porchlight.people.actions.blocks import block
from porchlight.people.actions.network_rules import set_rule
from porchlight.people.queries.signing_in import as_network
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions.again import ask_again
from porchlight.sharing.actions.asking import take_back
from porchlight.sharing.actions.forgetting import erase_sharing, leave_sharing, stop_sharing_of
from porchlight.sharing.actions.helping import say_done
from porchlight.sharing.models import Need, NeedWords, Proposal
from porchlight.sharing.queries.one import need_page, words_of
from porchlight.sharing.rules.matching import Reason
from porchlight.sharing.rules.repeats import (
    MOST_TIMES,
    Repeat,
    next_turn,
    repeat_of,
    rule_of,
    times_after,
)
from porchlight.sharing.rules.states import NeedState
from porchlight.sharing.rules.times import When
from porchlight.sharing.tasks import ask_for_the_next_time, follow_sharing
from porchlight.sharing.tests.street import LINE, WORDS, agreed, asked, offered, street

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
A_WEEK = timedelta(days=7)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


# ---------- when ----------


@pytest.mark.parametrize(
    ("repeat", "times", "rule", "after"),
    [
        (Repeat.ONCE, 4, "", 0),
        (Repeat.WEEK, 4, "FREQ=WEEKLY;INTERVAL=1;COUNT=4", 3),
        (Repeat.FORTNIGHT, 2, "FREQ=WEEKLY;INTERVAL=2;COUNT=2", 1),
        (Repeat.WEEK, 0, "FREQ=WEEKLY;INTERVAL=1;COUNT=2", 1),
        (Repeat.WEEK, 999, f"FREQ=WEEKLY;INTERVAL=1;COUNT={MOST_TIMES}", MOST_TIMES - 1),
    ],
)
def test_a_rule_says_how_often(repeat: Repeat, times: int, rule: str, after: int) -> None:
    assert rule_of(repeat, times) == rule
    assert (repeat_of(rule), times_after(rule)) == (repeat, after)


@pytest.mark.parametrize(
    ("now", "next_from"),
    [
        ("2026-10-20T13:00", "2026-10-27T12:00"),  # the clock went back: still at noon there
        ("2026-10-27T17:59", "2026-10-27T12:00"),  # under way still
        ("2026-10-27T18:00", "2026-11-03T12:00"),  # that one went by
        ("2026-11-10T00:00", "2026-11-10T12:00"),
        ("2026-11-10T19:00", None),
    ],
)
def test_the_next_time_is_at_the_same_hour_there(now: str, next_from: str | None) -> None:
    turn = next_turn(
        rule_of(Repeat.WEEK, 4), from_at=local("2026-10-20T12:00"),
        until_at=local("2026-10-20T18:00"), now=local(now), zone=AMSTERDAM,
    )  # fmt: skip
    assert (turn.from_at if turn else None) == (local(next_from) if next_from else None)
    if turn:
        assert turn.until_at == turn.from_at.replace(hour=18)
        weeks = (turn.from_at.date() - local("2026-10-20T12:00").date()).days // 7
        assert times_after(turn.rule) == 3 - weeks


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0, tzinfo=AMSTERDAM)
)


@given(
    begins=MOMENTS,
    hours=st.integers(1, 14 * 24),
    repeat=st.sampled_from([Repeat.WEEK, Repeat.FORTNIGHT]),
    times=st.integers(2, MOST_TIMES),
    later=st.integers(0, 200 * 24),
)
def test_turns_come_to_an_end_and_never_go_back(
    begins: datetime, hours: int, repeat: Repeat, times: int, later: int
) -> None:
    ends, rule = begins + timedelta(hours=hours), rule_of(repeat, times)
    now, seen = begins + timedelta(hours=later), 1
    while turn := next_turn(rule, from_at=begins, until_at=ends, now=now, zone=AMSTERDAM):
        assert turn.until_at > max(now, ends)
        assert times_after(turn.rule) < times_after(rule)
        begins, ends, rule = turn.from_at, turn.until_at, turn.rule
        now, seen = max(now, ends), seen + 1
    assert seen <= times


# ---------- asking again ----------


@pytest.fixture
def linden(db: None) -> Scene:
    return street()


def weekly(linden: Scene, **more: Any) -> Need:
    facts: dict[str, Any] = {"when": When.TOMORROW, "repeats": Repeat.WEEK, "times": 3}
    return asked(linden, **(facts | more))


def follows(need: Need) -> Need:
    """The next time of it."""
    return Need.objects.exclude(id=need.id).get(series=need.series)


def done(linden: Scene, need: Need, name: str = "Nils") -> datetime:
    """Somebody helped, and both say so; gives when."""
    match = agreed(linden, need, name)
    after = need.from_at + timedelta(hours=1)
    for who in (name, "Lena"):
        say_done(viewer=linden.viewer(who), match_id=match.id, now=after)
    need.refresh_from_db()
    assert need.state == NeedState.MET
    return after


def test_the_next_time_stands_on_the_board_as_soon_as_one_is_done(linden: Scene) -> None:
    need = weekly(linden, people=3)
    assert ask_for_the_next_time(now=clock.now()) == 0
    after = done(linden, need)
    assert ask_for_the_next_time(now=after) == 1
    following = follows(need)
    assert (following.line, following.people, following.state) == (LINE, 3, NeedState.OPEN)
    assert following.from_at - need.from_at == A_WEEK
    assert following.until_at - need.until_at == A_WEEK
    assert times_after(following.repeats) == 1
    assert words_of(viewer=linden.viewer("Lena"), need_id=following.id) == WORDS
    assert ask_for_the_next_time(now=after) == 0
    assert broken_promises() == []


def test_whoever_did_it_is_asked_first_and_reads_why(linden: Scene) -> None:
    need = weekly(linden)
    after = done(linden, need)
    ask_for_the_next_time(now=after)
    following = follows(need)
    [put] = Proposal.objects.filter(need=following)
    assert (put.helper_id, put.reasons) == (linden.id("Nils"), [Reason.HELPED])
    assert following.asks_at is not None
    assert following.asks_at > after  # others half a day later


def test_whoever_is_kept_apart_by_now_is_not_asked_again(linden: Scene) -> None:
    need = weekly(linden)
    after = done(linden, need)
    block(viewer=linden.viewer("Lena"), person_id=linden.id("Nils"), client_key=need.id, now=after)
    ask_for_the_next_time(now=after)
    assert not follows(need).proposals.exists()
    assert broken_promises() == []


def test_nobody_came_and_it_is_asked_for_the_next_time(linden: Scene) -> None:
    need = weekly(linden)
    later = need.until_at + timedelta(days=1, minutes=1)
    follow_sharing(now=later)
    assert ask_for_the_next_time(now=later) == 1
    assert follows(need).from_at == need.from_at + A_WEEK


def test_the_last_time_is_the_last(linden: Scene) -> None:
    need = weekly(linden, times=2)
    later = need.until_at + timedelta(days=1, minutes=1)
    follow_sharing(now=later)
    ask_for_the_next_time(now=later)
    last = follows(need)
    later = last.until_at + timedelta(days=1, minutes=1)
    follow_sharing(now=later)
    assert ask_for_the_next_time(now=later) == 1
    assert Need.objects.filter(series=need.series).count() == 2
    assert ask_for_the_next_time(now=later + A_WEEK) == 0


@pytest.mark.parametrize("only_this_time", [True, False])
def test_taken_back_for_this_time_or_for_good(linden: Scene, only_this_time: bool) -> None:
    need = weekly(linden)
    now = clock.now()
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=now, only_this_time=only_this_time)
    ask_for_the_next_time(now=now)
    assert Need.objects.filter(series=need.series).count() == (2 if only_this_time else 1)


def test_ended_for_good_in_the_minute_before_the_next_time(linden: Scene) -> None:
    need = weekly(linden)
    after = done(linden, need)
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=after)
    assert ask_for_the_next_time(now=after) == 0


@pytest.mark.parametrize("goes", [leave_sharing, erase_sharing, stop_sharing_of])
def test_who_is_gone_asks_for_nothing_again(linden: Scene, goes: Callable[..., None]) -> None:
    need = weekly(linden)
    after = done(linden, need)
    people.Person.objects.filter(id=linden.id("Lena")).update(left_at=after)
    goes(person_id=linden.id("Lena"), network=as_network(linden.pod.network), now=after)
    ask_for_the_next_time(now=after)
    assert not Need.objects.filter(series=need.series, state=NeedState.OPEN).exists()
    assert ask_for_the_next_time(now=after) == 0


def test_a_helper_who_left_meanwhile_holds_nothing_up(linden: Scene) -> None:
    need = weekly(linden)
    after = done(linden, need)
    people.Person.objects.filter(id=linden.id("Nils")).update(left_at=after)
    ask_for_the_next_time(now=after)
    assert not follows(need).proposals.exists()


def test_where_it_was_switched_off_meanwhile_nothing_is_asked(linden: Scene) -> None:
    need = weekly(linden)
    after = done(linden, need)
    set_rule(
        viewer=linden.viewer("Lena").system(as_network(linden.pod.network), "test"),
        key="areas.on", value=["alerts"], reason="Not now", decided_by=None, from_at=after,
        client_key=need.id, now=after,
    )  # fmt: skip
    ask_for_the_next_time(now=after)
    assert Need.objects.filter(series=need.series).count() == 1


def test_a_wish_of_once_is_never_asked_again(linden: Scene) -> None:
    need = asked(linden)
    done(linden, need)
    assert need.again_at is None
    assert (need.repeats, need.series, need.series_from) == ("", None, None)


def test_the_asker_reads_how_often_and_others_too(linden: Scene) -> None:
    need = weekly(linden)
    for name in ("Lena", "Nils"):
        found = need_page(viewer=linden.viewer(name), need_id=need.id, now=clock.now())
        assert (found.repeats, found.times_after) == ("Every week", 2)


def test_words_are_locked_for_the_next_time_alone(linden: Scene) -> None:
    """What was locked for one time does not open with the key of another."""
    need = weekly(linden)
    ask_for_the_next_time(now=done(linden, need))
    [first, second] = NeedWords.objects.order_by("id")
    assert bytes(first.words_guarded or b"") != bytes(second.words_guarded or b"")
    assert second.expires_at > first.expires_at


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_for_the_next_time_once() -> None:
    linden = street()
    need = weekly(linden)
    after = done(linden, need)
    offered(linden, asked(linden), "Sofie")
    network_id = linden.pod.network_id
    at_once(*[lambda: ask_again(network_id=network_id, need_id=need.id, now=after)] * 5)
    assert Need.objects.filter(series=need.series).count() == 2
