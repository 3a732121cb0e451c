"""Facts written as one text reach the database as the lists they stand for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight.kit.statements import run, short, times, whole

pytestmark = pytest.mark.django_db

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
SMALL_TEXTS = st.lists(st.text("{}[]\\\",' \nnNUL\u200fé", max_size=6))
MOMENTS = st.lists(
    st.none() | st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
)


@settings(max_examples=300)
@given(TEXTS | SMALL_TEXTS)
def test_texts_arrive_as_they_are(texts: list[str]) -> None:
    assert run("SELECT %s::text[]", [short(texts)]) == [(texts,)]


@settings(max_examples=100)
@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_whole_numbers_do(numbers: list[int]) -> None:
    assert run("SELECT %s::bigint[]", [whole(numbers)]) == [(numbers,)]


@settings(max_examples=100)
@given(MOMENTS)
def test_moments_do(moments: list[datetime | None]) -> None:
    assert run("SELECT %s::timestamptz[]", [times(moments)]) == [(moments,)]
