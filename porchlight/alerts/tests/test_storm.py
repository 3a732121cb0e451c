"""Five thousand replies to one call, from four doors at once, many of them twice."""

import random
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from uuid import uuid4

import pytest
from django.db import connection

from porchlight.alerts import models
from porchlight.alerts.rules.states import RUNNING, Standing
from porchlight.alerts.tests.scene import Scene, call, scene
from porchlight.kit import clock
from porchlight.notices.actions import receive_text
from porchlight.notices.models import IncomingText
from porchlight.notices.tests.test_outbox import broken_promises
from tests.database import commit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

REPLIES, DOORS = 5000, 4
NAMES = ("Sofie", "Amir", "Rosa", "Hana", "Omar", "Jan", "Bea", "Nils", "Nora")
SAID = ("1", "1 8", "2", "yes", "no", "👍", "on my way with the car")


@pytest.fixture
def street() -> Scene:
    return scene()


def test_five_thousand_replies_are_each_kept_once_and_the_count_stays_true(street: Scene) -> None:
    """One number replies six hundred times, strangers among them, a gateway repeats itself."""
    dice = random.Random(commit())
    phones = [street.phone(name) for name in NAMES]
    phones += [f"+3165555{each:04}" for each in range(40)]
    alert = call(street, is_wide=True)
    texts = [
        (str(uuid4()), phones[0] if each < 600 else dice.choice(phones), dice.choice(SAID))
        for each in range(REPLIES * 9 // 10)
    ]
    texts += dice.sample(texts, REPLIES - len(texts))
    dice.shuffle(texts)

    def door(mine: list[tuple[str, str, str]]) -> int:
        try:
            for provider_id, number, said in mine:
                receive_text(
                    network_id=street.pod.network_id, channel="sms", provider_id=provider_id,
                    address_value=number, text=said, now=clock.now(),
                )  # fmt: skip
        finally:
            connection.close()
        return len(mine)

    began = monotonic()
    parts = [texts[each::DOORS] for each in range(DOORS)]
    with ThreadPoolExecutor(DOORS) as threads:
        taken = list(threads.map(door, parts))
    print(f"noted: {REPLIES} replies in {monotonic() - began:.0f} s")
    assert taken == [len(part) for part in parts]
    assert IncomingText.objects.count() == len({one[0] for one in texts})
    assert models.Alert.objects.get(state__in=RUNNING).id == alert.id
    asked = models.Invitation.objects.filter(alert=alert)
    seats = list(asked.exclude(seat=None).values_list("seat", flat=True))
    coming = asked.filter(standing=Standing.COMING).count()
    assert len(seats) == len(set(seats))
    assert coming == len(seats) <= alert.wanted
    assert broken_promises() == []
