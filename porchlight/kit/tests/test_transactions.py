"""An action is one transaction: of its own, or part of the one that calls it."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from porchlight.kit.errors import NotHere
from porchlight.kit.models import KeyCheck
from porchlight.kit.transactions import after_commit, one_transaction


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


class Nameless:
    """Something to be called that has no name of its own, as a `partial` has none."""

    def __call__(self, name: str, *, is_broken: bool) -> None:
        if is_broken:
            raise ValueError("words of a row")
        keep(name)


@pytest.mark.django_db(transaction=True)
def test_what_breaks_after_a_commit_breaks_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    """Found by killing the database there: the worker took what was written for lost, and ended."""
    with transaction.atomic():
        keep("a")
        after_commit(Nameless(), "b", is_broken=True)
        after_commit(Nameless(), "c", is_broken=False)
        assert kept() == {"a"}
    assert kept() == {"a", "c"}
    assert "Nameless" in caplog.text
    assert "ValueError" in caplog.text
    assert "words of a row" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_nothing_is_done_after_what_was_undone() -> None:
    with pytest.raises(NotHere), transaction.atomic():
        after_commit(Nameless(), "d", is_broken=False)
        raise NotHere
    assert kept() == set()
