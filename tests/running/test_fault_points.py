"""The worker, and the database behind it, die at every single boundary.

The web process itself dies at every statement of every deed in alerts' `test_kill_points`.
"""

import base64
import json
import os
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from porchlight.bench.sink import Sink
from porchlight.kit import postgres
from tests.running.conftest import CHECKOUT, clean_environment
from tests.running.dying import FIRST_NUMBER, MESSAGES

pytestmark = [pytest.mark.running, pytest.mark.faults]
LONGEST = 1500
AT_LEAST = 18
"""Boundaries: a worker that comes past fewer did not do what we meant."""


@pytest.fixture
def apart(place: Path) -> Iterator[dict[str, str]]:
    """The settings of a program on a server of its own, with its tables."""
    # As careful as a real one: a quick one forgets its last commits when one of its processes dies.
    with postgres.throwaway(is_durable=True) as database:
        environment = clean_environment() | {
            "DATABASE_URL": database.url,
            "DJANGO_SETTINGS_MODULE": "porchlight.settings",
            "PORCHLIGHT_MODE": "test",
            "PORCHLIGHT_VAR": str(place / "var"),
            "PORCHLIGHT_KEYS": "test:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "PYTHONPATH": str(CHECKOUT),
        }
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
        subprocess.run(migrate, env=environment, cwd=CHECKOUT, check=True)
        yield environment


def died(environment: dict[str, str], *what: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.running.dying", *what],
        env=os.environ | environment, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True,
        timeout=LONGEST, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


@pytest.mark.parametrize("victim", ["self", "database"])
def test_a_worker_or_its_database_dies_at_every_boundary_and_each_message_arrives_once(
    apart: dict[str, str], victim: str
) -> None:
    """The gateway can tell what it took, so nothing may arrive twice."""
    with Sink(expected=10**6, patience=LONGEST) as sink:
        found = died(apart | sink.gateway(), victim)
        times = Counter(stamp.number for stamp in sink.stop())
    print(f"noted: {found['points']} points, {found['in_doubt']} in doubt")
    assert found["wrong"] == []
    expected = range(FIRST_NUMBER, FIRST_NUMBER + found["told"] * MESSAGES)
    assert {number: times[number] for number in expected} == dict.fromkeys(expected, 1)
    assert found["points"] >= AT_LEAST
    # A worker that lives on knows what it sent, and writes it down as soon as it can.
    assert (found["in_doubt"] > 0) == (victim == "self")
