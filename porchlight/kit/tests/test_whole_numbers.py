"""Money, quantities and ids: whole numbers and whole words, there and back."""

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import ids, money, quantity, statements
from porchlight.kit.money import Currency
from porchlight.kit.quantity import Unit

EURO = Currency(code="EUR", sign="€")
DOLLAR = Currency(code="USD", sign="$")
YEN = Currency(code="JPY", sign="¥", digits=0)
LANGUAGES = ("en", "es", "ar")


@pytest.mark.parametrize(
    ("cents", "currency", "language", "words"),
    [
        (0, EURO, "en", "€0.00"), (5, EURO, "es", "0,05 €"), (123456, EURO, "en", "€1,234.56"),
        (123456, EURO, "es", "1.234,56 €"), (123456, EURO, "ar", "1,234.56 €"),
        (-250, DOLLAR, "en", "−$2.50"), (-250, DOLLAR, "es", "−2,50 $"),
        (1500, YEN, "en", "¥1,500"),
    ],
)  # fmt: skip
def test_cents_read_as_each_language_writes_them(
    cents: int, currency: Currency, language: str, words: str
) -> None:
    assert money.in_words(cents, currency=currency, language=language) == words


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 1200), ("12,5", 1250), ("12.50", 1250), (" € 3 ", 300),
        ("3 EUR", 300), ("3eur", 300),
        ("1.234,56", 123456), ("1,234.56", 123456), ("1 234 567", 123456700), ("1’234.5", 123450),
        ("١٢٫٥٠", 1250), ("١٬٢٣٤٫٥٠", 123450), ("0", 0), ("007", 700),
        ("0" * 10 + "1.00", 100),
    ],
)  # fmt: skip
def test_typed_amounts_are_understood_in_any_script(text: str, cents: int) -> None:
    assert money.typed(text, currency=EURO) == cents


@pytest.mark.parametrize(
    "text",
    ["", "€", "-3", "−3", "1.234", "1,234", "1.2.3", "12.345", "1.234.56", "1,23,456.00", "12,",
     ".5", "1e3", "0x10", "NaN", "1/2", "3 $", "1€2", "²", "9" * 40, "1234,567", "3 4", "1\n2"],
)  # fmt: skip
def test_what_is_unclear_or_no_amount_is_refused_not_guessed(text: str) -> None:
    assert money.typed(text, currency=EURO) is None


def test_a_currency_without_cents_takes_whole_numbers_only() -> None:
    assert money.typed("¥1500", currency=YEN) == 1500
    assert money.typed("15.5", currency=YEN) is None


@given(cents=st.integers(0, 10**13 - 1), language=st.sampled_from(LANGUAGES))
def test_what_is_shown_can_be_typed_back(cents: int, language: str) -> None:
    for currency in (EURO, DOLLAR):
        shown = money.in_words(cents, currency=currency, language=language)
        assert money.typed(shown, currency=currency) == cents


@given(text=st.text(alphabet="0123456789.,’' €-+eE٣٫\u00a0x", max_size=30))
def test_no_typing_breaks_it_or_makes_a_negative_amount(text: str) -> None:
    cents = money.typed(text, currency=EURO)
    assert cents is None or 0 <= cents < 10**13


@pytest.mark.parametrize(
    ("amount", "unit", "language", "words"),
    [
        (0, Unit.GRAM, "en", "0 g"), (999, Unit.GRAM, "en", "999 g"),
        (1000, Unit.GRAM, "en", "1 kg"),
        (1250, Unit.GRAM, "en", "1.25 kg"), (1250, Unit.GRAM, "es", "1,25 kg"),
        (1005, Unit.MILLILITRE, "ar", "1.005 l"), (330, Unit.MILLILITRE, "es", "330 ml"),
        (12, Unit.PIECE, "ar", "12"), (0, Unit.MINUTE, "en", "0 min"),
        (45, Unit.MINUTE, "en", "45 min"), (60, Unit.MINUTE, "es", "1 h"),
        (90, Unit.MINUTE, "ar", "1 h 30 min"), (-1500, Unit.GRAM, "en", "−1.5 kg"),
    ],
)  # fmt: skip
def test_quantities_read_in_the_unit_that_fits(
    amount: int, unit: Unit, language: str, words: str
) -> None:
    assert quantity.in_words(amount, unit=unit, language=language) == words


@given(first=st.integers(0, 10**9), second=st.integers(0, 10**9))
def test_two_amounts_never_read_the_same(first: int, second: int) -> None:
    for unit, language in product(Unit, LANGUAGES):
        read = [quantity.in_words(one, unit=unit, language=language) for one in (first, second)]
        assert (read[0] == read[1]) is (first == second)


@given(number=st.integers(0, 2**128 - 1))
def test_an_id_is_written_one_way_only(number: int) -> None:
    written = str(UUID(int=number))
    assert ids.is_uuid(written)
    for other in (f"{{{written}}}", f"urn:uuid:{written}", f"{written}\n", f" {written}", ""):
        assert not ids.is_uuid(other)
    assert ids.is_uuid(written.upper()) is (written.upper() == written)


def test_a_new_id_is_random_and_fits_an_address() -> None:
    made = [ids.new_id() for _ in range(100)]
    assert len(set(made)) == 100
    assert {one.version for one in made} == {4}
    assert all(ids.is_uuid(str(one)) for one in made)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5))
def test_many_numbers_are_one_fact(numbers: list[int]) -> None:
    assert statements.whole(numbers) == "{" + str(numbers)[1:-1].replace(" ", "") + "}"
