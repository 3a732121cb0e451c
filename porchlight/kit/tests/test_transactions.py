"""An action is one transaction: of its own, or part of the one that calls it."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from porchlight.kit.errors import NotHere
from porchlight.kit.models import KeyCheck
from porchlight.kit.transactions import one_transaction


@one_transaction
def keep(name: str, *, is_refused: bool = False) -> None:
    KeyCheck.objects.create(name=name, check_value=b"x")
    if is_refused:
        raise NotHere


@one_transaction
def keep_two(one: str, other: str, *, is_refused: bool = False) -> None:
    keep(one)
    keep(other, is_refused=is_refused)


def kept() -> set[str]:
    return set(KeyCheck.objects.values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
def test_all_is_kept_or_nothing() -> None:
    keep_two("a", "b")
    assert kept() == {"a", "b"}
    with pytest.raises(NotHere):
        keep_two("c", "d", is_refused=True)
    assert kept() == {"a", "b"}


@pytest.mark.django_db(transaction=True)
def test_an_action_within_another_costs_no_word_more() -> None:
    with CaptureQueriesContext(connection) as asked:
        keep_two("a", "b")
    begun = [one["sql"].split()[0] for one in asked]
    assert begun == ["BEGIN", "INSERT", "INSERT", "COMMIT"]


@pytest.mark.django_db(transaction=True)
def test_whoever_goes_on_after_a_no_without_saying_so_gets_nowhere() -> None:
    with transaction.atomic():
        keep("a")
        with pytest.raises(NotHere):
            keep("b", is_refused=True)
        with pytest.raises(TransactionManagementError):
            kept()
    assert kept() == set()


@pytest.mark.django_db(transaction=True)
def test_whoever_says_so_loses_only_what_was_refused() -> None:
    with transaction.atomic():
        keep("a")
        with pytest.raises(NotHere), transaction.atomic():
            keep_two("b", "c", is_refused=True)
        keep("d")
    assert kept() == {"a", "d"}


@pytest.mark.django_db
def test_what_a_test_puts_around_it_is_no_action() -> None:
    with pytest.raises(NotHere):
        keep("a", is_refused=True)
    assert kept() == set()


def test_it_is_still_called_as_it_was() -> None:
    assert keep.__name__ == "keep" and keep.__module__ == __name__
