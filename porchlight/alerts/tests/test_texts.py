"""Phones that only text: answering, asking which, calling for help; and what is texted back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from porchlight.alerts import models
from porchlight.alerts.actions import choices
from porchlight.alerts.actions.answering import ask_again
from porchlight.alerts.rules import words
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState, EndedHow, Standing
from porchlight.alerts.rules.texts import Said, code_of
from porchlight.alerts.tests.scene import DOOR, SECRETS, Scene, call, ended, says, scene, standing
from porchlight.kit import clock, vault
from porchlight.notices.actions import outbox, receive_text
from porchlight.notices.models import Delivery, IncomingText, Notice
from porchlight.notices.queries.words import index_of, words_of
from porchlight.notices.rules import Lane
from porchlight.people.models import Address
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.tests import cast
from porchlight.trust.queries.disclosures import opened_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    return scene()


def text(street: Scene, name: str, said: str, provider_id: str = "") -> str:
    """A text arrives from somebody's phone; gives who understood it."""
    number = street.phone(name)
    text_id = receive_text(
        network_id=street.pod.network_id,
        channel="sms",
        provider_id=provider_id or str(uuid4()),
        address_value=number,
        text=said,
        now=clock.now(),
    )
    return IncomingText.objects.get(id=text_id).understood_by


def deliver(channel: str = "sms") -> None:
    """A worker takes what is due: from now on it counts as sent."""
    worker = uuid4()
    now = clock.now()
    ids = outbox.claim(lane=Lane.URGENT, channel=channel, worker=worker, limit=500, now=now)
    outbox.begin(delivery_ids=ids, worker=worker, now=now)


def replies(street: Scene, name: str) -> list[str]:
    """What was texted to somebody's phone, oldest first."""
    rows = (
        Delivery.objects.filter(channel="sms", address_index=index_of("sms", street.phone(name)))
        .select_related("notice__text")
        .order_by("id")
    )
    return [
        words_of(row.notice.text_id, row.notice.text.words_guarded).text
        for row in rows
        if row.notice.purpose.split("-")[0] in {"reply", "place_text", "over"}
    ]


def called(street: Scene, *names: str, kind: Kind = Kind.HURT) -> models.Alert:
    for name in names:
        street.phone(name)
    alert = call(street, kind)
    deliver()
    return alert


@pytest.mark.parametrize(
    ("said", "stands"),
    [("1", Standing.COMING), ("1 8", Standing.COMING), ("2", Standing.CANT),
     ("3", Standing.REMOTE), ("١", Standing.COMING), ("voy", Standing.COMING)],
)  # fmt: skip
def test_a_digit_answers(street: Scene, said: str, stands: Standing) -> None:
    alert = called(street, "Sofie")
    assert text(street, "Sofie", said) == "alert-answer"
    assert standing(alert, "Sofie") == stands
    row = models.Invitation.objects.get(alert=alert, person_id=street.id("Sofie"))
    assert row.channel == "sms"


@pytest.mark.parametrize(
    ("said", "stands"),
    [("1 coming", Standing.COMING), ("1 8 min", Standing.COMING), ("👍🏽", Standing.COMING),
     ("I'm coming", Standing.COMING), ("ok", Standing.COMING), ("yes", Standing.COMING),
     ("sí", Standing.COMING), ("نعم", Standing.COMING), ("1-8", Standing.COMING),
     ("1 ٨ دقائق", Standing.COMING), ("✅", Standing.COMING), ("no", Standing.CANT),
     ("لا", Standing.CANT)],
)  # fmt: skip
def test_natural_words_answer_too(street: Scene, said: str, stands: Standing) -> None:
    alert = called(street, "Sofie")
    assert text(street, "Sofie", said) == "alert-answer"
    assert standing(alert, "Sofie") == stands
    assert len(replies(street, "Sofie")) == 1


def test_who_is_not_understood_hears_so_once_a_question_and_a_person_reads_it(
    street: Scene,
) -> None:
    alert = called(street, "Sofie")
    for said in ("1 of us fell", "what happened?", "QQ 1"):
        assert text(street, "Sofie", said) == ""
    assert replies(street, "Sofie") == [words.NOT_UNDERSTOOD.text]
    assert standing(alert, "Sofie") == Standing.ASKED
    ask_again(alert=alert, now=clock.now())
    deliver()
    assert text(street, "Sofie", "what now") == ""
    assert replies(street, "Sofie") == [words.NOT_UNDERSTOOD.text] * 2
    assert text(street, "Sofie", "1") == "alert-answer"


def test_nobody_is_told_so_who_was_not_asked(street: Scene) -> None:
    called(street, "Sofie")
    assert text(street, "Lena", "1 of us fell") == ""
    assert replies(street, "Lena") == []


@pytest.mark.parametrize("said", ["ok", "👍", "yes"])
def test_an_ok_after_an_answer_changes_nothing(street: Scene, said: str) -> None:
    alert = called(street, "Sofie", "Amir", "Rosa")
    text(street, "Sofie", "1")
    assert text(street, "Sofie", said) == "alert-answer"
    assert len(replies(street, "Sofie")) == 1
    text(street, "Amir", "2")
    assert text(street, "Amir", said) == ""
    assert standing(alert, "Amir") == Standing.CANT
    assert replies(street, "Amir")[1:] == [words.NOT_UNDERSTOOD.text]


def test_a_no_of_somebody_who_comes_is_asked_for_as_a_digit(street: Scene) -> None:
    alert = called(street, "Sofie")
    text(street, "Sofie", "1")
    assert text(street, "Sofie", "no") == ""
    assert standing(alert, "Sofie") == Standing.COMING
    assert replies(street, "Sofie")[1:] == [words.NOT_UNDERSTOOD.text]


def test_an_ok_to_enough_people_came_is_no_new_offer(street: Scene) -> None:
    alert = called(street, "Sofie")
    for name in ("Amir", "Rosa", "Omar", "Jan", "Bea"):
        says(street, alert, name)
    text(street, "Sofie", "1")
    says(street, alert, "Amir", Said.CANT)
    says(street, alert, "Hana")
    assert text(street, "Sofie", "ok") == "alert-answer"
    assert replies(street, "Sofie") == [words.ENOUGH.text]
    says(street, alert, "Hana", Said.CANT)  # it is open again, and Sofie was asked once more
    deliver()
    assert text(street, "Sofie", "ok") == ""
    assert replies(street, "Sofie")[1:] == [words.NOT_UNDERSTOOD.text]
    assert standing(alert, "Sofie") == Standing.ENOUGH


def test_an_ok_while_another_call_runs_may_be_thanks_for_that_one(street: Scene) -> None:
    first = called(street, "Sofie")
    second = called(street, "Sofie", kind=Kind.FIRE)
    text(street, "Sofie", f"{code_of(first.number)} 2")
    assert text(street, "Sofie", "ok") == ""
    assert standing(second, "Sofie") == Standing.ASKED
    assert text(street, "Sofie", "1") == "alert-answer"
    assert standing(second, "Sofie") == Standing.COMING


def test_a_late_yes_of_who_never_answered_is_told_the_truth(street: Scene) -> None:
    alert = called(street, "Hana", "Sofie")
    text(street, "Sofie", "1")
    ended(street, alert, EndedHow.ALL_CLEAR)
    assert text(street, "Hana", "yes") == "alert-answer"
    assert replies(street, "Hana") == [words.OVER.text] * 2
    assert text(street, "Sofie", "ok") == ""
    assert replies(street, "Sofie")[-1:] == [words.OVER.text]


def test_in_eight_minutes(street: Scene) -> None:
    alert = called(street, "Sofie")
    before = clock.now()
    text(street, "Sofie", "1 8")
    row = models.Invitation.objects.get(alert=alert, person_id=street.id("Sofie"))
    assert row.due_at is not None
    assert timedelta(minutes=8) <= row.due_at - before < timedelta(minutes=9)


def test_the_same_text_300_times_is_one_answer_and_one_reply(street: Scene) -> None:
    alert = called(street, "Sofie")
    for _ in range(300):
        text(street, "Sofie", "1", provider_id="SM-same")
    assert models.AlertEvent.objects.filter(alert=alert, verb="coming").count() == 1
    assert len(replies(street, "Sofie")) == 1


def test_many_texts_of_one_phone_are_answered_five_times_an_hour(street: Scene) -> None:
    called(street, "Sofie")
    for _ in range(12):
        text(street, "Sofie", "2")
        text(street, "Sofie", "1")
    assert len(replies(street, "Sofie")) == 5


def test_the_place_goes_by_text_only_where_the_asker_said_so(street: Scene) -> None:
    called(street, "Sofie")
    text(street, "Sofie", "1")
    assert replies(street, "Sofie") == [words.THANKS_BY_TEXT.text]
    task = models.AlertTask.objects.get(key="ring")
    assert task.ring_id == street.id("Sofie")


def test_with_the_standing_choice_the_place_comes_in_a_second_text_and_is_logged(
    street: Scene,
) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    alert = called(street, "Sofie", "Amir")
    text(street, "Sofie", "1")
    assert replies(street, "Sofie") == [DOOR]
    assert replies(street, "Amir") == []
    assert not models.AlertTask.objects.exists()
    opened = opened_by(viewer=street.viewer("Lena"), thing_id=alert.id)
    assert [(one.name, *one.how) for one in opened if one.first_at] == [("Sofie", "text")]


def test_every_answer_is_answered_also_where_the_place_went_before(street: Scene) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    for name in ("Sofie", "Bea"):
        choices.choose_safe_person(
            viewer=street.viewer("Lena"), person_id=street.id(name), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    alert = called(street, "Sofie", "Bea", kind=Kind.UNSAFE)
    says(street, alert, "Bea")
    for said in ("1", "1 8", "2"):
        text(street, "Sofie", said)
    says(street, alert, "Bea", Said.CANT)
    text(street, "Sofie", "1")  # alone now: the door is shut, and where to wait goes out
    thanks, noted = words.THANKS_BY_TEXT.text, words.NOTED_BY_TEXT.text
    assert replies(street, "Sofie") == [DOOR, thanks, noted]
    assert Notice.objects.filter(recipient_id=street.id("Sofie"), purpose="meeting_text").exists()


def test_a_stranger_by_text_gets_no_place_before_a_yes(street: Scene) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=True)
    called(street, "Nils")
    text(street, "Nils", "1")
    assert DOOR not in " ".join(replies(street, "Nils"))


def test_no_first_text_holds_a_name_a_place_or_what_it_is(street: Scene) -> None:
    alert = called(street, "Sofie", "Amir", "Nils")
    rows = Notice.objects.filter(topic__about=alert.id).select_related("text")
    said = " ".join(str(vars(words_of(row.text_id, row.text.words_guarded))) for row in rows)
    assert said
    for secret in (*SECRETS, "Lena", "hurt", "Linden"):
        assert secret not in said


def test_late_by_text_reads_the_truth(street: Scene) -> None:
    alert = called(street, "Sofie")
    for name in ("Amir", "Rosa", "Omar", "Jan", "Bea"):
        says(street, alert, name)
    text(street, "Sofie", "1")
    assert replies(street, "Sofie") == [words.ENOUGH.text]


LAST_WORDS = {
    EndedHow.ALL_CLEAR: words.OVER,
    EndedHow.ALL_RIGHT: words.OVER,
    EndedHow.FOUND: words.OVER,
    EndedHow.TOO_OLD: words.CLOSED,
    EndedHow.LEFT: words.CLOSED,
}


@pytest.mark.parametrize("how", LAST_WORDS)
def test_too_late_by_text_reads_how_it_ended(street: Scene, how: EndedHow) -> None:
    alert = called(street, "Hana")
    ended(street, alert, how)
    assert text(street, "Hana", "1") == "alert-answer"
    assert replies(street, "Hana") == [LAST_WORDS[how].text] * 2
    assert standing(alert, "Hana") == Standing.ASKED


def test_after_a_death_no_machine_answers_and_a_person_reads_it(street: Scene) -> None:
    assert {*LAST_WORDS, EndedHow.DIED} == set(EndedHow)
    alert = called(street, "Hana", "Sofie")
    text(street, "Sofie", "1")
    ended(street, alert, EndedHow.DIED)
    for name in ("Hana", "Sofie"):
        before = replies(street, name)
        assert text(street, name, "1") == text(street, name, "2") == ""
        assert replies(street, name) == before


def test_two_calls_open_and_a_bare_digit_is_asked_which(street: Scene) -> None:
    first = called(street, "Sofie")
    second = called(street, "Sofie", kind=Kind.FIRE)
    assert text(street, "Sofie", "1") == "alert-which"
    assert standing(first, "Sofie") == standing(second, "Sofie") == Standing.ASKED
    [question] = replies(street, "Sofie")
    codes = {code_of(first.number), code_of(second.number)}
    assert all(code in question for code in codes)
    assert text(street, "Sofie", f"{code_of(second.number)} 1 5") == "alert-answer"
    assert standing(first, "Sofie") == Standing.ASKED
    assert standing(second, "Sofie") == Standing.COMING


def test_several_calls_are_told_apart_by_when_they_came(street: Scene) -> None:
    zone = street.viewer("Sofie").network.zoneinfo
    calls = [called(street, "Sofie", kind=kind) for kind in (Kind.HURT, Kind.FIRE, Kind.OTHER)]
    moments = [
        models.Wave.objects.get(alert=one).fire_at.astimezone(zone) - timedelta(hours=number)
        for number, one in enumerate(calls)
    ]
    for one, at in zip(calls, moments, strict=True):
        models.Wave.objects.filter(alert=one).update(fire_at=at)
    text(street, "Sofie", "1")
    [question] = replies(street, "Sofie")
    told = [f"{code_of(one.number)} {at:%H:%M}" for one, at in zip(calls, moments, strict=True)]
    assert ", ".join(reversed(told)) in question
    assert "Two" not in question
    assert text(street, "Sofie", f"{told[1]} 1") == "alert-answer"
    assert standing(calls[1], "Sofie") == Standing.COMING


def test_a_call_they_could_not_come_to_is_not_asked_about(street: Scene) -> None:
    first = called(street, "Sofie")
    text(street, "Sofie", "2")
    second = called(street, "Sofie", kind=Kind.FIRE)
    assert text(street, "Sofie", "1") == "alert-answer"
    assert standing(first, "Sofie") == Standing.CANT
    assert standing(second, "Sofie") == Standing.COMING
    third = called(street, "Sofie", kind=Kind.OTHER)
    assert text(street, "Sofie", "2") == "alert-which"  # they may not come to the second after all
    [question] = [said for said in replies(street, "Sofie") if code_of(third.number) in said]
    assert code_of(second.number) in question and code_of(first.number) not in question


def test_who_could_come_to_none_of_several_is_asked_which(street: Scene) -> None:
    for kind in (Kind.HURT, Kind.FIRE):
        called(street, "Sofie", kind=kind)
        text(street, "Sofie", "2")
    assert text(street, "Sofie", "1") == "alert-which"


def test_a_wrong_code_waits_for_a_person(street: Scene) -> None:
    called(street, "Sofie")
    assert text(street, "Sofie", "QQ 1") == ""


@pytest.mark.parametrize("said", ["HELP", "help", "Ayuda", "مساعدة"])
def test_help_from_a_known_phone_is_asked_and_one_calls(street: Scene, said: str) -> None:
    assert text(street, "Lena", said) == "alert-help"
    deliver()
    assert replies(street, "Lena") == [words.NEED_PEOPLE.text]
    assert not models.Alert.objects.exists()
    assert text(street, "Lena", "1") == "alert-raised"
    alert = models.Alert.objects.get()
    assert alert.raised_by_id == street.id("Lena")
    assert alert.due_at <= clock.now()
    assert text(street, "Lena", "1") == "alert-raised"
    assert models.Alert.objects.count() == 1


@pytest.mark.parametrize("said", ["ok thanks", "👍", "ok", "1"])
def test_thanks_after_it_is_all_right_call_nobody_again(street: Scene, said: str) -> None:
    """Found by a review: within ten minutes of HELP it was taken for a second yes."""
    raised_by_text(street)
    assert text(street, "Lena", "0") == "alert-taken-back"
    deliver()
    assert text(street, "Lena", said) != "alert-raised"
    assert models.Alert.objects.count() == 1


@pytest.mark.parametrize(("said", "means"), [("ok", ""), ("👍", ""), ("1", "alert-raised")])
def test_an_ok_while_people_are_coming_calls_nobody_again(
    street: Scene, said: str, means: str
) -> None:
    """Also where it is no double press any more; a second «1» is answered as the first was."""
    alert = raised_by_text(street)
    before = alert.created_at - timedelta(minutes=3)
    models.Alert.objects.filter(id=alert.id).update(created_at=before)
    assert text(street, "Lena", said) == means
    assert models.Alert.objects.count() == 1


def test_help_once_more_calls_once_more(street: Scene) -> None:
    raised_by_text(street)
    text(street, "Lena", "0")
    deliver()
    text(street, "Lena", "HELP")
    deliver()
    assert text(street, "Lena", "1") == "alert-raised"
    assert models.Alert.objects.count() == 2


@pytest.mark.parametrize("said", ["yes", "sí", "1 please"])
def test_a_yes_to_do_you_need_people_calls_them(street: Scene, said: str) -> None:
    text(street, "Lena", "HELP")
    deliver()
    assert text(street, "Lena", said) == "alert-raised"


def test_help_and_then_something_else_is_asked_once_more(street: Scene) -> None:
    text(street, "Lena", "HELP")
    deliver()
    for said in ("my husband fell", "please come quick"):
        assert text(street, "Lena", said) == ""
    assert replies(street, "Lena") == [words.NEED_PEOPLE.text] * 2
    assert text(street, "Lena", "1") == "alert-raised"
    deliver()
    said_before = replies(street, "Lena")
    assert text(street, "Lena", "he is in the kitchen") == ""
    assert replies(street, "Lena") == said_before


def raised_by_text(street: Scene) -> models.Alert:
    text(street, "Lena", "HELP")
    deliver()
    assert text(street, "Lena", "1") == "alert-raised"
    deliver()
    return models.Alert.objects.get()


@pytest.mark.parametrize("said", ["0", "٠", "0: it's all right now", "0 todo bien"])
def test_whoever_called_by_text_says_that_it_is_all_right_now(street: Scene, said: str) -> None:
    for name in ("Sofie", "Amir"):
        street.phone(name)
    alert = raised_by_text(street)
    text(street, "Sofie", "1")
    for _time in range(2):  # said twice, told twice, ended once
        assert text(street, "Lena", said) == "alert-taken-back"
        assert replies(street, "Lena")[-1] == words.ALL_RIGHT_BY_TEXT.text
    alert.refresh_from_db()
    assert (alert.ended_how, alert.ended_by) == (EndedHow.ALL_RIGHT, street.id("Lena"))
    assert models.AlertEvent.objects.filter(alert=alert, verb="ended").count() == 1
    assert replies(street, "Sofie")[-1] == words.OVER.text
    assert replies(street, "Amir")[-1] == words.OVER.text


def test_what_nobody_heard_of_is_stopped(street: Scene) -> None:
    street.phone("Sofie")
    alert = call(street, in_a_hurry=False)
    for _time in range(2):
        assert text(street, "Lena", "0") == "alert-taken-back"
        assert replies(street, "Lena")[-1] == words.STOPPED_BY_TEXT.text
    alert.refresh_from_db()
    assert alert.state == AlertState.CANCELLED
    assert replies(street, "Sofie") == []


def test_whoever_called_several_times_is_asked_which_is_all_right(street: Scene) -> None:
    first = call(street, Kind.HURT)
    second = call(street, Kind.FIRE)
    assert text(street, "Lena", "0") == "alert-which"
    [question] = replies(street, "Lena")
    assert code_of(first.number) in question and code_of(second.number) in question
    assert text(street, "Lena", f"{code_of(second.number)} 0") == "alert-taken-back"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (AlertState.OPEN, AlertState.ENDED)
    assert text(street, "Lena", "0") == "alert-taken-back"  # only one is left
    first.refresh_from_db()
    assert first.state == AlertState.ENDED


@pytest.mark.parametrize("name", ["Sofie", "Cora", "Jan"])
def test_nobody_else_says_by_text_that_it_is_all_right(street: Scene, name: str) -> None:
    alert = called(street, "Sofie")
    says(street, alert, "Sofie")
    assert text(street, name, "0") == text(street, name, f"{code_of(alert.number)} 0") == ""
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_a_silent_call_is_neither_ended_nor_named_by_text(street: Scene) -> None:
    for name in ("Sofie", "Bea"):
        choices.choose_safe_person(
            viewer=street.viewer("Lena"), person_id=street.id(name), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    silent = call(street, Kind.UNSAFE)
    assert text(street, "Lena", "0") == text(street, "Lena", f"{code_of(silent.number)} 0") == ""
    assert replies(street, "Lena") == []
    other = call(street, Kind.HURT)
    assert text(street, "Lena", "0") == "alert-taken-back"
    silent.refresh_from_db()
    other.refresh_from_db()
    assert (silent.state, other.state) == (AlertState.OPEN, AlertState.ENDED)


def test_a_zero_is_no_answer_where_somebody_else_ended_it_or_nothing_runs(street: Scene) -> None:
    assert text(street, "Lena", "0") == ""
    alert = raised_by_text(street)
    ended(street, alert, EndedHow.TOO_OLD)
    before = replies(street, "Lena")
    assert text(street, "Lena", "0") == ""
    assert replies(street, "Lena") == before


def test_help_and_nothing_else_calls_nobody(street: Scene) -> None:
    text(street, "Lena", "HELP")
    deliver()
    assert text(street, "Lena", "2") == ""
    assert not models.Alert.objects.exists()


def test_a_one_out_of_the_blue_calls_nobody(street: Scene) -> None:
    assert text(street, "Lena", "1") == ""
    assert not models.Alert.objects.exists()


def test_help_from_somebody_without_a_pod_says_what_to_do(street: Scene) -> None:
    text(street, "Nils", "HELP")
    deliver()
    assert text(street, "Nils", "1") == "alert-not-raised"
    assert "112" in replies(street, "Nils")[-1]


def test_an_unknown_phone_is_never_answered_and_waits_in_the_inbox(street: Scene) -> None:
    text_id = receive_text(
        network_id=street.pod.network_id,
        channel="sms",
        provider_id="SM-stranger",
        address_value="+31699999999",
        text="1",
        now=clock.now(),
    )
    assert IncomingText.objects.get(id=text_id).understood_by == ""
    assert not Delivery.objects.filter(channel="sms").exists()
    assert set(Notice.objects.values_list("topic__kind", flat=True)) == {"inbox"}


def test_a_phone_two_people_share_answers_for_who_was_asked(street: Scene) -> None:
    number = street.phone("Sofie")
    other = cast.person("Vera")
    row = Address.objects.get(person=street.people["Sofie"])
    Address.objects.create(
        network=other.network,
        person=other,
        source="test",
        client_key=uuid4(),
        created_at=clock.now(),
        channel="sms",
        value_guarded=vault.guard(number, purpose=ADDRESS_PURPOSE, whose=other.id),
        value_index=row.value_index,
        rank=0,
        verified_at=clock.now(),
    )
    alert = called(street, "Sofie")
    assert text(street, "Sofie", "1") == "alert-answer"
    assert standing(alert, "Sofie") == Standing.COMING
