"""Somebody in danger is heard on every way in, and nobody is told what is not true."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions import choices, ending, missing, raising, steering
from porchlight.alerts.actions.ending import end
from porchlight.alerts.actions.steering import want_more
from porchlight.alerts.queries.lists import running
from porchlight.alerts.queries.pages import alert_page
from porchlight.alerts.queries.words import door_words, missing_words
from porchlight.alerts.rules import words
from porchlight.alerts.rules.asking import ForWhom, PlaceAsked, Where
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState, EndedHow
from porchlight.alerts.rules.texts import Said, code_of
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import (
    Scene,
    asked,
    asking,
    call,
    enough_come,
    says,
    scene,
    standing,
)
from porchlight.alerts.tests.test_texts import called, deliver, replies, text
from porchlight.kit import clock, moments
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import mark_answered, open_topic, receive_text, tell
from porchlight.notices.models import Delivery, IncomingText, Notice
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import AnswerOption, Urgency, Wording
from porchlight.people.queries.reaching import recipients
from porchlight.people.queries.signing_in import as_network
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    return scene()


def said_to(street: Scene, name: str, purpose: str = "") -> list[str]:
    """Titles of what somebody was told, oldest first."""
    rows = Notice.objects.filter(recipient_id=street.id(name)).select_related("text")
    rows = rows.filter(purpose=purpose) if purpose else rows
    return [words_of(one.text_id, one.text.words_guarded).title for one in rows.order_by("told_at")]


def somebody_missing(street: Scene, **more: Any) -> models.Alert:
    facts: dict[str, Any] = {"who": "Small boy", "second_id": street.id("Sofie")} | more
    return call(street, Kind.MISSING, **facts)


def earlier(alert: models.Alert, **ago: float) -> None:
    models.Alert.objects.filter(id=alert.id).update(created_at=clock.now() - timedelta(**ago))


# ---------- HELP ----------


def test_help_by_text_calls_anew_while_an_old_call_is_open(street: Scene) -> None:
    street.phone("Lena")
    old = call(street)
    earlier(old, hours=8)
    text(street, "Lena", "HELP")
    deliver()
    assert text(street, "Lena", "1") == "alert-raised"
    new = models.Alert.objects.exclude(id=old.id).get()
    assert asked(new) == asked(old)


def test_a_fourth_call_by_text_is_told_the_truth(street: Scene) -> None:
    street.phone("Lena")
    for kind in (Kind.HURT, Kind.FIRE, Kind.OTHER):
        earlier(call(street, kind), hours=1)
    text(street, "Lena", "HELP")
    deliver()
    assert text(street, "Lena", "1") == "alert-not-raised"
    assert replies(street, "Lena")[-1].startswith("Three of your calls are open already")


def test_help_from_a_phone_that_said_stop_is_read_by_a_person(street: Scene) -> None:
    street.phone("Lena")
    text(street, "Lena", "STOP")
    assert text(street, "Lena", "HELP") == ""


# ---------- pressed twice ----------


def test_what_is_said_with_a_second_press_takes_the_place_of_the_first(street: Scene) -> None:
    first = raising.raise_alert(
        viewer=street.viewer("Lena"),
        asking=asking(in_a_hurry=False, story="", note="", place=PlaceAsked()),
        client_key=uuid4(),
        now=clock.now(),
    )
    second = call(
        street, in_a_hurry=False, story="At the pond", unticked=frozenset({street.id("Rosa")})
    )
    first.refresh_from_db()
    assert first.state == AlertState.CANCELLED
    assert "Rosa" not in asked(second)
    assert not Delivery.objects.filter(
        notice__topic_id=first.topic_id, state__in=["queued", "claimed"]
    ).exists()


def test_once_somebody_heard_of_it_more_words_are_said_in_the_same_call(street: Scene) -> None:
    first = call(street, story="", note="", place=PlaceAsked())
    again = call(
        street,
        story="At the pond",
        note="",
        place=PlaceAsked(where=Where.TYPED, address="Pond Lane 2"),
        unticked=frozenset({street.id("Rosa")}),
    )
    assert again.id == first.id
    said = door_words(viewer=street.viewer("Lena"), alert_id=first.id, now=clock.now())
    assert (said.story, said.place) == ("At the pond", "Pond Lane 2")
    assert standing(first, "Rosa") == "removed"


def test_a_bare_second_press_changes_nothing(street: Scene) -> None:
    first = call(street)
    again = raising.raise_alert(
        viewer=street.viewer("Lena"),
        asking=asking(story="", note="", place=PlaceAsked()),
        client_key=uuid4(),
        now=clock.now(),
    )
    assert again.id == first.id
    assert not models.AlertEvent.objects.filter(verb="said_more").exists()


def test_calls_for_two_neighbours_are_two(street: Scene) -> None:
    one, other = (
        call(street, for_whom=ForWhom.POD, subject_id=street.id(name)) for name in ("Amir", "Rosa")
    )
    assert one.id != other.id


# ---------- silent ----------


def test_where_nobody_chosen_may_be_asked_a_buddy_hears_of_it(street: Scene) -> None:
    choices.choose_safe_person(
        viewer=street.viewer("Lena"),
        person_id=street.id("Sofie"),
        client_key=uuid4(),
        now=clock.now(),
    )
    cast.block(street.people["Sofie"], street.people["Lena"])
    assert asked(call(street, Kind.UNSAFE)) == {"Bea"}


# ---------- somebody is missing ----------


@pytest.mark.parametrize(
    ("digit", "state"),
    [("1", AlertState.OPEN), ("2", AlertState.ENDED), ("3", "verifying"), ("yes", AlertState.OPEN),
     ("no", AlertState.ENDED), ("ok", "verifying"), ("I'm on my way", "verifying")],
)  # fmt: skip
def test_the_second_person_answers_by_text(street: Scene, digit: str, state: str) -> None:
    street.phone("Sofie")
    alert = somebody_missing(street)
    deliver()
    text(street, "Sofie", digit)
    alert.refresh_from_db()
    assert alert.state == state
    if state == "verifying":  # asked once more, and nobody else heard of it
        assert replies(street, "Sofie") == [words.SECOND.text]
        assert asked(alert) == {"Sofie"}
    if digit == "1":
        assert "Write" in replies(street, "Sofie")[-1] or "write" in replies(street, "Sofie")[-1]
        text(street, "Sofie", "1")
        assert standing(alert, "Sofie") == "coming"


def test_the_second_person_answers_by_a_tap_and_the_others_hear_of_it(street: Scene) -> None:
    alert = somebody_missing(street)
    notice = Notice.objects.get(topic_id=alert.topic_id, recipient_id=street.id("Sofie"))
    assert notice.wants_answer
    mark_answered(viewer=street.viewer("Sofie"), notice_id=notice.id, answer="yes", now=clock.now())
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN
    assert "Rosa" in asked(alert)


def test_the_asker_hears_in_a_while_that_nobody_has_checked_it(street: Scene) -> None:
    alert = somebody_missing(street)
    [waiting] = Notice.objects.filter(recipient_id=street.id("Lena"), purpose="silent")
    assert waiting.told_at == alert.due_at + missing.PATIENCE
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    waiting.topic.refresh_from_db()
    assert waiting.topic.closed_at is not None


def test_the_asker_asks_somebody_else_and_the_first_yes_counts(street: Scene) -> None:
    alert = somebody_missing(street)
    lena = street.viewer("Lena")
    for _ in range(2):
        missing.ask_another(
            viewer=lena, alert_id=alert.id, person_id=street.id("Amir"), now=clock.now()
        )
    assert asked(alert) == {"Sofie", "Amir"}
    with pytest.raises(Refusal) as refused:
        missing.ask_another(
            viewer=lena, alert_id=alert.id, person_id=street.id("Nils"), now=clock.now()
        )
    assert refused.value.why is WhyNot.NO_SECOND
    missing.confirm_missing(
        viewer=street.viewer("Amir"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_a_second_person_who_leaves_is_told_to_the_asker_at_once(street: Scene) -> None:
    somebody_missing(street)
    moments.happened(
        "person_left",
        person_id=street.id("Sofie"),
        network=as_network(street.pod.network),
        now=clock.now(),
    )
    assert said_to(street, "Lena", "second-gone") == [words.SECOND_SILENT.title]


def test_nobody_hears_of_it_before_it_is_checked_however_wide(street: Scene) -> None:
    alert = somebody_missing(street, is_wide=True)
    for act in (steering.want_more, steering.go_wider):
        with pytest.raises(Refusal) as refused:
            act(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
        assert refused.value.why is WhyNot.NOT_CHECKED
    assert asked(alert) == {"Sofie"}


def test_who_was_unticked_does_not_hear_of_it_after_the_check_either(street: Scene) -> None:
    alert = somebody_missing(street, unticked=frozenset({street.id("Rosa"), street.id("Nils")}),
                             is_wide=True)  # fmt: skip
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    assert not {"Rosa", "Nils"} & asked(alert)


def test_who_is_looked_for_hears_of_it_and_answers_by_text(street: Scene) -> None:
    street.phone("Amir")
    alert = somebody_missing(street, for_whom=ForWhom.POD, subject_id=street.id("Amir"))
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    assert said_to(street, "Amir") == [words.ARE_YOU_SAFE.title]
    assert [one.id for one in running(viewer=street.viewer("Amir"), now=clock.now())] == [alert.id]
    deliver()
    assert text(street, "Amir", "ok") == ""
    assert replies(street, "Amir") == [words.ARE_YOU_SAFE.text]
    assert text(street, "Amir", "yes") == "alert-safe"
    alert.refresh_from_db()
    assert (alert.state, alert.ended_how) == (AlertState.ENDED, EndedHow.FOUND)


def test_a_child_who_is_looked_for_is_not_rung(street: Scene) -> None:
    alert = somebody_missing(street, for_whom=ForWhom.POD, subject_id=street.id("Kid"))
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    assert said_to(street, "Kid") == []


def test_a_child_who_is_looked_for_ends_nothing_and_has_no_page(street: Scene) -> None:
    """Whoever holds their phone could end the search (SAFETY.md 24: an adult may answer)."""
    alert = somebody_missing(street, for_whom=ForWhom.POD, subject_id=street.id("Kid"))
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    kid = street.viewer("Kid")
    facts: dict[str, Any] = {"alert_id": alert.id, "now": clock.now()}
    for deed in (
        partial(missing.im_safe, viewer=kid, **facts),
        partial(end, viewer=kid, how=EndedHow.FOUND, **facts),
        partial(want_more, viewer=kid, **facts),
        partial(alert_page, viewer=kid, **facts),
    ):
        with pytest.raises(NotHere):
            deed()
    assert running(viewer=kid, now=clock.now()) == []
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN
    missing_now = street.viewer("Rosa")
    assert missing_words(viewer=missing_now, alert_id=alert.id, now=clock.now()).who == "Small boy"


def test_whoever_called_hears_that_the_second_person_said_no(street: Scene) -> None:
    street.phone("Lena")
    alert = somebody_missing(street)
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=False, now=clock.now()
    )
    assert words.SECOND_SAYS_NO.title in said_to(street, "Lena")
    assert words.OVER.title not in said_to(street, "Lena")


def test_whoever_called_hears_that_it_is_over_when_coordinators_end_it(street: Scene) -> None:
    street.phone("Lena")
    alert = somebody_missing(street)
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    alert.refresh_from_db()
    ending.end_now(alert=alert, how=EndedHow.ALL_CLEAR, by=street.id("Cora"), now=clock.now())
    assert words.OVER.title in said_to(street, "Lena")
    assert words.SECOND_SAYS_NO.title not in said_to(street, "Lena")


def test_who_is_missing_is_unreadable_after_a_day_whether_or_not_a_sweep_came(
    street: Scene,
) -> None:
    alert = somebody_missing(street)
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    rosa = street.viewer("Rosa")
    assert missing_words(viewer=rosa, alert_id=alert.id, now=clock.now()).who == "Small boy"
    late = alert.created_at + timedelta(hours=24, seconds=1)
    assert missing_words(viewer=rosa, alert_id=alert.id, now=late).who == ""


def test_somebody_on_the_way_already_is_told_once_it_is_checked(street: Scene) -> None:
    alert = somebody_missing(street)
    says(street, alert, "Sofie")
    missing.confirm_missing(
        viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    assert words.SOMEBODY_COMES.title in said_to(street, "Lena")


# ---------- late and over ----------


def test_who_taps_yes_when_enough_are_coming_is_told_so(street: Scene) -> None:
    alert = call(street)
    enough_come(street, alert)
    notice = Notice.objects.get(topic_id=alert.topic_id, recipient_id=street.id("Hana"))
    mark_answered(
        viewer=street.viewer("Hana"), notice_id=notice.id, answer="coming", now=clock.now()
    )
    notice.refresh_from_db()
    assert notice.answer == ""
    assert said_to(street, "Hana")[-1] == words.ENOUGH.title


def test_who_is_removed_reads_that_enough_people_came(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    steering.remove(
        viewer=street.viewer("Lena"),
        alert_id=alert.id,
        person_id=street.id("Sofie"),
        now=clock.now(),
    )
    assert said_to(street, "Sofie")[-1] == words.ENOUGH.title


def test_all_clear_reaches_everybody_who_was_asked_and_wakes_only_who_is_on_the_way(
    street: Scene,
) -> None:
    alert = call(street)
    says(street, alert, "Jan", Said.CANT)
    says(street, alert, "Sofie")
    ending.end(
        viewer=street.viewer("Lena"), alert_id=alert.id, how=EndedHow.ALL_CLEAR, now=clock.now()
    )
    told = dict(
        Notice.objects.filter(topic_id=alert.news_topic_id, purpose="over").values_list(
            "recipient_id", "urgency"
        )
    )
    assert set(told) == {street.id(name) for name in asked(alert)}
    assert told[street.id("Sofie")] == Urgency.CRITICAL
    assert told[street.id("Jan")] == Urgency.ORDINARY
    assert told[street.id("Rosa")] == Urgency.URGENT


def test_a_call_nobody_ended_says_all_clear_to_nobody(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    ending.close_old(now=alert.closes_at)
    assert said_to(street, "Sofie", "over") == [words.CLOSED.title]
    assert said_to(street, "Lena", "over") == [words.CLOSED.title]


def test_an_asker_who_left_says_all_clear_to_nobody(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    moments.happened(
        "person_left",
        person_id=street.id("Lena"),
        network=as_network(street.pod.network),
        now=clock.now(),
    )
    alert.refresh_from_db()
    assert alert.ended_how == EndedHow.LEFT
    assert said_to(street, "Sofie", "over") == [words.CLOSED.title]


def test_more_people_waits_for_the_first_ones(street: Scene) -> None:
    alert = call(street, in_a_hurry=False)
    with pytest.raises(Refusal) as refused:
        steering.want_more(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    assert refused.value.why is WhyNot.NOT_YET
    assert not Delivery.objects.filter(
        notice__topic_id=alert.topic_id, due_at__lte=clock.now()
    ).exists()


def test_two_letters_before_a_digit_count_whatever_was_asked_since(street: Scene) -> None:
    alert = called(street, "Sofie")
    now, network = clock.now(), street.viewer("Sofie").network
    topic = open_topic(
        network_id=network.id, about=uuid4(), kind="pod-ask", now=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    tell(
        network_id=network.id,
        topic_id=topic,
        recipients=recipients(
            viewer=Viewer.system(network, "a test"), person_ids=[street.id("Sofie")]
        ),
        wording=Wording(title="May Vera join?", answers=(AnswerOption(key="yes", label="Yes"),)),
        urgency=Urgency.URGENT,
        path="/n/linden/",
        now=now + timedelta(seconds=1),
        expires_at=now + timedelta(hours=3),
    )
    Delivery.objects.filter(channel="sms").update(tries=1)
    text_id = receive_text(
        network_id=network.id, channel="sms", provider_id="x1",
        address_value=street.phone("Sofie"), text=f"{code_of(alert.number)} 1",
        now=now + timedelta(seconds=5),
    )  # fmt: skip
    assert IncomingText.objects.get(id=text_id).understood_by == "alert-answer"
    assert standing(alert, "Sofie") == "coming"


# ---------- whose call it is ----------


def test_the_person_concerned_finds_the_call(street: Scene) -> None:
    alert = call(street, for_whom=ForWhom.POD, subject_id=street.id("Amir"))
    page = cast.signed_in(Client(), street.people["Amir"]).get("/n/linden/alerts/")
    assert str(alert.id) in page.content.decode()
