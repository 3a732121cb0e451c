"""One text is one segment, whatever the words, the language and the link."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from porchlight.notices.rules import AnswerOption, Words, fit, segments
from porchlight.notices.rules.texting import (
    GSM_BASIC,
    GSM_EXTENDED,
    _first_that_fits,
    _quickly,
    gsm_length,
    plain,
    says,
)

LINK = "https://street.example/a/abcdefghij/"
YES_NO = (AnswerOption(key="yes", label="Yes"), AnswerOption(key="no", label="No"))


def words(**facts: object) -> Words:
    return Words(**{"title": "Somebody asks for a hand", "line": "", **facts})  # type: ignore[arg-type]


def test_the_alphabet_of_phones_has_all_its_letters() -> None:
    assert len(GSM_BASIC) == 127  # of 128 places one is the sign that the next is an extended one
    assert len(GSM_EXTENDED) == 10
    assert not GSM_BASIC & GSM_EXTENDED


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        ("é" * 160, 1),
        ("ن" * 70, 1),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 69 + "😀", 2),
    ],
)
def test_segments_are_counted_as_networks_do(text: str, parts: int) -> None:
    assert segments(text) == parts


@pytest.mark.parametrize(
    ("given_words", "said"),
    [
        ({"text": "Help near you. 1 coming, 2 can't"}, f"Help near you. 1 coming, 2 can't {LINK}"),
        ({"text": "x" * 150, "short_text": "Help?"}, f"Help? {LINK}"),
        ({"text": "x" * 200, "short_text": "y" * 150}, "y" * 150),
        ({"text": "x" * 200, "short_text": "y" * 200}, f"Somebody asks for a hand {LINK}"),
        ({"answers": YES_NO}, f"Somebody asks for a hand 1 Yes, 2 No {LINK}"),
        ({}, f"Somebody asks for a hand {LINK}"),
        ({"title": "word " * 40}, f"{('word ' * 24).strip()} {LINK}"),
        ({"title": "¿Puedes venir? Alguien cerca está pidiendo ayuda ahora"},
         f"¿Puedes venir? Alguien cerca esta pidiendo ayuda ahora {LINK}"),
        ({"title": "Can’t  you — “come”… now?"}, f"Can't you - \"come\"... now? {LINK}"),
        ({"text": "ن" * 33}, f"{'ن' * 33} {LINK}"),
        ({"text": "ن" * 34, "short_text": "ن" * 30}, f"{'ن' * 30} {LINK}"),
        ({"text": "ن" * 80, "short_text": "ن" * 60}, "ن" * 60),
    ],
)  # fmt: skip
def test_the_first_wording_that_fits_is_said(given_words: dict[str, str], said: str) -> None:
    assert fit(words(**given_words), LINK) == said
    assert segments(said) == 1


@given(st.text(max_size=170), st.sampled_from(["", LINK, "x" * 100, "~a", "é/", "a b"]))
@example("x" * 123, LINK)
@example("x" * 124, LINK)
@example("x" * 160, "")
@example(" ", LINK)
def test_what_is_measured_once_is_what_is_measured_each_time(text: str, link: str) -> None:
    same = words(text=text)
    for _again in range(2):
        assert _quickly(same, link) in {"", _first_that_fits(same, link, "")}
    assert fit(same, link) == _first_that_fits(same, link, "")


def test_a_plain_text_with_its_link_is_measured_once() -> None:
    assert _quickly(words(text="Can you come?"), LINK) == f"Can you come? {LINK}"


def test_a_link_longer_than_a_text_is_left_out() -> None:
    assert fit(words(), "https://" + "x" * 200) == "Somebody asks for a hand"


def test_a_repeat_says_that_it_is_one() -> None:
    assert fit(words(text="Help?"), LINK, "(again)") == f"(again) Help? {LINK}"


SOME = st.text(max_size=400) | st.text("ab cd éáن😀’€\n", max_size=300)


@given(SOME, SOME, SOME, st.lists(SOME, max_size=3), st.text(max_size=200) | st.just(LINK))
@example("", "", "", [], "")
@example("😀" * 200, "", "", [], LINK)
@example("a" + "\u0301" * 300, "", "", [], LINK)
def test_whatever_is_to_be_said_is_exactly_one_segment(
    title: str, text: str, short_text: str, labels: list[str], link: str
) -> None:
    answers = tuple(AnswerOption(key=str(n), label=label) for n, label in enumerate(labels))
    asked = words(title=title, text=text, short_text=short_text, answers=answers)
    for mark in ("", "(again)", "(مرة أخرى)"):
        said = fit(asked, link, mark)
        assert segments(said) == 1
        assert said or not any(part.split() for part in (title, mark))


@given(st.text(max_size=100))
def test_plain_letters_are_never_more_and_never_worse(text: str) -> None:
    bare = plain(text)
    assert len(bare) == len(text)
    assert (gsm_length(bare) is not None) >= (gsm_length(text) is not None)


def test_a_fact_is_said_whole_or_not() -> None:
    assert says('Wait here: At the "old" bakery', "At  the “old” bakery")
    assert says("Wait here: manana", "mañaná") is False
    assert says(plain("Wait here: İstanbul"), "İstanbul")
    assert not says("Where to wait", "At the bakery")
    assert not says("Wait here: At the", "At the bakery")
