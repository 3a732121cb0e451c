"""«Who can see what» names everything that is kept of people: a new table without words fails."""

import pytest
from django.test import Client

from porchlight.home.tests.test_own_file import columns
from porchlight.home.tests.test_words import said
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
ASKED = "Who asked to be let in, to be a buddy or for a new way to sign in"
A_CALL = "what each answered and did, and when"
OFFERED = "What you offered to do for neighbours"
ASKED_FOR = "What you asked neighbours for and what you promised"
CHOSEN = "What you chose beforehand for your own calls and the morning after them"
DEVICES = "Since when a device of yours is signed in"
INVITED = "Who invited whom, who said “I know this person”, and who is kept apart"
TRAINED = "Your trainings, and who confirmed them"
ROLES = "Which groups and pod you are in, and your roles"
SENT = "That something was sent to you"
DID = "A list of who did what"
WENT_WRONG = "That you said something went wrong"
SAID = {
    "alerts_alert": A_CALL,
    "alerts_alertchoice": CHOSEN,
    "alerts_alerttask": A_CALL,
    "alerts_alertupdate": A_CALL,
    "alerts_checkin": "That you asked to be seen home",
    "alerts_checkinperson": "That you asked to be seen home",
    "alerts_doorpause": "who may not be shown doors",
    "alerts_endnumbers": "Whether you end things with a number",
    "alerts_handover": "who looks in on you afterwards",
    "alerts_invitation": A_CALL,
    "alerts_safeperson": "whom to tell when you don't feel safe",
    "people_address": "Your ways to be reached",
    "people_alertkey": DEVICES,
    "people_askedon": "On which days you were asked to come",
    "people_block": INVITED,
    "people_buddy": ASKED,
    "people_buddyseat": ASKED,
    "people_codesent": SENT,
    "people_hello": "That you said hello today",
    "people_invite": INVITED,
    "people_joinrequest": ASKED,
    "people_login": "Your name as you typed it",
    "people_mandate": ROLES,
    "people_membership": ROLES,
    "people_membershipask": ASKED,
    "people_oncall": "At which hours you are on call for everybody here",
    "people_person": "Your name as you typed it, and the languages you read",
    "people_place": "Your places and usual ways",
    "people_reach": "At which hours of the week you are near which place",
    "people_resetapproval": ASKED,
    "people_resetrequest": ASKED,
    "people_trainedrole": TRAINED,
    "people_trainedroleconfirmation": TRAINED,
    "sharing_desknote": "Who wrote the note at the desk",
    "sharing_digestchoice": "Who wants the week's figures by mail",
    "sharing_intake": "That somebody asked through the desk",
    "sharing_match": ASKED_FOR,
    "sharing_need": ASKED_FOR,
    "sharing_offer": OFFERED,
    "sharing_proposal": OFFERED,
    "trust_countersignature": DID,
    "trust_disclosure": "Who may see whose address and words",
    "trust_paperchoice": "What of yours stands on your pod's paper",
    "trust_report": WENT_WRONG,
    "trust_reportreceiver": WENT_WRONG,
    "trust_vouch": INVITED,
}
"""Each table with a column that names a person: the words that say so on the page."""


def test_every_table_that_names_people_stands_on_the_page(client: Client) -> None:
    cast.linden()
    page = said(client, "/n/linden/limits/").replace("&#x27;", "'").replace("’", "'")
    assert SAID.keys() == {column.partition(".")[0] for column in columns()}
    assert {table for table, words in SAID.items() if words not in page} == set()
    assert SENT in page
