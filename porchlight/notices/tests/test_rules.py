"""What holds without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from porchlight.notices.rules import (
    ALLOWED,
    QUICK_TRIES,
    STEP,
    AnswerOption,
    Channel,
    DeliveryState,
    Lane,
    QuietHours,
    Urgency,
    answer_meant,
    is_site_path,
    may_become,
    patience,
    planned,
    quiet_ends,
    retry_wait,
)
from porchlight.notices.tests.conftest import demo, mail, phone, somebody

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)  # 12:00 in Amsterdam
NIGHT = QuietHours(from_minute=22 * 60, until_minute=7 * 60)


def amsterdam(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Europe/Amsterdam"), fold=fold)  # type: ignore[arg-type,misc]


ALL_PAIRS = list(product(DeliveryState, DeliveryState))


@pytest.mark.parametrize(("before", "after"), ALL_PAIRS)
def test_a_delivery_moves_only_as_the_table_says(
    before: DeliveryState, after: DeliveryState
) -> None:
    expected = {
        "queued": "claimed expired cancelled",
        "claimed": "queued handed failed_temp failed_perm in_doubt expired cancelled",
        "failed_temp": "claimed expired cancelled",
        "in_doubt": "claimed delivered failed_perm expired cancelled",
        "handed": "delivered failed_perm failed_temp",
    }.get(before, "")
    assert may_become(before, after) is (after in expected.split())


def test_every_state_stands_in_the_table() -> None:
    assert set(ALLOWED) == set(DeliveryState)


def test_a_critical_notice_goes_everywhere_at_once_even_at_night() -> None:
    person = somebody(mail("ada@x.example"), demo("Ada"), quiet=NIGHT)
    plan = planned(recipient=person, urgency=Urgency.CRITICAL, now=amsterdam(2026, 5, 4, 23, 0))
    assert [(step.channel, step.due_at) for step in plan] == [
        (Channel.PAGE, amsterdam(2026, 5, 4, 23, 0)),
        (Channel.EMAIL, amsterdam(2026, 5, 4, 23, 0)),
        (Channel.DEMO, amsterdam(2026, 5, 4, 23, 0)),
    ]


def test_an_urgent_notice_takes_one_more_address_each_half_minute() -> None:
    person = somebody(mail("ada@x.example"), demo("Ada"), demo("Ada's other phone"), quiet=NIGHT)
    plan = planned(recipient=person, urgency=Urgency.URGENT, now=NOON)
    assert [step.due_at for step in plan] == [NOON, NOON, NOON + STEP, NOON + 2 * STEP]


def test_an_ordinary_notice_takes_the_first_address_after_the_quiet_hours() -> None:
    person = somebody(mail("ada@x.example"), demo("Ada"), quiet=NIGHT)
    late = amsterdam(2026, 5, 4, 23, 30)
    bell, first, second = planned(recipient=person, urgency=Urgency.ORDINARY, now=late)
    assert bell.due_at == late
    assert first.due_at == amsterdam(2026, 5, 5, 7, 0)
    assert second.due_at is None


def test_addresses_that_are_not_verified_or_not_known_are_passed_over() -> None:
    sms = demo("Ada")
    person = somebody(mail("ada@x.example", is_verified=False), demo("Ada"))
    unknown = type(sms)(id=sms.id, channel="pigeon", value="x", is_verified=True)
    person = somebody(*person.addresses, unknown)
    plan = planned(recipient=person, urgency=Urgency.CRITICAL, now=NOON)
    assert [step.channel for step in plan] == [Channel.PAGE, Channel.DEMO]


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (amsterdam(2026, 5, 4, 21, 59), amsterdam(2026, 5, 4, 21, 59)),
        (amsterdam(2026, 5, 4, 22, 0), amsterdam(2026, 5, 5, 7, 0)),
        (amsterdam(2026, 5, 5, 0, 0), amsterdam(2026, 5, 5, 7, 0)),
        (amsterdam(2026, 5, 5, 6, 59), amsterdam(2026, 5, 5, 7, 0)),
        (amsterdam(2026, 5, 5, 7, 0), amsterdam(2026, 5, 5, 7, 0)),
        # The night of 28 March is an hour shorter, that of 24 October an hour longer.
        (amsterdam(2026, 3, 28, 23, 0), amsterdam(2026, 3, 29, 7, 0)),
        (amsterdam(2026, 10, 24, 23, 0), amsterdam(2026, 10, 25, 7, 0)),
    ],
)
def test_quiet_hours_end_on_the_wall_clock(now: datetime, ends: datetime) -> None:
    assert quiet_ends(NIGHT, zone="Europe/Amsterdam", now=now) == ends


def test_the_short_night_waits_seven_hours_and_the_long_one_nine() -> None:
    spring, autumn = amsterdam(2026, 3, 28, 23, 0), amsterdam(2026, 10, 24, 23, 0)
    at = [
        quiet_ends(NIGHT, zone="Europe/Amsterdam", now=moment) - moment.astimezone(UTC)
        for moment in (spring, autumn)
    ]
    assert at == [timedelta(hours=7), timedelta(hours=9)]


@given(
    start=st.integers(0, 1439),
    end=st.integers(0, 1439),
    minutes=st.integers(0, 2 * 366 * 1440),
    zone=st.sampled_from(["Europe/Amsterdam", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_quiet_hours_never_answer_with_the_past_nor_wait_longer_than_a_day(
    start: int, end: int, minutes: int, zone: str
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ends = quiet_ends(QuietHours(from_minute=start, until_minute=end), zone=zone, now=now)
    assert now <= ends <= now + timedelta(hours=25)


def test_hours_that_are_not_of_a_day_are_refused() -> None:
    with pytest.raises(ValueError, match="one day"):
        QuietHours(from_minute=1440, until_minute=0)


@pytest.mark.parametrize(
    ("lane", "in_doubt", "later"),
    [
        (Lane.URGENT, False, (30, 30, 30, 30, 30, 30)),
        (Lane.URGENT, True, (60, 300, 1800, 7200, 7200, 7200)),
        (Lane.ORDINARY, False, (60, 300, 1800, 7200, 7200, 7200)),
        (Lane.ORDINARY, True, (60, 300, 1800, 7200, 7200, 7200)),
    ],
)
def test_a_failed_call_is_tried_quickly_and_then_patiently_without_end(
    lane: Lane, in_doubt: bool, later: tuple[int, ...]
) -> None:
    waits = [
        retry_wait(tries, lane=lane, in_doubt=in_doubt, jitter=0).total_seconds()
        for tries in range(1, QUICK_TRIES + len(later))
    ]
    assert waits == [0, 2, 5, 10, *later]


@given(
    tries=st.integers(1, 3000),
    lane=st.sampled_from(Lane),
    in_doubt=st.booleans(),
    jitter=st.floats(0, 1),
)
def test_jitter_only_lengthens_a_wait_by_half(
    tries: int, lane: Lane, in_doubt: bool, jitter: float
) -> None:
    plain = retry_wait(tries, lane=lane, in_doubt=in_doubt, jitter=0)
    spread = retry_wait(tries, lane=lane, in_doubt=in_doubt, jitter=jitter)
    assert plain <= spread <= plain * 1.5


YES_NO = (AnswerOption(key="yes", label="نعم"), AnswerOption(key="no", label="لا"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "yes"), (" 2. ", "no"), ("YES", "yes"), ("نعم", "yes"), ("١", "yes"), ("٢", "no"),
        ("12", None), ("maybe", None), ("", None), ("3", None), ("²", "no"),
    ],
)  # fmt: skip
def test_a_number_a_key_or_a_label_is_an_answer_and_nothing_else(
    text: str, key: str | None
) -> None:
    meant = answer_meant(text, YES_NO)
    assert (meant.key if meant else None) == key


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/n/linden/pod/", True), ("/", True), ("//evil.example/", False),
        ("/\\evil.example", False),
        ("https://evil.example/", False), ("/a b", False), ("/a\nb", False), ("", False),
        ("/" + "a" * 300, False),
    ],
)  # fmt: skip
def test_a_notice_leads_only_to_this_site(path: str, expected: bool) -> None:
    assert is_site_path(path) is expected


def test_addresses_do_not_show_in_logs() -> None:
    shown: Any = repr(somebody(mail("ada@secret.example")))
    assert "secret" not in shown


CALLS_AND_TEXTS = [
    # may_text, may_call, quiet now, urgency: what happens after how many seconds
    (True, True, False, Urgency.CRITICAL, [("sms", 0), ("voice", 30)]),
    (True, True, True, Urgency.CRITICAL, [("sms", 0), ("voice", 0)]),
    (False, True, False, Urgency.CRITICAL, [("voice", 0)]),
    (True, False, True, Urgency.CRITICAL, [("sms", 0)]),
    (True, True, False, Urgency.URGENT, [("sms", 0), ("voice", 30)]),
    (True, True, True, Urgency.URGENT, [("sms", 0), ("voice", 30)]),
    (False, True, False, Urgency.URGENT, [("voice", 0)]),
    (True, True, False, Urgency.ORDINARY, [("sms", 0)]),
    (False, True, False, Urgency.ORDINARY, []),
    (False, False, False, Urgency.CRITICAL, []),
]


@pytest.mark.parametrize(("may_text", "may_call", "quiet", "urgency", "plan"), CALLS_AND_TEXTS)
def test_a_phone_gets_texts_and_calls_as_its_owner_chose(
    may_text: bool, may_call: bool, quiet: bool, urgency: Urgency, plan: list[tuple[str, int]]
) -> None:
    hours = QuietHours(from_minute=11 * 60, until_minute=20 * 60) if quiet else None
    person = somebody(phone(may_text=may_text, may_call=may_call), quiet=hours)
    _, *steps = planned(recipient=person, urgency=urgency, now=NOON)
    assert [
        (step.channel, int((step.due_at - NOON).total_seconds()) if step.due_at else None)
        for step in steps
    ] == plan


def test_calls_stand_behind_everything_that_can_be_read_unless_it_is_critical() -> None:
    person = somebody(phone(), mail("a@x.example"))
    urgent = planned(recipient=person, urgency=Urgency.URGENT, now=NOON)
    assert [step.channel for step in urgent] == ["page", "sms", "email", "voice"]
    critical = planned(recipient=person, urgency=Urgency.CRITICAL, now=NOON)
    assert [step.channel for step in critical] == ["page", "sms", "voice", "email"]
    assert [step.rank for step in critical] == [0, 1, 2, 3]


def test_nobody_is_rung_where_no_gateway_can_call() -> None:
    person = somebody(phone())
    plan = planned(recipient=person, urgency=Urgency.CRITICAL, now=NOON, can_call=False)
    assert [step.channel for step in plan] == ["page", "sms"]


@pytest.mark.parametrize("channel", ["page", "voice", "pigeon"])
def test_an_address_of_another_kind_is_passed_over(channel: str) -> None:
    strange = replace(phone(), channel=channel)
    person = somebody(strange)
    assert len(planned(recipient=person, urgency=Urgency.CRITICAL, now=NOON)) == 1


def test_a_phone_whose_owner_sent_stop_gets_nothing() -> None:
    person = somebody(phone(is_stopped=True))
    assert len(planned(recipient=person, urgency=Urgency.CRITICAL, now=NOON)) == 1


@pytest.mark.parametrize(
    ("lane", "asked_for", "waits"),
    [(Lane.URGENT, 0, 0), (Lane.URGENT, 60, 60), (Lane.URGENT, 61, 60), (Lane.URGENT, 3600, 60),
     (Lane.ORDINARY, 3600, 3600)],
)  # fmt: skip
def test_a_call_for_help_waits_a_minute_at_most_whatever_a_provider_asks(
    lane: Lane, asked_for: int, waits: int
) -> None:
    assert patience(asked_for, lane=lane) == timedelta(seconds=waits)
