"""Six people found a network and are members the same evening; later nobody is that quick."""

from datetime import timedelta
from uuid import uuid4

import pytest

from porchlight.kit import clock, vault
from porchlight.kit.errors import Refusal
from porchlight.people import models
from porchlight.people.actions.invites import make_invite
from porchlight.people.actions.joining import join
from porchlight.people.actions.networks import Started, start_network
from porchlight.people.queries.invites import INVITE_CODE
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast
from porchlight.people.tests.test_joining_actions import newcomer
from porchlight.people.tests.test_joining_rules import a_founding
from porchlight.trust.actions.vouches import vouch
from porchlight.trust.rules.vouches import Why

pytestmark = pytest.mark.django_db


def come_in(started: Started, name: str, code: str) -> models.Person:
    return join(
        network=started.network,
        code=code,
        newcomer=newcomer(name),
        client_key=uuid4(),
        now=clock.now(),
    ).person


def guest(started: Started, host: models.Person, name: str) -> models.Person:
    pod = models.Circle.objects.get()
    invite = make_invite(
        viewer=cast.viewer(host), circle_id=pod.id, client_key=uuid4(), now=clock.now()
    )
    assert invite.code_guarded is not None
    code = vault.reveal(invite.code_guarded, purpose=INVITE_CODE, whose=invite.id)
    return come_in(started, name, code)


def say(who: models.Person, of: models.Person) -> int:
    return vouch(viewer=cast.viewer(who), person_id=of.id, client_key=uuid4(), now=clock.now())


def the_street() -> tuple[Started, models.Person, models.Person]:
    started = start_network(
        founding=a_founding(), first=newcomer("Ada"), client_key=uuid4(), now=clock.now()
    )
    assert started.login is not None
    [code] = started.codes
    return started, started.login.person, come_in(started, "Bo", code)


def test_six_people_are_members_on_day_one() -> None:
    started, ada, bo = the_street()
    hosts = {"Eli": ada, "Fay": ada, "Gus": bo, "Ida": bo}
    guests = [guest(started, host, name) for name, host in hosts.items()]
    assert {one.level for one in guests} == {Level.NEWCOMER}
    eli, fay = guests[:2]
    say(fay, eli)  # before anybody vouched for her: they are in the room together
    say(eli, fay)
    for one in guests:
        say(ada, one)
    for one in guests:
        if models.Person.objects.get(id=one.id).level == Level.NEWCOMER:
            say(bo, one)
    assert list(models.Person.objects.values_list("level", flat=True)) == [Level.MEMBER] * 6


def test_who_comes_after_the_first_days_waits_like_everybody() -> None:
    started, ada, bo = the_street()
    models.Network.objects.update(created_at=clock.now() - timedelta(days=14))
    eli, fay = guest(started, ada, "Eli"), guest(started, ada, "Fay")
    assert not eli.is_founder
    say(bo, eli)
    with pytest.raises(Refusal) as again:
        say(bo, fay)
    assert again.value.why is Why.NOT_THIS_WEEK
    with pytest.raises(Refusal) as not_yet:
        say(eli, fay)
    assert not_yet.value.why is Why.NOT_A_MEMBER


def test_after_the_first_days_founders_close_no_ring() -> None:
    started, ada, bo = the_street()
    eli = guest(started, ada, "Eli")
    say(eli, guest(started, bo, "Fay"))
    models.Network.objects.update(created_at=clock.now() - timedelta(days=14))
    fay = models.Person.objects.get(name="Fay")
    models.Person.objects.filter(id=fay.id).update(level=Level.MEMBER)
    with pytest.raises(Refusal) as ring:
        say(fay, eli)
    assert ring.value.why is Why.IN_A_CIRCLE
