"""After a call: who looks in, the morning after, and a few words for those who were there."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from porchlight.alerts import models
from porchlight.alerts.actions import afterwards as deeds
from porchlight.alerts.actions.answering import arrive
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.actions.deaths import stop_alerts_of
from porchlight.alerts.actions.end_numbers import choose_numbers
from porchlight.alerts.actions.quiet_ending import end_note
from porchlight.alerts.queries.afterwards import could_look_in, due_afterwards
from porchlight.alerts.queries.rows import system_of
from porchlight.alerts.rules import words
from porchlight.alerts.rules.afterwards import (
    ANSWERED_FOR,
    DEBRIEF_AFTER,
    MORNING_LASTS,
    Ended,
    YesNo,
    debrief_at,
    is_the_hour,
    morning_at,
)
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tasks import take_steps
from porchlight.alerts.tests.scene import Scene, call, ended, says, scene
from porchlight.alerts.tests.test_heard_and_told import said_to
from porchlight.alerts.tests.test_page import browser, path, read
from porchlight.alerts.tests.test_texts import deliver, text
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Delivery, Notice
from porchlight.notices.queries.words import index_of, words_of
from porchlight.people.actions.blocks import block
from porchlight.people.actions.deaths import hush
from porchlight.people.actions.erasing import erase_me
from porchlight.people.actions.me import leave_network
from porchlight.people.models import Address
from porchlight.people.queries.signing_in import as_network
from porchlight.people.tests import cast

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)  # eleven in the evening there
LOOK_IN, HOW, PLEASE_RING, DEBRIEF, TALK = (
    one.title
    for one in (
        words.LOOK_IN,
        words.HOW_ARE_YOU,
        words.PLEASE_RING,
        words.DEBRIEF,
        words.TALK_WITH,
    )
)


# ---------- rules ----------


@pytest.mark.parametrize(
    ("how", "at", "hour", "expected"),
    [
        ("all_clear", NIGHT, 9, "2026-03-02T08:00Z"),
        ("all_right", NIGHT, 9, "2026-03-02T08:00Z"),
        ("too_old", NIGHT, 9, "2026-03-02T08:00Z"),
        ("all_clear", NIGHT + timedelta(hours=6), 8, "2026-03-03T07:00Z"),  # five: not at eight
        ("all_clear", NIGHT + timedelta(hours=6), 10, "2026-03-02T09:00Z"),
        ("all_clear", NIGHT, None, None),
        ("died", NIGHT, 9, None),
        ("left", NIGHT, 9, None),
    ],
)
def test_when_they_are_asked(
    how: str, at: datetime, hour: int | None, expected: str | None
) -> None:
    found = morning_at(Ended(how=how, at=at, morning_hour=hour, was_anybody_there=True), BERLIN)
    assert found == (None if expected is None else datetime.fromisoformat(expected))


@pytest.mark.parametrize(
    ("how", "was_there", "is_asked"),
    [("all_clear", True, True), ("all_clear", False, False), ("too_old", True, True),
     ("died", True, False), ("left", True, False)],
)  # fmt: skip
def test_whether_those_who_were_there_are(how: str, was_there: bool, is_asked: bool) -> None:
    found = debrief_at(Ended(how=how, at=NIGHT, morning_hour=None, was_anybody_there=was_there))
    assert found == (NIGHT + DEBRIEF_AFTER if is_asked else None)


@pytest.mark.parametrize(
    ("minutes", "is_it"), [(-1, False), (0, True), (60, True), (61, False), (24 * 60, True)]
)
def test_only_at_that_hour(minutes: int, is_it: bool) -> None:
    nine = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # there
    assert is_the_hour(9, nine + timedelta(minutes=minutes), BERLIN) is is_it


# ---------- a call that is over ----------


@pytest.fixture
def street(db: None) -> Scene:
    return scene()


def way_of(street: Scene, name: str = "Lena") -> UUID:
    street.phone(name)
    return Address.objects.get(person=street.people[name], channel="sms").id


def this_hour(street: Scene) -> int:
    """The hour it is there while the tests run."""
    return clock.now().astimezone(ZoneInfo(street.people["Lena"].network.zone)).hour


def mornings(street: Scene, *, is_on: bool = True, hour: int | None = None) -> None:
    """Lena wants to be asked at this hour of the day."""
    at = this_hour(street) if hour is None else hour
    deeds.choose_morning(
        viewer=street.viewer("Lena"), hour=at if is_on else None, address_id=way_of(street),
        now=clock.now(),
    )  # fmt: skip


def over(
    street: Scene, *came: str, kind: Kind = Kind.HURT, how: EndedHow = EndedHow.ALL_CLEAR
) -> models.Alert:
    """Lena's call, at which these people were, and its end."""
    alert = call(street, kind)
    for name in came:
        says(street, alert, name)
        arrive(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    ended(street, alert, how)
    alert.refresh_from_db()
    return alert


def take(alert: models.Alert, now: datetime) -> bool:
    return deeds.take_afterwards(network_id=alert.network_id, alert_id=alert.id, now=now)


def name(street: Scene, alert: models.Alert, whom: str, by: str = "Lena") -> None:
    deeds.name_contact(
        viewer=street.viewer(by), alert_id=alert.id, person_id=street.id(whom), now=clock.now()
    )


def looked_after(street: Scene, who: str) -> str:
    """The page of those one looks after."""
    return browser(street, who).get("/n/linden/late/").content.decode()


def handover(alert: models.Alert) -> models.Handover:
    return models.Handover.objects.get(alert=alert)


def texted(street: Scene, who: str = "Lena") -> list[str]:
    rows = (
        Delivery.objects.filter(channel="sms", address_index=index_of("sms", street.phone(who)))
        .select_related("notice__text")
        .order_by("id")
    )
    return [words_of(one.notice.text_id, one.notice.text.words_guarded).text for one in rows]


def asked_how(street: Scene, *came: str, **more: Any) -> models.Alert:
    """It is the morning after, and Lena was asked how she is."""
    mornings(street)
    alert = over(street, *came, **more)
    models.Alert.objects.filter(id=alert.id).update(morning_at=clock.now())
    assert take(alert, clock.now())
    deliver()
    return alert


def test_the_morning_goes_by_the_one_way_and_shows_nowhere_else(street: Scene) -> None:
    asked_how(street, "Sofie")
    assert texted(street)[-1].startswith("Good morning. How are you? 1 all right, 2 please ring me")
    assert not Notice.objects.filter(recipient_id=street.id("Lena"), purpose="how").exists()
    way = Delivery.objects.filter(notice__purpose="how").exclude(channel="page")  # nobody's bell
    assert set(way.values_list("channel", "address_id")) == {("sms", way_of(street))}
    page = browser(street, "Lena").get("/n/linden/news/").content.decode()
    assert "How are you" not in page


def test_nobody_is_asked_who_did_not_choose_it(street: Scene) -> None:
    alert = over(street, "Sofie")
    assert alert.morning_at is None
    mornings(street)
    alert = over(street)
    assert alert.morning_at is not None and alert.debrief_at is None
    mornings(street, is_on=False)
    models.Alert.objects.filter(id=alert.id).update(morning_at=clock.now())
    assert take(alert, clock.now()) is False
    assert texted(street) == []


@pytest.mark.parametrize("gone", ["removed", "stopped", "not verified"])
def test_a_way_that_does_not_work_any_more_is_not_replaced_by_another(
    street: Scene, gone: str
) -> None:
    mornings(street)
    alert = over(street)
    now = clock.now()
    changes: dict[str, dict[str, Any]] = {
        "removed": {"removed_at": now},
        "stopped": {"stopped_at": now},
        "not verified": {"verified_at": None},
    }
    Address.objects.filter(id=way_of(street)).update(**changes[gone])
    models.Alert.objects.filter(id=alert.id).update(morning_at=now)
    assert take(alert, now) is False
    assert not Notice.objects.filter(purpose="how").exists()


def test_at_another_hour_it_is_let_be(street: Scene) -> None:
    """As after a night in which the machine stood."""
    mornings(street, hour=(this_hour(street) + 12) % 24)
    alert = over(street)
    models.Alert.objects.filter(id=alert.id).update(morning_at=clock.now())
    assert take(alert, clock.now()) is False
    alert.refresh_from_db()
    assert alert.morning_at is None and texted(street) == []


def test_another_hour_counts_for_a_call_that_just_ended(street: Scene) -> None:
    alert = over(street)
    for is_on in (True, False, True):
        mornings(street, is_on=is_on)
        alert.refresh_from_db()
        assert (alert.morning_at is not None) is is_on
    before = alert.morning_at
    mornings(street, hour=(this_hour(street) + 5) % 24)
    alert.refresh_from_db()
    assert alert.morning_at not in {None, before}


def test_it_rings_nobody_and_goes_out_within_the_hour(street: Scene) -> None:
    asked_how(street)
    sent = Delivery.objects.filter(notice__purpose="how")
    assert "voice" not in set(sent.values_list("channel", flat=True))
    for one in sent.select_related("notice"):
        assert one.expires_at == one.notice.told_at + MORNING_LASTS
        assert one.notice.expires_at == one.notice.told_at + ANSWERED_FOR


def test_all_right_tells_nobody(street: Scene) -> None:
    alert = asked_how(street, "Sofie")
    assert text(street, "Lena", "1") == "answer"
    assert handover(alert).said_how == "well"
    assert PLEASE_RING not in said_to(street, "Sofie")


def test_who_was_there_and_knows_her_is_asked_to_ring(street: Scene) -> None:
    alert = asked_how(street, "Sofie")
    assert text(street, "Lena", "2") == "answer"
    assert said_to(street, "Sofie")[-1] == PLEASE_RING
    assert PLEASE_RING not in said_to(street, "Cora") + said_to(street, "Amir")
    page = looked_after(street, "Sofie")
    assert "Please ring" in page and "I rang them" in page
    assert "I rang them" not in looked_after(street, "Amir")
    with pytest.raises(NotHere):
        deeds.they_were_rung(viewer=street.viewer("Amir"), alert_id=alert.id, now=clock.now())
    deeds.they_were_rung(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    assert handover(alert).rung_by_id == street.id("Sofie")
    page = looked_after(street, "Sofie")
    assert "I rang them" not in page and "rang them." in page


def test_whoever_said_that_they_look_in_is_asked_before_all_others(street: Scene) -> None:
    mornings(street)
    alert = over(street, "Sofie")
    name(street, alert, "Amir")
    assert said_to(street, "Amir")[-1] == LOOK_IN
    deeds.answer_contact(
        viewer=street.viewer("Amir"), alert_id=alert.id, said=YesNo.YES, now=clock.now()
    )
    models.Alert.objects.filter(id=alert.id).update(morning_at=clock.now())
    take(alert, clock.now())
    deliver()
    text(street, "Lena", "2")
    assert said_to(street, "Amir")[-1] == PLEASE_RING
    assert PLEASE_RING not in said_to(street, "Sofie")


def test_where_nobody_was_there_coordinators_ring(street: Scene) -> None:
    asked_how(street)
    text(street, "Lena", "2")
    assert said_to(street, "Cora")[-1] == said_to(street, "Carl")[-1] == PLEASE_RING


def test_of_a_silent_call_no_coordinator_and_nobody_at_home_hears(street: Scene) -> None:
    for who in ("Sofie", "Bea"):
        choose_safe_person(
            viewer=street.viewer("Lena"), person_id=street.id(who), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    alert = asked_how(street, kind=Kind.UNSAFE)
    text(street, "Lena", "2")
    assert handover(alert).said_how == "ring"
    told = {who for who in street.people if PLEASE_RING in said_to(street, who)}
    assert told == {"Sofie", "Bea"}  # nobody said that they were there: all whom she chose
    answer = browser(street, "Lena").get(path(alert), follow=True).content.decode()
    assert "We ask you" not in answer


def test_where_nobody_may_ring_it_reads_as_taken_by_nobody(street: Scene) -> None:
    for who in ("Cora", "Carl"):
        cast.block(street.people["Lena"], street.people[who])
    alert = asked_how(street)
    text(street, "Lena", "2")
    assert handover(alert).ring_topic_id is None
    assert not Notice.objects.filter(recipient_id=way_of(street), answer="ring").exists()


def test_whoever_keeps_apart_from_her_by_then_is_asked_no_more(street: Scene) -> None:
    alert = asked_how(street, "Sofie")
    name(street, alert, "Amir")
    text(street, "Lena", "2")
    for who in ("Amir", "Sofie"):
        block(
            viewer=street.viewer("Lena"), person_id=street.id(who), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
        assert "Lena" not in looked_after(street, who).split("<main")[1]
    assert handover(alert).contact_id is None


def test_a_child_is_looked_in_on_by_no_single_adult(street: Scene) -> None:
    alert = call(street, by="Kid")
    says(street, alert, "Sofie")
    arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    ended(street, alert, EndedHow.ALL_CLEAR)
    assert could_look_in(alert, street.id("Kid"), viewer=system_of(alert)) == frozenset()
    with pytest.raises(Refusal):
        name(street, alert, "Sofie", by="Kid")


@pytest.mark.parametrize("number", ["4071", "9325"])
def test_after_either_number_the_morning_is_the_same(street: Scene, number: str) -> None:
    choose_safe_person(
        viewer=street.viewer("Lena"), person_id=street.id("Bea"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    choose_numbers(viewer=street.viewer("Lena"), ends="4071", looks="9325")
    mornings(street)
    alert = call(street, Kind.UNSAFE)
    end_note(viewer=street.viewer("Lena"), alert_id=alert.id, number=number, now=clock.now())
    alert.refresh_from_db()
    planned = alert.morning_at
    assert planned is not None
    if number == "9325":
        ended(street, alert, EndedHow.TOO_OLD)
        alert.refresh_from_db()
        assert alert.morning_at == planned
    models.Alert.objects.filter(id=alert.id).update(morning_at=clock.now())
    assert take(alert, clock.now())


# ---------- who looks in ----------


def test_who_may_be_named(street: Scene) -> None:
    alert = over(street, "Sofie")
    found = could_look_in(alert, street.id("Lena"), viewer=system_of(alert))
    names = {who for who, one in street.people.items() if one.id in found}
    assert names == {"Sofie", "Amir", "Rosa", "Hana", "Omar", "Jan", "Hank", "Bea"}
    for whom in ("Kid", "Xenia", "Nils", "Lena"):
        with pytest.raises(Refusal) as refused:
            name(street, alert, whom)
        assert refused.value.why is WhyNot.NOBODY_SUCH


def test_only_whom_it_was_for_names_somebody_and_only_once_it_is_over(street: Scene) -> None:
    alert = over(street, "Sofie")
    for by in ("Sofie", "Cora"):
        with pytest.raises(NotHere):
            name(street, alert, "Amir", by)
    running = call(street)
    with pytest.raises(NotHere):
        name(street, running, "Amir")
    dead = over(street, how=EndedHow.DIED)
    with pytest.raises(NotHere):
        name(street, dead, "Amir")


def test_one_tap_or_digit_says_yes_and_a_no_frees_them(street: Scene) -> None:
    street.phone("Amir")
    alert = over(street)
    name(street, alert, "Amir")
    name(street, alert, "Amir")  # once more changes nothing
    assert said_to(street, "Amir").count(LOOK_IN) == 1
    assert "was asked" in read(street, alert, "Lena")
    Delivery.objects.filter(channel="sms").update(due_at=clock.now())
    deliver()
    assert text(street, "Amir", "1") == "answer"
    assert handover(alert).contact_said == "yes"
    assert "You look in on" in looked_after(street, "Amir")
    assert "looks in on you" in read(street, alert, "Lena")
    no = browser(street, "Amir").post(f"/n/linden/late/after/{alert.id}/", {"said": "no"})
    assert no.status_code == 302
    assert "look in on" not in looked_after(street, "Amir")
    assert handover(alert).contact_said == "no"
    assert "Ask somebody else" in read(street, alert, "Lena")
    sent = {"act": "name", "person": str(street.id("Bea"))}
    assert browser(street, "Lena").post(path(alert, "after/"), sent).status_code == 302
    assert handover(alert).contact_id == street.id("Bea")
    with pytest.raises(NotHere):
        deeds.answer_contact(
            viewer=street.viewer("Amir"), alert_id=alert.id, said=YesNo.YES, now=clock.now()
        )


# ---------- those who were there ----------


def test_a_day_later_those_who_were_there_hear_a_few_words(street: Scene) -> None:
    alert = over(street, "Sofie", "Bea")
    assert alert.debrief_at == alert.ended_at + DEBRIEF_AFTER  # type: ignore[operator]  # it ended
    assert due_afterwards(alert.debrief_at, 9) == [(alert.network_id, alert.id)]
    assert take_steps(now=alert.debrief_at) >= 1
    assert said_to(street, "Sofie").count(DEBRIEF) == said_to(street, "Bea").count(DEBRIEF) == 1
    assert DEBRIEF not in said_to(street, "Amir") + said_to(street, "Lena")
    assert take(alert, alert.debrief_at) is False
    page = read(street, alert, "Sofie")
    assert "After you were there" in page and "like to talk" in page
    assert "After you were there" not in read(street, alert, "Amir")


def test_whoever_would_like_to_talk_is_rung_by_coordinators(street: Scene) -> None:
    alert = over(street, "Sofie")
    sent = {"act": "talk"}
    for _again in range(2):
        assert browser(street, "Sofie").post(path(alert, "after/"), sent).status_code == 302
    assert said_to(street, "Cora").count(TALK) == 1
    page = looked_after(street, "Cora")
    assert "Would like to talk" in page and "Sofie" in page
    for who in ("Lena", "Amir", "Sofie"):
        assert "Would like to talk" not in looked_after(street, who)
    with pytest.raises(Refusal) as refused:
        deeds.ask_to_talk(viewer=street.viewer("Amir"), alert_id=alert.id, now=clock.now())
    assert refused.value.why is WhyNot.NOT_THERE


# ---------- and none of it ----------


@pytest.mark.parametrize("how", [EndedHow.DIED, EndedHow.LEFT])
def test_after_a_death_no_machine_asks_anybody(street: Scene, how: EndedHow) -> None:
    mornings(street)
    alert = over(street, "Sofie", how=how)
    assert (alert.morning_at, alert.debrief_at) == (None, None)
    assert "After you were there" not in read(street, alert, "Sofie")


def test_after_a_death_that_is_known_later_nobody_is_thanked(street: Scene) -> None:
    alert = over(street, "Sofie")
    network = as_network(street.people["Lena"].network)
    stop_alerts_of(person_id=street.id("Lena"), network=network, now=clock.now())
    alert.refresh_from_db()
    assert alert.debrief_at is None
    alert = over(street, "Sofie")
    hush(person_id=street.id("Lena"), network=network, now=clock.now())
    models.Alert.objects.filter(id=alert.id).update(debrief_at=clock.now())
    assert take(alert, clock.now()) is False
    assert DEBRIEF not in said_to(street, "Sofie")


@pytest.mark.parametrize("how", ["left", "died", "erased"])
def test_after_they_left_or_died_nothing_is_asked_of_others(street: Scene, how: str) -> None:
    mornings(street)
    alert = over(street, "Sofie")
    name(street, alert, "Amir")
    network = as_network(street.people["Lena"].network)
    now = clock.now()
    if how == "left":
        leave_network(viewer=street.viewer("Lena"), now=now)
    elif how == "died":
        stop_alerts_of(person_id=street.id("Lena"), network=network, now=now)
    else:
        erase_me(viewer=street.viewer("Lena"), now=now)
    assert not models.Handover.objects.exists()
    assert models.Alert.objects.exclude(morning_at=None).count() == 0
    topics = Notice.objects.filter(purpose="look-in").values_list("topic__closed_at", flat=True)
    assert all(closed is not None for closed in topics)


def test_whoever_was_to_look_in_and_left_is_named_no_more(street: Scene) -> None:
    alert = over(street)
    name(street, alert, "Amir")
    leave_network(viewer=street.viewer("Amir"), now=clock.now())
    row = handover(alert)
    assert (row.contact_id, row.contact_said) == (None, "")


# ---------- choosing it ----------


def test_it_is_chosen_behind_the_password_with_ones_own_ways(street: Scene) -> None:
    way = way_of(street)
    client = cast.fresh(browser(street, "Lena"))
    page = client.get("/n/linden/me/people/").content.decode()
    assert "Ask me the morning after how I am" in page and street.phone("Lena") in page
    sent = {"is_about_morning": "on", "hour": "8", "address": str(way), "client_key": str(uuid4())}
    assert client.post("/n/linden/me/people/", sent).status_code == 302
    chosen = models.AlertChoice.objects.get()
    assert (chosen.morning_hour, chosen.morning_address_id) == (8, way)
    for wrong in ({"address": str(uuid4())}, {"address": ""}, {"hour": "25"}):
        assert client.post("/n/linden/me/people/", sent | wrong).status_code == 422
    assert client.post("/n/linden/me/people/", sent | {"hour": ""}).status_code == 302
    chosen.refresh_from_db()
    assert (chosen.morning_hour, chosen.morning_address_id) == (None, None)


def test_without_a_phone_for_texts_it_says_what_to_do(street: Scene) -> None:
    page = cast.fresh(browser(street, "Lena")).get("/n/linden/me/people/").content.decode()
    assert "Add a phone of yours that takes texts first." in page
    assert "By this way only" not in page


def test_a_way_of_somebody_else_is_refused(street: Scene) -> None:
    with pytest.raises(Refusal) as refused:
        deeds.choose_morning(
            viewer=street.viewer("Lena"),
            hour=9,
            address_id=way_of(street, "Sofie"),
            now=clock.now(),
        )
    assert refused.value.why is WhyNot.MORNING_WAY
