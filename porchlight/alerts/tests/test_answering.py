"""Answers: places at the scene, doors, and what everybody is told."""

from datetime import timedelta

import pytest

from porchlight.alerts import models
from porchlight.alerts.actions import answering, choices, ending, forgetting, steering, wording
from porchlight.alerts.actions.answering import Outcome
from porchlight.alerts.actions.forgetting import forget_words
from porchlight.alerts.actions.missing import confirm_missing
from porchlight.alerts.actions.quiet_ending import end_note
from porchlight.alerts.queries import words as guarded
from porchlight.alerts.queries.pages import Part, alert_page
from porchlight.alerts.rules.asking import PlaceAsked, Where
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import DOOR as WHAT
from porchlight.alerts.rules.states import AlertState, EndedHow, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import (
    DOOR,
    MEETING,
    POD,
    Scene,
    asked,
    call,
    enough_come,
    says,
    scene,
    standing,
    trained,
)
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.actions import mark_answered
from porchlight.notices.actions.forgetting import forget_expired
from porchlight.notices.models import Delivery, Notice
from porchlight.people import models as people
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.trust.actions.disclosures import open_guarded
from porchlight.trust.queries.disclosures import opened_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    return scene()


def door(street: Scene, alert: models.Alert, name: str) -> str:
    """What somebody reads when they open the door, as a page does it; NotHere when they may not."""
    viewer, now = street.viewer(name), clock.now()
    open_guarded(viewer=viewer, what=WHAT, thing_id=alert.id, how="page", now=now)
    return guarded.door_words(viewer=viewer, alert_id=alert.id, now=now).place


def sees_door(street: Scene, alert: models.Alert, name: str) -> bool:
    try:
        return door(street, alert, name) == DOOR
    except NotHere:
        return False


def told(alert: models.Alert, purpose: str) -> set[str]:
    """Who was told this, by name."""
    ids = Notice.objects.filter(topic__about=alert.id, purpose=purpose).values_list(
        "recipient_id", flat=True
    )
    return set(people.Person.objects.filter(id__in=list(ids)).values_list("name", flat=True))


def test_the_pod_sees_the_door_on_the_way_and_only_then(street: Scene) -> None:
    alert = call(street)
    assert not sees_door(street, alert, "Sofie")
    assert says(street, alert, "Sofie") is Outcome.COMING
    assert sees_door(street, alert, "Sofie")
    assert not sees_door(street, alert, "Amir")
    assert says(street, alert, "Sofie", Said.CANT) is Outcome.CANT
    assert not sees_door(street, alert, "Sofie")


def test_help_from_here_is_no_door(street: Scene) -> None:
    alert = call(street)
    assert says(street, alert, "Amir", Said.REMOTE) is Outcome.REMOTE
    assert not sees_door(street, alert, "Amir")


def test_the_asker_reads_who_opened_the_door(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    says(street, alert, "Amir")
    door(street, alert, "Sofie")
    opened = opened_by(viewer=street.viewer("Lena"), thing_id=alert.id)
    assert {one.name for one in opened} == {"Sofie", "Amir"}
    assert {one.name for one in opened if one.first_at} == {"Sofie"}


def test_a_stranger_gets_the_meeting_point_until_somebody_says_yes(street: Scene) -> None:
    alert = call(street, is_wide=True)
    says(street, alert, "Nils")
    assert not sees_door(street, alert, "Nils")
    place, _cell = guarded.meeting_words(
        viewer=street.viewer("Nils"), alert_id=alert.id, now=clock.now()
    )
    assert place == MEETING
    steering.allow(
        viewer=street.viewer("Lena"),
        alert_id=alert.id,
        person_id=street.id("Nils"),
        now=clock.now(),
    )
    assert sees_door(street, alert, "Nils")
    assert not sees_door(street, alert, "Nora")


@pytest.mark.parametrize(("who", "may"), [("Cora", True), ("Sofie", False), ("Nils", False)])
def test_a_coordinator_may_say_yes_and_others_may_not(street: Scene, who: str, may: bool) -> None:
    alert = call(street, is_wide=True)
    says(street, alert, "Nils")

    def allow() -> None:
        steering.allow(
            viewer=street.viewer(who),
            alert_id=alert.id,
            person_id=street.id("Nils"),
            now=clock.now(),
        )

    if may:
        allow()
    else:
        with pytest.raises(NotHere):
            allow()
    assert sees_door(street, alert, "Nils") is may


def test_the_first_one_there_leads_and_may_say_yes(street: Scene) -> None:
    alert = call(street, is_wide=True)
    for name in ("Sofie", "Nils"):
        says(street, alert, name)
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    steering.allow(
        viewer=street.viewer("Sofie"),
        alert_id=alert.id,
        person_id=street.id("Nils"),
        now=clock.now(),
    )
    assert sees_door(street, alert, "Nils")


def test_two_people_before_a_door_where_it_is_not_safe(street: Scene) -> None:
    for name in ("Sofie", "Bea"):
        choices.choose_safe_person(
            viewer=street.viewer("Lena"),
            person_id=street.id(name),
            client_key=street.id(name),
            now=clock.now(),
        )
    alert = call(street, Kind.UNSAFE)
    says(street, alert, "Sofie")
    assert not sees_door(street, alert, "Sofie")
    says(street, alert, "Bea")
    assert sees_door(street, alert, "Sofie")
    assert sees_door(street, alert, "Bea")
    says(street, alert, "Bea", Said.CANT)
    assert not sees_door(street, alert, "Sofie")


def test_removed_in_one_tap_reads_that_enough_came_and_sees_nothing(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Amir")
    steering.remove(
        viewer=street.viewer("Lena"),
        alert_id=alert.id,
        person_id=street.id("Amir"),
        now=clock.now(),
    )
    assert not sees_door(street, alert, "Amir")
    page = alert_page(viewer=street.viewer("Amir"), alert_id=alert.id, now=clock.now())
    assert page.state is AlertState.ENOUGH
    assert page.mine is Standing.ENOUGH
    assert not page.lines
    assert not page.helpers
    assert says(street, alert, "Amir") is Outcome.ENOUGH
    assert standing(alert, "Amir") == Standing.REMOVED


def test_enough_stops_the_asking_and_a_late_yes_is_told_the_truth(street: Scene) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir", "Rosa", "Jan"):  # three are wanted, and one in five stays away
        assert says(street, alert, name) is Outcome.COMING
        alert.refresh_from_db()
        assert alert.state == AlertState.OPEN
    assert says(street, alert, "Omar") is Outcome.COMING
    alert.refresh_from_db()
    assert alert.state == AlertState.ENOUGH
    assert says(street, alert, "Hana") is Outcome.ENOUGH
    assert not sees_door(street, alert, "Hana")
    waiting = Delivery.objects.filter(notice__topic_id=alert.topic_id, state="queued")
    assert not waiting.exists()
    assert told(alert, "enough-1") == {"Lena"}
    assert told(alert, "first") == {"Lena"}


def test_one_of_enough_cannot_and_the_others_are_asked_again(street: Scene) -> None:
    alert = call(street)
    enough_come(street, alert)
    assert says(street, alert, "Hana") is Outcome.ENOUGH
    says(street, alert, "Bea", Said.CANT)
    says(street, alert, "Amir", Said.CANT)
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN
    assert told(alert, "asked-2") == {"Hana", "Hank"}
    assert says(street, alert, "Hana") is Outcome.COMING


def test_as_soon_as_those_wanted_are_there_nobody_else_need_come(street: Scene) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir", "Rosa"):
        says(street, alert, name)
    for name in ("Sofie", "Amir"):
        answering.arrive(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN, "the third may not arrive"
    answering.arrive(viewer=street.viewer("Rosa"), alert_id=alert.id, now=clock.now())
    alert.refresh_from_db()
    assert alert.state == AlertState.ENOUGH
    assert says(street, alert, "Hana") is Outcome.ENOUGH


def test_more_people_raises_what_is_wanted_up_to_the_cap(street: Scene) -> None:
    alert = call(street)
    came = enough_come(street, alert)

    def more() -> int:
        return steering.want_more(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())

    assert came == ["Sofie", "Amir", "Rosa", "Jan", "Omar"]
    assert more() == 3
    alert.refresh_from_db()
    assert (alert.wanted, alert.state) == (5, AlertState.OPEN)
    for _ in range(5):
        more()
    alert.refresh_from_db()
    assert alert.wanted == 6
    said = [says(street, alert, name) for name in ("Hana", "Bea", "Hank")]
    assert said == [Outcome.COMING, Outcome.ENOUGH, Outcome.ENOUGH]


def test_the_same_answer_twice_is_one_and_minutes_can_change(street: Scene) -> None:
    alert = call(street)
    for minutes in (8, None, 3):
        assert says(street, alert, "Sofie", minutes=minutes) is Outcome.COMING
    events = models.AlertEvent.objects.filter(alert=alert, verb="coming")
    assert [event.detail for event in events] == [{"minutes": 8}, {"minutes": 3}]
    assert models.Invitation.objects.filter(alert=alert, seat__isnull=False).count() == 1


@pytest.mark.parametrize("minutes", [0, 121, -3])
def test_minutes_are_of_this_world(street: Scene, minutes: int) -> None:
    alert = call(street)
    with pytest.raises(Refusal) as refused:
        says(street, alert, "Sofie", minutes=minutes)
    assert refused.value.why is WhyNot.MINUTES


def test_who_was_not_asked_cannot_answer(street: Scene) -> None:
    alert = call(street)
    for name in ("Nils", "Kid", "Xenia", "Lena"):
        with pytest.raises(NotHere):
            says(street, alert, name)


def test_a_tap_on_the_notice_answers(street: Scene) -> None:
    alert = call(street)
    notice = Notice.objects.get(topic_id=alert.topic_id, recipient_id=street.id("Sofie"))
    mark_answered(
        viewer=street.viewer("Sofie"), notice_id=notice.id, answer="coming", now=clock.now()
    )
    assert standing(alert, "Sofie") == Standing.COMING
    assert sees_door(street, alert, "Sofie")
    came = models.Invitation.objects.get(alert=alert, person_id=street.id("Sofie"))
    assert came.channel == "bell"


# ---------- the end ----------


def over(street: Scene, alert: models.Alert, name: str, how: EndedHow = EndedHow.ALL_CLEAR) -> bool:
    return ending.end(viewer=street.viewer(name), alert_id=alert.id, how=how, now=clock.now())


def test_all_clear_goes_to_everybody_who_was_asked_and_shuts_the_door(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    says(street, alert, "Jan", Said.CANT)
    assert over(street, alert, "Lena")
    assert told(alert, "over") == asked(alert)
    assert not sees_door(street, alert, "Sofie")
    assert says(street, alert, "Amir") is Outcome.OVER
    assert not Delivery.objects.filter(notice__topic_id=alert.topic_id, state="queued").exists()


def test_ended_twice_is_ended_once(street: Scene) -> None:
    alert = call(street)
    assert over(street, alert, "Lena", EndedHow.ALL_RIGHT)
    assert over(street, alert, "Lena")
    alert.refresh_from_db()
    assert alert.ended_how == EndedHow.ALL_RIGHT
    assert models.AlertEvent.objects.filter(alert=alert, verb="ended").count() == 1


def test_somebody_on_the_way_does_not_end_it_and_the_first_one_there_does(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    says(street, alert, "Amir")
    with pytest.raises(Refusal) as refused:
        over(street, alert, "Sofie")
    assert refused.value.why is WhyNot.NOT_YOURS_TO_END
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    answering.arrive(viewer=street.viewer("Amir"), alert_id=alert.id, now=clock.now())
    with pytest.raises(Refusal):
        over(street, alert, "Amir")
    assert over(street, alert, "Sofie")
    assert told(alert, "over") >= {"Lena", "Amir"}


def test_two_coordinators_end_it_together_and_one_does_not(street: Scene) -> None:
    alert = call(street)
    assert not over(street, alert, "Cora")
    assert not over(street, alert, "Cora")
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN
    page = alert_page(viewer=street.viewer("Carl"), alert_id=alert.id, now=clock.now())
    assert page.part is Part.COORDINATOR
    assert page.needs_second_end
    assert over(street, alert, "Carl")
    alert.refresh_from_db()
    assert alert.state == AlertState.ENDED


def test_the_yes_of_who_coordinates_no_more_or_is_kept_apart_holds_nobody_up(street: Scene) -> None:
    alert = call(street)
    for name in ("Nora", "Nils"):
        cast.mandate(street.people[name], Role.COORDINATOR)
    assert not over(street, alert, "Cora")
    cast.recall(street.people["Cora"])
    assert not over(street, alert, "Carl")
    cast.block(street.people["Carl"], street.people["Lena"])
    assert not over(street, alert, "Nora")
    assert over(street, alert, "Nils")


def test_who_has_nothing_to_do_with_it_ends_and_sees_nothing(street: Scene) -> None:
    alert = call(street)
    for name in ("Nils", "Xenia", "Kid"):
        with pytest.raises(NotHere):
            over(street, alert, name)
        with pytest.raises(NotHere):
            alert_page(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())


def test_no_coordinator_hears_of_a_silent_call(street: Scene) -> None:
    alert = call(street, Kind.UNSAFE)
    with pytest.raises(NotHere):
        alert_page(viewer=street.viewer("Cora"), alert_id=alert.id, now=clock.now())
    with pytest.raises(NotHere):
        over(street, alert, "Cora")


def test_nothing_rings_on_the_phone_of_who_calls_silently(street: Scene) -> None:
    alert = call(street, Kind.UNSAFE)
    says(street, alert, "Bea")
    end_note(viewer=street.viewer("Lena"), alert_id=alert.id, number="", now=clock.now())
    alert.refresh_from_db()
    assert alert.ended_how == EndedHow.ALL_RIGHT
    assert not Notice.objects.filter(recipient_id=street.id("Lena")).exists()


def test_nobody_ended_it_and_its_hours_are_over(street: Scene) -> None:
    alert = call(street)
    assert ending.close_old(now=alert.closes_at - timedelta(seconds=1)) == 0
    assert ending.close_old(now=alert.closes_at) == 1
    alert.refresh_from_db()
    assert alert.ended_how == EndedHow.TOO_OLD
    assert told(alert, "over") >= {"Sofie", "Lena"}


def test_words_go_after_72_hours_and_the_rest_after_30_days(street: Scene) -> None:
    alert = call(street)
    over(street, alert, "Lena")
    alert.refresh_from_db()
    assert alert.ended_at is not None
    forgetting.forget_words(now=alert.ended_at + timedelta(hours=71))
    assert models.AlertWords.objects.filter(alert=alert).exists()
    forgetting.forget_words(now=alert.ended_at + timedelta(hours=72))
    assert not models.AlertWords.objects.filter(alert=alert).exists()
    forgetting.forget_alerts(now=alert.ended_at + timedelta(days=29))
    assert models.Alert.objects.filter(id=alert.id).exists()
    forgetting.forget_alerts(now=alert.ended_at + timedelta(days=30))
    assert not models.Alert.objects.filter(id=alert.id).exists()


def test_the_asker_may_keep_the_words_to_the_thirtieth_day(street: Scene) -> None:
    alert = call(street)
    with pytest.raises(Refusal):
        wording.keep_words(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    over(street, alert, "Lena")
    with pytest.raises(NotHere):
        wording.keep_words(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    wording.keep_words(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    forgetting.forget_words(now=clock.now() + timedelta(days=29))
    assert models.AlertWords.objects.filter(alert=alert).exists()


def test_a_running_alert_is_never_swept_away(street: Scene) -> None:
    alert = call(street)
    models.Alert.objects.filter(id=alert.id).update(expires_at=clock.now() - timedelta(days=1))
    forgetting.forget_alerts(now=clock.now())
    assert models.Alert.objects.filter(id=alert.id).exists()


def test_the_way_home_counts_after_the_end(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    over(street, alert, "Sofie")
    for _ in range(2):
        answering.safe_home(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    assert standing(alert, "Sofie") == Standing.HOME
    assert models.AlertEvent.objects.filter(alert=alert, verb="home").count() == 1


def test_the_lead_goes_home_and_the_next_one_there_leads(street: Scene) -> None:
    alert = call(street)
    for name in ("Sofie", "Amir"):
        says(street, alert, name)
        answering.arrive(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    answering.safe_home(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    alert.refresh_from_db()
    assert alert.lead_id == street.id("Amir")


def test_often_on_the_way_without_arriving_pauses_doors_until_somebody_talked(
    street: Scene,
) -> None:
    for kind in (Kind.HURT, Kind.FIRE, Kind.OTHER):
        alert = call(street, kind)
        says(street, alert, "Sofie")
        assert sees_door(street, alert, "Sofie")
        models.Invitation.objects.filter(alert=alert).update(
            answered_at=clock.now() - timedelta(hours=1)
        )
        over(street, alert, "Lena")
    models.Alert.objects.update(created_at=clock.now() - timedelta(hours=1))
    alert = call(street)
    says(street, alert, "Sofie")
    assert not sees_door(street, alert, "Sofie")
    with pytest.raises(NotHere):
        choices.lift_door_pause(
            viewer=street.viewer("Amir"), person_id=street.id("Sofie"), now=clock.now()
        )
    choices.lift_door_pause(
        viewer=street.viewer("Cora"), person_id=street.id("Sofie"), now=clock.now()
    )
    says(street, alert, "Sofie", Said.CANT)
    says(street, alert, "Sofie")
    assert sees_door(street, alert, "Sofie")


def test_all_right_now_and_arriving_count_as_no_miss(street: Scene) -> None:
    for kind in (Kind.HURT, Kind.FIRE, Kind.OTHER):
        alert = call(street, kind)
        says(street, alert, "Sofie")
        over(street, alert, "Lena", EndedHow.ALL_RIGHT)
    assert not models.DoorPause.objects.exists()


# ---------- people who leave, words said later ----------


def test_who_leaves_while_coming_frees_their_place(street: Scene) -> None:
    from porchlight.kit import moments
    from porchlight.people.queries.signing_in import as_network

    alert = call(street)
    says(street, alert, "Sofie")
    moments.happened(
        "person_left",
        person_id=street.id("Sofie"),
        network=as_network(street.pod.network),
        now=clock.now(),
    )
    assert standing(alert, "Sofie") == Standing.CANT
    assert not sees_door(street, alert, "Sofie")


def test_who_leaves_during_their_own_call_ends_it(street: Scene) -> None:
    from porchlight.people.queries.signing_in import as_network

    alert = call(street)
    forgetting.leave_alerts(
        person_id=street.id("Lena"), network=as_network(street.pod.network), now=clock.now()
    )
    alert.refresh_from_db()
    assert alert.state == AlertState.ENDED


def test_a_better_place_can_be_said_while_people_come(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    wording.say_more(
        viewer=street.viewer("Lena"),
        alert_id=alert.id,
        place=PlaceAsked(where=Where.TYPED, address="Back door, court 3"),
        kind=Kind.FIRE,
        now=clock.now(),
    )
    assert door(street, alert, "Sofie") == "Back door, court 3"
    alert.refresh_from_db()
    assert alert.kind == Kind.FIRE
    with pytest.raises(NotHere):
        wording.say_more(
            viewer=street.viewer("Sofie"), alert_id=alert.id, story="x", now=clock.now()
        )


def test_names_of_the_pod_are_seen_by_the_pod_and_not_by_a_stranger_who_stays(
    street: Scene,
) -> None:
    alert = call(street, is_wide=True)
    says(street, alert, "Sofie")
    mate = alert_page(viewer=street.viewer("Amir"), alert_id=alert.id, now=clock.now())
    assert mate.asker_name == "Lena"
    assert [one.name for one in mate.helpers] == ["Sofie"]
    stranger = alert_page(viewer=street.viewer("Nils"), alert_id=alert.id, now=clock.now())
    assert stranger.asker_name == ""
    assert not stranger.helpers
    assert stranger.counts[Standing.COMING] == 1


def test_the_page_asks_the_same_few_questions_for_one_and_for_many(
    street: Scene, django_assert_max_num_queries: object
) -> None:
    alert = call(street, is_wide=True)
    for name in POD[1:4]:
        says(street, alert, name)
    viewer, now = street.viewer("Lena"), clock.now()
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # a fixture that is called
        alert_page(viewer=viewer, alert_id=alert.id, now=now)


def test_a_call_of_a_machine_that_stood_still_for_a_month_ends_and_its_words_go() -> None:
    """The sweep has erased what it would tell people under; nobody is told, and it still ends."""
    street = scene()
    alert = call(street)
    late = alert.created_at + timedelta(days=40)
    while forget_expired(now=late):
        continue
    assert ending.close_old(now=late) == 1
    alert.refresh_from_db()
    assert alert.state == "ended"
    assert forget_words(now=late + timedelta(days=4)) > 0


# ---------- somebody who knows what to do ----------


def enough_of(street: Scene, kind: Kind = Kind.HURT) -> models.Alert:
    """So many come that those wanted arrive: people of the pod."""
    if kind is Kind.MISSING:
        alert = call(street, kind, is_wide=True, who="Small boy", second_id=street.id("Hana"))
        confirm_missing(
            viewer=street.viewer("Hana"), alert_id=alert.id, is_true=True, now=clock.now()
        )
    else:
        alert = call(street, kind, is_wide=True)
    enough_come(street, alert)
    return alert


@pytest.mark.parametrize(("kind", "role"), [(Kind.HURT, "first_aid"), (Kind.MISSING, "driver")])
def test_the_first_one_who_is_trained_comes_also_where_enough_do(
    street: Scene, kind: Kind, role: str
) -> None:
    for name in ("Ted", "Nora"):
        trained(street.people[name], role)
    alert = enough_of(street, kind)
    assert says(street, alert, "Nils") is Outcome.ENOUGH
    assert says(street, alert, "Ted") is Outcome.COMING
    assert says(street, alert, "Nora") is Outcome.ENOUGH  # one is there who knows
    alert.refresh_from_db()
    assert alert.state == AlertState.ENOUGH
    says(street, alert, "Ted", Said.CANT)
    assert says(street, alert, "Nora") is Outcome.COMING


def test_whoever_is_trained_for_something_else_or_unconfirmed_is_not_missed(
    street: Scene,
) -> None:
    trained(street.people["Nora"], "driver")
    trained(street.people["Nils"], is_confirmed=False)
    alert = enough_of(street)
    assert says(street, alert, "Nora") is Outcome.ENOUGH
    assert says(street, alert, "Nils") is Outcome.ENOUGH


def test_where_somebody_trained_comes_already_nobody_more_is_needed(street: Scene) -> None:
    for name in ("Sofie", "Ted"):
        trained(street.people[name])
    alert = enough_of(street)
    assert says(street, alert, "Ted") is Outcome.ENOUGH


def test_however_well_trained_nobody_comes_beyond_the_most_there_may_be(street: Scene) -> None:
    trained(street.people["Ted"])
    alert = call(street, is_wide=True)
    models.Alert.objects.filter(id=alert.id).update(
        playbook=alert.playbook | {"most": alert.wanted}
    )
    alert.refresh_from_db()
    assert enough_come(street, alert) == ["Sofie", "Amir", "Rosa"]
    assert says(street, alert, "Ted") is Outcome.ENOUGH


def test_two_trained_ones_at_once_and_one_of_them_comes(transactional_db: None) -> None:
    street = scene()
    for name in ("Ted", "Nora"):
        trained(street.people[name])
    alert = enough_of(street)
    came = at_once(lambda: says(street, alert, "Ted"), lambda: says(street, alert, "Nora"))
    assert sorted(map(str, came)) == ["coming", "enough"]


@pytest.mark.parametrize("kind", [Kind.OTHER, Kind.FIRE])
def test_where_no_training_is_asked_for_nobody_is_missed(street: Scene, kind: Kind) -> None:
    trained(street.people["Nora"])
    alert = enough_of(street, kind)
    assert says(street, alert, "Nora") is Outcome.ENOUGH
