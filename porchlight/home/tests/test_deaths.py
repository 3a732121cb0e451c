"""A person has died: everything falls silent, the house stays, an error can be put right."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.alerts import models as alerts
from porchlight.alerts.actions import answering
from porchlight.alerts.actions.deaths import end_with_death
from porchlight.alerts.queries.pages import alert_page
from porchlight.alerts.tests.scene import Scene, asked, call, says, scene
from porchlight.home.queries.street import my_street
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Delivery, Notice
from porchlight.people import models
from porchlight.people.actions.deaths import forget_dead, name_house, take_house_down
from porchlight.people.actions.me import forget_names
from porchlight.people.actions.telling import say
from porchlight.people.queries.pods import my_pod
from porchlight.people.rules.deaths import Why
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.trust.actions.deaths import say_died, say_not_died

pytestmark = pytest.mark.django_db(transaction=True)


def street_with_keepers() -> Scene:
    """Rosa and Hana keep the network."""
    street = scene()
    for name in ("Rosa", "Hana"):
        cast.mandate(street.people[name])
    return street


def both_say(street: Scene, name: str) -> None:
    for keeper in ("Rosa", "Hana"):
        say_died(viewer=street.viewer(keeper), person_id=street.id(name), now=clock.now())


def told(name: str, street: Scene) -> set[str]:
    return set(
        Notice.objects.filter(recipient_id=street.id(name)).values_list("purpose", flat=True)
    )


# ---------- outside a call: two keepers ----------


def test_two_keepers_close_the_account_and_one_alone_does_nothing() -> None:
    street = street_with_keepers()
    lena = street.people["Lena"]
    street.phone("Lena")
    cast.mandate(lena, Role.TREASURER)
    browser = cast.signed_in(Client(), lena)
    say_died(viewer=street.viewer("Rosa"), person_id=lena.id, now=clock.now())
    say_died(viewer=street.viewer("Rosa"), person_id=lena.id, now=clock.now())
    lena.refresh_from_db()
    assert (lena.died_at, lena.hushed_at) == (None, None)
    assert browser.get(reverse("people:me", args=["linden"])).status_code == 200
    say_died(viewer=street.viewer("Hana"), person_id=lena.id, now=clock.now())
    lena.refresh_from_db()
    assert lena.died_at is not None
    assert lena.name == "Lena"
    assert browser.get(reverse("people:me", args=["linden"])).status_code == 302
    assert not models.Place.objects.filter(person=lena).exists()
    assert not models.Mandate.objects.filter(person=lena, ended_at=None).exists()
    assert broken_promises() == []


def test_the_yes_of_somebody_who_keeps_no_more_holds_nobody_up() -> None:
    street = street_with_keepers()
    cast.mandate(street.people["Amir"])
    lena = street.people["Lena"]
    for keeper, is_closed in (("Rosa", False), ("Hana", False), ("Amir", True)):
        say_died(viewer=street.viewer(keeper), person_id=lena.id, now=clock.now())
        lena.refresh_from_db()
        assert (lena.died_at is not None) == is_closed
        if keeper == "Rosa":
            cast.recall(street.people["Rosa"])
    asked = Notice.objects.filter(recipient_id=street.id("Amir"), topic__kind="keepers")
    assert asked.count() == 2, "Hana's yes is a first one again"


def test_nothing_is_told_to_them_any_more_and_nobody_is_told_of_it() -> None:
    street = street_with_keepers()
    street.phone("Lena")
    now = clock.now()
    facts: Any = {"network_id": street.pod.network_id, "kind": "t", "about": uuid4(), "now": now}
    facts |= {"title": "T", "line": "L", "page": "people:groups"}
    say(person_ids=[street.id("Lena")], **facts)
    both_say(street, "Lena")
    assert told("Lena", street) == set()
    assert not Delivery.objects.filter(notice__recipient_id=street.id("Lena")).exists()
    say(person_ids=[street.id("Lena"), street.id("Jan")], **facts)
    assert told("Lena", street) == set()
    assert set(Notice.objects.values_list("topic__kind", flat=True)) <= {"t", "keepers"}


def test_they_are_asked_for_no_help_and_their_own_call_ends_without_a_word() -> None:
    street = street_with_keepers()
    own = call(street)
    says(street, own, "Sofie")
    both_say(street, "Lena")
    own.refresh_from_db()
    assert own.ended_how == "died"
    assert "over" not in told("Sofie", street)
    other = call(street, by="Jan")
    assert "Lena" not in asked(other)
    assert broken_promises() == []


def test_the_house_stays_without_light_until_the_pod_takes_it_down() -> None:
    street = street_with_keepers()
    both_say(street, "Lena")
    jan = street.viewer("Jan")
    home = my_street(viewer=jan, now=clock.now(), apart=frozenset())
    assert home is not None
    [house] = [one for one in home.houses if one.name == "Lena"]
    assert (house.is_lit, house.is_kept) == (False, True)
    assert "Lena" not in home.names
    name_house(viewer=jan, person_id=street.id("Lena"), has_name=False, now=clock.now())
    pod = my_pod(viewer=jan, now=clock.now())
    assert pod is not None
    assert len(pod.street) == len(home.houses)
    assert "Lena" not in {one.name for one in pod.street}
    with pytest.raises(NotHere):
        take_house_down(viewer=street.viewer("Bea"), person_id=street.id("Lena"), now=clock.now())
    take_house_down(viewer=jan, person_id=street.id("Lena"), now=clock.now())
    pod = my_pod(viewer=jan, now=clock.now())
    assert pod is not None
    assert len(pod.street) == len(home.houses) - 1
    assert forget_names(now=clock.now() + timedelta(days=31)) == 1
    assert broken_promises() == []


def test_addresses_and_sign_in_are_erased_after_thirty_days() -> None:
    street = street_with_keepers()
    street.phone("Lena")
    both_say(street, "Lena")
    assert forget_dead(now=clock.now() + timedelta(days=29)) == 0
    assert forget_dead(now=clock.now() + timedelta(days=31)) == 2
    assert not models.Address.objects.filter(person_id=street.id("Lena")).exists()
    assert not models.Login.objects.filter(person_id=street.id("Lena")).exists()


def test_an_error_is_put_right_by_two_keepers_within_thirty_days(client: Client) -> None:
    street = street_with_keepers()
    street.phone("Lena")
    both_say(street, "Lena")
    say_not_died(viewer=street.viewer("Rosa"), person_id=street.id("Lena"), now=clock.now())
    assert models.Person.objects.get(id=street.id("Lena")).died_at is not None
    say_not_died(viewer=street.viewer("Hana"), person_id=street.id("Lena"), now=clock.now())
    lena = models.Person.objects.get(id=street.id("Lena"))
    assert (lena.died_at, lena.hushed_at, lena.left_at) == (None, None, None)
    answer = client.post(
        reverse("people:sign-in", args=["linden"]),
        {"client_key": uuid4(), "name": "Lena", "password": cast.PASSWORD},
    )
    assert answer.status_code == 302
    assert models.Address.objects.filter(person=lena).exists()
    assert broken_promises() == []


def test_after_thirty_days_it_stays() -> None:
    street = street_with_keepers()
    both_say(street, "Lena")
    with pytest.raises(NotHere):
        say_not_died(
            viewer=street.viewer("Rosa"),
            person_id=street.id("Lena"),
            now=clock.now() + timedelta(days=30),
        )


def test_nobody_says_it_of_themselves_and_only_keepers_say_it() -> None:
    street = street_with_keepers()
    with pytest.raises(Refusal) as refused:
        say_died(viewer=street.viewer("Rosa"), person_id=street.id("Rosa"), now=clock.now())
    assert refused.value.why is Why.ONESELF
    for name, whom in (("Jan", "Lena"), ("Rosa", "Cora")):  # Cora is in none of Rosa's circles
        with pytest.raises(NotHere):
            say_died(viewer=street.viewer(name), person_id=street.id(whom), now=clock.now())


def test_two_keepers_at_the_same_moment_close_it_once() -> None:
    street = street_with_keepers()
    viewers = [street.viewer(name) for name in ("Rosa", "Hana")]
    at_once(
        *(
            lambda viewer=viewer: say_died(
                viewer=viewer, person_id=street.id("Lena"), now=clock.now()
            )
            for viewer in viewers
        )
    )
    assert models.Person.objects.get(id=street.id("Lena")).died_at is not None
    assert models.AuditRow.objects.filter(verb="people.died").count() == 1
    assert broken_promises() == []


# ---------- at a call ----------


def someone_there(street: Scene) -> alerts.Alert:
    alert = call(street)
    for name in ("Sofie", "Amir"):
        says(street, alert, name)
    answering.arrive(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    return alert


def test_a_coordinator_and_the_first_one_there_end_it_and_machines_fall_silent() -> None:
    street = street_with_keepers()
    alert = someone_there(street)
    before = {name: told(name, street) for name in ("Lena", "Sofie", "Amir", "Jan")}
    assert not end_with_death(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    assert end_with_death(viewer=street.viewer("Cora"), alert_id=alert.id, now=clock.now())
    alert.refresh_from_db()
    assert (alert.state, alert.ended_how) == ("ended", "died")
    for name in ("Sofie", "Amir", "Jan"):
        assert told(name, street) == before[name]
    assert told("Lena", street) == set()
    assert models.Person.objects.get(id=street.id("Lena")).hushed_at is not None
    waiting = Delivery.objects.filter(
        is_open=True, notice__topic_id__in=[alert.topic_id, alert.news_topic_id]
    ).exclude(notice__purpose="ring-them")
    assert not waiting.exists()
    for name in ("Cora", "Carl"):
        assert "ring-them" in told(name, street)
    assert broken_promises() == []


def test_a_coordinator_reads_whom_to_ring_and_nobody_else_reads_figures_or_thanks() -> None:
    street = street_with_keepers()
    alert = someone_there(street)
    for name in ("Cora", "Carl"):
        end_with_death(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    shown = alert_page(viewer=street.viewer("Carl"), alert_id=alert.id, now=clock.now())
    assert shown.to_ring == ("Amir", "Sofie")
    path = reverse("alerts:one", args=["linden", alert.id])
    theirs = cast.signed_in(Client(), street.people["Carl"]).get(path).content.decode()
    assert "Please ring each of them today" in theirs
    read = cast.signed_in(Client(), street.people["Amir"]).get(path).content.decode()
    assert "A neighbour will ring you" in read
    for word in ("thank you", "Thank you", "Someone died", "alert-counts", "Who helped"):
        assert word not in read


def test_two_who_are_no_coordinators_do_not_end_it() -> None:
    street = street_with_keepers()
    alert = someone_there(street)
    for name in ("Amir", "Lena", "Jan"):
        with pytest.raises(NotHere):
            end_with_death(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    end_with_death(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    end_with_death(viewer=street.viewer("Sofie"), alert_id=alert.id, now=clock.now())
    alert.refresh_from_db()
    assert alert.state == "open"


def test_whoever_signs_in_themselves_is_told_things_again(client: Client) -> None:
    street = street_with_keepers()
    alert = someone_there(street)
    for name in ("Cora", "Carl"):
        end_with_death(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
    client.post(
        reverse("people:sign-in", args=["linden"]),
        {"client_key": uuid4(), "name": "Lena", "password": cast.PASSWORD},
    )
    assert models.Person.objects.get(id=street.id("Lena")).hushed_at is None


# ---------- the keepers' page ----------


def test_the_page_shows_what_waits_and_what_can_be_put_right() -> None:
    street = street_with_keepers()
    path = reverse("trust:deaths", args=["linden"])
    rosa = cast.signed_in(Client(), street.people["Rosa"])
    hana = cast.signed_in(Client(), street.people["Hana"])
    sent = {"client_key": uuid4(), "person": street.id("Lena")}
    assert rosa.post(path, sent).status_code == 422
    assert rosa.post(path, sent | {"sure": "on"}).status_code == 302
    assert "Ask another keeper" in rosa.get(path).content.decode()
    assert "Yes, it is so" in hana.get(path).content.decode()
    assert hana.post(path, sent | {"sure": "on"}).status_code == 302
    assert "account closed" in hana.get(path).content.decode()
    wrong = reverse("trust:not-died", args=["linden", street.id("Lena")])
    assert hana.post(wrong).status_code == 302
    assert rosa.post(wrong).status_code == 302
    assert "account closed" not in hana.get(path).content.decode()
