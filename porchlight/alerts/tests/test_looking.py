"""Whoever goes to somebody is looked after until they are there, and home again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions import choices, steering
from porchlight.alerts.actions.answering import arrive, safe_home
from porchlight.alerts.actions.looking import put_off_look, say_where, spoke_with, take_look
from porchlight.alerts.rules import words
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.looking import (
    HOME_WITHIN,
    NEXT_AFTER,
    STILL_COMING,
    STILL_OUT,
    THERE_LATE,
    Looked,
    OnTheWay,
    look_from,
    next_look,
)
from porchlight.alerts.rules.states import EndedHow, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tasks import take_steps
from porchlight.alerts.tests.scene import Scene, buddies, call, ended, says, scene, standing
from porchlight.alerts.tests.test_heard_and_told import said_to
from porchlight.alerts.tests.test_page import read
from porchlight.alerts.tests.test_texts import deliver, text
from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.notices.actions import mark_answered
from porchlight.notices.models import Notice, Topic
from porchlight.people.actions.me import leave_network
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
GOING = OnTheWay(
    standing=Standing.COMING,
    answered_at=NOW,
    due_at=NOW + timedelta(minutes=8),
    is_running=True,
    ended_at=None,
    ended_how="",
    is_looked_after=True,
)
OVER: dict[str, Any] = {"is_running": False, "ended_at": NOW, "ended_how": "all_clear"}
THERE, HOME, LATE, WELL = (
    one.title for one in (words.ARE_YOU_THERE, words.ARE_YOU_HOME, words.LOOK_AFTER, words.ALL_WELL)
)


@pytest.mark.parametrize(
    ("facts", "minutes"),
    [
        ({}, 18),
        ({"due_at": None}, 40),
        ({"is_looked_after": False}, None),
        ({"standing": Standing.ARRIVED}, None),
        ({"standing": Standing.REMOTE}, None),
        ({"standing": Standing.CANT}, None),
        (OVER, None),
        (OVER | {"standing": Standing.ARRIVED}, 120),
        (OVER | {"standing": Standing.ARRIVED, "due_at": NOW + timedelta(minutes=150)}, 150),
        (OVER | {"standing": Standing.ARRIVED, "due_at": None}, 120),
        (OVER | {"standing": Standing.ARRIVED, "ended_how": EndedHow.DIED}, None),
        (OVER | {"standing": Standing.ARRIVED, "is_looked_after": False}, None),
        (OVER | {"standing": Standing.HOME}, None),
    ],
)
def test_from_when_on_somebody_looks(facts: dict[str, Any], minutes: int | None) -> None:
    found = look_from(OnTheWay(**(vars(GOING) | facts)))
    assert found == (None if minutes is None else NOW + timedelta(minutes=minutes))


def test_each_next_one_hears_a_quarter_of_an_hour_later() -> None:
    later = NOW + NEXT_AFTER
    assert [next_look(one, NOW) for one in Looked] == [later, later, later, None]


# ---------- on the way there ----------


@pytest.fixture
def street(db: None) -> Scene:
    """Sofie is on her way, there in five minutes; Omar and Kid are her buddies."""
    street = scene()
    buddies(street.people["Sofie"], street.people["Nora"])
    return street


def going(street: Scene, **more: Any) -> tuple[models.Alert, datetime]:
    """A call, Sofie on her way, and when somebody looks."""
    alert = call(street, **more)
    says(street, alert, "Sofie", minutes=5)
    row = of(alert)
    assert row.look_from == row.look_at
    assert row.look_from is not None
    return alert, row.look_from


def of(alert: models.Alert, name: str = "Sofie") -> models.Invitation:
    return models.Invitation.objects.get(alert=alert, person__name=name)


def look(street: Scene, alert: models.Alert, now: datetime, name: str = "Sofie") -> Looked | None:
    return take_look(
        network_id=alert.network_id, alert_id=alert.id, person_id=street.id(name), now=now
    )


def told(street: Scene, *names: str) -> dict[str, list[str]]:
    """What the others were told about somebody late."""
    wanted = {LATE, WELL}
    return {name: sorted(one for one in said_to(street, name) if one in wanted) for name in names}


def test_first_they_are_asked_then_their_buddies_then_coordinators(street: Scene) -> None:
    alert, late = going(street)
    assert late == of(alert).answered_at + timedelta(minutes=5) + THERE_LATE  # type: ignore[operator]  # she answered
    assert look(street, alert, late - timedelta(seconds=1)) is None
    assert look(street, alert, late) is Looked.ASKED
    assert look(street, alert, late) is None
    assert said_to(street, "Sofie")[-1] == THERE
    assert told(street, "Nora", "Cora") == {"Nora": [], "Cora": []}
    assert look(street, alert, late + NEXT_AFTER) is Looked.BUDDIES
    assert told(street, "Nora", "Cora", "Lena") == {"Nora": [LATE], "Cora": [], "Lena": []}
    assert look(street, alert, late + 2 * NEXT_AFTER) is Looked.COORDINATORS
    assert told(street, "Nora", "Cora", "Carl") == {"Nora": [LATE], "Cora": [LATE], "Carl": [LATE]}
    assert of(alert).look_at is None
    assert look(street, alert, late + timedelta(days=1)) is None
    verbs = set(models.AlertEvent.objects.filter(alert=alert).values_list("verb", flat=True))
    assert "not_there" in verbs


def test_after_a_machine_stood_still_they_still_have_their_time_to_answer(street: Scene) -> None:
    alert, late = going(street)
    now = late + timedelta(hours=5)
    assert look(street, alert, now) is Looked.ASKED
    assert look(street, alert, now + NEXT_AFTER - timedelta(seconds=1)) is None
    assert told(street, "Nora") == {"Nora": []}
    assert look(street, alert, now + NEXT_AFTER) is Looked.BUDDIES


def deeds() -> dict[str, Callable[[Scene, models.Alert, datetime], object]]:
    return {
        "arrives": lambda street, alert, now: arrive(
            viewer=street.viewer("Sofie"), alert_id=alert.id, now=now
        ),
        "can't": lambda street, alert, now: says(street, alert, "Sofie", Said.CANT, now=now),
        "says other minutes": lambda street, alert, now: says(
            street, alert, "Sofie", minutes=30, now=now
        ),
        "a buddy spoke with her": lambda street, alert, now: spoke_with(
            viewer=street.viewer("Nora"), alert_id=alert.id, person_id=street.id("Sofie"), now=now
        ),
        "still on the way": lambda street, alert, now: say_where(
            viewer=street.viewer("Sofie"), alert_id=alert.id, said="still", now=now
        ),
    }


@pytest.mark.parametrize("deed", deeds())
def test_whatever_says_that_she_is_well_ends_it_and_those_who_looked_hear_it(
    street: Scene, deed: str
) -> None:
    alert, late = going(street)
    look(street, alert, late)
    look(street, alert, late + NEXT_AFTER)
    topic = of(alert).look_topic_id
    assert topic is not None
    now = late + NEXT_AFTER + timedelta(minutes=1)
    deeds()[deed](street, alert, now)
    row = of(alert)
    assert row.look_topic_id is None
    assert Topic.objects.get(id=topic).closed_at is not None
    assert told(street, "Nora", "Cora") == {"Nora": [LATE, WELL], "Cora": []}
    again = {"says other minutes": now + timedelta(minutes=30) + THERE_LATE,
             "still on the way": now + STILL_COMING + THERE_LATE}.get(deed)  # fmt: skip
    assert row.look_at == again
    assert look(street, alert, now + timedelta(minutes=1)) is None


@pytest.mark.parametrize("how", [EndedHow.ALL_CLEAR, EndedHow.ALL_RIGHT, EndedHow.TOO_OLD])
def test_the_end_of_a_call_says_nothing_of_whoever_never_arrived(
    street: Scene, how: EndedHow
) -> None:
    """She is looked for until somebody hears of her."""
    alert, late = going(street)
    look(street, alert, late)
    look(street, alert, late + NEXT_AFTER)
    ended(street, alert, how)
    assert told(street, "Nora", "Cora") == {"Nora": [LATE], "Cora": []}
    look(street, alert, late + 2 * NEXT_AFTER)
    assert told(street, "Cora") == {"Cora": [LATE]}
    say_where(
        viewer=street.viewer("Sofie"), alert_id=alert.id, said="here", now=late + 3 * NEXT_AFTER
    )
    assert standing(alert, "Sofie") == Standing.HOME
    assert told(street, "Nora", "Cora") == {"Nora": [LATE, WELL], "Cora": [LATE, WELL]}


def test_no_machine_says_that_somebody_is_well_of_whom_nobody_heard(street: Scene) -> None:
    alert, late = going(street)
    look(street, alert, late)
    look(street, alert, late + NEXT_AFTER)
    steering.remove(
        viewer=street.viewer("Lena"), alert_id=alert.id, person_id=street.id("Sofie"), now=late
    )
    assert of(alert).look_topic_id is None
    assert told(street, "Nora") == {"Nora": [LATE]}


def test_after_a_death_nobody_is_said_to_be_well(street: Scene) -> None:
    alert, late = going(street)
    look(street, alert, late)
    look(street, alert, late + NEXT_AFTER)
    ended(street, alert, EndedHow.DIED)
    assert of(alert).look_topic_id is None
    assert told(street, "Nora") == {"Nora": [LATE]}


def test_where_nobody_is_a_buddy_coordinators_are_called_at_once(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Amir", minutes=5)
    late = of(alert, "Amir").look_from
    assert late is not None
    look(street, alert, late, "Amir")
    assert look(street, alert, late + NEXT_AFTER, "Amir") is Looked.COORDINATORS
    assert told(street, "Cora", "Carl") == {"Cora": [LATE], "Carl": [LATE]}


def test_where_no_coordinator_may_be_rung_it_is_tried_again(street: Scene) -> None:
    for name in ("Cora", "Carl"):
        choices.choose_rest(
            viewer=street.viewer(name), is_rung_in_quiet_hours=False, most_rung=7,
            rests_tonight=True, now=clock.now(),
        )  # fmt: skip
    # Eight in the morning may be a few minutes away.
    models.AlertChoice.objects.update(rests_until=clock.now() + timedelta(hours=12))
    alert, late = going(street)
    for step in range(4):
        assert look(street, alert, late + step * NEXT_AFTER) is not Looked.COORDINATORS
    assert told(street, "Cora", "Carl") == {"Cora": [], "Carl": []}
    morning = late + timedelta(hours=24)
    assert look(street, alert, morning) is Looked.COORDINATORS
    assert told(street, "Nora", "Cora") == {"Nora": [LATE], "Cora": [LATE]}


def test_whoever_says_meanwhile_that_nobody_need_look_is_left_alone(street: Scene) -> None:
    alert, late = been_there(street)
    choices.choose(
        viewer=street.viewer("Sofie"), may_text_place=False, is_wide=False, is_looked_after=False
    )
    assert look(street, alert, late) is None
    assert HOME not in said_to(street, "Sofie")


def test_what_was_settled_is_not_put_off_and_does_not_come_back(street: Scene) -> None:
    alert, late = going(street)
    arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=late)
    put_off_look(alert_id=alert.id, person_id=street.id("Sofie"), now=late, until=late + NEXT_AFTER)
    assert of(alert).look_at is None
    models.Invitation.objects.filter(alert=alert).update(look_at=late, looked=3)
    assert look(street, alert, late) is None
    assert of(alert).look_at is None


def test_a_second_we_spoke_changes_nothing(street: Scene) -> None:
    alert, late = going(street)
    look(street, alert, late)
    look(street, alert, late + NEXT_AFTER)
    for _tap in range(2):
        spoke_with(
            viewer=street.viewer("Nora"), alert_id=alert.id, person_id=street.id("Sofie"), now=late
        )
    assert models.AlertEvent.objects.filter(alert=alert, verb="spoke").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_next_look_at_once_wait_for_each_other_and_never_break() -> None:
    street = scene()
    buddies(street.people["Sofie"], street.people["Nora"])
    for _round in range(4):
        alert, late = going(street)
        look(street, alert, late)
        topic = of(alert).look_topic_id
        assert topic is not None
        notice = Notice.objects.get(recipient_id=street.id("Sofie"), topic_id=topic)
        at_once(
            lambda notice=notice, late=late: mark_answered(  # type: ignore[misc]  # of this round
                viewer=street.viewer("Sofie"), notice_id=notice.id, answer="here", now=late
            ),
            lambda alert=alert, late=late: look(street, alert, late + NEXT_AFTER),  # type: ignore[misc]
        )
        assert standing(alert, "Sofie") == Standing.ARRIVED
        assert of(alert).look_topic_id is None
        ended(street, alert, EndedHow.ALL_CLEAR)
        models.Alert.objects.all().update(created_at=clock.now() - timedelta(hours=1))


def test_nobody_hears_that_she_is_well_who_did_not_hear_that_she_was_late(street: Scene) -> None:
    alert, late = going(street)
    look(street, alert, late)
    arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=late)
    assert told(street, "Nora", "Cora") == {"Nora": [], "Cora": []}


def test_other_minutes_before_the_time_move_it(street: Scene) -> None:
    alert, late = going(street)
    now = late - timedelta(minutes=3)
    says(street, alert, "Sofie", minutes=20, now=now)
    assert look(street, alert, late) is None
    assert of(alert).look_at == now + timedelta(minutes=20) + THERE_LATE


def test_whoever_wants_nobody_to_look_is_left_alone(street: Scene) -> None:
    choices.choose(
        viewer=street.viewer("Sofie"), may_text_place=False, is_wide=False, is_looked_after=False
    )
    alert = call(street)
    says(street, alert, "Sofie", minutes=5)
    assert of(alert).look_from is None
    choices.choose(viewer=street.viewer("Sofie"), may_text_place=True, is_wide=False)
    assert not models.AlertChoice.objects.get(person_id=street.id("Sofie")).is_looked_after


def test_whoever_left_is_not_looked_for(street: Scene) -> None:
    alert, late = going(street)
    look(street, alert, late)
    leave_network(viewer=street.viewer("Sofie"), now=late)
    assert of(alert).look_topic_id is None
    assert look(street, alert, late + NEXT_AFTER) is None
    assert told(street, "Nora") == {"Nora": []}


def test_whoever_is_kept_apart_and_whoever_is_under_18_hears_of_nobody(street: Scene) -> None:
    buddies(street.people["Sofie"], street.people["Kid"])
    cast.block(street.people["Nora"], street.people["Sofie"])
    cast.block(street.people["Cora"], street.people["Sofie"])
    alert, late = going(street)
    for step in range(3):
        look(street, alert, late + step * NEXT_AFTER)
    assert told(street, "Nora", "Kid", "Cora", "Carl") == {
        "Nora": [], "Kid": [], "Cora": [], "Carl": [LATE],
    }  # fmt: skip
    for name in ("Nora", "Kid", "Cora"):
        assert "Sofie" not in seen_by(street, name)
        with pytest.raises(NotHere):
            spoke_with(
                viewer=street.viewer(name), alert_id=alert.id, person_id=street.id("Sofie"),
                now=late,
            )  # fmt: skip
    assert "Sofie" in seen_by(street, "Carl")


def test_of_a_silent_call_only_those_who_were_asked_to_it_hear_that_somebody_is_late(
    street: Scene,
) -> None:
    """Lena is Bea's buddy, and so is Hank, who lives with Lena: nothing reaches them."""
    for name in ("Sofie", "Bea"):
        choices.choose_safe_person(
            viewer=street.viewer("Lena"), person_id=street.id(name), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    for name in ("Nora", "Hank", "Sofie"):
        buddies(street.people["Bea"], street.people[name])
    alert = call(street, Kind.UNSAFE)
    says(street, alert, "Bea", minutes=5)
    late = of(alert, "Bea").look_from
    assert late is not None
    for step in range(3):
        look(street, alert, late + step * NEXT_AFTER, "Bea")
    assert told(street, "Sofie", "Nora", "Cora", "Carl", "Lena", "Hank") == {
        "Sofie": [LATE], "Nora": [], "Cora": [], "Carl": [], "Lena": [], "Hank": [],
    }  # fmt: skip
    models.Invitation.objects.filter(alert=alert, person__name="Bea").update(look_from=clock.now())
    assert "Bea" in seen_by(street, "Sofie")
    for name in ("Nora", "Cora", "Lena", "Hank"):
        assert "Bea" not in seen_by(street, name)


# ---------- home again ----------


def been_there(street: Scene) -> tuple[models.Alert, datetime]:
    alert = call(street)
    says(street, alert, "Sofie")
    arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    assert of(alert).look_at is None
    ended(street, alert, EndedHow.ALL_CLEAR)
    late = of(alert).look_from
    assert late is not None
    return alert, late


def test_after_the_end_whoever_was_there_is_asked_whether_they_are_home(street: Scene) -> None:
    alert, late = been_there(street)
    alert.refresh_from_db()
    assert alert.ended_at is not None and late == alert.ended_at + HOME_WITHIN
    assert look(street, alert, late) is Looked.ASKED
    assert said_to(street, "Sofie")[-1] == HOME
    look(street, alert, late + NEXT_AFTER)
    assert told(street, "Nora") == {"Nora": [LATE]}
    safe_home(viewer=street.viewer("Sofie"), alert_id=alert.id, now=late + NEXT_AFTER)
    assert told(street, "Nora") == {"Nora": [LATE, WELL]}
    assert of(alert).look_from is None


def test_a_little_later_is_half_an_hour(street: Scene) -> None:
    alert, late = been_there(street)
    look(street, alert, late)
    say_where(viewer=street.viewer("Sofie"), alert_id=alert.id, said="still", now=late)
    assert of(alert).look_at == late + STILL_OUT
    assert standing(alert, "Sofie") == Standing.ARRIVED


def test_whoever_was_home_before_the_end_is_asked_nothing(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    safe_home(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    ended(street, alert, EndedHow.ALL_CLEAR)
    assert of(alert).look_from is None


def test_whoever_left_on_the_way_home_is_not_looked_for(street: Scene) -> None:
    alert, late = been_there(street)
    look(street, alert, late)
    leave_network(viewer=street.viewer("Sofie"), now=late)
    assert look(street, alert, late + NEXT_AFTER) is None
    assert of(alert).look_topic_id is None and of(alert).look_at is None
    assert told(street, "Nora") == {"Nora": []}


def test_after_a_death_no_machine_asks(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    ended(street, alert, EndedHow.DIED)
    assert of(alert).look_from is None


def test_a_buddy_who_spoke_with_her_after_the_end_says_that_she_is_home(street: Scene) -> None:
    alert, late = been_there(street)
    for name in ("Nora", "Cora", "Lena", "Amir"):
        with pytest.raises(NotHere):
            spoke_with(
                viewer=street.viewer(name), alert_id=alert.id, person_id=street.id("Sofie"),
                now=late,
            )  # fmt: skip
    look(street, alert, late)
    look(street, alert, late + NEXT_AFTER)
    with pytest.raises(NotHere):  # coordinators only once they were told
        spoke_with(
            viewer=street.viewer("Cora"), alert_id=alert.id, person_id=street.id("Sofie"), now=late
        )
    now = late + NEXT_AFTER
    spoke_with(
        viewer=street.viewer("Nora"), alert_id=alert.id, person_id=street.id("Sofie"), now=now
    )
    assert standing(alert, "Sofie") == Standing.HOME
    assert look(street, alert, now + NEXT_AFTER) is None


# ---------- by text, and on pages ----------


@pytest.mark.parametrize(
    ("digit", "stands", "looks"),
    [("1", Standing.ARRIVED, False), ("2", Standing.CANT, False), ("3", Standing.COMING, True)],
)
def test_one_digit_answers(street: Scene, digit: str, stands: str, looks: bool) -> None:
    street.phone("Sofie")
    alert, late = going(street)
    deliver()
    before = clock.now()
    models.Invitation.objects.filter(alert=alert, person__name="Sofie").update(
        look_from=before, look_at=before
    )
    assert look(street, alert, clock.now()) is Looked.ASKED
    deliver()
    assert text(street, "Sofie", digit) == "answer"
    assert standing(alert, "Sofie") == stands
    assert (of(alert).look_at is not None) is looks
    assert late is not None


def test_a_digit_that_comes_late_takes_nobody_off_the_call(street: Scene) -> None:
    """«3» was «not yet»; once it is settled it must not mean «help from here»."""
    street.phone("Sofie")
    alert, _late = going(street)
    deliver()
    models.Invitation.objects.filter(alert=alert, person__name="Sofie").update(
        look_from=clock.now(), look_at=clock.now()
    )
    look(street, alert, clock.now())
    deliver()
    say_where(viewer=street.viewer("Sofie"), alert_id=alert.id, said="still", now=clock.now())
    for digit in ("3", "2"):
        assert text(street, "Sofie", digit) == ""
        assert standing(alert, "Sofie") == Standing.COMING


def browser(street: Scene, name: str) -> Client:
    return cast.signed_in(Client(), street.people[name])


def seen_by(street: Scene, name: str) -> str:
    return browser(street, name).get("/n/linden/late/").content.decode()


def test_the_page_shows_to_each_what_is_theirs(street: Scene) -> None:
    alert, _soon = going(street)
    late = clock.now() - timedelta(hours=1)
    models.Invitation.objects.filter(alert=alert, person__name="Sofie").update(
        look_from=late, look_at=late
    )
    look(street, alert, late)
    for name in ("Nora", "Cora", "Lena", "Amir"):
        assert "Sofie" not in seen_by(street, name)
    assert "Are you there?" in seen_by(street, "Sofie")
    look(street, alert, late + NEXT_AFTER)
    assert "Sofie" in seen_by(street, "Nora") and "Nobody reaches them?" in seen_by(street, "Nora")
    assert "Sofie" not in seen_by(street, "Cora")
    look(street, alert, late + 2 * NEXT_AFTER)
    assert "Sofie" in seen_by(street, "Cora")
    assert "Sofie" not in seen_by(street, "Amir")
    assert "has not said that they are there" in read(street, alert, "Lena")
    assert "has not said that they are there" not in read(street, alert, "Amir")
    path = f"/n/linden/late/{alert.id}/"
    assert browser(street, "Amir").post(f"{path}{street.id('Sofie')}/").status_code == 404
    assert browser(street, "Cora").post(f"{path}{street.id('Sofie')}/").status_code == 302
    assert "Sofie" not in seen_by(street, "Nora")
    assert standing(alert, "Sofie") == Standing.COMING


def test_the_buttons_on_the_page_answer(street: Scene) -> None:
    alert, late = going(street)
    look(street, alert, late)
    sofie, path = browser(street, "Sofie"), f"/n/linden/late/{alert.id}/"
    assert sofie.post(path, {"said": "dancing"}).status_code == 404
    assert browser(street, "Ted").post(path, {"said": "here"}).status_code == 404
    assert sofie.post(path, {"said": "still"}).status_code == 302
    assert of(alert).look_topic_id is None and standing(alert, "Sofie") == Standing.COMING
    assert sofie.post(path, {"said": "here"}).status_code == 302
    assert standing(alert, "Sofie") == Standing.ARRIVED
    assert sofie.post(path, {"said": "home"}).status_code == 302
    assert standing(alert, "Sofie") == Standing.HOME
    assert sofie.post(path, {"said": "here"}).status_code == 409


def test_all_that_are_due_are_looked_for(street: Scene) -> None:
    alert, late = going(street)
    assert take_steps(now=late - timedelta(seconds=1)) >= 0
    before = of(alert).looked
    take_steps(now=late)
    assert (before, of(alert).looked) == (Looked.NOT_YET, Looked.ASKED)


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_are_one_and_an_arrival_beside_it_ends_it() -> None:
    street = scene()
    alert, late = going(street)
    both = at_once(lambda: look(street, alert, late), lambda: look(street, alert, late))
    assert sorted(both, key=str) == [Looked.ASKED, None]
    at_once(
        lambda: look(street, alert, late + NEXT_AFTER),
        lambda: arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=late),
    )
    assert of(alert).look_topic_id is None and of(alert).look_at is None
