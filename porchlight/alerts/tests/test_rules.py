"""The rules, as tables and over everything hypothesis can think of."""

import importlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts.rules import states
from porchlight.alerts.rules.choosing import Around, first_wave
from porchlight.alerts.rules.doors import Coming, Door, Going, door_for, is_door_paused, is_miss
from porchlight.alerts.rules.kinds import (
    HARD_MOST,
    NEEDS_TWO,
    RULE_KEYS,
    Kind,
    Playbook,
    playbook_of,
)
from porchlight.alerts.rules.states import AlertState, Standing, Why
from porchlight.alerts.rules.texts import (
    COURTESY,
    DIGITS,
    LOOSE,
    RAISING_WORDS,
    WITH_DIGIT,
    WORD_TO_PRINT,
    WORDS,
    HowSaid,
    Said,
    TextAnswer,
    answer_in,
    asks_for_people,
    code_of,
    takes_back,
    told_apart,
)
from porchlight.alerts.rules.words import INVITE, MORE, SENT_BY_TEXT
from porchlight.notices.queries.words import render
from porchlight.notices.rules import Wording, bare, fit
from porchlight.people.rules.network_rules import KEYS

GUARDS = importlib.import_module("porchlight.alerts.migrations.0002_guards")
STANDINGS = importlib.import_module("porchlight.alerts.migrations.0021_home_may_be_removed")
PEOPLE = [UUID(int=number) for number in range(1, 13)]
some = st.frozensets(st.sampled_from(PEOPLE))


def test_the_database_allows_the_same_steps_of_an_alert() -> None:
    ours = {(a.value, b.value) for a in AlertState for b in states.ALERT_ALLOWED[a]}
    assert set(GUARDS.ALERT_MOVES) == ours


def test_the_database_allows_the_same_steps_of_a_person_asked() -> None:
    ours = {(a.value, b.value) for a in Standing for b in states.STANDING_ALLOWED[a]}
    assert set(STANDINGS.STANDING_MOVES) == ours


def test_nothing_leaves_an_end() -> None:
    for end in (AlertState.ENDED, AlertState.CANCELLED):
        assert not states.ALERT_ALLOWED[end]
    assert not states.STANDING_ALLOWED[Standing.REMOVED]


@given(
    kind=st.sampled_from(Kind),
    pod=some,
    buddies=some,
    safe=st.lists(st.sampled_from(PEOPLE), unique=True, max_size=5),
    household=some,
    never=some,
    unticked=some,
)
def test_the_first_wave_asks_each_once_and_nobody_it_must_not(
    kind: Kind,
    pod: frozenset[UUID],
    buddies: frozenset[UUID],
    safe: list[UUID],
    household: frozenset[UUID],
    never: frozenset[UUID],
    unticked: frozenset[UUID],
) -> None:
    around = Around(pod=pod, buddies=buddies, safe=tuple(safe), household=household, never=never)
    found = first_wave(kind, around, unticked=unticked)
    ids = [one.person_id for one in found]
    assert len(ids) == len(set(ids))
    assert not set(ids) & (never | unticked)
    if kind is Kind.UNSAFE:
        wanted = frozenset(safe) - household - never or buddies
        assert set(ids) == wanted - household - never - unticked
        assert {one.why for one in found} <= {Why.SAFE}
    else:
        assert set(ids) == (pod | buddies) - never - unticked
        assert all(one.why is Why.POD for one in found if one.person_id in pod)


DOORS = [
    # why, standing, allowed, paused, running, needs two, on the way -> door
    (Why.POD, Standing.COMING, False, False, True, False, 1, Door.OPEN),
    (Why.BUDDY, Standing.ARRIVED, False, False, True, False, 1, Door.OPEN),
    (Why.SAFE, Standing.COMING, False, False, True, True, 1, Door.MEETING_POINT),
    (Why.SAFE, Standing.COMING, False, False, True, True, 2, Door.OPEN),
    (Why.NEAR, Standing.COMING, False, False, True, False, 3, Door.MEETING_POINT),
    (Why.TRAINED, Standing.COMING, False, False, True, False, 1, Door.MEETING_POINT),
    (Why.NEAR, Standing.COMING, True, False, True, False, 1, Door.OPEN),
    (Why.NEAR, Standing.COMING, True, False, True, True, 1, Door.MEETING_POINT),
    (Why.POD, Standing.COMING, True, True, True, False, 1, Door.MEETING_POINT),
    (Why.POD, Standing.ASKED, True, False, True, False, 1, Door.CLOSED),
    (Why.POD, Standing.REMOTE, False, False, True, False, 1, Door.CLOSED),
    (Why.POD, Standing.COMING, False, False, False, False, 1, Door.CLOSED),
    (Why.POD, Standing.REMOVED, True, False, True, False, 1, Door.CLOSED),
]


@pytest.mark.parametrize(
    ("why", "standing", "allowed", "paused", "running", "two", "coming", "door"), DOORS
)
def test_the_door_is_earned(
    why: Why,
    standing: Standing,
    allowed: bool,
    paused: bool,
    running: bool,
    two: bool,
    coming: int,
    door: Door,
) -> None:
    one = Coming(why=why, standing=standing, is_allowed=allowed, doors_paused=paused)
    assert door_for(one, is_running=running, needs_two=two, on_the_way=coming) is door


@given(
    why=st.sampled_from(Why),
    standing=st.sampled_from(Standing),
    allowed=st.booleans(),
    paused=st.booleans(),
    running=st.booleans(),
    two=st.booleans(),
    coming=st.integers(0, 10),
)
def test_no_door_is_ever_open_to_who_did_not_earn_it(
    why: Why,
    standing: Standing,
    allowed: bool,
    paused: bool,
    running: bool,
    two: bool,
    coming: int,
) -> None:
    one = Coming(why=why, standing=standing, is_allowed=allowed, doors_paused=paused)
    if door_for(one, is_running=running, needs_two=two, on_the_way=coming) is Door.OPEN:
        assert running
        assert standing in states.ON_THE_WAY
        assert not paused
        assert not two or coming >= 2
        assert allowed or why in states.KNOWN_TO_ASKER


END = datetime(2026, 11, 28, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def going(standing: Standing = Standing.COMING, **more: object) -> Going:
    facts: dict[str, object] = {
        "standing": standing,
        "has_read": True,
        "has_arrived": False,
        "answered_at": END - 60 * MINUTE,
        "due_at": None,
        "ended_at": END,
        "was_needless": False,
    }
    return Going(**(facts | more))  # type: ignore[arg-type]  # facts of the test


@pytest.mark.parametrize(
    ("one", "missed"),
    [
        (going(), True),
        (going(answered_at=END - 30 * MINUTE), True),
        (going(answered_at=END - 29 * MINUTE), None),
        (going(due_at=END - 15 * MINUTE), True),
        (going(due_at=END - 14 * MINUTE), None),
        (going(due_at=END + MINUTE), None),
        (going(answered_at=None), None),
        (going(was_needless=True), None),
        (going(has_read=False), None),
        (going(has_arrived=True), False),
        (going(Standing.HOME, has_arrived=True), False),
        (going(Standing.HOME), True),
        (going(Standing.CANT), True),
        (going(Standing.REMOTE), True),
        (going(Standing.CANT, has_read=False), None),
        (going(Standing.REMOVED), None),
        (going(Standing.CANT, was_needless=True), True),
    ],
)
def test_what_counts_as_not_arriving(one: Going, missed: bool | None) -> None:
    assert is_miss(one) is missed


HIT, MISS, NEITHER = going(has_arrived=True), going(), going(has_read=False)


@pytest.mark.parametrize(
    ("goings", "paused"),
    [
        ([], False),
        ([MISS, MISS], False),
        ([MISS, MISS, MISS], True),
        ([MISS, NEITHER, MISS, NEITHER, MISS], True),
        ([MISS, MISS, HIT, MISS], False),
        ([HIT, MISS, MISS, MISS], False),
        ([MISS] * 9, True),
    ],
)
def test_doors_pause_after_repeated_misses(goings: list[Going], paused: bool) -> None:
    assert is_door_paused(goings=goings, limit=3) is paused


WAY = partial(TextAnswer, said=Said.COMING, how=HowSaid.WORDS)
TEXTS = [
    ("1", TextAnswer(said=Said.COMING)),
    (" 1. ", TextAnswer(said=Said.COMING)),
    ("1 8", TextAnswer(said=Said.COMING, minutes=8)),
    ("1,8", TextAnswer(said=Said.COMING, minutes=8)),
    ("١ ٨", TextAnswer(said=Said.COMING, minutes=8)),
    ("1️⃣", TextAnswer(said=Said.COMING)),
    ("👍", TextAnswer(said=Said.COMING, how=HowSaid.NOD)),  # maybe only «I have read it»
    ("👍🏽", TextAnswer(said=Said.COMING, how=HowSaid.NOD)),
    ("✅", TextAnswer(said=Said.COMING, how=HowSaid.NOD)),
    ("ok thanks", TextAnswer(said=Said.COMING, how=HowSaid.NOD)),
    ("sí", TextAnswer(said=Said.COMING, how=HowSaid.YES_OR_NO)),
    ("نعم", TextAnswer(said=Said.COMING, how=HowSaid.YES_OR_NO)),
    ("No!", TextAnswer(said=Said.CANT, how=HowSaid.YES_OR_NO)),
    ("لا، شكرا", TextAnswer(said=Said.CANT, how=HowSaid.YES_OR_NO)),
    ("1 coming", TextAnswer(said=Said.COMING)),
    ("1coming", TextAnswer(said=Said.COMING)),
    ("1 8 min", TextAnswer(said=Said.COMING, minutes=8)),
    ("1 8min", TextAnswer(said=Said.COMING, minutes=8)),
    ("1 (8)", TextAnswer(said=Said.COMING, minutes=8)),
    ("1-8", TextAnswer(said=Said.COMING, minutes=8)),
    ("1، 8", TextAnswer(said=Said.COMING, minutes=8)),
    ("1 ٨ دقائق", TextAnswer(said=Said.COMING, minutes=8)),
    ("1 8 minutos", TextAnswer(said=Said.COMING, minutes=8)),
    ("1, coming in 8 min.", TextAnswer(said=Said.COMING, minutes=8)),
    ("\u200f1\u200f", TextAnswer(said=Said.COMING)),
    ("1 قادم", TextAnswer(said=Said.COMING)),
    ("1?", TextAnswer(said=Said.COMING)),
    ("I'm on my way, 8 minutes", WAY(minutes=8)),
    ("yes I'm coming", WAY()),
    ("ab 20:14, 1 12", TextAnswer(said=Said.COMING, minutes=12, code="AB")),
    ("3 هنا", TextAnswer(said=Said.REMOTE)),
    ("هنا", None),
    ("1 of us fell", None),
    ("2 of us are coming", None),
    ("2 coming", None),
    ("1 no", None),
    ("2 yes", None),
    ("2 min", None),
    ("2 8 min", None),
    ("2-8", None),
    ("1 8 pm", None),
    ("coming?", None),
    ("no problem", None),
    ("yes but later", None),
    ("thanks", None),
    ("me voy", None),
    ("1 " + "coming " * 20, None),
    ("2", TextAnswer(said=Said.CANT)),
    ("2 8", TextAnswer(said=Said.CANT)),
    ("3", TextAnswer(said=Said.REMOTE)),
    ("ab 1 12", TextAnswer(said=Said.COMING, minutes=12, code="AB")),
    ("AB1", TextAnswer(said=Said.COMING, code="AB")),
    ("1 500", TextAnswer(said=Said.COMING)),
    ("1 0", TextAnswer(said=Said.COMING)),
    ("On my way!", WAY()),
    ("I can’t", TextAnswer(said=Said.CANT, how=HowSaid.WORDS)),  # what the button says
    ("can’t", TextAnswer(said=Said.CANT, how=HowSaid.WORDS)),
    ("I can't stand this noise", None),
    ("voy", WAY()),
    ("في الطريق", WAY()),
    ("لا أستطيع", TextAnswer(said=Said.CANT, how=HowSaid.WORDS)),
    ("4", None),
    ("11", None),
    ("1 2 3", None),
    ("I'm coming at 1 8 pm", None),
    ("", None),
    ("STOP", None),
    # A yes says something wherever it answers our question; STOP and START were read before it.
    ("yes", TextAnswer(said=Said.COMING, how=HowSaid.YES_OR_NO)),
    ("🙂", None),
]


@pytest.mark.parametrize(("text", "meant"), TEXTS)
def test_what_a_text_means(text: str, meant: TextAnswer | None) -> None:
    assert answer_in(text) == meant


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    said = answer_in(text)
    assert said is None or said.minutes is None or 1 <= said.minutes <= 120
    assert asks_for_people(text) in {True, False}


@pytest.mark.parametrize(
    ("text", "asks"),
    [("HELP", True), ("help!", True), ("Ayuda", True), ("مساعدة", True), ("1", False),
     ("help me move on Sunday", False), ("", False)],
)  # fmt: skip
def test_words_that_ask_for_people(text: str, asks: bool) -> None:
    assert asks_for_people(text) is asks


def test_words_are_written_as_texts_are_compared_and_mean_one_thing() -> None:
    tables = [*WORDS.values(), *LOOSE.values(), COURTESY]
    assert sum(map(len, tables)) == len(frozenset().union(*tables))
    for word in frozenset().union(*tables, *WITH_DIGIT.values(), RAISING_WORDS):
        assert bare(word) == word
    for said, known in WORDS.items():
        for word in known:
            assert answer_in(word) == TextAnswer(said=said, how=HowSaid.WORDS), word


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("question", [INVITE, MORE], ids=["first", "more"])
def test_what_a_question_offers_is_understood_as_it_stands_there(
    language: str, question: Wording
) -> None:
    said = render(question, language)
    for text in (said.text, said.short_text):
        offered = re.findall(r"([123]) ([^\W\d][^,(\d]*)", text)
        assert [digit for digit, _words in offered] == ["1", "2", "3"]
        for digit, words in offered:
            meant = answer_in(f"{digit} {words}")
            assert meant is not None and DIGITS[digit] is meant.said
    for option in said.answers:
        meant = answer_in(option.label)
        assert meant is not None and meant.said == option.key


def test_codes_are_two_letters_and_400_in_a_row_differ() -> None:
    codes = [code_of(number) for number in range(400)]
    assert len(set(codes)) == 400
    assert all(len(code) == 2 and answer_in(f"{code} 1") for code in codes)


@pytest.mark.parametrize(
    ("text", "code"),
    [("0", ""), ("٠", ""), ("0.", ""), ("AB 0", "AB"), ("ab 20:14, 0", "AB"), ("0 todo bien", ""),
     ("0 people came", None), ("1 0", None), ("00", None), ("10", None), ("", None),
     ("all right", None), ("0?", None)],
)  # fmt: skip
def test_what_says_that_it_is_all_right_now(text: str, code: str | None) -> None:
    assert takes_back(text) == code
    assert answer_in(text) is None or code is None


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_what_was_sent_says_how_to_take_it_back_and_it_is_understood_as_written(
    language: str,
) -> None:
    said = render(replace(SENT_BY_TEXT, facts={"number": "112"}), language)
    for text in (said.text, said.short_text):
        assert takes_back(text[text.rindex("0:") :]) == ""
    sent = fit(said, "")
    assert "112" in sent and "0:" in sent


def test_calls_are_told_apart_by_time_and_where_there_are_many_by_letters_alone() -> None:
    at = [datetime(2026, 3, 1, 20, minute, tzinfo=UTC) for minute in range(8)]
    calls = [(code_of(number), moment) for number, moment in enumerate(at)]
    assert told_apart([calls[1], calls[0], calls[1]]) == "AA 20:00, AB 20:01"
    assert told_apart(calls[:3]).count(":") == 3
    assert told_apart(calls) == "AC, AD, AE, AF, AH, AJ"


def test_every_rule_is_declared_with_a_default_within_its_caps() -> None:
    for rule in RULE_KEYS:
        assert KEYS[rule.key] is rule
        assert rule.check(rule.default)


numbers = st.fixed_dictionaries(
    {
        rule.key: st.sampled_from([number for number in range(-5, 31) if rule.check(number)])
        for rule in RULE_KEYS
    }
)


@given(kind=st.sampled_from(Kind), rules=numbers)
def test_no_rule_of_a_network_goes_beyond_the_hard_cap(kind: Kind, rules: dict[str, int]) -> None:
    found = playbook_of(kind, rules)
    assert 1 <= found.wanted <= found.most <= HARD_MOST
    assert found.wanted >= 2 or kind not in NEEDS_TWO
    assert Playbook.of(found.as_kept()) == found


@pytest.mark.parametrize(("now_is", "wanted"), list(product(AlertState, AlertState)))
def test_what_is_not_in_the_table_is_refused(now_is: AlertState, wanted: AlertState) -> None:
    assert states.alert_may_become(now_is, wanted) is (wanted in states.ALERT_ALLOWED[now_is])


def test_the_words_on_paper_raise_a_call_and_none_is_a_carrier_word() -> None:
    assert all(asks_for_people(word) for word in WORD_TO_PRINT.values())
    assert not {"HELP", "INFO", "STOP", "START"} & set(WORD_TO_PRINT.values())
    assert set(WORD_TO_PRINT) == {"en", "es", "ar"}
