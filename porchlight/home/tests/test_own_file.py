"""One's own file holds something of every table that knows a person, or says why not."""

import base64
import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from porchlight.alerts.models import AlertWords
from porchlight.alerts.rules.names import PURPOSES
from porchlight.alerts.tests.scene import call
from porchlight.home.tests.lives import MAIL, NAME, PHONE, a_whole_life
from porchlight.kit import vault
from porchlight.people import models
from porchlight.people.tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mail_goes_out")]

THEIRS = "It is what somebody else did or said; telling it would name them."
MADE = "It stands with the thing itself, which has its own line."
GUESTS = "Whoever asks through the desk has no account, and so no file."
ANSWERED: dict[str, str] = {
    "people_person.invited_by": THEIRS,
    "people_login.person": "A scramble of the password; nobody can read it.",
    "people_invite.inviter": "invites",
    "people_invite.used_by": THEIRS,
    "people_joinrequest.decided_by": "what_i_did",
    "people_resetrequest.person": "new_ways_in.i_asked",
    "people_resetapproval.keeper": "new_ways_in.i_met_somebody_at",
    "people_address.person": "ways_to_be_reached",
    "people_codesent.person": "That a code was sent; the address has its own line.",
    "people_alertkey.person": "phones",
    "people_membership.person": "circles",
    "people_membershipask.person": "asks_to_join",
    "people_membershipask.asked_by": "asks_to_join",
    "people_membershipask.answered_by": "what_i_did",
    "people_buddy.asker": "buddies",
    "people_buddy.asked": "buddies",
    "people_buddyseat.person": MADE,
    "people_mandate.person": "roles",
    "people_mandate.given_by": "what_i_did",
    "people_trainedrole.person": "trained_roles",
    "people_trainedroleconfirmation.by": "trainings_i_confirmed",
    "people_block.blocker": "blocks",
    "people_block.blocked": THEIRS,
    "people_hello.person": "said_hello_on",
    "people_place.person": "places",
    "people_reach.person": MADE,
    "people_oncall.person": "on_call",
    "people_askedon.person": "asked_for_help.days",
    "trust_vouch.voucher": "vouches",
    "trust_vouch.vouched": THEIRS,
    "trust_disclosure.owner": "who_may_see_my_words",
    "trust_disclosure.reader": "shown_to_me",
    "trust_countersignature.person": "i_said_yes",
    "trust_report.reporter": "something_went_wrong",
    "trust_report.taken_by": THEIRS,
    "trust_reportreceiver.person": THEIRS,
    "trust_paperchoice.person": "paper_of_my_pod",
    "alerts_alert.raised_by": "calls_for_help.mine",
    "alerts_alert.subject": THEIRS,
    "alerts_alert.lead": "calls_for_help.i_was_asked",
    "alerts_invitation.person": "calls_for_help.i_was_asked",
    "alerts_alertupdate.person": "calls_for_help.lines_i_wrote",
    "alerts_alerttask.ring": THEIRS,
    "alerts_alerttask.taken_by": "calls_for_help.tasks_i_took",
    "alerts_checkin.person": "calls_for_help.left_out",
    "alerts_checkinperson.person": THEIRS,
    "alerts_endnumbers.person": "calls_for_help.left_out",
    "alerts_handover.contact": THEIRS,
    "alerts_handover.rung_by": THEIRS,
    "alerts_safeperson.person": "calls_for_help.left_out",
    "alerts_safeperson.chosen": THEIRS,
    "alerts_alertchoice.person": "calls_for_help.choices",
    "alerts_doorpause.person": "calls_for_help.doors_paused",
    "sharing_need.asker": "needs.i_asked_for",
    "sharing_match.helper": "needs.i_promised",
    "sharing_offer.helper": "needs.i_offered",
    "sharing_proposal.helper": "needs.i_was_asked",
    "sharing_digestchoice.person": "needs.figures_by_mail_until",
    "sharing_desknote.by": "needs.my_notes_at_the_desk",
    "sharing_intake.guest": GUESTS,
}
"""Each column that names a person: where it is in the file, or a sentence that says why not."""


def columns() -> set[str]:
    return {
        f"{model._meta.db_table}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("porchlight.")
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is models.Person
    }


def file_of(who: models.Person) -> zipfile.ZipFile:
    browser = cast.signed_in(Client(), who)
    path = reverse("people:export", args=["linden"])
    browser.post(path, {"client_key": uuid4(), "password": cast.PASSWORD})
    return zipfile.ZipFile(io.BytesIO(browser.get(path).content))


def at(found: Any, place: str) -> Any:
    for word in place.split("."):
        found = found[word]
    return found


def test_every_column_that_names_a_person_is_answered() -> None:
    assert columns() == ANSWERED.keys()


def test_the_file_holds_it_and_nothing_that_is_only_others() -> None:
    life = a_whole_life()
    held = file_of(life.street.people[NAME])
    text = held.read("everything.json").decode()
    found = json.loads(text)
    for place in {one for one in ANSWERED.values() if " " not in one}:
        assert at(found, place), f"nothing at {place}"
    assert {MAIL, PHONE} <= {way["address"] for way in found["ways_to_be_reached"]}
    assert len(found["signed_in"]) == 2
    assert found["news"]
    for id in (life.street.id("Lena"), life.street.id("Amir")):
        assert str(id) not in text


def test_a_picture_comes_as_a_file() -> None:
    life = a_whole_life()
    alert = call(life.street, by=NAME)
    jpeg = b"\xff\xd8\xff picture"
    AlertWords.objects.filter(alert=alert).update(
        picture_guarded=vault.guard(
            base64.b64encode(jpeg).decode(), purpose=PURPOSES["picture"], whose=alert.id
        )
    )
    held = file_of(life.street.people[NAME])
    [path] = [name for name in held.namelist() if name.startswith("files/")]
    assert held.read(path) == jpeg
    mine = json.loads(held.read("everything.json"))["calls_for_help"]["mine"]
    assert [one["picture"] for one in mine if "picture" in one] == [path]
