"""Whom a push may be sent to, what it says, and what an answer of a push service means."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from porchlight.notices.rules import AnswerOption, DeliveryState, Urgency, Words
from porchlight.notices.rules.push import (
    LONGEST_WAIT,
    SIZES,
    NoSubscription,
    PushWords,
    is_about_address,
    is_gone,
    is_push_service,
    payload,
    seconds_kept,
    state_after,
    subscription_of,
    urgency_word,
    wait_asked,
)
from porchlight.notices.tests.pushes import Browser

HOSTS = (
    "push.services.mozilla.com", "fcm.googleapis.com", "push.apple.com", "notify.windows.com",
)  # fmt: skip
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABl-_x",
        "https://fcm.googleapis.com/fcm/send/c1KrmpTuRm8:APA91bGyv-_x",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAC%2bx",
    ],
)
def test_the_push_services_of_the_browsers_may_be_called(endpoint: str) -> None:
    assert is_push_service(endpoint, hosts=HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/send/x",
        "https://evil.example/send/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://xfcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evil.example@fcm.googleapis.com/x",
        "https://user:word@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:443@127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "http://127.0.0.1:9000/x",
        "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com./x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/x\r\nHost: evil",
        "https://fcm.googleapis.com/#x",
        "https:///fcm.googleapis.com/x",
        "https://[fcm.googleapis.com/x",
        "https://fcm。googleapis。com/x",
        "ftp://fcm.googleapis.com/x",
        "//fcm.googleapis.com/x",
        "fcm.googleapis.com/x",
        "file:///etc/passwd",
        "",
        "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)
def test_no_other_address_is_ever_called(endpoint: str) -> None:
    assert not is_push_service(endpoint, hosts=HOSTS)


def test_a_whole_origin_that_is_listed_fits_exactly_and_nothing_beside_it() -> None:
    listed = ("http://127.0.0.1:9000",)
    assert is_push_service("http://127.0.0.1:9000/send/x", hosts=listed)
    assert not is_push_service("http://127.0.0.1:90001/send/x", hosts=listed)
    assert not is_push_service("https://127.0.0.1:9000/send/x", hosts=listed)
    assert not is_push_service("http://x@127.0.0.1:9000/send/x", hosts=listed)


PARTS = st.sampled_from(
    ["https:", "http:", "/", "//", "fcm.googleapis.com", "evil.example", "@", ":", "443", "\\", "#",
     "?", "%2f", "%40", ".", "x", "[", "]", "127.0.0.1", "\t", ";", "F"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=8).map(lambda rest: "https://" + "".join(rest)))
@example("https://fcm.googleapis.com/x")
def test_what_is_taken_goes_to_the_listed_host_as_the_caller_itself_reads_it(endpoint: str) -> None:
    if is_push_service(endpoint, hosts=HOSTS):
        read = URL(endpoint)
        assert (read.scheme, read.host, read.port, read.user) == (
            "https", "fcm.googleapis.com", 443, None,
        )  # fmt: skip


BROWSER = Browser("https://fcm.googleapis.com", "ada")


def altered(**changes: Any) -> str:
    given_words = json.loads(BROWSER.subscription)
    keys = {k: v for k, v in changes.items() if k in {"p256dh", "auth"}}
    given_words["keys"] |= keys
    given_words |= {k: v for k, v in changes.items() if k not in keys}
    return json.dumps(given_words)


def test_what_a_browser_gives_is_kept_and_read_back_the_same() -> None:
    taken = subscription_of(BROWSER.subscription, hosts=HOSTS)
    assert subscription_of(taken.as_kept, hosts=HOSTS) == taken
    assert taken.endpoint == BROWSER.endpoint
    assert taken.origin == "https://fcm.googleapis.com"
    assert BROWSER.endpoint not in repr(taken)


@pytest.mark.parametrize(
    "text",
    [
        "", "null", "[]", "7", '"x"', "{", "{}", '{"endpoint": 7}', "[" * 3000,
        altered(keys=None), altered(keys=[]), altered(endpoint="https://evil.example/x"),
        altered(auth=""), altered(auth="AAAA"), altered(auth=None), altered(auth="é" * 22),
        altered(auth="A" * 23), altered(p256dh="AAAA"), altered(p256dh=""), altered(p256dh=7),
        altered(p256dh="B" + "A" * 86), altered(p256dh="!" * 87), altered(more="x" * 5000),
    ],
)  # fmt: skip
def test_what_no_push_could_be_sent_to_is_refused(text: str) -> None:
    with pytest.raises(NoSubscription):
        subscription_of(text, hosts=HOSTS)


@given(st.text(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    with pytest.raises(NoSubscription):
        subscription_of(text, hosts=("nowhere.invalid",))


def push_words(words: Words, **facts: Any) -> PushWords:
    known: dict[str, Any] = {
        "notice_id": UUID(int=2), "tag": "t" * 32, "language": "en", "is_rtl": False,
        "urgency": Urgency.CRITICAL, "words": words, "path": f"/r/{UUID(int=2)}",
        "link": "abcdefghij", "sent": "Sent", "not_sent": "Could not send. Tap to open.",
    }  # fmt: skip
    return PushWords(**known | facts)


YES_NO = (AnswerOption(key="yes", label="Yes"), AnswerOption(key="no", label="No"))


def test_a_push_says_what_it_is_about_and_how_to_answer() -> None:
    said = json.loads(payload(push_words(Words(title="Can you come?", line="", answers=YES_NO))))
    assert said["title"] == "Can you come?"
    assert said["answers"] == [["yes", "Yes"], ["no", "No"]]
    assert said["path"] == f"/r/{UUID(int=2)}"
    assert said["link"] == "abcdefghij"
    assert said["grave"] is True


def test_pushes_of_usual_length_all_have_one_size() -> None:
    sizes = {
        len(payload(push_words(Words(title=title, line=line, answers=answers))))
        for title in ("Hi", "يطلب أحدهم المساعدة الآن")
        for line in ("", "هل يمكنك القدوم؟ " * 5)
        for answers in ((), YES_NO)
    }
    assert sizes == {SIZES[0]}


LETTERS = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    title=LETTERS.map(lambda part: (part + "x") * 30),
    line=LETTERS.map(lambda part: part * 60),
    labels=st.lists(st.text(alphabet='"ض\U0001f3ee', max_size=60), max_size=6),
    path=st.text(alphabet='"ض\U0001f3ee', max_size=300),
)
def test_a_push_always_fits_and_always_has_a_title(
    title: str, line: str, labels: list[str], path: str
) -> None:
    answers = tuple(AnswerOption(key=label, label=label) for label in labels)
    body = payload(push_words(Words(title=title, line=line, answers=answers), path=path))
    assert len(body) in SIZES
    assert len(body) + 103 <= 4096
    assert json.loads(body)["title"]


@pytest.mark.parametrize(
    ("minutes", "is_question", "seconds"),
    [(5, True, 300), (60, True, 600), (60, False, 3600), (0, True, 1), (-5, False, 1),
     (60 * 24 * 90, False, 28 * 86400)],
)  # fmt: skip
def test_a_push_is_kept_as_long_as_it_matters_and_never_dropped_at_once(
    minutes: int, is_question: bool, seconds: int
) -> None:
    until = NOW + timedelta(minutes=minutes)
    assert seconds_kept(now=NOW, expires_at=until, is_question=is_question) == seconds


@pytest.mark.parametrize(
    ("urgency", "word"),
    [(Urgency.CRITICAL, "high"), (Urgency.URGENT, "high"), (Urgency.ORDINARY, "normal")],
)
def test_what_is_urgent_wakes_the_phone(urgency: Urgency, word: str) -> None:
    assert urgency_word(urgency) == word


HANDED, TEMP, PERM = DeliveryState.HANDED, DeliveryState.FAILED_TEMP, DeliveryState.FAILED_PERM


@pytest.mark.parametrize(
    ("status", "state", "gone"),
    [(200, HANDED, False), (201, HANDED, False), (202, HANDED, False), (204, HANDED, False),
     (301, PERM, False), (400, PERM, False), (401, PERM, False), (403, PERM, False),
     (404, PERM, True), (405, PERM, False), (408, TEMP, False), (410, PERM, True),
     (413, PERM, False), (425, TEMP, False), (429, TEMP, False), (500, TEMP, False),
     (502, TEMP, False), (503, TEMP, False), (599, TEMP, False)],
)  # fmt: skip
def test_what_an_answer_means(status: int, state: DeliveryState, gone: bool) -> None:
    assert (state_after(status), is_gone(status)) == (state, gone)


@pytest.mark.parametrize(
    ("status", "is_the_phones"),
    [(201, True), (403, True), (404, True), (410, True), (400, False), (401, False), (413, False)],
)
def test_what_is_ours_to_mend_marks_nobodys_phone(status: int, is_the_phones: bool) -> None:
    assert is_about_address(status) is is_the_phones


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, 0), ("", 0), ("30", 30), (" 7 ", 7), ("-5", 0), ("1e9", 0), ("٣", 0),
     ("999999", LONGEST_WAIT), ("9" * 40, 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0)],
)  # fmt: skip
def test_a_wait_that_is_asked_for_is_heeded_within_reason(
    header: str | None, seconds: float
) -> None:
    assert wait_asked(header) == seconds
