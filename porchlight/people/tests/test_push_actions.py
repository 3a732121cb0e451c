"""Devices that ring: turning them on, taking them over, ending them, losing them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.models import Notice
from porchlight.notices.rules import Urgency, Wording
from porchlight.notices.tests.pushes import PushService
from porchlight.notices.tests.working import until, working
from porchlight.people import models
from porchlight.people.actions import push
from porchlight.people.actions.addresses import add_email
from porchlight.people.actions.devices import phone_was_taken
from porchlight.people.actions.me import leave_network
from porchlight.people.queries.export import export_of
from porchlight.people.queries.push import RingingPhone, ringing_phones
from porchlight.people.queries.reaching import can_be_rung, recipients
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.me import Why as MeWhy
from porchlight.people.rules.push import MOST_RINGING, Why
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]


def turn_on(
    who: models.Person, device: str = "one", label: str = "Blue phone", **facts: Any
) -> str:
    known: dict[str, Any] = {
        "subscription": cast.subscription(device), "cookie": "", "client_key": uuid4(),
    }  # fmt: skip
    return push.let_ring(viewer=cast.viewer(who), label=label, now=clock.now(), **known | facts)


def phones(who: models.Person, cookie: str = "") -> list[RingingPhone]:
    return list(ringing_phones(viewer=cast.viewer(who), cookie=cookie))


def labels(who: models.Person) -> list[str]:
    return [phone.label for phone in phones(who)]


def refused(why: Any, work: Any) -> None:
    with pytest.raises(Refusal) as no:
        work()
    assert no.value.why is why


# ---------- turning on ----------


def test_a_device_rings_at_once_because_it_was_given_from_a_signed_in_browser() -> None:
    bo = cast.bo()
    key = turn_on(bo)
    [phone] = phones(bo, cookie=key)
    assert (phone.label, phone.is_here, phone.worked_at) == ("Blue phone", True, None)
    [told] = recipients(viewer=cast.viewer(bo), person_ids=[bo.id])
    [address] = told.addresses
    assert (address.channel, address.is_verified, address.shown) == (
        "web_push", True, "Blue phone",
    )  # fmt: skip
    assert json.loads(address.value)["endpoint"] == "https://fcm.googleapis.com/send/one"


def test_neither_endpoint_nor_name_nor_key_of_a_device_stands_in_its_row() -> None:
    bo = cast.bo()
    key = turn_on(bo)
    row = models.Address.objects.values().get()
    written = b"|".join(
        bytes(v) if isinstance(v, memoryview) else str(v).encode() for v in row.values()
    )
    for hidden in (b"googleapis", b"Blue phone", key.encode()):
        assert hidden not in written


def test_only_its_own_browser_knows_a_device_as_this_one() -> None:
    bo = cast.bo()
    turn_on(bo, "one")
    second = turn_on(bo, "two", "Old phone")
    assert [(p.label, p.is_here, bool(p.mark)) for p in phones(bo, cookie=second)] == [
        ("Blue phone", False, False), ("Old phone", True, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "subscription",
    [cast.subscription(host="evil.example"), cast.subscription(host="127.0.0.1"), "{}", "",
     cast.subscription(host="evil.example@fcm.googleapis.com")],
)  # fmt: skip
def test_an_address_of_their_own_is_refused(subscription: str) -> None:
    bo = cast.bo()
    refused(Why.NOT_A_PUSH, lambda: turn_on(bo, subscription=subscription))
    assert not models.Address.objects.exists()


def test_five_devices_are_the_most_and_typed_addresses_are_counted_apart() -> None:
    bo = cast.bo()
    for number in range(MOST_RINGING):
        turn_on(bo, f"device-{number}")
    refused(Why.TOO_MANY_RINGING, lambda: turn_on(bo, "one-more"))
    for number in range(5):
        add_email(
            viewer=cast.viewer(bo), email=f"bo{number}@x.example", client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    refused(
        MeWhy.TOO_MANY,
        lambda: add_email(
            viewer=cast.viewer(bo), email="bo@y.example", client_key=uuid4(), now=clock.now()
        ),
    )
    assert models.Address.objects.filter(person=bo).count() == MOST_RINGING + 5


def test_the_same_device_turned_on_again_stays_one_and_gets_its_new_name() -> None:
    bo = cast.bo()
    turn_on(bo)
    first = models.Address.objects.get().id
    key = turn_on(bo, label="Green phone")
    assert [(p.id, p.label, p.is_here) for p in phones(bo, cookie=key)] == [
        (first, "Green phone", True)
    ]


def test_a_device_at_the_limit_may_still_be_turned_on_again() -> None:
    bo = cast.bo()
    for number in range(MOST_RINGING):
        turn_on(bo, f"device-{number}", f"Phone {number}")
    turn_on(bo, "device-0", "Renamed")
    assert labels(bo)[0] == "Renamed"


def test_the_same_form_sent_twice_makes_one_device_whose_newer_key_holds() -> None:
    bo, form = cast.bo(), uuid4()
    old = turn_on(bo, client_key=form)
    new = turn_on(bo, client_key=form)
    assert [phone.is_here for phone in phones(bo, cookie=old)] == [False]
    assert [phone.is_here for phone in phones(bo, cookie=new)] == [True]


def test_a_browser_that_forgot_its_endpoint_replaces_its_own_device() -> None:
    bo = cast.bo()
    key = turn_on(bo, "before")
    turn_on(bo, "after", "Same phone", cookie=key)
    assert labels(bo) == ["Same phone"]


def test_a_key_of_another_form_is_not_taken_for_a_device() -> None:
    bo, form = cast.bo(), uuid4()
    add_email(viewer=cast.viewer(bo), email="bo@x.example", client_key=form, now=clock.now())
    with pytest.raises(NotHere):
        turn_on(bo, client_key=form)
    assert models.Address.objects.get().channel == "email"


def test_who_turns_a_device_on_takes_it_over_and_the_other_one_is_told() -> None:
    ada, bo = cast.ada(), cast.bo()
    turn_on(ada, label="Kitchen tablet")
    turn_on(bo, label="Tablet")
    assert labels(ada) == []
    assert labels(bo) == ["Tablet"]
    [told] = Notice.objects.all()
    assert told.recipient_id == ada.id
    assert told.path == "/n/linden/me/push/"


def test_one_device_may_ring_in_two_neighbourhoods() -> None:
    bo, cy = cast.bo(), cast.cy()
    turn_on(bo)
    turn_on(cy)
    assert labels(bo) == labels(cy) == ["Blue phone"]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_make_one_device_and_never_a_sixth() -> None:
    bo = cast.bo()
    for number in range(MOST_RINGING - 1):
        turn_on(bo, f"device-{number}")
    same = at_once(lambda: turn_on(bo, "last"), lambda: turn_on(bo, "last"))
    assert [type(one) for one in same] == [str, str]
    assert len(phones(bo)) == MOST_RINGING


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_each_others_device_at_once_end_with_one_each() -> None:
    ada, bo = cast.ada(), cast.bo()
    turn_on(ada, "red")
    turn_on(bo, "blue")
    done = at_once(lambda: turn_on(ada, "blue"), lambda: turn_on(bo, "red"))
    assert [type(one) for one in done] == [str, str]
    owners = {(row.person_id, bytes(row.value_index)) for row in models.Address.objects.all()}
    assert len({index for _owner, index in owners}) == len(owners) == 2


# ---------- the endpoint changes ----------


def test_a_browser_whose_endpoint_changed_goes_on_ringing_under_its_name() -> None:
    bo = cast.bo()
    key = turn_on(bo, "before")
    before = models.Address.objects.get()
    changed = push.ring_again(subscription=cast.subscription("after"), cookie=key, now=clock.now())
    [phone] = phones(bo, cookie=key)
    assert changed == 1
    assert (phone.label, phone.is_here) == ("Blue phone", True)
    assert phone.id != before.id
    assert models.Address.objects.get().rank == before.rank


def test_a_late_no_to_the_old_endpoint_does_not_end_the_new_one() -> None:
    bo = cast.bo()
    key = turn_on(bo, "before")
    old = models.Address.objects.get().id
    push.ring_again(subscription=cast.subscription("after"), cookie=key, now=clock.now())
    push.drop_gone(network_id=bo.network_id, address_id=old, now=clock.now())
    assert labels(bo) == ["Blue phone"]


@pytest.mark.parametrize("cookie", ["", "x" * 43, ".", "a" * 9000])
def test_nobody_moves_a_device_without_its_key(cookie: str) -> None:
    bo = cast.bo()
    turn_on(bo, "before")
    assert (
        push.ring_again(subscription=cast.subscription("evil"), cookie=cookie, now=clock.now()) == 0
    )
    assert models.Address.objects.get().value_index == vault.index(
        "https://fcm.googleapis.com/send/before", purpose="address.endpoint"
    )


def test_a_device_of_two_neighbourhoods_changes_in_both_and_refuses_strange_hosts() -> None:
    bo, cy = cast.bo(), cast.cy()
    first = turn_on(bo)
    second = turn_on(cy)
    both = f"{second}.{first}"
    refused(
        Why.NOT_A_PUSH,
        lambda: push.ring_again(
            subscription=cast.subscription(host="evil.example"), cookie=both, now=clock.now()
        ),
    )
    fresh = cast.subscription("after")
    assert push.ring_again(subscription=fresh, cookie=both, now=clock.now()) == 2
    assert push.ring_again(subscription=fresh, cookie=both, now=clock.now()) == 0


# ---------- ending ----------


def test_signing_out_on_one_device_ends_only_that_one() -> None:
    bo = cast.bo()
    here = turn_on(bo, "one")
    turn_on(bo, "two", "Old phone")
    push.stop_here(viewer=cast.viewer(bo), cookie=here, now=clock.now())
    assert labels(bo) == ["Old phone"]


def test_the_key_of_a_device_ends_nothing_of_somebody_else() -> None:
    ada, bo = cast.ada(), cast.bo()
    key = turn_on(ada)
    push.stop_here(viewer=cast.viewer(bo), cookie=key, now=clock.now())
    assert labels(ada) == ["Blue phone"]


def test_signing_out_elsewhere_ends_all_others() -> None:
    bo = cast.bo()
    here = turn_on(bo, "one")
    turn_on(bo, "two", "Old phone")
    push.stop_elsewhere(viewer=cast.viewer(bo), cookie=here, now=clock.now())
    assert labels(bo) == ["Blue phone"]


def test_a_phone_that_was_taken_rings_no_more_and_mail_stays() -> None:
    bo = cast.bo()
    turn_on(bo, "one")
    turn_on(bo, "two")
    add_email(viewer=cast.viewer(bo), email="bo@x.example", client_key=uuid4(), now=clock.now())
    phone_was_taken(viewer=cast.viewer(bo), now=clock.now())
    assert [row.channel for row in models.Address.objects.all()] == ["email"]


def test_who_leaves_takes_their_devices_with_them() -> None:
    cast.ada()
    bo = cast.bo()
    key = turn_on(bo)
    leave_network(viewer=cast.viewer(bo), now=clock.now())
    assert not models.Address.objects.exists()
    assert push.ring_again(subscription=cast.subscription("x"), cookie=key, now=clock.now()) == 0


def test_a_device_that_is_gone_is_forgotten_once_and_its_owner_is_told() -> None:
    bo = cast.bo()
    turn_on(bo)
    row = models.Address.objects.get()
    for _ in range(2):
        push.drop_gone(network_id=bo.network_id, address_id=row.id, now=clock.now())
    assert not models.Address.objects.exists()
    assert [notice.recipient_id for notice in Notice.objects.all()] == [bo.id]


def test_only_devices_that_ring_can_be_gone() -> None:
    bo = cast.bo()
    mail = add_email(
        viewer=cast.viewer(bo), email="bo@x.example", client_key=uuid4(), now=clock.now()
    )
    push.drop_gone(network_id=bo.network_id, address_id=mail.id, now=clock.now())
    push.drop_gone(network_id=bo.network_id, address_id=uuid4(), now=clock.now())
    turn_on(bo)
    ringing = models.Address.objects.get(channel="web_push")
    push.drop_gone(network_id=cast.harbour().id, address_id=ringing.id, now=clock.now())
    assert models.Address.objects.count() == 2


def test_what_is_kept_of_a_device_is_in_the_file_about_oneself_and_nowhere_in_the_audit() -> None:
    bo = cast.bo()
    turn_on(bo)
    file = export_of(viewer=cast.viewer(bo), person_id=bo.id)
    assert [way["name"] for way in file["ways_to_be_reached"]] == ["Blue phone"]
    said = str(list(models.AuditRow.objects.values()))
    assert "Blue phone" not in said
    assert "googleapis" not in said


# ---------- whom we can ring ----------


def system(who: models.Person) -> Viewer:
    return Viewer.system(as_network(who.network), "coverage")


def test_those_can_be_rung_who_have_a_phone_that_is_checked() -> None:
    ada, bo, dee, cy = cast.ada(), cast.bo(), cast.dee(), cast.cy()
    turn_on(ada)
    turn_on(cy)
    add_email(viewer=cast.viewer(bo), email="bo@x.example", client_key=uuid4(), now=clock.now())
    unchecked = models.Address.objects.get(person=bo)
    unchecked.channel = "sms"
    unchecked.save()
    everybody = [ada.id, bo.id, dee.id, cy.id]
    assert can_be_rung(viewer=system(ada), person_ids=everybody) == {ada.id}
    unchecked.verified_at = clock.now()
    unchecked.save()
    assert can_be_rung(viewer=system(ada), person_ids=everybody) == {ada.id, bo.id}


def test_mail_does_not_ring() -> None:
    bo = cast.bo()
    add_email(viewer=cast.viewer(bo), email="bo@x.example", client_key=uuid4(), now=clock.now())
    models.Address.objects.update(verified_at=clock.now())
    assert can_be_rung(viewer=system(bo), person_ids=[bo.id]) == frozenset()


def test_nobody_but_the_program_asks_who_can_be_rung() -> None:
    ada = cast.ada()
    with pytest.raises(NotHere):
        can_be_rung(viewer=cast.viewer(ada), person_ids=[ada.id])


# ---------- all the way ----------


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    with PushService() as running:
        settings.PUSH_HOSTS = (running.origin,)
        yield running


def tell_bo(bo: models.Person) -> UUID:
    now = clock.now()
    later = now + timedelta(minutes=10)
    topic_id = open_topic(
        network_id=bo.network_id, about=None, kind="try", now=now, expires_at=later
    )
    [notice_id] = tell(
        network_id=bo.network_id, topic_id=topic_id,
        recipients=recipients(viewer=system(bo), person_ids=[bo.id]),
        wording=Wording(title="Somebody asks for a hand"), urgency=Urgency.CRITICAL,
        path="/n/linden/pod/", now=now, expires_at=later,
    )  # fmt: skip
    return notice_id


@pytest.mark.django_db(transaction=True)
def test_a_push_reaches_the_browser_and_the_list_says_when(service: PushService) -> None:
    bo = cast.bo()
    turn_on(bo, subscription=service.browser().subscription)
    with working():
        tell_bo(bo)
        until(lambda: phones(bo)[0].worked_at is not None)
    assert service.pushed[0].words["title"] == "Somebody asks for a hand"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_not_rung_again_and_its_owner_reads_so(
    service: PushService, status: int
) -> None:
    bo = cast.bo()
    turn_on(bo, subscription=service.browser().subscription)
    service.answers = [(status, {})]
    with working():
        tell_bo(bo)
        until(lambda: not models.Address.objects.exists())
    assert Notice.objects.filter(recipient_id=bo.id, path="/n/linden/me/push/").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_service_that_refuses_us_marks_the_device_and_keeps_it(service: PushService) -> None:
    bo = cast.bo()
    turn_on(bo, subscription=service.browser().subscription)
    service.answers = [(403, {})]
    with working():
        tell_bo(bo)
        until(lambda: phones(bo)[0].is_failing)
    assert labels(bo) == ["Blue phone"]
