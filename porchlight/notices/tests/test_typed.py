"""What people type back, on any keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.notices.rules import (
    AnswerOption,
    Known,
    Next,
    Urgency,
    Wish,
    after_doubt,
    answer_keyed,
    answer_meant,
    bare,
    call_again_after,
    is_machine,
    wish,
    yes_or_no,
)
from porchlight.notices.rules.typed import NO_WORDS, START_WORDS, STOP_WORDS, YES_WORDS

COMING = (
    AnswerOption(key="coming", label="I'm on my way"),
    AnswerOption(key="cant", label="I can't"),
    AnswerOption(key="from-here", label="Help from here"),
)
YES_NO = (AnswerOption(key="no", label="Not now"), AnswerOption(key="yes", label="Sí"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "coming"), (" 1. ", "coming"), ("«2»", "cant"), ("١", "coming"), ("۲", "cant"),
        ("३", "from-here"), ("1️⃣", "coming"), ("2⃣", "cant"), ("👍", "coming"), ("👍🏽", "coming"),
        ("I’M ON MY WAY", "coming"), ("i can't!", "cant"), ("Yes", "coming"), ("sí", "coming"),
        ("نعم", "coming"), ("أيوه", "coming"), ("help from here", "from-here"),
        ("no", None), ("4", None), ("0", None), ("12", None), ("1 2", None), ("", None),
        ("?", None), ("yes but later", None), ("لا", None),
    ],
)  # fmt: skip
def test_numbers_words_and_thumbs_mean_an_answer(text: str, key: str | None) -> None:
    meant = answer_meant(text, COMING)
    assert (meant and meant.key) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [("yes", "yes"), ("SI", "yes"), ("ok", "yes"), ("no", "no"), ("No!", "no"), ("كلا", "no"),
     ("1", "no"), ("2", "yes"), ("👎", "no"), ("👍", "yes")],
)  # fmt: skip
def test_a_yes_finds_its_answer_wherever_it_stands(text: str, key: str) -> None:
    meant = answer_meant(text, YES_NO)
    assert meant is not None and meant.key == key


def test_nothing_means_anything_where_nothing_is_asked() -> None:
    assert answer_meant("yes", ()) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [("STOP", Wish.STOP), ("stop.", Wish.STOP), ("  Quit ", Wish.STOP), ("END", Wish.STOP),
     ("cancel", Wish.STOP), ("StopAll", Wish.STOP), ("unsubscribe", Wish.STOP),
     ("Start", Wish.START), ("unstop", Wish.START),
     ("please stop", None), ("stop it", None), ("yes", None), ("", None), ("help", None)],
)  # fmt: skip
def test_stop_counts_as_a_lone_word_only(text: str, meant: Wish | None) -> None:
    assert wish(text) is meant


def test_no_word_means_two_things() -> None:
    tables = [YES_WORDS, NO_WORDS, STOP_WORDS, START_WORDS]
    assert sum(map(len, tables)) == len(frozenset().union(*tables))
    for word in YES_WORDS | NO_WORDS | STOP_WORDS | START_WORDS:
        assert bare(word) == word, "a word of a table must be written as texts are compared"
    assert all(yes_or_no(word) for word in YES_WORDS)
    assert all(yes_or_no(word) is False for word in NO_WORDS)


@given(st.text())
def test_reading_what_was_typed_never_fails(text: str) -> None:
    answer_meant(text, COMING)
    assert bare(bare(text)) == bare(text) or len(bare(text)) <= len(text) * 4


@pytest.mark.parametrize(
    ("known", "doubts", "urgency", "expected"),
    [
        (Known.YES, 1, Urgency.CRITICAL, Next.COUNT_AS_SENT),
        (Known.YES, 2, Urgency.ORDINARY, Next.COUNT_AS_SENT),
        (Known.NO, 1, Urgency.CRITICAL, Next.SEND_ONCE_MORE),
        (Known.NO, 1, Urgency.URGENT, Next.SEND_ONCE_MORE),
        (Known.NO, 1, Urgency.ORDINARY, Next.SEND_ONCE_MORE),
        (Known.CANNOT_SAY, 1, Urgency.CRITICAL, Next.SEND_ONCE_MORE),
        (Known.CANNOT_SAY, 1, Urgency.URGENT, Next.GIVE_UP),
        (Known.CANNOT_SAY, 1, Urgency.ORDINARY, Next.GIVE_UP),
        (Known.NO, 2, Urgency.CRITICAL, Next.GIVE_UP),
        (Known.CANNOT_SAY, 2, Urgency.CRITICAL, Next.GIVE_UP),
    ],
)
def test_a_doubt_is_asked_about_and_repeated_once_at_most(
    known: Known, doubts: int, urgency: Urgency, expected: Next
) -> None:
    assert after_doubt(known=known, doubts=doubts, urgency=urgency) is expected


@given(st.sampled_from(Known), st.integers(2, 50), st.sampled_from(Urgency))
def test_nothing_goes_out_a_third_time(known: Known, doubts: int, urgency: Urgency) -> None:
    assert after_doubt(known=known, doubts=doubts, urgency=urgency) is not Next.SEND_ONCE_MORE


@pytest.mark.parametrize(
    ("key", "answer"),
    [("1", "coming"), ("3", "from-here"), ("4", None), ("0", None), ("9", None), ("", None),
     ("#", None), ("*", None), ("12", None), ("²", None), ("١", None)],
)  # fmt: skip
def test_a_key_of_the_phone_is_the_answer_with_its_number(key: str, answer: str | None) -> None:
    meant = answer_keyed(key, COMING)
    assert (meant and meant.key) == answer


def test_the_second_call_comes_within_three_minutes_and_later_ones_are_rarer() -> None:
    waits = [call_again_after(tries).total_seconds() for tries in range(1, 8)]
    assert waits[0] < 180
    assert waits == sorted(waits)


@pytest.mark.parametrize(
    ("answered_by", "machine"),
    [("human", False), ("unknown", False), ("", False), ("machine_start", True),
     ("machine_end_beep", True), ("fax", True)],
)  # fmt: skip
def test_mailboxes_hear_nothing(answered_by: str, machine: bool) -> None:
    assert is_machine(answered_by) is machine
