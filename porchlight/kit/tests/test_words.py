"""What people type, made safe: nothing hidden, nothing turned round, nobody's look-alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit.words import (
    LONGEST_SKELETON,
    MARKS_IN_A_ROW,
    are_alike,
    clean_line,
    clean_text,
    digits_in,
    plain_digits,
    skeleton,
    visible_length,
)

ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=60)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada", "Ada"),
        ("  Ada \t  Lovelace ", "Ada Lovelace"),
        ("Ada\u202eadA", "AdaadA"),
        ("\u2066Ada\u2069", "Ada"),
        ("A\u200bd\u200ea\ufeff", "Ada"),
        ("Ada\x00", "Ada"),
        ("Ada\x1b[31m", "Ada[31m"),
        ("Ada\u00ad", "Ada"),
        ("Ada\ud800", "Ada"),
        ("Ada\u2028Bo", "Ada Bo"),
        ("Ada\r\nBo\rCy", "Ada Bo Cy"),
        ("e\u200b\u0301", "é"),
        ("e\u0301", "é"),
        ("\u3164", ""),
        ("\u115f\u1160\uffa0\u2800", ""),
        ("Tag\U000e0041\U000e007f", "Tag"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("فاطمة", "فاطمة"),
    ],
)
def test_a_line_keeps_what_was_meant_and_nothing_hidden(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


def test_several_lines_stay_lines() -> None:
    assert clean_text(" one \r\n two\r\rthree\x0b ") == "one\ntwo\n\nthree"


def test_a_tower_of_marks_is_cut_down() -> None:
    assert len(unicodedata.normalize("NFD", clean_line("Z" + "\u0334" * 300))) == 1 + MARKS_IN_A_ROW


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    once = clean_text(typed)
    assert clean_text(once) == once
    assert clean_line(clean_line(typed)) == clean_line(typed)


@given(ANYTHING)
def test_whatever_was_typed_the_database_takes_it(typed: str) -> None:
    line = clean_line(typed)
    assert line.encode("utf-8").decode("utf-8") == line
    assert not any(
        unicodedata.category(letter) == "Cc" or letter in "\u202e\u2066\u200b\u2028\ufeff"
        for letter in line
    )


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("Ada", "аdа"),  # Cyrillic
        ("Ada", "ADA"),
        ("Ada", "A d a"),
        ("Ada", "Ａｄａ"),
        ("Ada", "Adá"),
        ("Ada", "A\u200dda"),
        ("Bo", "B0"),
        ("Lila", "1ila"),
        ("Oskar", "Οskar"),  # Greek
        ("Straße", "STRASSE"),
        ("Ilker", "İlker"),
        ("Tom", "Тоm"),
        ("علي", "علی"),  # typed on a Persian or Urdu keyboard
        ("علي", "على"),
        ("علي", "عـلي"),  # made longer
        ("علي", "عَلِيّ"),  # with its vowels
        ("كريم", "کریم"),
        ("كريم", "ڪريم"),
        ("فاطمة", "فاطمه"),
        ("فاطمة", "فاطمہ"),
        ("فاطمة", "فاطمۃ"),
        ("هدى", "ھدی"),
        ("شاه", "شاە"),  # Kurdish
        ("أحمد", "احمد"),
        ("إيمان", "ٱیمان"),
        ("آدم", "ادم"),
        ("رؤوف", "رووف"),
        ("علي ٢", "علی ۲"),
        ("علي ٢", "علي 2"),
    ],
)
def test_names_a_tired_reader_takes_for_each_other_have_one_skeleton(name: str, twin: str) -> None:
    assert skeleton(name) == skeleton(twin)
    assert are_alike(name, twin)


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("Ian", "lan"),
        ("Ian", "IAN"),
        ("Ilse", "llse"),
        ("Ilse", "IIse"),
        ("Ilse", "1lse"),
        ("Іван", "lван"),  # Cyrillic
        ("Ιωάννα", "lωαννα"),  # Greek
        ("Bill", "BiIl"),
    ],
)
def test_a_capital_i_is_drawn_as_a_small_l(name: str, twin: str) -> None:
    assert are_alike(name, twin)
    assert are_alike(twin, name)


def test_whoever_is_called_ian_signs_in_as_ian_in_any_letters() -> None:
    assert skeleton("Ian") == skeleton("ian") == skeleton("IAN") != skeleton("lan")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ada", "Aida"),
        ("Ian", "Lan"),
        ("ian", "lan"),
        ("Ilse", "Lise"),
        ("Bill", "BiLi"),
        ("علي", "علا"),
        ("كريم", "كرم"),
        ("گلی", "كلي"),
        ("منى", "مها"),
        ("Anna", "Ana"),
        ("فاطمة", "فاطم"),
        ("李", "季"),
        ("😀", "😁"),
    ],
)
def test_names_that_look_different_do_not_collide(name: str, other: str) -> None:
    assert not are_alike(name, other)


@given(ANYTHING)
def test_a_skeleton_fits_its_column_and_is_its_own_skeleton_s_start(name: str) -> None:
    found = skeleton(name)
    assert len(found) <= LONGEST_SKELETON
    assert not any(letter.isspace() for letter in found)
    assert skeleton(clean_line(name)) == found


def test_one_letter_that_stands_for_many_still_fits() -> None:
    assert len(skeleton("ﷺ" * 60)) == LONGEST_SKELETON


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("112", "112"),
        ("١١٢", "112"),
        ("۱۱۲", "112"),
        ("१०८", "108"),
        ("１１０", "110"),
        ("+٣١ ٦ (١٢)", "+31 6 (12)"),
        ("٥٢٫٠٩", "52٫09"),
        ("علي ٢", "علي 2"),
        ("", ""),
        ("½ 😀", "½ 😀"),
    ],
)
def test_digits_of_any_script_become_ours_and_the_rest_stays(typed: str, plain: str) -> None:
    assert plain_digits(typed) == plain


def test_codes_may_be_typed_with_spaces_and_in_other_digits() -> None:
    for typed in (" 123 456 ", "123-456", "١٢٣٤٥٦", "۱۲۳ ۴۵۶"):
        assert digits_in(typed) == "123456"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("   ", 0),
        ("Ada", 3),
        ("\u200d\u200c", 0),
        ("\u0301\u0301", 0),
        ("\ufe0f", 0),
        ("é", 1),
        ("e\u0301", 1),
        ("❤️", 1),
        ("李", 1),
    ],
)
def test_only_what_can_be_seen_counts(text: str, length: int) -> None:
    assert visible_length(text) == length
