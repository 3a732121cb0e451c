"""Hours of the week: masks, words, and clocks that go forward and back."""

# ruff: noqa: DTZ001  # wall times; each test puts its zone on them

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.people.rules.hours import (
    BLOCKS,
    HOURS,
    MASK_BYTES,
    Hours,
    blocks_in,
    blocks_of_mask,
    end_of_tonight,
    has_hour,
    hour_of_week,
    mask_of_blocks,
    named,
    same_time_in_days,
    spans,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Amsterdam", "America/Caracas", "Asia/Kathmandu", "UTC")]
)
BLOCK_SETS = st.frozensets(st.integers(0, BLOCKS - 1))
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)
)


@given(BLOCK_SETS)
def test_ticked_parts_come_back_from_the_mask(blocks: frozenset[int]) -> None:
    mask = mask_of_blocks(blocks)
    assert len(mask) == MASK_BYTES
    assert blocks_of_mask(mask) == blocks


@given(BLOCK_SETS)
def test_an_hour_is_in_the_mask_when_its_part_is_ticked(blocks: frozenset[int]) -> None:
    mask = mask_of_blocks(blocks)
    assert [has_hour(mask, hour) for hour in range(HOURS)] == [
        hour // 4 in blocks for hour in range(HOURS)
    ]


@given(BLOCK_SETS)
def test_spans_say_exactly_the_hours_of_the_mask(blocks: frozenset[int]) -> None:
    mask = mask_of_blocks(blocks)
    said = [
        day * 24 + hour
        for span in spans(mask)
        for day in span.days
        for hour in range(span.from_hour, span.until)
    ]
    assert sorted(said) == [hour for hour in range(HOURS) if has_hour(mask, hour)]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("hours", [hours for hours in Hours if hours is not Hours.OWN])
def test_every_plain_word_is_found_again(hours: Hours) -> None:
    assert named(mask_of_blocks(blocks_in(hours))) is hours


def test_one_hour_short_of_always_is_not_called_always() -> None:
    mask = bytearray(mask_of_blocks(blocks_in(Hours.ALWAYS)))
    mask[0] &= 0b11111110
    assert named(bytes(mask)) is Hours.OWN


@pytest.mark.parametrize(
    ("hours", "moment", "is_in"),
    [
        (Hours.WEEKDAY_NIGHTS, datetime(2026, 11, 16, 3), True),  # Monday
        (Hours.WEEKDAY_NIGHTS, datetime(2026, 11, 16, 8), False),
        (Hours.WEEKDAY_NIGHTS, datetime(2026, 11, 16, 20), True),
        (Hours.WEEKDAY_NIGHTS, datetime(2026, 11, 21, 3), False),  # Saturday
        (Hours.WEEKDAY_DAYS, datetime(2026, 11, 20, 19, 59), True),
        (Hours.WEEKDAY_DAYS, datetime(2026, 11, 20, 20), False),
        (Hours.EVENINGS, datetime(2026, 11, 22, 23, 59), True),
        (Hours.EVENINGS, datetime(2026, 11, 22, 15, 59), False),
        (Hours.WEEKENDS, datetime(2026, 11, 21, 0), True),
        (Hours.WEEKENDS, datetime(2026, 11, 20, 23, 59), False),
        (Hours.ALWAYS, datetime(2026, 11, 20, 4), True),
    ],
)
def test_plain_words_hold_the_hours_people_expect(
    hours: Hours, moment: datetime, is_in: bool
) -> None:
    mask = mask_of_blocks(blocks_in(hours))
    local = moment.replace(tzinfo=AMSTERDAM)
    assert has_hour(mask, hour_of_week(local, AMSTERDAM)) is is_in


@pytest.mark.parametrize("block", [-1, BLOCKS, 1000])
def test_a_part_that_does_not_exist_is_no_mask(block: int) -> None:
    with pytest.raises(ValueError, match="no such part"):
        mask_of_blocks([block])


@given(MOMENTS, ZONES)
def test_the_hour_of_the_week_is_what_the_wall_shows(moment: datetime, zone: ZoneInfo) -> None:
    local = moment.astimezone(zone)
    hour = hour_of_week(moment, zone)
    assert (hour // 24, hour % 24) == (local.weekday(), local.hour)


@given(MOMENTS, ZONES)
def test_a_week_later_by_the_wall_is_the_same_hour(moment: datetime, zone: ZoneInfo) -> None:
    later = same_time_in_days(moment, zone, 7)
    before = moment.astimezone(zone).replace(fold=0)
    is_skipped = later.astimezone(UTC).astimezone(zone).hour != later.hour
    assert is_skipped or hour_of_week(later, zone) == hour_of_week(before, zone)


def test_when_clocks_go_back_two_hours_are_the_same_hour_of_the_week() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert hour_of_week(first, AMSTERDAM) == 6 * 24 + 2
    assert hour_of_week(first + timedelta(hours=1), AMSTERDAM) == 6 * 24 + 2
    assert hour_of_week(first + timedelta(hours=2), AMSTERDAM) == 6 * 24 + 3


def test_when_clocks_go_forward_an_hour_is_left_out() -> None:
    before = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert hour_of_week(before, AMSTERDAM) == 6 * 24 + 1
    assert hour_of_week(before + timedelta(minutes=1), AMSTERDAM) == 6 * 24 + 3


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2026, 11, 20, 22), datetime(2026, 11, 21, 8)),
        (datetime(2026, 11, 21, 1), datetime(2026, 11, 21, 8)),
        (datetime(2026, 11, 21, 8), datetime(2026, 11, 22, 8)),
        (datetime(2026, 3, 28, 23), datetime(2026, 3, 29, 8)),
        (datetime(2026, 12, 31, 23, 59), datetime(2027, 1, 1, 8)),
    ],
)
def test_tonight_ends_at_eight_in_the_morning(now: datetime, ends: datetime) -> None:
    assert end_of_tonight(now.replace(tzinfo=AMSTERDAM), AMSTERDAM) == ends.replace(
        tzinfo=AMSTERDAM
    )
