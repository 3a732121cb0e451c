"""Calling for help: who is asked, what is committed, and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from porchlight.alerts import models
from porchlight.alerts.actions import choices, missing, raising
from porchlight.alerts.rules.asking import Asking, ForWhom, PlaceAsked, Where
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import AlertState
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.alerts.tests.scene import (
    CELL,
    POD,
    SECRETS,
    Scene,
    asked,
    asking,
    call,
    place,
    scene,
    trained,
)
from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.models import Delivery, Notice, Topic
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
EVERYBODY_OF_THE_POD = {name for name in POD if name != "Lena"} | {"Hank"}


@pytest.fixture
def street() -> Scene:
    return scene()


def test_a_press_that_began_a_moment_earlier_and_comes_second_is_the_same_call() -> None:
    street = scene()
    first = call(street)
    second = raising.raise_alert(
        viewer=street.viewer("Lena"),
        asking=asking(),
        client_key=uuid4(),
        now=first.created_at - timedelta(milliseconds=3),
    )
    assert second.id == first.id
    assert models.Alert.objects.get().state == AlertState.OPEN


def test_the_whole_pod_and_the_buddies_are_asked_and_nobody_else(street: Scene) -> None:
    alert = call(street)
    assert asked(alert) == EVERYBODY_OF_THE_POD | {"Bea"}
    assert Notice.objects.filter(topic_id=alert.topic_id).count() == len(EVERYBODY_OF_THE_POD) + 1
    assert models.Wave.objects.get(alert=alert).size == len(EVERYBODY_OF_THE_POD) + 1


def test_people_can_be_left_out(street: Scene) -> None:
    alert = call(street, unticked=frozenset({street.id("Omar"), street.id("Bea")}))
    assert asked(alert) == EVERYBODY_OF_THE_POD - {"Omar"}


def test_wider_asks_people_nearby_and_trained_ones_but_never_who_is_kept_apart(
    street: Scene,
) -> None:
    trained(street.people["Ted"])
    alert = call(street, is_wide=True)
    found = asked(alert)
    assert {"Nils", "Nora", "Ted"} <= found
    assert not found & {"Xenia", "Kid", "Lena", "Cora"}
    whys = dict(models.Invitation.objects.filter(alert=alert).values_list("person__name", "why"))
    assert whys["Nils"] == "near"
    assert whys["Ted"] == "trained"
    assert whys["Sofie"] == "pod"


def test_width_is_off_unless_chosen_before_or_now(street: Scene) -> None:
    assert not call(street).is_wide
    choices.choose(viewer=street.viewer("Sofie"), may_text_place=False, is_wide=True)
    assert call(street, by="Sofie").is_wide
    assert not call(street, Kind.FIRE, by="Sofie", is_wide=False).is_wide


def test_words_are_guarded_and_the_row_holds_none(street: Scene) -> None:
    alert = call(street)
    words = models.AlertWords.objects.get(alert=alert)
    kept = b"".join(bytes(value) for value in vars(words).values() if isinstance(value, bytes))
    assert kept
    for secret in SECRETS:
        assert secret.encode() not in kept
    assert words.place_guarded is not None
    opened = vault.reveal(words.place_guarded, purpose="alert.place", whose=alert.id)
    assert opened == SECRETS[0]
    assert words.cell_guarded is not None
    assert vault.reveal(words.cell_guarded, purpose="alert.cell", whose=alert.id) == CELL


def test_nothing_leaves_before_the_grace_is_over(street: Scene) -> None:
    now = clock.now()
    alert = raising.raise_alert(
        viewer=street.viewer("Lena"), asking=asking(in_a_hurry=False), client_key=uuid4(), now=now
    )
    assert alert.due_at == now + timedelta(seconds=5)
    due = Delivery.objects.filter(notice__topic_id=alert.topic_id).values_list("due_at", flat=True)
    assert due
    assert all(at is not None and at >= alert.due_at for at in due)


def test_a_hold_goes_at_once(street: Scene) -> None:
    alert = call(street)
    assert alert.due_at == alert.created_at


def test_stopped_in_time_nobody_hears_and_no_words_stay(street: Scene) -> None:
    now = clock.now()
    alert = raising.raise_alert(
        viewer=street.viewer("Lena"), asking=asking(in_a_hurry=False), client_key=uuid4(), now=now
    )
    raising.stop_sending(viewer=street.viewer("Lena"), alert_id=alert.id, now=now)
    raising.stop_sending(viewer=street.viewer("Lena"), alert_id=alert.id, now=now)
    alert.refresh_from_db()
    assert alert.state == AlertState.CANCELLED
    assert not models.AlertWords.objects.filter(alert=alert).exists()
    states = set(
        Delivery.objects.filter(notice__topic_id=alert.topic_id).values_list("state", flat=True)
    )
    assert states == {"cancelled"}
    assert Topic.objects.get(id=alert.topic_id).closed_at is not None


def test_after_the_grace_it_cannot_be_stopped_and_says_so(street: Scene) -> None:
    alert = call(street)
    with pytest.raises(Refusal) as refused:
        raising.stop_sending(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    assert refused.value.why is WhyNot.TOO_LATE_TO_STOP
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_a_stopped_search_says_nothing_later(street: Scene) -> None:
    """Minutes after it the asker would read that nobody has checked it yet."""
    alert = call(street, Kind.MISSING, in_a_hurry=False, who="Jan", second_id=street.id("Sofie"))
    raising.stop_sending(viewer=street.viewer("Lena"), alert_id=alert.id, now=alert.created_at)
    states = Delivery.objects.values_list("state", flat=True)
    assert set(states) == {"cancelled"}
    assert not Topic.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize("who", ["Sofie", "Cora", "Nils", "Kid"])
def test_nobody_else_stops_it(street: Scene, who: str) -> None:
    alert = raising.raise_alert(
        viewer=street.viewer("Lena"),
        asking=asking(in_a_hurry=False),
        client_key=uuid4(),
        now=clock.now(),
    )
    with pytest.raises(NotHere):
        raising.stop_sending(viewer=street.viewer(who), alert_id=alert.id, now=alert.created_at)


def test_the_same_form_twice_is_one_call(street: Scene) -> None:
    key, now = uuid4(), clock.now()
    first, again = (
        raising.raise_alert(viewer=street.viewer("Lena"), asking=asking(), client_key=key, now=now)
        for _ in range(2)
    )
    assert first.id == again.id
    assert models.Alert.objects.count() == 1


def test_the_same_kind_pressed_again_at_once_is_one_call_and_later_another(street: Scene) -> None:
    first = call(street)
    assert call(street).id == first.id
    assert call(street, Kind.FIRE).id != first.id
    models.Alert.objects.filter(id=first.id).update(created_at=clock.now() - timedelta(minutes=5))
    assert call(street).id != first.id


def test_three_may_be_open_at_once(street: Scene) -> None:
    for kind in (Kind.HURT, Kind.FIRE, Kind.OTHER):
        call(street, kind)
    models.Alert.objects.update(created_at=clock.now() - timedelta(minutes=5))
    with pytest.raises(Refusal) as refused:
        call(street)
    assert refused.value.why is WhyNot.TOO_MANY_OPEN


def test_a_device_that_is_not_signed_in_calls_with_the_home_of_its_owner(street: Scene) -> None:
    lena = street.viewer("Lena")
    device = Viewer(network=lena.network, person_id=lena.person_id, scope=Scope.ALERT_KEY)
    alert = raising.raise_alert(
        viewer=device, asking=Asking(kind=Kind.OTHER), client_key=uuid4(), now=clock.now()
    )
    assert asked(alert) >= EVERYBODY_OF_THE_POD
    words = models.AlertWords.objects.get(alert=alert)
    assert words.place_guarded is not None


def test_nobody_cannot_call(street: Scene) -> None:
    with pytest.raises(NotHere):
        raising.raise_alert(
            viewer=cast.nobody(), asking=asking(), client_key=uuid4(), now=clock.now()
        )


def test_somebody_without_a_pod_reads_what_to_do_and_nothing_is_left(street: Scene) -> None:
    with pytest.raises(Refusal) as refused:
        call(street, by="Nils")
    assert refused.value.why is WhyNot.NOBODY_TO_ASK
    assert "Ring the number" in refused.value.sentence
    assert not models.Alert.objects.exists()
    assert not Topic.objects.filter(kind="alert").exists()


def test_without_a_saved_home_the_call_goes_without_a_place(street: Scene) -> None:
    alert = call(street, by="Sofie")
    words = models.AlertWords.objects.get(alert=alert)
    assert words.place_guarded is None
    assert words.meeting_guarded is not None


def test_a_place_that_is_gone_is_refused_before_anything_is_sent(street: Scene) -> None:
    with pytest.raises(Refusal) as refused:
        call(street, place=PlaceAsked(where=Where.PLACE, place_id=uuid4()))
    assert refused.value.why is WhyNot.NO_SUCH_PLACE
    others = place(street.people["Sofie"])
    with pytest.raises(Refusal):
        call(street, place=PlaceAsked(where=Where.PLACE, place_id=others))
    assert not models.Alert.objects.exists()


def test_a_cell_that_no_map_has_does_not_hold_up_the_call(street: Scene) -> None:
    alert = call(street, place=PlaceAsked(where=Where.CELL, cell="nonsense"))
    assert models.AlertWords.objects.get(alert=alert).cell_guarded is None


def test_for_somebody_of_the_pod_they_are_not_asked_and_their_blocks_count(
    street: Scene,
) -> None:
    cast.block(street.people["Rosa"], street.people["Jan"])
    alert = call(street, for_whom=ForWhom.POD, subject_id=street.id("Rosa"))
    assert "Rosa" not in asked(alert)
    assert "Jan" not in asked(alert)
    assert alert.subject_id == street.id("Rosa")


def test_for_somebody_of_another_pod_is_not_here(street: Scene) -> None:
    with pytest.raises(NotHere):
        call(street, for_whom=ForWhom.POD, subject_id=street.id("Nils"))


# ---------- I don't feel safe ----------


def choose(street: Scene, *names: str) -> None:
    for name in names:
        choices.choose_safe_person(
            viewer=street.viewer("Lena"),
            person_id=street.id(name),
            client_key=uuid4(),
            now=clock.now(),
        )


def test_not_feeling_safe_goes_to_the_safe_people_and_never_to_the_pod(street: Scene) -> None:
    choose(street, "Sofie", "Bea")
    alert = call(street, Kind.UNSAFE)
    assert asked(alert) == {"Sofie", "Bea"}
    assert alert.is_silent


def test_without_safe_people_the_buddies_are_asked_never_the_household(street: Scene) -> None:
    assert asked(call(street, Kind.UNSAFE, is_wide=True)) == {"Bea"}


def test_nobody_to_ask_silently_is_said_at_once(street: Scene) -> None:
    with pytest.raises(Refusal) as refused:
        call(street, Kind.UNSAFE, by="Sofie")
    assert refused.value.why is WhyNot.NO_SAFE_PEOPLE


def test_nobody_of_the_household_can_be_a_safe_person(street: Scene) -> None:
    for name in ("Hank", "Nils", "Xenia", "Kid", "Lena"):
        with pytest.raises(NotHere):
            choose(street, name)
    choose(street, "Sofie", "Sofie")
    assert models.SafePerson.objects.count() == 1


def test_five_safe_people_at_most(street: Scene) -> None:
    choose(street, "Sofie", "Amir", "Rosa", "Hana", "Omar")
    with pytest.raises(Refusal) as refused:
        choose(street, "Jan")
    assert refused.value.why is WhyNot.TOO_MANY_SAFE


# ---------- someone is missing ----------


def somebody_missing(street: Scene, **more: object) -> models.Alert:
    facts: dict[str, object] = {
        "who": "Small, red coat, at the pond",
        "second_id": street.id("Hank"),
    } | more
    return call(street, Kind.MISSING, "Lena", **facts)


def test_a_second_person_hears_first_and_the_others_after_a_yes(street: Scene) -> None:
    alert = somebody_missing(street)
    assert asked(alert) == {"Hank"}
    assert alert.state == AlertState.VERIFYING
    with pytest.raises(NotHere):
        missing.confirm_missing(
            viewer=street.viewer("Sofie"), alert_id=alert.id, is_true=True, now=clock.now()
        )
    for _ in range(2):
        missing.confirm_missing(
            viewer=street.viewer("Hank"), alert_id=alert.id, is_true=True, now=clock.now()
        )
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN
    assert asked(alert) == EVERYBODY_OF_THE_POD | {"Bea"}


def test_a_no_of_the_second_person_ends_it_and_erases_who(street: Scene) -> None:
    alert = somebody_missing(street)
    missing.confirm_missing(
        viewer=street.viewer("Hank"), alert_id=alert.id, is_true=False, now=clock.now()
    )
    alert.refresh_from_db()
    assert alert.state == AlertState.ENDED
    assert asked(alert) == {"Hank"}
    assert models.AlertWords.objects.get(alert=alert).who_guarded is None


@pytest.mark.parametrize(
    ("more", "why"),
    [({"who": " "}, WhyNot.SAY_WHO), ({"second_id": None}, WhyNot.NO_SECOND)],
)
def test_missing_needs_words_and_a_second_person(
    street: Scene, more: dict[str, object], why: WhyNot
) -> None:
    with pytest.raises(Refusal) as refused:
        somebody_missing(street, **more)
    assert refused.value.why is why


def test_the_second_person_is_somebody_near(street: Scene) -> None:
    for name in ("Nils", "Xenia", "Kid"):
        with pytest.raises(Refusal):
            somebody_missing(street, second_id=street.id(name))


def test_somebody_missing_is_looked_for_a_day_at_most(street: Scene) -> None:
    alert = somebody_missing(street)
    assert alert.closes_at - alert.created_at == timedelta(hours=24)
