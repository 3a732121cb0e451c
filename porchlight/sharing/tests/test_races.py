"""Twenty at the same moment, with real threads: one wins, and every promise still holds."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from porchlight.kit import clock
from porchlight.notices.models import Notice
from porchlight.people.actions.blocks import block
from porchlight.people.actions.erasing import erase_me
from porchlight.people.actions.me import leave_network
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions import asking, helping
from porchlight.sharing.actions.offers import ask_helpers
from porchlight.sharing.models import Match, Need
from porchlight.sharing.rules.needs import Why
from porchlight.sharing.rules.states import MatchState
from porchlight.sharing.tests.street import WANTED, agreed, asked, gives, offered, street

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20


def test_of_twenty_offers_one_is_agreed() -> None:
    linden = street()
    need = asked(linden)
    helpers = [cast.person(f"Helper {number}") for number in range(MANY)]
    offers = [
        helping.offer_help(
            viewer=cast.viewer(who), need_id=need.id, client_key=uuid4(), now=clock.now()
        )
        for who in helpers
    ]
    yes = [
        partial(
            helping.answer_offer, viewer=linden.viewer("Lena"), match_id=offer.id, is_yes=True,
            now=clock.now(),
        )
        for offer in offers
    ]  # fmt: skip
    answers = at_once(*yes)
    assert answers.count(None) == 1
    assert answers.count(Why.ENOUGH_AGREED) == MANY - 1
    assert Match.objects.filter(state=MatchState.CONFIRMED).count() == 1
    assert broken_promises("sharing", "trust") == []


def test_one_promise_below_the_cap_is_made_once() -> None:
    linden = street()
    needs = [asked(linden, by=name) for name in ("Lena", "Sofie", "Amir", "Rosa", "Hana", "Omar")]
    for need in needs[:2]:
        offered(linden, need, "Nils")
    more = [
        partial(
            helping.offer_help, viewer=linden.viewer("Nils"), need_id=need.id, client_key=uuid4(),
            now=clock.now(),
        )
        for need in needs[2:]
    ]  # fmt: skip
    answers = at_once(*more)
    assert answers.count(Why.HELPS_MANY) == len(more) - 1
    assert Match.objects.filter(helper_id=linden.id("Nils")).count() == 3


def test_one_form_sent_twenty_times_is_one_need() -> None:
    linden = street()
    send = partial(
        asking.ask_for, viewer=linden.viewer("Lena"), wanted=WANTED, client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    made = at_once(*[send] * MANY)
    assert len({one.id for one in made if isinstance(one, Need)}) == 1
    assert Need.objects.count() == 1


def test_taken_back_while_others_agree_and_let_go() -> None:
    """Whatever comes first, nobody is left with a promise to what is over."""
    linden = street()
    need = asked(linden, helpers=3)
    first, second = agreed(linden, need, "Nils"), offered(linden, need, "Sofie")
    now = clock.now()
    at_once(
        partial(asking.take_back, viewer=linden.viewer("Lena"), need_id=need.id, now=now),
        partial(
            helping.answer_offer, viewer=linden.viewer("Lena"), match_id=second.id, is_yes=True,
            now=now,
        ),
        partial(helping.cannot, viewer=linden.viewer("Nils"), match_id=first.id, now=now),
        partial(
            helping.offer_help, viewer=linden.viewer("Amir"), need_id=need.id, client_key=uuid4(),
            now=now,
        ),
        partial(helping.say_done, viewer=linden.viewer("Lena"), match_id=first.id, now=now),
    )  # fmt: skip
    need.refresh_from_db()
    assert need.state == "withdrawn"
    assert not need.matches.filter(state__in=["offered", "confirmed"]).exists()
    assert broken_promises("sharing", "trust") == []


def test_two_who_promised_each_other_leave_and_erase_at_once() -> None:
    """Whatever the order: nobody waits for the other for ever, and nothing is left behind."""
    linden = street()
    one, other = asked(linden, by="Sofie"), asked(linden, by="Amir")
    agreed(linden, one, "Amir")
    agreed(linden, other, "Sofie")
    now = clock.now()
    answers = at_once(
        partial(leave_network, viewer=linden.viewer("Sofie"), now=now),
        partial(erase_me, viewer=linden.viewer("Amir"), now=now),
        partial(asking.take_back, viewer=linden.viewer("Sofie"), need_id=one.id, now=now),
    )
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert not Match.objects.filter(state__in=["offered", "confirmed"]).exists()
    assert broken_promises("sharing", "trust") == []


@pytest.mark.parametrize("name", ["Sofie", "Amir", "Rosa"])
def test_asked_and_kept_away_at_once_they_are_not_asked(name: str) -> None:
    linden = street()
    gives(linden, name)
    need, now = asked(linden), clock.now()
    answers = at_once(
        partial(ask_helpers, network_id=need.network_id, need_id=need.id, now=now),
        partial(
            block, viewer=linden.viewer("Lena"), person_id=linden.id(name), client_key=uuid4(),
            now=now,
        ),
    )  # fmt: skip
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert not need.proposals.exists()
    assert broken_promises("sharing", "trust") == []


@pytest.mark.parametrize("goes", [leave_network, erase_me])
def test_asked_and_gone_at_once_nothing_is_left(goes: Callable[..., object]) -> None:
    linden = street()
    for name in ("Nils", "Sofie"):
        gives(linden, name)
    need, now = asked(linden), clock.now()
    ask = partial(ask_helpers, network_id=need.network_id, need_id=need.id, now=now)
    answers = at_once(ask, partial(goes, viewer=linden.viewer("Nils"), now=now))
    assert [one for one in answers if isinstance(one, Exception)] == []
    ask()
    assert list(need.proposals.values_list("helper_id", flat=True)) == [linden.id("Sofie")]
    assert broken_promises("sharing", "trust") == []


def test_asked_twenty_times_at_once_everybody_is_asked_once() -> None:
    linden = street()
    for name in ("Sofie", "Amir", "Rosa", "Nils", "Nora"):
        gives(linden, name)
    need = asked(linden)
    ask = partial(ask_helpers, network_id=need.network_id, need_id=need.id, now=clock.now())
    answers = at_once(*[ask] * MANY)
    assert sorted(one for one in answers if isinstance(one, int)) == [0] * (MANY - 1) + [3]
    assert need.proposals.count() == 3
    assert Notice.objects.filter(topic__about=need.id).count() == 3
