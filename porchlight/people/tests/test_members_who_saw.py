"""Two members who saw somebody hand them a new way in, where no two keepers are at hand."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions import resets
from porchlight.people.actions.lockdown import begin_lockdown
from porchlight.people.queries.resets import own_open_reset, resets_i_saw, sealed_waits_until
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.accounts import MOST_SEEN, STILL_NEAR, WITHOUT_KEEPER, Why
from porchlight.people.rules.mandates import SETTLES_AFTER
from porchlight.people.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]
NEW = "seven herons over water"
LONG_AGO = SETTLES_AFTER + timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


def member(name: str, since: timedelta = LONG_AGO) -> models.Person:
    made = cast.person(name)
    models.Person.objects.filter(id=made.id).update(joined_at=clock.now() - since)
    return made


def saw(who: models.Person, name: str = "Bo", now: datetime | None = None) -> UUID:
    at = now or clock.now()
    viewer = cast.viewer(who, at)
    return resets.say_i_saw_somebody(viewer=viewer, name=name, client_key=uuid4(), now=at)


def words(who: models.Person, request_id: UUID, now: datetime) -> str:
    viewer = cast.viewer(who, now)
    return resets.words_to_hand_over(viewer=viewer, request_id=request_id, now=now)


def why_not(deed: Callable[[], object]) -> object:
    with pytest.raises(Refusal) as refused:
        deed()
    return refused.value.why


def told(who: models.Person) -> list[str]:
    return list(
        Notice.objects.filter(recipient_id=who.id)
        .values_list("topic__kind", flat=True)
        .order_by("told_at")
    )


@pytest.fixture
def bo() -> models.Person:
    return cast.bo()


def test_two_members_open_a_way_in_after_a_day_in_which_its_owner_and_keepers_can_stop_it(
    bo: models.Person,
) -> None:
    ada, gus, hal, now = cast.ada(), member("Gus"), member("Hal"), clock.now()
    request = saw(gus, now=now)
    assert why_not(lambda: words(gus, request, now)) is Why.NOT_TWO_YET
    assert (told(bo), told(ada)) == (["reset"], [])
    assert saw(hal, now=now) == request
    assert (told(bo), told(ada)) == (["reset", "reset"], ["reset_seen"])
    assert why_not(lambda: words(hal, request, now)) is Why.NOT_YET
    early, day = now + WITHOUT_KEEPER - A_MINUTE, now + WITHOUT_KEEPER
    assert why_not(lambda: words(gus, request, early)) is Why.NOT_YET
    code = words(gus, request, day)
    network = as_network(bo.network)
    login = resets.use_reset(network=network, typed=code, new=NEW, recovery="x", now=day)
    assert login.person_id == bo.id and check_password(NEW, login.password)
    assert sealed_waits_until(viewer=cast.viewer(bo, day), now=day) is not None


@pytest.mark.parametrize("keeper_is_first", [True, False])
def test_a_keeper_and_a_member_open_it_at_once(bo: models.Person, keeper_is_first: bool) -> None:
    ada, gus, now = cast.ada(), member("Gus"), clock.now()
    both = [ada, gus] if keeper_is_first else [gus, ada]
    request = [saw(one, now=now) for one in both][1]
    assert words(gus, request, now) != words(ada, request, now)
    late = now + timedelta(hours=1)
    assert why_not(lambda: words(gus, request, late)) is Why.RESET_OVER


def test_a_keeper_who_comes_third_ends_the_wait(bo: models.Person) -> None:
    ada, gus, hal, now = cast.ada(), member("Gus"), member("Hal"), clock.now()
    request = saw(gus, now=now)
    saw(hal, now=now)
    later = now + timedelta(hours=3)
    resets.say_i_saw_them(
        viewer=cast.viewer(ada, later), request_id=request, client_key=uuid4(), now=later
    )
    assert words(hal, request, later)
    assert told(bo) == ["reset"] * 3


def test_a_keeper_without_a_second_step_counts_as_a_member(bo: models.Person) -> None:
    ada, gus, now = cast.ada(), member("Gus"), clock.now()
    request = saw(gus, now=now)
    unproven = cast.viewer(ada, now, is_proven=False)
    resets.say_i_saw_somebody(viewer=unproven, name="Bo", client_key=uuid4(), now=now)
    assert why_not(lambda: words(gus, request, now)) is Why.NOT_YET


@pytest.mark.parametrize("near", ["household", "blocked", "blocker", "oneself", "nobody", "left"])
def test_a_wrong_name_and_everybody_who_may_not_read_the_same(bo: models.Person, near: str) -> None:
    gus, who = member("Gus"), "Bo"
    if near == "household":
        home = cast.circle("Number 12", kind="household")
        cast.membership(bo, home)
        cast.membership(gus, home)
    elif near == "blocked":
        cast.block(bo, gus)
    elif near == "blocker":
        cast.block(gus, bo)
    elif near == "left":
        models.Person.objects.filter(id=bo.id).update(left_at=clock.now())
    else:
        who = "Gus" if near == "oneself" else "Nobody"
    assert why_not(lambda: saw(gus, who)) is Why.NOT_BY_YOU
    assert not models.ResetRequest.objects.exists(), "nothing is left of it"
    assert told(bo) == []


def test_whoever_leaves_the_household_to_vouch_is_still_of_it(bo: models.Person) -> None:
    gus, now = member("Gus"), clock.now()
    home = cast.circle("Number 12", kind="household")
    cast.membership(bo, home)
    one = cast.membership(gus, home)
    models.Membership.objects.filter(id=one.id).update(until_at=now)
    assert why_not(lambda: saw(gus, now=now)) is Why.NOT_BY_YOU
    models.Membership.objects.filter(id=one.id).update(until_at=now - STILL_NEAR)
    assert saw(gus, now=now)


def test_two_members_of_one_household_count_as_one(bo: models.Person) -> None:
    gus, hal, now = member("Gus"), member("Hal"), clock.now()
    home = cast.circle("Number 12", kind="household")
    cast.membership(gus, home)
    cast.membership(hal, home)
    request = saw(gus, now=now)
    assert why_not(lambda: saw(hal, now=now)) is Why.NOT_BY_YOU
    assert saw(gus, now=now) == request, "twice counts once"
    assert models.ResetApproval.objects.count() == 1


def test_who_just_came_a_newcomer_and_somebody_under_18_let_nobody_in(bo: models.Person) -> None:
    new = member("New", since=SETTLES_AFTER - A_MINUTE)
    assert why_not(lambda: saw(new)) is Why.TOO_NEW_HERE
    young = member("Young")
    models.Person.objects.filter(id=young.id).update(is_under_18=True)
    for one in (cast.dee(), models.Person.objects.get(id=young.id)):
        with pytest.raises(NotHere):
            saw(one)
    assert told(bo) == []


def test_a_member_says_it_of_three_people_a_day(bo: models.Person) -> None:
    gus, now = member("Gus"), clock.now()
    names = [member(f"Lost{number}x").name for number in range(MOST_SEEN)]
    for name in names:
        saw(gus, name, now)
    assert why_not(lambda: saw(gus, now=now)) is Why.TOO_MANY_SEEN
    assert why_not(lambda: saw(gus, now=now + timedelta(hours=23))) is Why.TOO_MANY_SEEN
    assert saw(gus, now=now + timedelta(days=1, seconds=1))


def test_the_owner_reads_who_says_so_and_stops_it_for_good(bo: models.Person) -> None:
    gus, now = member("Gus"), clock.now()
    request = saw(gus, now=now)
    own = own_open_reset(viewer=cast.viewer(bo), now=now)
    assert own is not None and (own.id, own.said_by) == (request, ("Gus",))
    page = cast.signed_in(Client(), bo).get(reverse("people:me", args=["linden"])).content.decode()
    assert "Who says that they saw you:" in page and "Gus" in page
    resets.cancel_reset(viewer=cast.viewer(bo), request_id=request, now=now)
    assert why_not(lambda: saw(gus, now=now)) is Why.NOT_BY_YOU
    assert told(bo) == ["reset"], "their phone does not ring a second time"
    assert saw(member("Hal"), now=now), "somebody else may have seen them all the same"


def test_only_who_saw_them_hands_out_words_or_stops_it(bo: models.Person) -> None:
    gus, hal, ida, now = member("Gus"), member("Hal"), member("Ida"), clock.now()
    request = saw(gus, now=now)
    saw(hal, now=now)
    day = now + WITHOUT_KEEPER
    with pytest.raises(NotHere):
        words(ida, request, day)
    with pytest.raises(NotHere):
        resets.cancel_reset(viewer=cast.viewer(ida, day), request_id=request, now=day)
    assert resets_i_saw(viewer=cast.viewer(ida, day), now=day) == []
    assert [one.is_agreed for one in resets_i_saw(viewer=cast.viewer(gus, day), now=day)] == [True]
    resets.cancel_reset(viewer=cast.viewer(hal, day), request_id=request, now=day)
    assert why_not(lambda: words(gus, request, day)) is Why.RESET_OVER


def test_a_member_does_not_say_it_at_a_keepers_page(bo: models.Person) -> None:
    gus, now = member("Gus"), clock.now()
    request = saw(gus, now=now)
    with pytest.raises(NotHere):
        resets.say_i_saw_them(
            viewer=cast.viewer(gus), request_id=request, client_key=uuid4(), now=now
        )


def test_while_all_is_locked_nobody_is_let_in(bo: models.Person) -> None:
    ada, gus = cast.ada(), member("Gus")
    begin_lockdown(network_id=bo.network_id, by=[ada.id], now=clock.now())
    with pytest.raises(Refusal):
        saw(gus)
    assert told(bo) == []


@pytest.mark.django_db(transaction=True)
def test_two_members_who_say_it_at_once_begin_one(bo: models.Person) -> None:
    pair = [member("Gus"), member("Hal")]
    start = Barrier(2)

    def say(who: models.Person) -> UUID:
        try:
            start.wait(5)
            return saw(who)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert len(set(both.map(say, pair))) == 1
    assert models.ResetApproval.objects.count() == 2


def test_the_page_leads_a_member_through_it(bo: models.Person) -> None:
    client = cast.signed_in(Client(), member("Gus"))
    address = reverse("people:saw", args=["linden"])
    no = client.post(address, {"name": "Boo", "client_key": str(uuid4())})
    assert no.status_code == 422 and "ask somebody else to do it" in no.content.decode()
    assert 'value="Boo"' in no.content.decode(), "what was typed stays"
    yes = client.post(address, {"name": "bo", "client_key": str(uuid4())})
    assert yes.status_code == 302 and yes["Location"] == address
    assert "Now somebody else has to." in client.get(address).content.decode()
    request = models.ResetRequest.objects.get()
    shown = reverse("people:reset-words", args=["linden", request.id])
    assert client.post(shown).status_code == 409
    saw(cast.ada())
    page = client.post(shown).content.decode()
    assert page.count("<li>") >= 6 and address in page
    assert "Show the words" in client.get(address).content.decode()
    stop = reverse("people:reset-stop", args=["linden", request.id])
    assert client.post(stop)["Location"] == address
    assert "Show the words" not in client.get(address).content.decode()
