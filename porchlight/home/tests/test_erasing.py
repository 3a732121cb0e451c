"""Erase me: nothing of somebody is left anywhere, at once and for good."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from porchlight.alerts import models as alerts
from porchlight.alerts.rules.words import CLOSED
from porchlight.home.actions.burying import erase_the_buried
from porchlight.home.tests.dumps import put_back, safety_copy, where_is
from porchlight.home.tests.lives import MAIL, NAME, PHONE, Life, a_whole_life
from porchlight.kit import clock, tombstones, vault
from porchlight.kit.errors import NotHere
from porchlight.kit.moments import happened
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import index_of, words_of
from porchlight.people import models
from porchlight.people.actions.erasing import PERSON, erase_me, forget_empty
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.rules.erasing import GOES
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_goes_out")]


@pytest.fixture(autouse=True)
def graveyard(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_FOLDER = tmp_path / "keys"


def of(life: Life) -> list[str]:
    """Everything that could lead to Sofie."""
    person = life.street.people[NAME]
    marks = [vault.index(one, purpose=ADDRESS_PURPOSE) for one in (MAIL, PHONE, "new@example.org")]
    marks += [index_of("email", MAIL), index_of("sms", PHONE)]
    invites = models.Invite.objects.filter(inviter=person).values_list("id", flat=True)
    return [
        str(person.id),
        person.id.hex,
        str(person.client_key),
        NAME,
        MAIL,
        PHONE,
        str(life.own.id),
        *(mark.hex() for mark in marks),
        *(str(one) for one in invites),
    ]


def tables_of_persons() -> set[str]:
    """Every table of ours with a column that can name a person."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("porchlight.")
        and any(
            field.is_relation and field.related_model is models.Person
            for field in model._meta.concrete_fields
        )
    }


def test_somebody_with_a_row_in_every_table_leaves_only_an_empty_row_and_then_nothing() -> None:
    life = a_whole_life()
    words = of(life)
    assert where_is(words[0]) >= tables_of_persons() | {
        "notices_notice",
        "people_auditrow",
        "people_circle",
        "alerts_alertevent",
    }
    now = clock.now()
    assert broken_promises() == []
    erase_me(viewer=life.viewer, now=now)
    assert where_is(words[0]) == {"people_person"}
    assert where_is(*words[1:]) == set()
    assert broken_promises() == []
    row = models.Person.objects.get(id=life.street.id(NAME))
    assert (row.name, row.speaks, row.invited_by_id, row.invite_id) == ("", [], None, None)
    assert row.joined_at == row.created_at == row.left_at == row.erased_at == now
    assert forget_empty(now=now + timedelta(hours=23)) == 0
    assert forget_empty(now=now + timedelta(hours=25)) == 1
    assert where_is(*words) == set()
    assert broken_promises() == []


def test_what_others_have_stays_theirs() -> None:
    life = a_whole_life()
    erase_me(viewer=life.viewer, now=clock.now())
    lena = life.street.people["Lena"]
    trained = models.TrainedRole.objects.get(person=lena)
    assert models.TrainedRoleConfirmation.objects.filter(trained_role=trained).count() == 2
    assert models.Mandate.objects.filter(person=lena, ended_at=None).exists()
    lena.refresh_from_db()
    assert (lena.left_at, lena.invited_by_id) == (None, None)
    assert models.Circle.objects.get(name="Garden").closed_at is None
    life.others.refresh_from_db()
    assert life.others.state == "open"
    assert life.others.lead_id is None


def test_whoever_shares_the_group_is_asked_for_a_stand_in() -> None:
    life = a_whole_life()
    erase_me(viewer=life.viewer, now=clock.now())
    asked = Notice.objects.filter(topic__kind="stand-in")
    assert asked.exists()
    assert set(asked.values_list("path", flat=True)) == {"/n/linden/roles/"}


def test_a_last_keeper_is_not_kept_and_everybody_is_asked() -> None:
    ada, bo = cast.ada(), cast.bo()
    erase_me(viewer=cast.viewer(ada), now=clock.now())
    [told] = Notice.objects.filter(topic__kind="stand-in")
    assert told.recipient_id == bo.id


def test_their_own_call_is_closed_and_gone_and_nobody_is_told_that_all_is_well() -> None:
    life = a_whole_life()
    erase_me(viewer=life.viewer, now=clock.now())
    assert not alerts.Alert.objects.filter(id=life.own.id).exists()
    over = Notice.objects.filter(topic_id=life.own.news_topic_id, purpose="over")
    assert life.street.id("Lena") in set(over.values_list("recipient_id", flat=True))
    said = {words_of(one.text_id, one.text.words_guarded).title for one in over}
    assert said == {CLOSED.title}
    promised = " ".join(GOES)
    assert "is closed, and nobody is told that all is well" in promised
    assert "all clear" not in promised


def test_signed_in_nowhere_and_the_name_is_free(client: Client) -> None:
    life = a_whole_life()
    erase_me(viewer=life.viewer, now=clock.now())
    answer = life.browser.get(reverse("people:me", args=["linden"]))
    assert answer.status_code == 302
    cast.person(NAME)


def test_twice_is_the_same_as_once_for_the_program_and_nothing_for_a_person() -> None:
    life = a_whole_life()
    viewer = life.viewer
    erase_me(viewer=viewer, now=clock.now())
    with pytest.raises(NotHere):
        erase_me(viewer=viewer, now=clock.now())
    assert erase_the_buried(now=clock.now()) == 0
    assert len(tombstones.lines()) == 1


def test_a_copy_of_twenty_days_ago_does_not_bring_them_back(tmp_path: Path) -> None:
    life = a_whole_life()
    words = of(life)
    old = clock.now() - timedelta(days=20)
    with connection.cursor() as cursor:  # what it held was young then, and is over by now
        cursor.execute(
            "UPDATE notices_topic SET expires_at = %s WHERE kind = 'level'",
            [old + timedelta(days=3)],
        )
    safety_copy(tmp_path / "copy")
    erase_me(viewer=life.viewer, now=clock.now())
    with put_back(tmp_path / "copy"):
        assert where_is(words[0]) > {"people_person", "people_address"}
        happened("restored", now=clock.now())
        assert where_is(words[0]) == {"people_person"}
        assert where_is(*words[1:]) == set()
        assert not Notice.objects.filter(topic__expires_at__lt=clock.now()).exists()
        assert models.Person.objects.filter(name="Lena", left_at=None).exists()
        happened("restored", now=clock.now())
        assert broken_promises() == []


def test_a_kill_between_the_list_and_the_commit_is_finished_at_the_next_start() -> None:
    life = a_whole_life()
    tombstones.bury(kind=PERSON, thing_id=life.street.id(NAME), now=clock.now())
    assert erase_the_buried(now=clock.now()) == 1
    assert where_is(str(life.street.id(NAME))) == {"people_person"}


# ---------- the page ----------


def test_the_page_asks_for_the_password_says_what_goes_and_does_it() -> None:
    ada, bo = cast.ada(), cast.bo()
    browser = cast.signed_in(Client(), bo)
    path = reverse("people:erasing", args=["linden"])
    assert "This stays" not in browser.get(path).content.decode()
    sent = {"client_key": uuid4(), "password": "wrong"}
    assert browser.post(path, sent).status_code == 422
    assert browser.post(path, sent | {"erase": "now"}).status_code == 422
    browser.post(path, sent | {"password": cast.PASSWORD})
    shown = browser.get(path).content.decode()
    assert "This goes at once" in shown
    assert "This stays, and why" in shown
    assert "a mark that nobody can read back" in shown
    gone = browser.post(path, {"client_key": uuid4(), "erase": "now"})
    assert gone.status_code == 302
    assert "Everything about you is erased" in browser.get(gone["Location"]).content.decode()
    assert browser.get(path).status_code == 302
    assert models.Person.objects.get(id=bo.id).name == ""
    assert models.Person.objects.get(id=ada.id).name == "Ada"
