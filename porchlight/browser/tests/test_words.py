"""Words in templates: times in the network's zone, names that keep to themselves, icons, codes."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import translation

from porchlight.browser.icons import drawings
from porchlight.browser.street import House
from porchlight.browser.templatetags.words import day_words, until_words

TODAY = date(2026, 11, 20)  # a Friday
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def drawn(words: str, **context: object) -> str:
    context.setdefault("now", NOON)
    context.setdefault("zone", ZoneInfo("Europe/Amsterdam"))
    return engines["django"].from_string(words).render(context)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 20), "today"),
        (date(2026, 11, 21), "tomorrow"),
        (date(2026, 11, 19), "yesterday"),
        (date(2026, 11, 24), "Tuesday"),
        (date(2026, 11, 26), "Thursday"),
        (date(2026, 11, 27), "27 November"),
        (date(2026, 11, 18), "18 November"),
        (date(2027, 1, 2), "2 January 2027"),
    ],
)
def test_a_near_day_is_named_as_people_name_it(day: date, said: str) -> None:
    assert day_words(day, TODAY) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 24), "until 24 December"),
        (date(2026, 12, 26), "until December"),
        (date(2027, 6, 30), "until June 2027"),
    ],
)
def test_a_role_lasts_until_a_month(day: date, said: str) -> None:
    assert until_words(day, TODAY) == said


def test_a_moment_is_told_in_the_zone_of_the_network() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam
    said = drawn("{% when moment %}", moment=late)
    assert ">tomorrow 00:30<" in said
    assert 'datetime="2026-11-21T00:30:00+01:00"' in said


def test_a_moment_before_and_after_the_clocks_change() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    after = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert ">02:30<" in drawn("{% clock m %}", m=before)
    assert ">02:30<" in drawn("{% clock m %}", m=after)
    assert "+02:00" in drawn("{% clock m %}", m=before)
    assert "+01:00" in drawn("{% clock m %}", m=after)


def test_days_speak_the_readers_language() -> None:
    with translation.override("es"):
        assert day_words(date(2026, 11, 27), TODAY) == "27 de noviembre"


def test_a_name_cannot_turn_the_sentence_around_it() -> None:
    assert drawn("{{ n|name }}!", n="ليلى <b>") == "<bdi>ليلى &lt;b&gt;</bdi>!"


@pytest.mark.parametrize(
    ("typed", "letters"), [("Amir", "Am"), ("Jo Ann", "Jo"), ("X", "X"), ("", "")]
)
def test_a_face_shows_the_first_letters(typed: str, letters: str) -> None:
    assert drawn("{{ n|initials }}", n=typed) == letters


def test_own_words_are_marked_with_their_own_language() -> None:
    words = {"en": "First aiders", "ar": "مسعفون"}
    assert 'lang="ar"' in drawn("{% own_words w 'ar' %}", w=words)
    assert 'lang="en"' in drawn("{% own_words w 'es' %}", w=words)
    assert drawn("{% own_words w 'es' %}", w={}) == ""


def test_an_icon_is_silent_beside_words_and_speaks_alone() -> None:
    assert 'aria-hidden="true"' in drawn("{% icon 'bell' %}")
    assert 'role="img" aria-label="News &amp; more"' in drawn(
        "{% icon 'bell' said %}", said="News & more"
    )


def test_every_icon_is_one_stroke_drawing_of_our_own_files() -> None:
    assert len(drawings()) > 60
    assert all(drawing.startswith("<path d=") for drawing in drawings().values())


def test_a_qr_code_needs_no_style_attribute() -> None:
    code = drawn("{% qr 'http://localhost/join/x' 'Opens the invite' %}")
    assert "<svg" in code
    assert "style=" not in code
    assert 'aria-label="Opens the invite"' in code


def test_the_street_names_no_one_whose_light_is_off() -> None:
    houses = [
        House(name="Lena", is_lit=True),
        House(name="Hana", is_lit=False),
        House(name="Rosa", is_me=True),
    ]
    shown = drawn("{% street houses %}", houses=houses)
    assert "Lena" in shown
    assert "Hana" not in shown
    assert "You" in shown
    assert "light off" not in shown
    assert shown.count("<li") == 3
