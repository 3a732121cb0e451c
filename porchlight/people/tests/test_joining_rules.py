"""What the rules of coming in, signing in and one's own page say."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from porchlight.kit.tries import FREE, LONGEST_PAUSE, WINDOW, WrongTries, pause_after
from porchlight.kit.words import clean_line
from porchlight.people.rules import accounts, codes, joining, me, names, networks

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


# ---------- codes ----------


def test_no_two_words_of_the_list_share_their_first_four_letters() -> None:
    assert codes.COUNT == 2048
    assert len({word[: codes.KNOWN_BY] for word in codes.WORDS}) == 2048
    assert list(codes.WORDS) == sorted(codes.WORDS)


@given(some.lists(some.integers(0, 2047), min_size=6, max_size=6))
def test_a_code_is_the_same_however_it_is_typed(numbers: list[int]) -> None:
    code = codes.code_of(numbers)
    words = code.split("-")
    assert codes.plain_code(code) == code
    assert codes.plain_code("  " + "   ".join(words).upper() + ".") == code
    assert codes.plain_code(", ".join(word[:4] for word in words)) == code


@given(some.text(max_size=400))
def test_whatever_is_typed_becomes_some_plain_code(typed: str) -> None:
    plain = codes.plain_code(typed)
    assert len(plain) <= 4 * codes.LONGEST_TYPED * 9
    assert codes.plain_code(plain)[:50] == plain[:50] or len(typed) > 20


@given(some.binary(min_size=32, max_size=32))
def test_a_code_from_a_digest_has_six_words_and_never_changes(digest: bytes) -> None:
    code = codes.code_from(digest)
    assert len(code.split("-")) == 6
    assert codes.code_from(digest) == code


def test_two_of_the_words_are_typed_back_in_order() -> None:
    code = "lemon-river-window-garden-music-yellow"
    assert codes.is_typed_back(code, (1, 4), "River, music")
    assert codes.is_typed_back(code, (1, 4), "rive musi")
    assert not codes.is_typed_back(code, (1, 4), "music river")
    assert not codes.is_typed_back(code, (1, 4), "river")
    assert not codes.is_typed_back(code, (1, 4), "")


# ---------- wrong tries ----------


def test_wrong_answers_wait_longer_and_never_longer_than_four_seconds() -> None:
    pauses = [pause_after(wrong) for wrong in range(200)]
    assert pauses == sorted(pauses)
    assert pauses[FREE] == timedelta(0) < pauses[FREE + 1]
    assert pauses[-1] == LONGEST_PAUSE


def test_wrong_tries_are_forgotten_after_five_minutes_and_when_somebody_gets_in() -> None:
    tries = WrongTries()
    for _ in range(FREE):
        assert tries.one_more(b"ada", NOW) == timedelta(0)
    assert tries.one_more(b"ada", NOW) > timedelta(0)
    assert tries.one_more(b"bo", NOW) == timedelta(0)
    assert tries.one_more(b"ada", NOW + WINDOW) == timedelta(0)
    for _ in range(50):
        tries.one_more(b"ada", NOW)
    tries.right(b"ada")
    assert tries.one_more(b"ada", NOW) == timedelta(0)


# ---------- names ----------


@pytest.mark.parametrize(
    "name",
    ["Ada", "Øyvind Ås", "Nguyễn Thị Ánh", "فاطمة", "محمد علي", "Мария", "Ελένη", "李小龙",
     "O’Brien-Smith", "J.P.", "Bo 2", "תמר", "สมชาย", "María José"],
)  # fmt: skip
def test_names_of_all_peoples_are_taken(name: str) -> None:
    assert names.why_not_named(clean_line(name)) is None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", names.Why.NO_NAME),
        ("   ", names.Why.NO_NAME),
        ("\u202e\u200b", names.Why.NO_NAME),
        ("\x00", names.Why.NO_NAME),
        ("123", names.Why.NOT_LETTERS),
        ("🙂", names.Why.NOT_LETTERS),
        ("Ada 🙂", names.Why.NOT_LETTERS),
        ("<b>Ada</b>", names.Why.NOT_LETTERS),
        ("Ada" + "\u0301" * 5, names.Why.NOT_LETTERS),
        ("A" * 41, names.Why.TOO_LONG),
        ("Аda", names.Why.MIXED),
        ("Βo", names.Why.MIXED),
    ],
)
def test_what_is_no_name_is_refused_with_its_reason(typed: str, why: names.Why) -> None:
    assert names.why_not_named(clean_line(typed)) is why


def test_marks_that_nobody_sees_are_taken_off_before_a_name_is_kept() -> None:
    assert clean_line("A\u202ed\x00a\u200b") == "Ada"


@given(some.text(max_size=80))
def test_a_name_that_is_taken_fits_its_columns_and_can_be_read(typed: str) -> None:
    name = clean_line(typed)
    if names.why_not_named(name) is None:
        assert 0 < len(name) <= 60
        assert any(letter.isalpha() for letter in name)
        assert not any(letter in name for letter in "\u202e\u2066\x00\u200b<>\n")


# ---------- invites and asking at the door ----------


@pytest.mark.parametrize(
    ("used", "revoked", "at", "state"),
    [
        (False, False, NOW, "open"),
        (False, False, NOW + 7 * 24 * HOUR - SECOND, "open"),
        (False, False, NOW + 7 * 24 * HOUR, "expired"),
        (False, True, NOW, "revoked"),
        (True, False, NOW + 30 * 24 * HOUR, "used"),
        (True, True, NOW, "used"),
    ],
)
def test_an_invite_is_open_for_seven_days_and_for_one(
    used: bool, revoked: bool, at: datetime, state: str
) -> None:
    assert (
        joining.state_of_invite(
            used_at=NOW if used else None,
            revoked_at=NOW if revoked else None,
            expires_at=NOW + timedelta(days=7),
            now=at,
        )
        == state
    )


@pytest.mark.parametrize(
    ("may", "keeper", "open_now", "in_circle", "why"),
    [
        (True, False, 0, True, None),
        (True, False, 2, True, None),
        (True, False, 3, True, joining.Why.TOO_MANY_OPEN),
        (True, True, 9, True, None),
        (True, True, 10, True, joining.Why.TOO_MANY_OPEN),
        (True, False, 0, False, joining.Why.NOT_YOUR_CIRCLE),
        (False, False, 0, True, joining.Why.MEMBERS_INVITE),
    ],
)
def test_three_invites_are_open_at_once_and_ten_for_a_keeper(
    may: bool, keeper: bool, open_now: int, in_circle: bool, why: joining.Why | None
) -> None:
    inviting = joining.Inviting(
        may_invite=may, is_keeper=keeper, open_now=open_now, open_at_most=3, is_in_circle=in_circle
    )
    assert joining.why_not_invite(inviting) is why


def test_somebody_at_the_door_is_answered_once_and_in_time() -> None:
    for state in joining.RequestState:
        for to in joining.RequestState:
            why = joining.why_not_answered(state, to, expires_at=NOW + HOUR, now=NOW)
            assert (why is None) == (state == "asked" and to != "asked")
    asked, yes = joining.RequestState.ASKED, joining.RequestState.INVITED
    assert joining.why_not_answered(asked, yes, expires_at=NOW, now=NOW) is joining.Why.ANSWERED


# ---------- passwords and getting back in ----------


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("porch lamps at dusk", None),
        ("قمر فوق الشارع", None),
        ("elevenchars", accounts.Why.TOO_SHORT),
        ("", accounts.Why.TOO_SHORT),
        ("aaaaaaaaaaaa", accounts.Why.TOO_PLAIN),
        ("Margarethe12Margarethe", accounts.Why.TOO_PLAIN),
    ],
)
def test_a_password_is_long_and_not_only_the_name(password: str, why: accounts.Why | None) -> None:
    assert accounts.why_not_password(password, name="Margarethe") is why


ADA, BO, DEE = uuid4(), uuid4(), uuid4()


def seen(by: UUID, hours: int = 0, *, as_keeper: bool = True) -> accounts.Seen:
    return accounts.Seen(by=by, at=NOW + hours * HOUR, as_keeper=as_keeper)


def a_reset(*seen_by: UUID, used: bool = False, cancelled: bool = False) -> accounts.Reset:
    return accounts.Reset(
        person_id=DEE,
        seen=tuple(seen(one) for one in seen_by),
        expires_at=NOW + HOUR,
        is_used=used,
        is_cancelled=cancelled,
    )


@pytest.mark.parametrize(
    ("reset", "keeper", "too_near", "why"),
    [
        (a_reset(), ADA, [], None),
        (a_reset(BO), ADA, [], None),
        (a_reset(ADA), ADA, [], accounts.Why.SEEN_ALREADY),
        (a_reset(), DEE, [], accounts.Why.SOMEBODY_ELSE),
        (a_reset(), ADA, [ADA], accounts.Why.SOMEBODY_ELSE),
        (a_reset(used=True), ADA, [], accounts.Why.RESET_OVER),
        (a_reset(cancelled=True), ADA, [], accounts.Why.RESET_OVER),
    ],
)
def test_two_keepers_who_are_not_too_near_see_the_person(
    reset: accounts.Reset, keeper: UUID, too_near: list[UUID], why: accounts.Why | None
) -> None:
    assert accounts.why_not_seen_by(reset, keeper, too_near=too_near, now=NOW) is why
    assert accounts.why_not_seen_by(reset, keeper, too_near=too_near, now=NOW + HOUR) is (
        accounts.Why.RESET_OVER
    )


K, M = True, False


@pytest.mark.parametrize(
    ("said", "opens", "over"),
    [
        ([], None, None),
        ([(0, K)], None, None),
        ([(0, M)], None, None),
        ([(0, K), (2, K)], 2, 3),
        ([(0, K), (2, M)], 2, 3),
        ([(0, M), (2, K)], 2, 3),
        ([(0, M), (2, M)], 26, 50),
        ([(0, M), (2, M), (5, M)], 26, 50),
        ([(0, M), (2, M), (5, K)], 5, 6),
        ([(0, M), (2, M), (40, K)], 26, 27),
    ],
)
def test_without_a_keeper_the_words_come_a_day_later(
    said: list[tuple[int, bool]], opens: int | None, over: int | None
) -> None:
    who = tuple(seen(uuid4(), hours, as_keeper=keeps) for hours, keeps in said)
    assert accounts.opens_at(who) == (None if opens is None else NOW + opens * HOUR)
    assert accounts.over_at(who) == (None if over is None else NOW + over * HOUR)


def test_who_saw_somebody_without_a_keeper_hands_nothing_out_before_its_time() -> None:
    reset = accounts.Reset(
        person_id=DEE,
        seen=(seen(ADA, as_keeper=False), seen(BO, as_keeper=False)),
        expires_at=NOW + 48 * HOUR,
        is_used=False,
        is_cancelled=False,
    )
    early, day = NOW + 24 * HOUR - timedelta(seconds=1), NOW + 24 * HOUR
    assert accounts.why_no_code(reset, ADA, now=early) is accounts.Why.NOT_YET
    assert accounts.why_no_code(reset, DEE, now=early) is accounts.Why.SOMEBODY_ELSE
    assert accounts.why_no_code(reset, ADA, now=day) is None
    assert accounts.why_no_code(reset, ADA, now=NOW + 48 * HOUR) is accounts.Why.RESET_OVER


def test_words_are_handed_out_only_after_two_have_seen_the_person() -> None:
    assert accounts.why_no_code(a_reset(ADA), ADA, now=NOW) is accounts.Why.NOT_TWO_YET
    assert accounts.why_no_code(a_reset(ADA, BO), ADA, now=NOW) is None
    assert accounts.why_no_code(a_reset(ADA, BO), DEE, now=NOW) is accounts.Why.SOMEBODY_ELSE


# ---------- one's own page ----------


@pytest.mark.parametrize(
    ("is_right", "tries", "expires_at", "why"),
    [
        (True, 0, NOW + HOUR, None),
        (True, 4, NOW + SECOND, None),
        (False, 0, NOW + HOUR, me.Why.CODE_WRONG),
        (True, 5, NOW + HOUR, me.Why.CODE_TRIES_OVER),
        (True, 0, NOW, me.Why.CODE_TOO_OLD),
        (True, 0, None, me.Why.NO_CODE_NOW),
    ],
)
def test_a_code_is_right_in_time_and_within_five_tries(
    is_right: bool, tries: int, expires_at: datetime | None, why: me.Why | None
) -> None:
    assert (
        me.why_not_code(is_right=is_right, tries=tries, code_expires_at=expires_at, now=NOW) is why
    )


def test_another_code_is_sent_after_a_minute() -> None:
    sent = NOW + me.CODE_LIFE
    assert me.why_not_new_code(code_expires_at=None, now=NOW) is None
    assert me.why_not_new_code(code_expires_at=sent, now=NOW + 59 * SECOND) is me.Why.CODE_TOO_SOON
    assert me.why_not_new_code(code_expires_at=sent, now=NOW + 60 * SECOND) is None


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (None, None, None),
        (22 * 60, 7 * 60, None),
        (0, 1439, None),
        (22 * 60, None, me.Why.BOTH_HOURS),
        (None, 0, me.Why.BOTH_HOURS),
        (60, 60, me.Why.SAME_HOURS),
    ],
)
def test_quiet_hours_have_a_beginning_and_an_end(
    start: int | None, end: int | None, why: me.Why | None
) -> None:
    assert me.why_not_quiet(start, end) is why


@given(some.lists(some.integers(), min_size=1, unique=True), some.data())
def test_moving_one_way_to_be_reached_keeps_all_others_in_their_order(
    items: list[int], data: some.DataObject
) -> None:
    item = data.draw(some.sampled_from(items))
    by = data.draw(some.sampled_from([-1, 1]))
    after = me.moved(items, item, by=by)
    assert [other for other in after if other != item] == [
        other for other in items if other != item
    ]
    assert abs(after.index(item) - items.index(item)) <= 1


# ---------- starting a network ----------


def a_founding(**other: object) -> networks.Founding:
    facts = {
        "name": "Linden Street",
        "slug": "linden",
        "zone": "Europe/Amsterdam",
        "languages": ("en",),
        "emergency_number": "112",
        "local_numbers": (("Doctor at night", "020 555 01"),),
        "pod_name": "Corner pod",
    }
    return networks.Founding(**(facts | other))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({}, None),
        ({"name": "…"}, networks.Why.NO_NAME),
        ({"name": "x" * 61}, networks.Why.NAME_TOO_LONG),
        ({"slug": "Linden"}, networks.Why.SLUG),
        ({"slug": "-"}, networks.Why.SLUG),
        ({"slug": "../up"}, networks.Why.SLUG),
        ({"slug": "linden\n"}, networks.Why.SLUG),
        ({"slug": "start"}, networks.Why.SLUG),
        ({"zone": "Mars/Base"}, networks.Why.ZONE),
        ({"zone": "../../etc/passwd"}, networks.Why.ZONE),
        ({"zone": ""}, networks.Why.ZONE),
        ({"languages": ()}, networks.Why.LANGUAGES),
        ({"languages": ("xx",)}, networks.Why.LANGUAGES),
        ({"languages": ("en", "en")}, networks.Why.LANGUAGES),
        ({"emergency_number": "help"}, networks.Why.EMERGENCY),
        ({"emergency_number": ""}, networks.Why.EMERGENCY),
        ({"local_numbers": (("", "112"),)}, networks.Why.NUMBERS),
        ({"local_numbers": (("Doctor", ""),)}, networks.Why.NUMBERS),
        ({"local_numbers": (("Doctor", "112"),) * 11}, networks.Why.TOO_MANY_NUMBERS),
        ({"pod_name": " "}, networks.Why.NO_NAME),
    ],
)
def test_a_network_starts_with_what_can_be_meant(
    other: dict[str, object], why: networks.Why | None
) -> None:
    assert networks.why_not_founded(a_founding(**other), offered=("en", "es", "ar")) is why


def test_numbers_are_typed_one_a_line() -> None:
    typed = "Doctor at night: 020 555 01\n\n Poison: help line: +31 88 755 8000 \n"
    pairs = (("Doctor at night", "020 555 01"), ("Poison: help line", "+31 88 755 8000"))
    assert networks.numbers_in(typed) == pairs
    assert networks.numbers_in(networks.as_lines(pairs)) == pairs
    assert networks.why_not_numbers(networks.numbers_in("just words")) is networks.Why.NUMBERS


def test_numbers_are_typed_in_digits_of_any_script_and_kept_in_ours() -> None:
    kept = networks.numbers_in("طبيب ٢٤ ساعة: ٠٢٠ ٥٥٥ ٠١\nپلیس: ۱۱۰")
    assert kept == (("طبيب ٢٤ ساعة", "020 555 01"), ("پلیس", "110"))
    assert networks.why_not_numbers(kept) is None
