"""Low areas speak up: everybody answers in order, and a no from one undoes all."""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module

import pytest
from django.db import transaction

from porchlight.kit import moments
from porchlight.kit.errors import Refusal
from porchlight.kit.models import KeyCheck

# By name: the list stands above every area.
MOMENTS: dict[str, list[str]] = import_module("porchlight.moments").MOMENTS
HERE = "porchlight.kit.tests.test_moments"


class Why(Enum):
    """Why not, in this test."""

    NO = "Not today."


def writes(name: str) -> str:
    KeyCheck.objects.create(name=name, check_value=b"x")
    return f"first {name}"


def refuses(name: str) -> None:
    raise Refusal(Why.NO)


def knows_nothing(name: str) -> None:
    return None


def knows(name: str) -> str:
    return f"second {name}"


@pytest.fixture(autouse=True)
def lists(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(MOMENTS, "good", [f"{HERE}.writes", f"{HERE}.knows"])
    monkeypatch.setitem(MOMENTS, "refused", [f"{HERE}.writes", f"{HERE}.refuses"])
    monkeypatch.setitem(MOMENTS, "asked", [f"{HERE}.knows_nothing", f"{HERE}.knows"])
    monkeypatch.setitem(MOMENTS, "silent", [])
    moments.answers_to.cache_clear()
    yield
    moments.answers_to.cache_clear()


@pytest.mark.django_db(transaction=True)
def test_a_no_from_one_answer_undoes_all_even_outside_a_transaction() -> None:
    with pytest.raises(Refusal):
        moments.happened("refused", name="a")
    assert not KeyCheck.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_catches_the_no_can_go_on_in_the_same_transaction() -> None:
    with transaction.atomic():
        KeyCheck.objects.create(name="before", check_value=b"x")
        with pytest.raises(Refusal):
            moments.happened("refused", name="a")
    assert [row.name for row in KeyCheck.objects.all()] == ["before"]


@pytest.mark.django_db
def test_all_answers_come_home_in_order() -> None:
    assert moments.collected("good", name="a") == ["first a", "second a"]
    assert moments.collected("silent", name="a") == []


def test_the_first_who_knows_answers() -> None:
    assert moments.asked("asked", name="a") == "second a"
    assert moments.asked("silent", name="a") is None


def test_a_moment_nobody_listed_is_a_mistake_with_a_name() -> None:
    for verb in (moments.happened, moments.collected, moments.asked):
        with pytest.raises(LookupError, match="«unheard»"):
            verb("unheard")
