"""The machine of the database dies while a wide notice goes out, and a standby takes its place."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from porchlight.notices.tests.local_gateway import LocalGateway
from tests.running.conftest import House, within
from tests.running.pair import Pair, ask, pair
from tests.running.teller import FIRST_NUMBER

pytestmark = [pytest.mark.running, pytest.mark.faults]

MANY, BEFORE_THE_END = 2000, 150
SENDING_AGAIN = 15.0
"""Seconds from the promotion to the next text: what is promised, not what it takes."""
UNDER_WAY = """
SELECT count(*) FROM notices_attempt a
 WHERE NOT EXISTS (SELECT FROM notices_outcome o WHERE o.attempt_id = a.id)
"""
LEFT = "SELECT count(*) FROM notices_delivery WHERE channel = 'sms' AND state <> ALL (%s)"
OVER = ["handed", "delivered", "cancelled"]
DOUBTED = "SELECT count(*) FROM notices_outcome WHERE state = 'in_doubt'"


@contextmanager
def teller(house: House, *what: str) -> Iterator["subprocess.Popen[str]"]:
    """Somebody who presses, beside us."""
    environment = dict(house.environment()) | {"DJANGO_SETTINGS_MODULE": "porchlight.settings"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.running.teller", *what],
        env=environment, cwd=house.checkout, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def answered(process: "subprocess.Popen[str]") -> list[tuple[str, str]]:
    """What they were told was done, once they are through."""
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return [tuple(json.loads(line)) for line in said.splitlines()]


@pytest.fixture
def two() -> Iterator[Pair]:
    with pair() as both:
        yield both


@pytest.mark.parametrize("worker_dies_too", [False, True])
def test_no_call_and_no_message_is_lost_when_the_primary_dies_and_the_standby_takes_over(
    house: House, two: Pair, worker_dies_too: bool
) -> None:
    with LocalGateway() as gateway:
        gateway.seconds_a_text = 0.05
        house.settings = gateway.environment() | {
            "DATABASE_URL": two.url,
            "PORCHLIGHT_PRIVATE_ADDRESSES": "127.0.0.1/32",
        }
        house.up()
        with teller(house, "prepare") as ready:
            answered(ready)
        with teller(house, "wide", str(MANY)) as wide, teller(house, "calls") as calls:
            assert gateway.wait_for(BEFORE_THE_END, 60)
            two.kill_primary()
            if worker_dies_too:
                house.kill("worker urgent")
            under_way = ask(two.standby, UNDER_WAY)
            taken = len(gateway.taken)
            two.promote()
            promoted = time.monotonic()
            assert gateway.wait_for(taken + 65, SENDING_AGAIN)  # more than calls that were open
            again_after = time.monotonic() - promoted
            done = answered(wide) + answered(calls)
        assert within(90, lambda: ask(two.standby, LEFT, [OVER]) == 0)
        assert within(30, house.answers)
    doubted = ask(two.standby, DOUBTED)
    print(
        f"noted: sending again {again_after:.1f} s after the promotion, "
        f"{under_way} under way at the end, {doubted} in doubt"
    )
    raised = [which for what, which in done if what == "call"]
    with psycopg.connect(**two.standby.parameters) as line:  # type: ignore[arg-type]
        kept = [str(row[0]) for row in line.execute("SELECT id FROM alerts_alert").fetchall()]
    assert sorted(kept) == sorted(raised)
    times = Counter(one.reference for one in gateway.taken)
    assert set(times.values()) == {1}
    to = Counter(one.to for one in gateway.taken)
    assert all(to[f"+{FIRST_NUMBER + each}"] == 1 for each in range(MANY))
    assert worker_dies_too <= doubted <= under_way
