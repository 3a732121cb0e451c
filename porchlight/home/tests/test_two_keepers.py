"""«Two keepers» are two who kept before it was asked: nobody makes the second one for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.home.actions.ending import say_it_ends, say_it_stays
from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.people import models
from porchlight.people.actions.lockdown import begin_lockdown, end_lockdown
from porchlight.people.actions.resets import ask_for_reset, say_i_saw_them
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.mandates import SETTLES_AFTER, Why
from porchlight.people.tests import cast
from porchlight.trust.actions.deaths import say_died, say_not_died
from porchlight.trust.actions.lockdown import lock_everything, open_everything
from porchlight.trust.models import Countersign

pytestmark = pytest.mark.django_db
A_MINUTE = timedelta(minutes=1)
Act = Callable[[models.Person, datetime], object]


def keeper_since(name: str, since: datetime) -> models.Person:
    """Somebody of Ada's group, who keeps by a decision since then."""
    made = cast.person(name)
    cast.membership(made, models.Circle.objects.get(name="Tree group"))
    mandate = cast.mandate(made)
    models.Mandate.objects.filter(id=mandate.id).update(
        source_kind="decision", created_at=since, until_at=since + cast.A_YEAR
    )
    return made


@pytest.fixture
def ada() -> models.Person:
    """Ada keeps Linden Street since long ago, in one group with Bo."""
    ada, bo = cast.ada(), cast.bo()
    group = cast.circle("Tree group", "committee")
    for one in (ada, bo):
        cast.membership(one, group)
    return ada


def bo_id() -> UUID:
    return models.Person.objects.get(name="Bo").id


def ends(who: models.Person, now: datetime) -> None:
    say_it_ends(viewer=cast.viewer(who, now), now=now)


def bo_died(who: models.Person, now: datetime) -> None:
    say_died(viewer=cast.viewer(who, now), person_id=bo_id(), now=now)


def bo_did_not_die(who: models.Person, now: datetime) -> None:
    if not models.Person.objects.filter(id=bo_id(), hushed_at__isnull=False).exists():
        models.Person.objects.filter(id=bo_id()).update(hushed_at=now - A_MINUTE)
    say_not_died(viewer=cast.viewer(who, now), person_id=bo_id(), now=now)


def saw_bo(who: models.Person, now: datetime) -> None:
    network = as_network(who.network)
    ask_for_reset(network=network, name="Bo", source="test", client_key=uuid4(), now=now)
    request = models.ResetRequest.objects.get(person_id=bo_id())
    say_i_saw_them(viewer=cast.viewer(who, now), request_id=request.id, client_key=uuid4(), now=now)


def unlock(who: models.Person, now: datetime) -> None:
    begin_lockdown(network_id=who.network_id, by=[who.id], now=now)
    open_everything(viewer=cast.viewer(who, now), now=now)


def lock_again(who: models.Person, now: datetime) -> None:
    if not models.Lockdown.objects.exists():
        begin_lockdown(network_id=who.network_id, by=[who.id], now=now - A_MINUTE)
        end_lockdown(network_id=who.network_id, by=who.id, now=now - A_MINUTE)
    lock_everything(viewer=cast.viewer(who, now), now=now)


ACTS = [ends, bo_died, bo_did_not_die, saw_bo, unlock, lock_again]


def is_done(act: Act) -> bool:
    if act is saw_bo:
        return models.ResetApproval.objects.count() == 2
    return Countersign.objects.filter(done_at__isnull=False).exists()


@pytest.mark.parametrize("act", ACTS)
def test_a_keeper_of_less_than_two_days_is_not_the_second(ada: models.Person, act: Act) -> None:
    now = clock.now()
    new = keeper_since("New", now - SETTLES_AFTER + A_MINUTE)
    act(ada, now)
    with pytest.raises(Refusal) as no:
        act(new, now)
    assert no.value.why is Why.TOO_NEW
    assert not is_done(act)


@pytest.mark.parametrize("act", ACTS)
def test_a_keeper_of_two_days_is_the_second(ada: models.Person, act: Act) -> None:
    now = clock.now()
    other = keeper_since("Other", now - SETTLES_AFTER)
    act(ada, now)
    act(other, now)
    assert is_done(act)


@pytest.mark.parametrize("act", ACTS)
def test_nor_does_a_new_keeper_ask_for_it(ada: models.Person, act: Act) -> None:
    now = clock.now()
    new = keeper_since("New", now - A_MINUTE)
    with pytest.raises(Refusal) as no:
        act(new, now)
    assert no.value.why is Why.TOO_NEW


@pytest.mark.parametrize("act", [ends, bo_died])
def test_whoever_became_keeper_after_it_was_asked_counts_once_it_is_asked_anew(
    ada: models.Person, act: Act
) -> None:
    asked = clock.now() - timedelta(days=5)
    act(ada, asked)
    now = clock.now()
    later = keeper_since("Later", asked + A_MINUTE)
    with pytest.raises(Refusal) as no:
        act(later, now)
    assert no.value.why is Why.TOO_NEW
    Countersign.objects.update(closed_at=now)
    act(ada, now)
    act(later, now)
    assert is_done(act)


def test_a_new_keeper_may_still_stop_the_end(ada: models.Person) -> None:
    now = clock.now()
    new = keeper_since("New", now - A_MINUTE)
    ends(ada, now)
    say_it_stays(viewer=cast.viewer(new), now=now)
    assert Countersign.objects.get().closed_at is not None


def test_the_page_of_the_lock_says_it_instead_of_a_button(ada: models.Person) -> None:
    now = clock.now()
    new = keeper_since("New", now - A_MINUTE)
    keeper_since("Other", now - SETTLES_AFTER)
    begin_lockdown(network_id=ada.network_id, by=[ada.id], now=now)
    address = reverse("trust:lockdown", args=["linden"])
    button = f'action="{reverse("trust:unlock", args=["linden"])}"'
    for who, has_button in ((ada, True), (new, False)):
        page = cast.signed_in(Client(), who).get(address).content.decode()
        assert (button in page) is has_button
        assert ("You became keeper less than two days ago" in page) is not has_button
