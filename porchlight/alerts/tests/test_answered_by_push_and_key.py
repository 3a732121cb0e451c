"""A call for help answered by a push's button and by a key of the phone, through their doors."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.alerts import models
from porchlight.alerts.rules.states import EndedHow, Standing
from porchlight.alerts.tests.scene import Scene, call, ended, says, scene, standing
from porchlight.notices.models import Delivery
from porchlight.notices.queries.words import push_token
from porchlight.notices.tests.test_gateway_doors import OUTSIDE, SECRET, tell_form
from porchlight.people import models as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    return scene()


def tap(alert: models.Alert, name: str, said: str) -> int:
    """One button of the push on somebody's phone: no cookie goes along."""
    row = models.Invitation.objects.get(alert=alert, person__name=name)
    address = reverse("notices:tap", args=[push_token(row.notice_id)])
    return Client(enforce_csrf_checks=True).post(address, {"answer": said}).status_code


@pytest.mark.parametrize(
    ("said", "stands"),
    [("coming", Standing.COMING), ("cant", Standing.CANT), ("remote", Standing.REMOTE)],
)
def test_a_pushs_button_answers_the_call_once(street: Scene, said: str, stands: Standing) -> None:
    alert = call(street)
    assert tap(alert, "Sofie", said) in {200, 204}
    assert standing(alert, "Sofie") == stands
    tap(alert, "Sofie", said)
    lines = models.AlertEvent.objects.filter(alert=alert, verb=said, actor_id=street.id("Sofie"))
    assert lines.count() == 1


def test_a_button_tapped_after_the_end_says_so_and_nobody_is_on_the_way(street: Scene) -> None:
    alert = call(street)
    says(street, alert, "Rosa")
    ended(street, alert, EndedHow.ALL_CLEAR)
    tap(alert, "Sofie", "coming")
    assert standing(alert, "Sofie") == Standing.ASKED


@pytest.fixture
def gateway(settings: Any) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = OUTSIDE, False
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", secret=SECRET, sender="+31201234567", calls_from="+31201234567"
    )


def rung(street: Scene, name: str) -> Delivery:
    """Somebody whose phone rings for it."""
    street.phone(name)
    people.Address.objects.filter(person=street.people[name]).update(may_text=False)
    call(street)
    return Delivery.objects.get(channel="voice", notice__recipient_id=street.id(name))


def pressed(delivery: Delivery, key: str) -> str:
    answer = tell_form(reverse("notices:call-key", args=[delivery.id]), {"Digits": key})
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("key", "stands"), [("1", Standing.COMING), ("2", Standing.CANT), ("3", Standing.REMOTE)]
)
def test_a_key_of_the_phone_answers_the_call(
    street: Scene, gateway: None, key: str, stands: Standing
) -> None:
    delivery = rung(street, "Sofie")
    alert = models.Alert.objects.get()
    assert "Thank you" in pressed(delivery, key)
    assert standing(alert, "Sofie") == stands
    assert models.Invitation.objects.get(alert=alert, person__name="Sofie").channel == "voice"


def test_a_key_that_means_nothing_reads_it_out_again(street: Scene, gateway: None) -> None:
    delivery = rung(street, "Sofie")
    assert "press 1" in pressed(delivery, "9")
    assert standing(models.Alert.objects.get(), "Sofie") == Standing.ASKED
