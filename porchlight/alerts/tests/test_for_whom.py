"""Saying after sending whom a call is for: the same as if it had been said at the start."""

from uuid import uuid4

import pytest
from django.test import Client

from porchlight.alerts import models
from porchlight.alerts.actions.wording import say_more
from porchlight.alerts.queries.pages import Part, alert_page
from porchlight.alerts.rules.asking import ForWhom, Whom
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.tests.scene import DOOR, Scene, call, says, scene, standing
from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.notices.models import Delivery
from porchlight.notices.rules import WAITING_STATES
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises
from porchlight.trust.queries.disclosures import readers_now

pytestmark = pytest.mark.django_db
TYPED = "Linden Street 12, first floor"


@pytest.fixture
def street() -> Scene:
    return scene()


def name(street: Scene, alert: models.Alert, who: str, by: str = "Lena") -> models.Alert:
    """The asker says that it is for somebody of the pod."""
    whom = Whom(kind=ForWhom.POD, subject_id=street.id(who))
    say_more(viewer=street.viewer(by), alert_id=alert.id, whom=whom, now=clock.now())
    alert.refresh_from_db()
    return alert


def part_of(street: Scene, alert: models.Alert, who: str) -> Part:
    return alert_page(viewer=street.viewer(who), alert_id=alert.id, now=clock.now()).part


def may_read_door(street: Scene, alert: models.Alert) -> set[str]:
    ids = readers_now(
        viewer=street.viewer("Lena"), thing_id=alert.id, what="alert.door", now=clock.now()
    )
    return {name for name, person in street.people.items() if person.id in ids}


def test_whoever_it_is_for_decides_and_is_asked_to_come_no_more(street: Scene) -> None:
    alert = call(street)
    assert part_of(street, alert, "Rosa") is Part.ASKED
    name(street, alert, "Rosa")
    assert part_of(street, alert, "Rosa") is Part.SUBJECT
    shown = alert_page(viewer=street.viewer("Rosa"), alert_id=alert.id, now=clock.now())
    assert shown.may_end and shown.ends_alone
    assert standing(alert, "Rosa") == "removed"
    waiting = Delivery.objects.filter(
        notice__topic_id=alert.topic_id,
        notice__recipient_id=street.id("Rosa"),
        state__in=WAITING_STATES,
    )
    assert not waiting.exists()
    assert broken_promises() == []


def test_whom_they_keep_away_comes_no_more_and_nobody_can_tell(street: Scene) -> None:
    cast.block(street.people["Rosa"], street.people["Sofie"])
    cast.block(street.people["Amir"], street.people["Rosa"])
    alert = call(street)
    for one in ("Sofie", "Amir", "Jan"):
        says(street, alert, one)
    assert may_read_door(street, alert) >= {"Sofie", "Amir", "Jan"}
    name(street, alert, "Rosa")
    assert (standing(alert, "Sofie"), standing(alert, "Amir")) == ("removed", "cant")
    assert standing(alert, "Jan") == "coming"
    assert may_read_door(street, alert) == {"Jan"}
    lines = alert_page(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now()).lines
    assert not [line for line in lines if line.verb in {"removed", "cant"} and line.about]
    assert broken_promises() == []


@pytest.mark.parametrize("who", ["Nils", "Bea", "Xenia", "Lena"])
def test_only_somebody_of_the_pod_is_named(street: Scene, who: str) -> None:
    alert = call(street)
    with pytest.raises(NotHere):
        name(street, alert, who)
    alert.refresh_from_db()
    assert (alert.for_whom, alert.subject_id) == ("me", None)


def test_a_child_of_the_pod_may_be_named(street: Scene) -> None:
    alert = name(street, call(street), "Kid")
    assert part_of(street, alert, "Kid") is Part.SUBJECT


def test_nobody_but_the_asker_says_whom_it_is_for(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Sofie")
    with pytest.raises(NotHere):
        name(street, alert, "Rosa", by="Sofie")


@pytest.mark.parametrize("kind", [Kind.UNSAFE])
def test_a_silent_call_stays_the_askers_own(street: Scene, kind: Kind) -> None:
    models.SafePerson.objects.create(
        network_id=street.people["Lena"].network_id, source="test", client_key=uuid4(),
        created_at=clock.now(), person_id=street.id("Lena"), chosen_id=street.id("Sofie"), seat=1,
    )  # fmt: skip
    alert = name(street, call(street, kind), "Rosa")
    assert (alert.for_whom, alert.subject_id) == ("me", None)


def test_it_may_be_for_oneself_again_or_for_somebody_unnamed(street: Scene) -> None:
    alert = name(street, call(street), "Rosa")
    for kind in (ForWhom.OTHER, ForWhom.ME):
        say_more(
            viewer=street.viewer("Lena"), alert_id=alert.id, whom=Whom(kind=kind), now=clock.now()
        )
        alert.refresh_from_db()
        assert (alert.for_whom, alert.subject_id) == (kind, None)
    assert models.AlertEvent.objects.filter(alert=alert, verb="said_more").count() == 3
    assert broken_promises() == []


# ---------- the page ----------


def form_of(street: Scene, **facts: str) -> dict[str, str]:
    return {
        "client_key": str(uuid4()), "kind": "hurt", "for_whom": "pod",
        "subject": str(street.id("Rosa")), "where": "as_it_is", "story": "Rosa fell", **facts,
    }  # fmt: skip


def test_the_page_asks_for_the_place_before_anybody_goes_to_the_wrong_door(street: Scene) -> None:
    alert = call(street)
    lena = cast.signed_in(Client(), street.people["Lena"])
    path = f"/n/linden/alerts/{alert.id}/say/"
    page = lena.get(path).content.decode()
    assert "Rosa" in page and "Xenia" not in page
    kept = lena.post(path, form_of(street))
    assert kept.status_code == 422
    said = kept.content.decode()
    assert "Your own place stands there. Choose where they are." in said
    assert "Rosa fell" in said
    alert.refresh_from_db()
    assert alert.subject_id is None
    done = lena.post(path, form_of(street, where="typed", address=TYPED))
    assert done.status_code == 302
    alert.refresh_from_db()
    assert alert.subject_id == street.id("Rosa")
    says(street, alert, "Jan")
    jan = cast.signed_in(Client(), street.people["Jan"])
    seen = jan.get(f"/n/linden/alerts/{alert.id}/").content.decode()
    assert TYPED in seen and DOOR not in seen


def test_somebody_who_is_at_the_askers_home_is_one_tap_more(street: Scene) -> None:
    alert = call(street)
    lena = cast.signed_in(Client(), street.people["Lena"])
    done = lena.post(f"/n/linden/alerts/{alert.id}/say/", form_of(street, where="home"))
    assert done.status_code == 302
    alert.refresh_from_db()
    assert alert.subject_id == street.id("Rosa")


def test_a_call_for_nobody_else_is_not_asked_for_the_place_again(street: Scene) -> None:
    alert = call(street)
    lena = cast.signed_in(Client(), street.people["Lena"])
    sent = form_of(street, for_whom="me", subject="")
    assert lena.post(f"/n/linden/alerts/{alert.id}/say/", sent).status_code == 302
    alert.refresh_from_db()
    assert alert.for_whom == "me"
