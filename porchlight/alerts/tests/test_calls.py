"""Calls to our number: who is known is asked, 1 calls for help, and once."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection

from porchlight.alerts import models
from porchlight.alerts.actions.calls import take_call
from porchlight.alerts.rules.call_words import digit_by_digit
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.tests.scene import Scene, asked, call, ended, scene
from porchlight.kit import clock
from porchlight.notices.models import Delivery, IncomingText, StrangeCalls
from porchlight.notices.tests.test_gateway_doors import OUTSIDE, SECRET, spoken_in, tell_form
from porchlight.people.models import Network
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

RING_THEM = "Life in danger: ring 1, 1, 2."


@pytest.fixture
def street(db: None, settings: Any) -> Iterator[Scene]:
    yield here(settings)


def here(settings: Any) -> Scene:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = OUTSIDE, False
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", secret=SECRET, sender="+31201234567", calls_from="+31201234567"
    )
    made = scene()
    Network.objects.update(emergency_number="112")
    return made


def ring(value: str, key: str = "", call_id: str = "CA1") -> list[str]:
    """What somebody hears who rings from this phone, or presses a key."""
    form = {"CallSid": call_id, "From": value} | ({"Digits": key} if key else {})
    answer = tell_form(f"/gateway/twilio/call/{'key/' if key else ''}", form)
    assert answer.status_code == 200
    heard = spoken_in(ElementTree.fromstring(answer.content))
    return list(dict.fromkeys(heard))


def test_a_known_phone_is_asked_and_one_calls_for_help(street: Scene) -> None:
    lena = street.phone("Lena")
    assert ring(lena) == [
        "Do you need people now?", "Press 1, and your neighbours hear of it.", RING_THEM,
    ]  # fmt: skip
    assert not models.Alert.objects.exists()
    assert ring(lena, "1") == ["Your neighbours hear of it now.", RING_THEM]
    [alert] = models.Alert.objects.all()
    assert (alert.kind, alert.raised_by_id) == (Kind.OTHER, street.id("Lena"))
    assert alert.due_at == alert.created_at
    assert "Sofie" in asked(alert)
    assert Delivery.objects.exists()


@pytest.mark.parametrize("key", ["2", "9", "#"])
def test_another_key_asks_again_and_calls_nobody(street: Scene, key: str) -> None:
    assert ring(street.phone("Lena"), key)[0] == "Do you need people now?"
    assert not models.Alert.objects.exists()


def test_its_owner_hears_it_in_their_language(street: Scene) -> None:
    lena = street.people["Lena"]
    type(lena).objects.filter(id=lena.id).update(language="es")
    assert ring(street.phone("Lena"), "1")[1] == "Vida en peligro: llama al 1, 1, 2."


def test_a_stranger_hears_whom_to_ring_and_starts_nothing(street: Scene) -> None:
    for key in ("", "1"):
        assert RING_THEM in ring("+31699999999", key)
    assert not models.Alert.objects.exists()
    assert not IncomingText.objects.exists()
    assert StrangeCalls.objects.get().many == 1


def test_the_same_press_told_twice_or_late_is_one_alert(street: Scene) -> None:
    lena = street.phone("Lena")
    for _ in range(3):
        assert ring(lena, "1")[0] == "Your neighbours hear of it now."
    [alert] = models.Alert.objects.all()
    ended(street, alert, EndedHow.ALL_RIGHT)
    assert models.Alert.objects.count() == 1
    assert ring(lena, "1", call_id="CA2")[0] == "Your neighbours hear of it now."
    assert models.Alert.objects.count() == 2


@pytest.mark.parametrize(
    ("how", "heard"),
    [(EndedHow.ALL_CLEAR, "All clear. Thank you"), (EndedHow.ALL_RIGHT, "All clear. Thank you"),
     (EndedHow.FOUND, "All clear. Thank you"), (EndedHow.DIED, RING_THEM),
     (EndedHow.TOO_OLD, "A call for people is closed"),
     (EndedHow.LEFT, "A call for people is closed")],
)  # fmt: skip
def test_a_press_told_late_hears_how_it_ended(street: Scene, how: EndedHow, heard: str) -> None:
    lena = street.phone("Lena")
    ring(lena, "1")
    ended(street, models.Alert.objects.get(), how)
    assert list(dict.fromkeys(ring(lena, "1"))) == list(dict.fromkeys([heard, RING_THEM]))


def test_who_has_nobody_to_ask_hears_so(street: Scene) -> None:
    street.people["Zoe"] = cast.person("Zoe")
    assert ring(street.phone("Zoe"), "1") == ["Nobody was asked. Knock next door.", RING_THEM]
    assert not models.Alert.objects.exists()


def test_who_has_three_calls_open_hears_that_they_were_asked(street: Scene) -> None:
    call(street, Kind.HURT)
    call(street, Kind.FIRE)
    models.Alert.objects.filter(kind=Kind.FIRE).update(kind=Kind.HURT)
    call(street, Kind.FIRE)  # the same kind within two minutes would be the same call
    assert models.Alert.objects.count() == 3
    assert ring(street.phone("Lena"), "1")[0] == "Your neighbours were asked already."
    assert models.Alert.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_the_same_press_told_at_once_is_one_alert(transactional_db: None, settings: Any) -> None:
    street = here(settings)
    lena, network_id, now = street.phone("Lena"), street.pod.network_id, clock.now()

    def press() -> None:
        try:
            take_call(
                network_id=network_id, channel="sms", address_value=lena, call_id="CA1", key="1",
                now=now,
            )  # fmt: skip
        finally:
            connection.close()

    at_once(*[press] * 4)
    assert models.Alert.objects.count() == 1


@pytest.mark.parametrize(("number", "read"), [("112", "1, 1, 2"), ("0 800-1", "0, 8, 0, 0, 1")])
def test_a_number_is_read_digit_by_digit(number: str, read: str) -> None:
    assert digit_by_digit(number) == read
