"""The demo's page of phones shows a call for help as each phone got it, and answers it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape

from porchlight.alerts import models
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.tests.scene import SECRETS, Scene, call, ended, scene, standing
from porchlight.kit import clock
from porchlight.notices.models import DemoPhone
from porchlight.notices.queries.words import link_token
from porchlight.notices.rules.texting import segments
from porchlight.people.actions.addresses import put_made_up_phone
from porchlight.people.models import Network
from porchlight.people.queries.signing_in import as_network
from tests.test_notices_doors import arrive

pytestmark = pytest.mark.django_db
POD = ("Sofie", "Amir", "Rosa", "Jan")


@pytest.fixture
def street(settings: Any) -> Scene:
    """Lena's pod on made-up phones, and hers."""
    settings.IS_DEMO = True
    found = scene()
    Network.objects.update(is_demo=True)
    network = as_network(Network.objects.get())
    for name in ("Lena", *POD):
        put_made_up_phone(network=network, person=found.people[name], now=clock.now())
    return found


def phone_of(name: str) -> DemoPhone:
    return DemoPhone.objects.get(label=name)


def shown(name: str) -> str:
    """The page of somebody's phone; whoever looks need not be anybody."""
    page = Client().get("/phones/", {"phone": str(phone_of(name).id)})
    assert page.status_code == 200
    return str(page.content.decode())


def write(name: str, text: str) -> None:
    """Tap an answer on that phone, or write it."""
    path = f"/phones/{phone_of(name).id}/write/"
    sent = Client().post(path, {"client_key": str(uuid4()), "text": text})
    assert sent.status_code == 302, sent.content


def calls(street: Scene) -> models.Alert:
    alert = call(street)
    arrive(clock.now())
    return alert


def test_every_phone_of_the_pod_shows_it_and_the_very_words_of_a_text(street: Scene) -> None:
    alert = calls(street)
    for name in POD:
        page = shown(name)
        [words] = re.findall(r"<dt>Text</dt><dd[^>]*>([^<]*)</dd>", page)[:1]
        notice = models.Invitation.objects.get(alert=alert, person__name=name).notice_id
        assert f"/a/{link_token(notice)}/" in words
        assert segments(words) == 1
        assert "Lena" not in words
        assert not any(secret in page for secret in SECRETS)
        assert escape("To hear it again, press 9.") in page


def titles(name: str) -> list[str]:
    """What arrived on somebody's phone, the newest first."""
    return re.findall(r"<h3[^>]*>([^<]*)</h3>", shown(name))


@pytest.mark.parametrize(
    ("text", "stands", "heard"),
    [
        ("1", "coming", "Somebody is on the way"),
        ("1 8", "coming", "Somebody is on the way"),
        ("2", "cant", None),
        ("3", "remote", None),
    ],
)
def test_a_phone_answers_it_and_the_asker_hears(
    street: Scene, text: str, stands: str, heard: str | None
) -> None:
    alert = calls(street)
    write("Sofie", text)
    assert standing(alert, "Sofie") == stands
    arrive(clock.now())
    assert titles("Lena")[:1] == ([heard] if heard else [])


def test_all_clear_shows_on_every_phone_that_rang(street: Scene) -> None:
    alert = calls(street)
    write("Sofie", "1")
    ended(street, alert, EndedHow.ALL_CLEAR)
    arrive(clock.now())
    assert {name: titles(name)[0] for name in POD} == dict.fromkeys(POD, "All clear. Thank you")
