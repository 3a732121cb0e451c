"""The operator's commands: the demo, and every promise asked of the database."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from porchlight.home.rules.cast import DESCRIBED, PASSWORD
from porchlight.people import models
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings: Any, tmp_path: Path) -> Path:
    """A `var` of our own: removing the demo is remembered there."""
    settings.VAR = tmp_path
    return tmp_path


def said(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_demo_is_loaded_once_and_says_who_may_be_whom() -> None:
    first = said("demo", "--if-empty")
    assert all(one.name in first for one in DESCRIBED)
    assert PASSWORD in first
    assert "network here already" in said("demo", "--if-empty")
    assert "here already" in said("demo")
    assert "Removed the demo" in said("demo", "--remove")
    assert "no demo" in said("demo", "--remove")


def test_a_demo_that_was_removed_stays_away_until_somebody_asks_for_it() -> None:
    said("demo", "--if-empty")
    said("demo", "--remove")
    assert "was removed here" in said("demo", "--if-empty")
    assert not models.Network.objects.exists()
    assert "Loaded the demo" in said("demo")
    assert "network here already" in said("demo", "--if-empty")


def test_a_demo_that_is_asked_for_again_comes_by_itself_from_then_on(var: Path) -> None:
    said("demo", "--remove")
    said("demo")
    assert list(var.iterdir()) == []


def test_an_install_with_a_network_gets_no_demo_by_itself() -> None:
    cast.linden()
    assert "not loaded" in said("demo", "--if-empty")
    assert models.Network.objects.count() == 1


def test_the_demo_says_why_it_is_not_loaded() -> None:
    cast.linden()
    with pytest.raises(CommandError, match="A network of your own has the address"):
        said("demo")


def test_every_promise_holds_after_the_demo_is_loaded() -> None:
    said("demo")
    lines = said("invariants").splitlines()
    assert len(lines) > 10
    assert all(line.startswith("ok ") for line in lines)
    told = json.loads(said("invariants", "--json"))
    assert told["ok"] is True
    assert {promise["rows"] for promise in told["promises"]} == {0}


def test_a_broken_promise_is_named_with_its_rows() -> None:
    bo = cast.bo()
    cast.membership(bo, cast.circle())
    models.Person.objects.filter(id=bo.id).update(left_at=bo.joined_at)
    out = StringIO()
    with pytest.raises(CommandError) as broken:
        call_command("invariants", "--json", stdout=out)
    assert broken.value.returncode == 1
    told = {promise["name"]: promise for promise in json.loads(out.getvalue())["promises"]}
    assert told["nobody_stays_after_leaving"]["ok"] is False
    assert told["nobody_stays_after_leaving"]["rows"] == 1
    assert told["pods_hold_at_most_ten"]["ok"] is True
