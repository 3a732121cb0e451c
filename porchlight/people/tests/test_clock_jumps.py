"""The database's clock is put back or forward by hours: nobody loses a way in, none opens twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from porchlight.kit import clock, vault
from porchlight.kit.errors import Refusal
from porchlight.people import models
from porchlight.people.actions import addresses
from porchlight.people.actions.hello import forget_old_hellos, say_hello
from porchlight.people.actions.invites import make_invite
from porchlight.people.actions.joining import Newcomer, join
from porchlight.people.queries.invites import INVITE_CODE
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules import me as me_rules
from porchlight.people.rules.joining import Why
from porchlight.people.sessions import SessionStore
from porchlight.people.tests import cast
from porchlight.people.tests.test_account_actions import an_address, code_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]
HOURS = timedelta(hours=5)


def an_invite() -> str:
    ada = cast.ada()
    made = make_invite(viewer=cast.viewer(ada), circle_id=None, client_key=uuid4(), now=clock.now())
    assert made.code_guarded is not None
    return vault.reveal(made.code_guarded, purpose=INVITE_CODE, whose=made.id)


def come_in(code: str, name: str) -> models.Login:
    newcomer = Newcomer(
        name=name, language="en", email="", is_under_18=False,
        password=cast.hashed(cast.PASSWORD), recovery=cast.hashed(cast.RECOVERY),
    )  # fmt: skip
    where = as_network(cast.linden())
    return join(network=where, code=code, newcomer=newcomer, client_key=uuid4(), now=clock.now())


@pytest.mark.parametrize(
    "jumps", [[-HOURS], [HOURS], [HOURS, -2 * HOURS], [timedelta(8), -HOURS * 9]]
)
def test_an_invite_opens_once_wherever_the_clock_goes(jumps: list[timedelta]) -> None:
    code = an_invite()
    for jump in jumps:
        clock.move(jump)
    assert come_in(code, "Eve").person.name == "Eve"
    for jump in (-HOURS, 2 * HOURS):
        clock.move(jump)
        with pytest.raises(Refusal) as again:
            come_in(code, "Flo")
        assert again.value.why is Why.NO_INVITE
    assert models.Person.objects.filter(name__in=["Eve", "Flo"]).count() == 1


def test_an_invite_that_was_late_opens_again_when_the_clock_is_put_right() -> None:
    code = an_invite()
    clock.move(timedelta(days=8))
    with pytest.raises(Refusal) as late:
        come_in(code, "Eve")
    assert late.value.why is Why.NO_INVITE
    clock.move(timedelta(days=-8))
    assert come_in(code, "Eve").person.name == "Eve"


def test_a_code_holds_when_the_clock_goes_back_and_ends_when_it_goes_forward() -> None:
    bo = cast.bo()
    row = an_address(bo)
    code = code_for(row)
    clock.move(HOURS)
    why = addresses.verify(viewer=cast.viewer(bo), address_id=row.id, typed=code, now=clock.now())
    assert why is me_rules.Why.CODE_TOO_OLD
    clock.move(-2 * HOURS)
    why = addresses.verify(viewer=cast.viewer(bo), address_id=row.id, typed=code, now=clock.now())
    assert why is None
    row.refresh_from_db()
    assert row.verified_at is not None


def test_nobody_waits_hours_for_a_new_code_because_the_clock_went_back() -> None:
    bo = cast.bo()
    row = an_address(bo)
    clock.move(-HOURS)
    addresses.send_code_again(viewer=cast.viewer(bo), address_id=row.id, now=clock.now())
    with pytest.raises(Refusal) as refused:
        addresses.send_code_again(viewer=cast.viewer(bo), address_id=row.id, now=clock.now())
    assert refused.value.why is me_rules.Why.CODE_TOO_SOON
    assert models.CodeSent.objects.count() == 2


@pytest.mark.parametrize("jump", [HOURS, -HOURS])
def test_somebody_signed_in_stays_in_and_signing_out_holds(client: Client, jump: timedelta) -> None:
    bo = cast.bo()
    cast.signed_in(client, bo)
    old = client.session.session_key
    clock.move(jump)
    assert client.get("/n/linden/me/").status_code == 200
    client.post("/n/linden/sign-out/")
    clock.move(-2 * jump)
    assert old is not None and not SessionStore(old).exists(old)
    assert client.get("/n/linden/me/").status_code == 302


def test_hello_is_said_once_a_day_of_the_street_wherever_the_clock_goes() -> None:
    bo = cast.bo()
    cast.membership(bo, cast.circle())
    noon = clock.now().astimezone(cast.viewer(bo).network.zoneinfo).replace(hour=12, minute=0)
    clock.move(noon - clock.now())
    for jump in (timedelta(0), HOURS, -HOURS, -HOURS, 3 * HOURS):
        clock.move(jump)
        say_hello(viewer=cast.viewer(bo), now=clock.now())
        forget_old_hellos(now=clock.now())
    assert [row.day for row in models.Hello.objects.all()] == [noon.date()]
    clock.move(timedelta(hours=12))
    say_hello(viewer=cast.viewer(bo), now=clock.now())
    clock.move(-timedelta(hours=12))
    say_hello(viewer=cast.viewer(bo), now=clock.now())
    assert models.Hello.objects.count() == 2
    assert models.Hello.objects.filter(day=noon.date()).count() == 1
