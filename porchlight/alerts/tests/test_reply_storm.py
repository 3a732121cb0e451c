"""Five thousand texts in a row while a call runs: each is kept once, and answers still count."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from porchlight.alerts import models
from porchlight.alerts.rules.states import AlertState, Standing
from porchlight.alerts.tests.scene import Scene, call, scene, standing
from porchlight.kit import clock
from porchlight.notices.actions import outbox
from porchlight.notices.models import Delivery, IncomingText
from porchlight.notices.queries.words import index_of
from porchlight.notices.rules import Lane
from porchlight.notices.tests.local_gateway import OUR_NUMBER, SECRET
from porchlight.notices.tests.test_gateway_doors import OUTSIDE, tell_form
from porchlight.people.tests.promises import broken_promises

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

ASKED = ("Sofie", "Amir", "Rosa", "Hana", "Omar", "Jan", "Bea")
LAST = {"Sofie": "1", "Amir": "1 8", "Rosa": "2", "Hana": "3", "Omar": "1", "Jan": "2", "Bea": "1"}
"""What each texts last, in the midst of it all."""
SAID = ("1", "1 8", "2", "3", "who is it?", "ok", "1 of us fell", "0")
TEXTS = 5_000
AT_ONCE = 8


@pytest.fixture
def street() -> Scene:
    return scene()


def arrive(number: str, text: str, provider_id: str) -> int:
    """One signed message of the gateway, through its door."""
    form = {"MessageSid": provider_id, "From": number, "To": OUR_NUMBER, "Body": text}
    return int(tell_form("/gateway/twilio/text/", form).status_code)


def all_of(texts: list[tuple[str, str, str]]) -> Counter[int]:
    """Every text, eight at a time; how the door answered."""

    def one(text: tuple[str, str, str]) -> int:
        try:
            return arrive(*text)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(one, texts))


def test_five_thousand_texts_while_a_call_runs(street: Scene, settings: Settings) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = OUTSIDE, False
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", secret=SECRET, sender=OUR_NUMBER, calls_from=OUR_NUMBER
    )
    chance = random.Random(5_000)
    numbers = {name: street.phone(name) for name in ASKED}
    alert = call(street)
    now, worker = clock.now(), uuid4()
    ids = outbox.claim(lane=Lane.URGENT, channel="sms", worker=worker, limit=500, now=now)
    outbox.begin(delivery_ids=ids, worker=worker, now=now)
    strangers = [f"+4479460{n:05}" for n in range(400)]
    texts = [
        (chance.choice([*numbers.values(), *strangers]), chance.choice(SAID), f"SM{n}")
        for n in range(TEXTS // 2)
    ]
    texts += texts  # each comes twice, and the two at any moment
    chance.shuffle(texts)
    began = monotonic()
    answers = all_of(texts)
    took = monotonic() - began
    print(f"noted: {TEXTS / took:.0f} texts a second")
    assert answers == {200: TEXTS}
    assert IncomingText.objects.count() == TEXTS // 2
    for name, said in LAST.items():  # after the storm everybody is still heard
        assert arrive(numbers[name], said, f"last-{name}") == 200
    assert {name: standing(alert, name) for name in ("Rosa", "Hana", "Jan")} == {
        "Rosa": Standing.CANT, "Hana": Standing.REMOTE, "Jan": Standing.CANT,
    }  # fmt: skip
    coming = {name for name in ASKED if standing(alert, name) == Standing.COMING}
    assert coming == {"Sofie", "Amir", "Omar", "Bea"}
    alert.refresh_from_db()
    assert alert.state in {AlertState.OPEN, AlertState.ENOUGH}
    for number in numbers.values():
        asked_and_replies = Delivery.objects.filter(address_index=index_of("sms", number))
        assert asked_and_replies.count() <= 12
    for number in strangers:
        assert not Delivery.objects.filter(address_index=index_of("sms", number)).exists()
    outbox.end_leases(lane=Lane.URGENT, now=clock.now())  # as a worker does each second
    assert models.Invitation.objects.filter(alert=alert).count() == len(
        set(models.Invitation.objects.filter(alert=alert).values_list("person_id"))
    )
    assert broken_promises() == []
