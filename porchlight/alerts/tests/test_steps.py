"""While too few come, a call goes on by itself: the next people, the truth, coordinators."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from porchlight.alerts import models
from porchlight.alerts.actions import ending, missing, steering
from porchlight.alerts.actions.choices import close_tonight
from porchlight.alerts.actions.raising import stop_sending
from porchlight.alerts.actions.steps import take_step
from porchlight.alerts.actions.waves import ask
from porchlight.alerts.queries.steps import due_steps, rates_now
from porchlight.alerts.rules import words
from porchlight.alerts.rules.chances import PRIOR, PRIOR_WEIGHT
from porchlight.alerts.rules.choosing import Asked
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import TOPIC_NEWS
from porchlight.alerts.rules.states import AlertState, EndedHow, Standing, Why
from porchlight.alerts.rules.steps import MOST_BEYOND, REMINDED, Step
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tasks import AFTER_TROUBLE, count_waves, step_through_calls, take_steps
from porchlight.alerts.tests.scene import (
    ALWAYS,
    DOOR,
    MEETING,
    Scene,
    asked,
    call,
    ended,
    enough_come,
    place,
    says,
    scene,
    standing,
)
from porchlight.alerts.tests.test_heard_and_told import said_to, somebody_missing
from porchlight.alerts.tests.test_page import read
from porchlight.kit import clock
from porchlight.kit.postgres.server import within
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Delivery, Notice, Topic
from porchlight.notices.queries.words import words_of
from porchlight.people import models as people
from porchlight.people.actions.on_call import be_on_call
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

pytestmark = pytest.mark.django_db
FEW = words.FEW_COME.title
LOOK = words.FEW_LOOK.title


@pytest.fixture
def street() -> Scene:
    """It is about noon there, whenever the tests run: by night fewer are likely to come."""
    street, ahead = scene(), 12 - clock.now().hour
    people.Network.objects.filter(id=street.pod.network_id).update(zone=f"Etc/GMT{-ahead:+d}")
    return street


@pytest.fixture
def crowd(street: Scene) -> Scene:
    """The same street, and thirty more people near."""
    for number in range(30):
        street.people[f"Near {number}"] = cast.person(f"Near {number}")
        place(street.people[f"Near {number}"])
    return street


def step(alert: models.Alert, now: datetime) -> Step | None:
    taken = take_step(network_id=alert.network_id, alert_id=alert.id, now=now)
    alert.refresh_from_db()
    return taken


def after(alert: models.Alert, **later: float) -> datetime:
    return alert.due_at + timedelta(**later)


def people_of(alert: models.Alert, reason: str) -> int:
    rows = models.Invitation.objects.filter(alert=alert, wave__reason=reason)
    return rows.count()


def told_again(alert: models.Alert) -> set[str]:
    """Who was asked once more, by name."""
    rows = Notice.objects.filter(topic_id=alert.topic_id, purpose__startswith="asked-")
    return set(
        models.Invitation.objects.filter(
            alert=alert, person_id__in=rows.values("recipient_id")
        ).values_list("person__name", flat=True)
    )


# ---------- where only the pod is asked ----------


def test_where_nobody_answers_the_asker_hears_the_truth_and_coordinators_are_called(
    street: Scene,
) -> None:
    alert = call(street)
    assert step(alert, after(alert, seconds=59)) is None
    assert said_to(street, "Lena") == []
    assert step(alert, after(alert, seconds=60)) is Step.SAY_FEW
    assert said_to(street, "Lena") == [FEW]
    assert said_to(street, "Cora") == said_to(street, "Carl") == [LOOK]
    notice = Notice.objects.get(recipient_id=street.id("Lena"))
    assert "Asked: 8. Coming: 0." in words_in(notice)
    line = models.AlertEvent.objects.get(alert=alert, verb="few")
    assert line.detail == {"asked": 8, "coming": 0, "coordinators": 2}
    assert alert.step_at == after(alert, seconds=60) + REMINDED[0]


def words_in(notice: Notice) -> str:
    return words_of(notice.text_id, notice.text.words_guarded).text


def test_coordinators_phones_ring_and_nobody_is_called_who_was_asked_or_is_kept_apart(
    street: Scene, settings: Any
) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = "https://porchlight.example", False
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", secret="x" * 20, sender="+31201234567", calls_from="+31201234567"
    )
    street.phone("Cora")
    cast.mandate(street.people["Sofie"], Role.COORDINATOR)
    cast.block(street.people["Carl"], street.people["Lena"])
    alert = call(street)
    assert step(alert, after(alert, seconds=60)) is Step.SAY_FEW
    assert LOOK not in said_to(street, "Sofie") + said_to(street, "Carl")
    rung = Delivery.objects.filter(
        notice__recipient_id=street.id("Cora"), notice__purpose="few", notice__urgency="critical"
    )
    assert rung.filter(channel="voice").exists()
    assert models.AlertEvent.objects.get(alert=alert, verb="few").detail["coordinators"] == 1


def test_without_coordinators_the_line_does_not_say_that_any_were_called(street: Scene) -> None:
    for name in ("Cora", "Carl"):
        cast.block(street.people[name], street.people["Lena"])
    alert = call(street)
    step(alert, after(alert, seconds=60))
    assert alert.few_topic_id is None
    assert models.AlertEvent.objects.get(alert=alert, verb="few").detail["coordinators"] == 0


@pytest.mark.parametrize(
    ("has_coordinators", "says_so"),
    [
        (True, "Too few so far: 8 asked, 1 coming. Coordinators were called."),
        (False, "Too few so far: 8 asked, 1 coming.</"),
    ],
)
def test_the_line_says_it_to_the_asker_and_to_whoever_comes(
    street: Scene, has_coordinators: bool, says_so: str
) -> None:
    if not has_coordinators:
        people.Mandate.objects.all().delete()
    alert = call(street)
    says(street, alert, "Sofie")
    long_ago = clock.now() - timedelta(minutes=5)
    models.Alert.objects.filter(id=alert.id).update(due_at=long_ago, asked_at=long_ago)
    assert step(alert, clock.now()) is Step.SAY_FEW
    for name in ("Lena", "Sofie"):
        page = read(street, alert, name)
        assert says_so in re.sub(r"\s+", " ", page)


def test_those_who_have_not_answered_are_asked_again_ever_more_rarely_and_others_never(
    street: Scene,
) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    says(street, alert, "Amir", Said.CANT)
    says(street, alert, "Rosa", Said.REMOTE)
    alert.refresh_from_db()
    few = after(alert, seconds=60)
    assert step(alert, few) is Step.SAY_FEW
    assert told_again(alert) == set()
    for again in REMINDED:
        assert step(alert, few + again - timedelta(seconds=1)) is None
        assert step(alert, few + again) is Step.REMIND
    assert told_again(alert) == {"Hana", "Omar", "Jan", "Bea", "Hank"}
    assert alert.step_at == alert.closes_at
    assert step(alert, alert.closes_at - timedelta(seconds=1)) is None
    assert step(alert, alert.closes_at) is Step.CLOSE
    assert alert.ended_how == EndedHow.TOO_OLD


def test_once_enough_come_coordinators_need_not_look_and_a_withdrawal_begins_anew(
    street: Scene,
) -> None:
    alert = call(street)
    step(alert, after(alert, seconds=60))
    topic = alert.few_topic_id
    assert topic is not None
    alert.refresh_from_db()
    enough_come(street, alert, now=after(alert, seconds=70))
    assert Topic.objects.get(id=topic).closed_at is not None
    assert (alert.few_at, alert.few_topic_id, alert.step_at) == (None, None, alert.closes_at)
    says(street, alert, "Rosa", Said.CANT, now=after(alert, seconds=90))
    alert.refresh_from_db()
    assert alert.step_at == after(alert, seconds=150)
    assert step(alert, after(alert, seconds=150)) is Step.SAY_FEW
    assert said_to(street, "Lena").count(FEW) == 2
    assert said_to(street, "Cora") == [LOOK, LOOK]


def test_more_people_begins_anew(street: Scene) -> None:
    alert = call(street)
    step(alert, after(alert, seconds=60))
    now = after(alert, minutes=3)
    steering.want_more(viewer=street.viewer("Lena"), alert_id=alert.id, now=now)
    alert.refresh_from_db()
    assert alert.few_at is None
    assert alert.step_at == now + timedelta(seconds=60)
    assert not Topic.objects.filter(about=alert.id, kind=TOPIC_NEWS, closed_at=None).exclude(
        id=alert.news_topic_id
    )


def test_a_call_that_is_over_takes_no_step(street: Scene) -> None:
    alert = call(street)
    ended(street, alert, EndedHow.ALL_CLEAR)
    before = said_to(street, "Cora")
    assert step(alert, after(alert, hours=13)) is None
    assert said_to(street, "Cora") == before
    assert due_steps(after(alert, hours=13), 9) == []


def test_when_it_ends_coordinators_need_not_look_any_more(street: Scene) -> None:
    alert = call(street)
    step(alert, after(alert, seconds=60))
    topic = alert.few_topic_id
    assert topic is not None
    ended(street, alert, EndedHow.ALL_RIGHT)
    assert Topic.objects.get(id=topic).closed_at is not None


# ---------- silent, and missing ----------


def test_in_a_silent_call_nobody_new_hears_of_it_and_nothing_rings_at_the_asker(
    street: Scene,
) -> None:
    alert = call(street, Kind.UNSAFE, is_wide=True)
    known = asked(alert)
    assert step(alert, after(alert, seconds=150)) is Step.SAY_FEW
    assert step(alert, after(alert, seconds=150) + REMINDED[0]) is Step.REMIND
    assert asked(alert) == known == {"Bea"}
    assert told_again(alert) == {"Bea"}
    for name in ("Lena", "Cora", "Carl", "Hank"):
        assert said_to(street, name) == []


def test_nobody_new_is_asked_before_a_second_person_said_that_it_is_true(street: Scene) -> None:
    alert = somebody_missing(street, is_wide=True)
    alert.refresh_from_db()
    assert alert.step_at == alert.closes_at
    assert step(alert, after(alert, hours=1)) is None
    assert asked(alert) == {"Sofie"}
    now = after(alert, hours=1)
    missing.confirm_missing(viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=now)
    alert.refresh_from_db()
    assert alert.step_at == now + timedelta(seconds=120)


# ---------- where the asker chose wider ----------


def test_the_next_people_are_asked_after_a_silence_and_nobody_twice(crowd: Scene) -> None:
    alert = call(crowd, is_wide=True)
    first = asked(alert)
    assert step(alert, after(alert, seconds=29)) is None
    assert step(alert, after(alert, seconds=30)) is Step.ASK_NEXT
    fresh = asked(alert) - first
    assert 1 <= len(fresh) <= 20
    assert "Xenia" not in asked(alert) and "Kid" not in asked(alert)
    assert models.Invitation.objects.filter(alert=alert).count() == len(asked(alert))
    assert set(
        models.Invitation.objects.filter(wave__reason="next").values_list("why", flat=True)
    ) <= {Why.NEAR, Why.TRAINED}
    assert alert.step_at == after(alert, seconds=60)


def test_it_goes_on_until_nobody_is_left_and_then_says_so(crowd: Scene) -> None:
    alert = call(crowd, is_wide=True)
    taken = []
    for _round in range(20):
        assert alert.step_at is not None
        taken.append(step(alert, alert.step_at))
        if taken[-1] is Step.SAY_FEW:
            break
    assert set(taken[:-1]) == {Step.ASK_NEXT} and taken[-1] is Step.SAY_FEW
    assert {f"Near {number}" for number in range(30)} <= asked(alert)
    assert alert.is_nobody_left
    assert said_to(crowd, "Lena") == [FEW]


def partners(street: Scene, *names: str) -> None:
    """People of a partner group, on call at all hours; none of them near."""
    group = cast.circle("Partners", "coalition")
    for name in names:
        who = street.people.get(name) or cast.person(name)
        street.people[name] = who
        cast.membership(who, group)
        be_on_call(viewer=cast.viewer(who), circle_id=group.id, hours=ALWAYS, now=clock.now())


def until_few_come(alert: models.Alert) -> None:
    for _round in range(20):
        assert alert.step_at is not None
        if step(alert, alert.step_at) is Step.SAY_FEW:
            return
    raise AssertionError("it never says so")


def whys(alert: models.Alert) -> dict[str, str]:
    rows = models.Invitation.objects.filter(alert=alert)
    return dict(rows.values_list("person__name", "why"))


def test_partner_groups_come_after_all_who_are_near_and_before_the_truth(
    crowd: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    kid = people.Person.objects.filter(name="Kid")
    kid.update(is_under_18=False)
    partners(crowd, "Pia", "Per", "Xenia", "Kid", "Sofie", "Near 3")
    kid.update(is_under_18=True)
    alert = call(crowd, is_wide=True)
    assert "Pia" not in asked(alert)
    until_few_come(alert)
    with django_capture_on_commit_callbacks(execute=True):
        count_waves(now=clock.now() + timedelta(days=1))
    because = whys(alert)
    assert {name for name, why in because.items() if why == Why.PARTNER} == {"Pia", "Per"}
    assert because["Sofie"] == Why.POD and because["Near 3"] == Why.NEAR
    assert not {"Xenia", "Kid"} & set(because)
    waves = dict(
        models.Invitation.objects.filter(alert=alert).values_list("person__name", "wave__ordinal")
    )
    assert waves["Pia"] >= max(waves[f"Near {number}"] for number in range(30))
    assert people.AskedOn.objects.filter(person_id=crowd.id("Pia")).exists()


def asked_lately(street: Scene, name: str) -> int:
    rows = people.AskedOn.objects.filter(person_id=street.id(name))
    return sum(rows.values_list("times", flat=True))


def test_strangers_are_counted_once_when_it_went_out_and_not_by_the_press(
    crowd: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        alert = call(crowd, is_wide=True)
        assert count_waves(now=alert.due_at - timedelta(microseconds=1)) == 0
    near = sorted(name for name in asked(alert) if name.startswith("Near"))
    assert near and asked_lately(crowd, near[0]) == 0
    for _turn in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            count_waves(now=alert.due_at)
    assert {asked_lately(crowd, name) for name in near} == {1}
    assert asked_lately(crowd, "Sofie") == 0, "the pod is asked without being counted"


def test_a_call_that_was_stopped_asked_nobody(
    crowd: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    alert = call(crowd, is_wide=True, in_a_hurry=False)
    stop_sending(viewer=crowd.viewer("Lena"), alert_id=alert.id, now=alert.created_at)
    with django_capture_on_commit_callbacks(execute=True):
        assert count_waves(now=alert.due_at) == 1
    assert not people.AskedOn.objects.exists()


@pytest.mark.parametrize("kind", [Kind.OTHER, Kind.UNSAFE])
def test_what_may_be_between_people_never_reaches_partner_groups(street: Scene, kind: Kind) -> None:
    partners(street, "Pia")
    alert = call(street, kind, is_wide=True)
    until_few_come(alert)
    assert "Pia" not in asked(alert)


def test_partner_groups_are_asked_only_where_the_asker_chose_wider(street: Scene) -> None:
    partners(street, "Pia")
    alert = call(street)
    until_few_come(alert)
    assert "Pia" not in asked(alert)


def test_partner_groups_sleep_in_a_night_in_which_nobody_coordinates(street: Scene) -> None:
    partners(street, "Pia")
    alert = call(street, is_wide=True)
    close_tonight(viewer=street.viewer("Cora"), now=clock.now())
    models.ClosedTonight.objects.update(from_at=clock.now() - timedelta(minutes=1))
    until_few_come(alert)
    assert "Pia" not in asked(alert)


def test_many_on_call_are_asked_twenty_at_most_and_in_turn(street: Scene) -> None:
    names = [f"Partner {number}" for number in range(45)]
    partners(street, *names)
    alert = call(street, is_wide=True)
    sizes = []
    for _round in range(20):
        before = len(asked(alert))
        assert alert.step_at is not None
        if step(alert, alert.step_at) is Step.SAY_FEW:
            break
        sizes.append(len(asked(alert)) - before)
    assert max(sizes) <= 20
    assert set(names) <= asked(alert)
    assert alert.is_nobody_left


def test_a_partner_sees_no_door_before_the_asker_says_yes(street: Scene) -> None:
    partners(street, "Pia")
    alert = call(street, is_wide=True)
    until_few_come(alert)
    says(street, alert, "Pia")
    page = read(street, alert, "Pia")
    assert DOOR not in page and MEETING in page
    steering.allow(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Pia"),
        now=clock.now(),
    )  # fmt: skip
    assert DOOR in read(street, alert, "Pia")


def test_whoever_the_asker_unticked_hears_of_it_in_no_wave(crowd: Scene) -> None:
    alert = call(crowd, is_wide=True, unticked=frozenset({crowd.id("Near 7"), crowd.id("Nora")}))
    for _round in range(8):
        assert alert.step_at is not None
        step(alert, alert.step_at)
    assert not {"Near 7", "Nora"} & asked(alert)


def test_whoever_says_no_is_replaced_at_once_by_one_at_most(crowd: Scene) -> None:
    alert = call(crowd, is_wide=True)
    # The pod has answered: nobody is left who might come yet.
    for name in ("Sofie", "Amir", "Rosa", "Hana", "Omar", "Jan", "Bea", "Hank"):
        says(crowd, alert, name, Said.REMOTE)
    now = after(alert, seconds=5)
    stranger = str(
        models.Invitation.objects.filter(alert=alert, why=Why.NEAR)
        .values_list("person__name", flat=True)
        .first()
    )
    says(crowd, alert, stranger, Said.CANT, now=now)
    alert.refresh_from_db()
    assert alert.step_at == now
    assert step(alert, now) is Step.ASK_NEXT
    assert people_of(alert, "next") == 1
    assert step(alert, now) is None
    assert people_of(alert, "next") == 1


def test_a_no_replaces_nobody_where_the_others_will_do(crowd: Scene) -> None:
    alert = call(crowd, is_wide=True)
    enough_come(crowd, alert, but=1)
    now = after(alert, seconds=2)
    says(crowd, alert, "Bea", Said.CANT, now=now)
    alert.refresh_from_db()
    assert step(alert, now) is Step.ASK_NEXT
    assert people_of(alert, "next") == 0
    assert alert.step_at == after(alert, seconds=30)


def test_beyond_the_pod_no_more_are_asked_than_the_plan_allows(crowd: Scene) -> None:
    for number in range(30, 80):
        crowd.people[f"Near {number}"] = cast.person(f"Near {number}")
        place(crowd.people[f"Near {number}"])
    alert = call(crowd, is_wide=True)
    for _round in range(12):
        assert alert.step_at is not None
        if step(alert, alert.step_at) is Step.SAY_FEW:
            break
    beyond = models.Invitation.objects.filter(alert=alert, why__in=[Why.NEAR, Why.TRAINED])
    assert beyond.count() == MOST_BEYOND
    assert said_to(crowd, "Lena") == [FEW]


def test_wider_after_the_truth_was_told_asks_on(crowd: Scene) -> None:
    alert = call(crowd)
    step(alert, after(alert, seconds=60))
    now = after(alert, seconds=90)
    steering.go_wider(viewer=crowd.viewer("Lena"), alert_id=alert.id, now=now)
    alert.refresh_from_db()
    assert (alert.few_at, alert.is_nobody_left) == (None, False)
    assert alert.step_at == now + timedelta(seconds=30)
    assert step(alert, now + timedelta(seconds=30)) is Step.ASK_NEXT


# ---------- rates ----------


def test_rates_are_learnt_from_whole_layers_of_calls_that_are_over(street: Scene) -> None:
    system = Viewer.system(street.viewer("Lena").network, "a test")
    first = rates_now(viewer=system, now=clock.now())[Why.POD]
    assert first == pytest.approx(PRIOR[Why.POD]) or first == pytest.approx(0.27)  # by night
    alert = call(street)
    for name in ("Sofie", "Amir", "Rosa"):
        says(street, alert, name)
    assert rates_now(viewer=system, now=clock.now())[Why.POD] == first  # it runs
    ended(street, alert, EndedHow.ALL_CLEAR)
    pod = models.Invitation.objects.filter(alert=alert, why=Why.POD).count()
    learnt = (3 + first * PRIOR_WEIGHT) / (pod + PRIOR_WEIGHT)
    assert rates_now(viewer=system, now=clock.now())[Why.POD] == pytest.approx(learnt)
    assert rates_now(viewer=system, now=clock.now())[Why.NEAR] <= PRIOR[Why.NEAR]
    later = clock.now() + timedelta(days=31)
    assert rates_now(viewer=system, now=later)[Why.POD] == first


# ---------- all that are due ----------


def test_each_due_call_takes_its_step_and_one_that_breaks_holds_up_no_other(
    street: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = call(street), call(street, Kind.FIRE, by="Sofie")
    models.Alert.objects.filter(id=broken.id).update(kind="fire", playbook={}, is_wide=True)
    now = after(whole, seconds=61)
    assert take_steps(now=now) == 1
    assert "a step of a call broke" in caplog.text
    whole.refresh_from_db()
    broken.refresh_from_db()
    assert whole.few_at == now and broken.few_at is None
    assert broken.step_at == now + AFTER_TROUBLE
    assert take_steps(now=now) == 0


def test_a_call_that_an_older_version_wrote_is_looked_at_too(street: Scene) -> None:
    alert = call(street)
    models.Alert.objects.filter(id=alert.id).update(step_at=None, asked_at=None, weighed_at=None)
    assert take_steps(now=after(alert, seconds=1)) == 0
    alert.refresh_from_db()
    assert alert.step_at == after(alert, seconds=60)


def test_those_asked_later_have_their_time_too(crowd: Scene) -> None:
    alert = call(crowd)
    row = models.Alert.objects.get(id=alert.id)
    now = after(alert, seconds=40)
    near = Asked(person_id=crowd.id("Nils"), why=Why.NEAR)
    ask(alert=row, asked=[near], reason="wider", now=now, fire_at=now)
    assert row.step_at == now + timedelta(seconds=60)
    assert standing(alert, "Nils") == Standing.ASKED


@pytest.mark.django_db(transaction=True)
def test_the_thread_beside_the_urgent_worker_takes_steps_and_survives_its_connection() -> None:
    street = scene()
    first, second = call(street), call(street, Kind.FIRE, by="Sofie")
    stop = threading.Event()
    beside = threading.Thread(target=step_through_calls, args=[stop])
    long_ago = clock.now() - timedelta(minutes=5)
    due = {"due_at": long_ago, "asked_at": long_ago, "step_at": long_ago}
    beside.start()
    try:
        for alert in (first, second):
            models.Alert.objects.filter(id=alert.id).update(**due)
            assert within(20, lambda: few_at(alert) is not None)  # noqa: B023  # asked at once
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND usename = current_user AND backend_type = 'client backend'"
                )
    finally:
        stop.set()
        beside.join(timeout=20)
    assert not beside.is_alive()


def few_at(alert: models.Alert) -> datetime | None:
    return models.Alert.objects.get(id=alert.id).few_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["step", "answer", "end"])
def test_a_step_beside_anything_else_is_taken_once_and_tells_the_truth(
    crowd: Scene, other: str
) -> None:
    alert = call(crowd, is_wide=True)
    now = after(alert, seconds=30)
    others: dict[str, Callable[[], object]] = {
        "step": lambda: take_step(network_id=alert.network_id, alert_id=alert.id, now=now),
        "answer": lambda: says(crowd, alert, "Sofie", now=now),
        "end": lambda: ending.end(
            viewer=crowd.viewer("Lena"), alert_id=alert.id, how=EndedHow.ALL_RIGHT, now=now
        ),
    }
    at_once(
        lambda: take_step(network_id=alert.network_id, alert_id=alert.id, now=now), others[other]
    )
    alert.refresh_from_db()
    waves = models.Wave.objects.filter(alert=alert, reason="next").count()
    assert waves == 1 or (other == "end" and waves == 0)
    if other == "end":
        assert alert.state == AlertState.ENDED
        assert not Delivery.objects.filter(
            notice__topic_id=alert.topic_id, state__in=["queued", "claimed"]
        ).exists()
    else:
        assert alert.step_at is not None and alert.step_at > now
