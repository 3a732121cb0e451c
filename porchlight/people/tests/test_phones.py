"""Phones as a way to be reached: numbers, codes by text and call, STOP and START."""

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.actions import receive_from_gateway, reply
from porchlight.notices.actions import test_addresses as send_a_test
from porchlight.notices.models import Delivery, IncomingText, Notice
from porchlight.notices.queries.questions import KnownPhone
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import Wording
from porchlight.notices.tests.test_outbox import begin, take
from porchlight.people import models
from porchlight.people.actions.addresses import add_email, verify
from porchlight.people.actions.phones import add_phone, choose_ways, start_address, stop_address
from porchlight.people.queries.export import export_of
from porchlight.people.queries.reaching import can_be_rung, recipients, whose_phone
from porchlight.people.rules.me import MOST_ADDRESSES
from porchlight.people.rules.me import Why as MeWhy
from porchlight.people.rules.phones import Phone, Why, country_of, read_phone
from porchlight.people.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]
MOBILE = Phone(number="+31612345678", is_landline=False)
LANDLINE = Phone(number="+31206241111", is_landline=True)


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> Any:
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", sender="+31201234567", calls_from="+31201234567", secret="x" * 20
    )
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = "https://street.example", False
    return settings.GATEWAY


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


# ---------- numbers ----------


@pytest.mark.parametrize(
    ("typed", "number", "is_landline"),
    [
        ("0612345678", "+31612345678", False),
        ("06 - 12 34 56 78", "+31612345678", False),
        ("+31 6 12345678", "+31612345678", False),
        ("0031612345678", "+31612345678", False),
        ("٠٦١٢٣٤٥٦٧٨", "+31612345678", False),
        ("020 624 1111", "+31206241111", True),
        ("+49 1512 3456789", "+4915123456789", False),
        ("+1 202-555-0123", "+12025550123", False),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: str, is_landline: bool) -> None:
    assert read_phone(typed, zone="Europe/Amsterdam") == Phone(
        number=number, is_landline=is_landline
    )


@pytest.mark.parametrize(
    ("typed", "zone", "why"),
    [
        ("112", "Europe/Amsterdam", Why.NO_PHONE), ("hello", "Europe/Amsterdam", Why.NO_PHONE),
        ("", "Europe/Amsterdam", Why.NO_PHONE), ("+31 6 12", "Europe/Amsterdam", Why.NO_PHONE),
        ("9" * 500, "Europe/Amsterdam", Why.NO_PHONE),
        ("0900 1234", "Europe/Amsterdam", Why.COSTS),
        ("0800 1234", "Europe/Amsterdam", Why.COSTS),
        ("+1 900 555 0123", "Europe/Amsterdam", Why.COSTS),
        ("0612345678", "UTC", Why.WITH_COUNTRY), ("0612345678", "Nowhere/Else", Why.WITH_COUNTRY),
    ],
)  # fmt: skip
def test_what_is_nobodys_phone_is_refused(typed: str, zone: str, why: Why) -> None:
    assert read_phone(typed, zone=zone) is why


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Amsterdam", "NL"), ("America/New_York", "US"), ("Europe/London", "GB"),
        ("America/Mexico_City", "MX"), ("Asia/Kolkata", "IN"), ("Africa/Cairo", "EG"),
        ("America/Argentina/Buenos_Aires", "AR"), ("Europe/Madrid", "ES"), ("UTC", None),
    ],
)  # fmt: skip
def test_the_zone_says_which_country_it_is(zone: str, country: str | None) -> None:
    assert country_of(zone) == country


@given(some.text(max_size=60))
def test_reading_a_number_never_fails_and_keeps_only_digits(typed: str) -> None:
    found = read_phone(typed, zone="Europe/Amsterdam")
    if isinstance(found, Phone):
        assert found.number[0] == "+" and found.number[1:].isdigit() and len(found.number) <= 16


# ---------- adding ----------


def add(person: Any, now: datetime, phone: Phone = MOBILE) -> models.Address:
    return add_phone(viewer=cast.viewer(person), phone=phone, client_key=uuid4(), now=now)


def code_sent(row: models.Address) -> str:
    notice = Notice.objects.select_related("text").filter(recipient_id=row.id).latest("told_at")
    title = words_of(notice.text_id, notice.text.words_guarded).title
    return "".join(letter for letter in title if letter.isdecimal())


def verified(person: Any, now: datetime, phone: Phone = MOBILE) -> models.Address:
    row = add(person, now, phone)
    viewer = cast.viewer(person)
    assert verify(viewer=viewer, address_id=row.id, typed=code_sent(row), now=now) is None
    row.refresh_from_db()
    return row


def test_a_phone_gets_its_code_by_text_and_is_kept_locked(now: datetime) -> None:
    row = verified(cast.bo(), now)
    assert (row.channel, row.may_text, row.may_call, row.is_landline) == ("sms", True, True, False)
    assert b"612345678" not in bytes(row.value_guarded)
    assert Delivery.objects.get(address_id=row.id).channel == "sms"


def test_a_landline_hears_its_code_and_gets_no_texts(now: datetime) -> None:
    bo = cast.bo()
    row = verified(bo, now, LANDLINE)
    assert (row.may_text, row.may_call, row.is_landline) == (False, True, True)
    assert Delivery.objects.get(address_id=row.id).channel == "voice"
    with pytest.raises(Refusal) as no:
        choose_ways(
            viewer=cast.viewer(bo), address_id=row.id, may_text=True, may_call=True, now=now
        )
    assert no.value.why is Why.TAKES_NO_TEXTS


@pytest.mark.parametrize(
    ("phone", "missing", "why"),
    [(MOBILE, "gateway", Why.NO_TEXTS), (LANDLINE, "gateway", Why.NO_TEXTS),
     (LANDLINE, "calls", Why.NO_CALLS)],
)  # fmt: skip
def test_what_the_install_cannot_reach_is_refused(
    now: datetime, settings: Any, phone: Phone, missing: str, why: Why
) -> None:
    if missing == "gateway":
        settings.GATEWAY = None
    else:
        settings.GATEWAY.calls_from = ""
    with pytest.raises(Refusal) as no:
        add(cast.bo(), now, phone)
    assert no.value.why is why


def test_the_limits_are_those_of_mail(now: datetime) -> None:
    bo = cast.bo()
    add(bo, now)
    with pytest.raises(Refusal) as no:
        add(bo, now)
    assert no.value.why is MeWhy.HAVE_IT
    for number in range(MOST_ADDRESSES - 1):
        models.Address.objects.create(
            network_id=bo.network_id, source="t", client_key=uuid4(), created_at=now, person=bo,
            channel="email", value_guarded=b"", value_index=bytes([number]), rank=10 + number,
        )  # fmt: skip
    with pytest.raises(Refusal) as no:
        add(bo, now, Phone(number="+31687654321", is_landline=False))
    assert no.value.why is MeWhy.TOO_MANY


def test_nobody_floods_a_strangers_phone_through_us(now: datetime) -> None:
    codes = 0
    for person in (cast.ada(), cast.bo()):
        for _ in range(4):
            try:
                row = add(person, now)
            except Refusal as no:
                assert no.why is MeWhy.CODES_OVER
                break
            models.Address.objects.filter(id=row.id).delete()
            codes += 1
    assert codes == 5


def test_the_same_form_twice_is_one_phone(now: datetime) -> None:
    viewer, key = cast.viewer(cast.bo()), uuid4()
    rows = {add_phone(viewer=viewer, phone=MOBILE, client_key=key, now=now).id for _ in range(2)}
    assert len(rows) == 1


def test_its_owner_chooses_texts_or_calls_but_not_nothing(now: datetime) -> None:
    bo = cast.bo()
    row = verified(bo, now)
    viewer = cast.viewer(bo)
    choose_ways(viewer=viewer, address_id=row.id, may_text=False, may_call=True, now=now)
    [told] = recipients(viewer=viewer, person_ids=[bo.id])
    address = next(one for one in told.addresses if one.id == row.id)
    assert (address.may_text, address.may_call) == (False, True)
    with pytest.raises(Refusal) as no:
        choose_ways(viewer=viewer, address_id=row.id, may_text=False, may_call=False, now=now)
    assert no.value.why is Why.ONE_OF_BOTH
    with pytest.raises(NotHere):
        choose_ways(
            viewer=cast.viewer(cast.ada()), address_id=row.id, may_text=True, may_call=True, now=now
        )


def test_their_own_phone_is_in_what_people_take_home(now: datetime) -> None:
    bo = cast.bo()
    verified(bo, now)
    [way] = export_of(viewer=cast.viewer(bo), person_id=bo.id)["ways_to_be_reached"]
    assert (way["address"], way["gets_texts"]) == ("+31612345678", True)


# ---------- STOP and START ----------


def text(words: str, now: datetime, value: str = MOBILE.number) -> UUID | None:
    return receive_from_gateway(
        channel="sms", provider_id=str(uuid4()), address_value=value, text=words, now=now
    )


def test_stop_silences_the_phone_in_every_network_and_its_owners_are_told(now: datetime) -> None:
    bo, cy = cast.bo(), cast.cy()
    rows = [verified(bo, now), verified(cy, now)]
    assert can_be_rung(viewer=system(bo), person_ids=[bo.id]) == {bo.id}
    for _ in range(3):
        text("Stop", now)
    for row in rows:
        row.refresh_from_db()
        assert row.stopped_at == now
    assert can_be_rung(viewer=system(bo), person_ids=[bo.id]) == frozenset()
    for person in (bo, cy):
        assert Notice.objects.filter(recipient_id=person.id).count() == 1
        assert not Delivery.objects.filter(notice__recipient_id=person.id, channel="sms").exists()
    assert set(IncomingText.objects.values_list("understood_by", flat=True)) == {"stop"}


def system(person: Any) -> Any:
    return type(cast.viewer(person)).system(cast.viewer(person).network, "counting")


def test_start_brings_it_back_and_nothing_else_does(now: datetime) -> None:
    bo = cast.bo()
    row = verified(bo, now)
    text("STOP", now)
    text("hello?", now)
    text("1", now)
    row.refresh_from_db()
    assert row.stopped_at is not None
    text("yes", now)
    row.refresh_from_db()
    assert row.stopped_at is None
    assert start_address(
        network_id=row.network_id, channel="sms", address_value=MOBILE.number, now=now
    ) is None  # fmt: skip


def test_a_stranger_stops_nobodys_phone(now: datetime) -> None:
    assert stop_address(
        network_id=cast.linden().id, channel="sms", address_value="+31699999999", now=now
    ) is None  # fmt: skip


# ---------- whose it is ----------


def test_a_text_goes_to_the_network_where_its_owner_was_last(now: datetime) -> None:
    bo, cy = cast.bo(), cast.cy()
    verified(bo, now)
    verified(cy, now)
    cast.signed_in(Client(), bo)
    models.Session.objects.update(expire_date=now)
    cast.signed_in(Client(), cy)
    found = whose_phone(channel="sms", address_value=MOBILE.number)
    assert found is not None and found.network_id == cy.network_id
    models.Session.objects.filter(login__person=cy).delete()
    found = whose_phone(channel="sms", address_value=MOBILE.number)
    assert found is not None and found.network_id == bo.network_id


def test_a_number_nobody_proved_is_nobodys(now: datetime) -> None:
    """Whoever types a stranger's number must not make us know the stranger."""
    bo = cast.bo()
    add(bo, now)
    begin(take(now, channel="sms"), now)
    text("HELP", now)
    assert IncomingText.objects.get().understood_by == ""
    found = whose_phone(channel="sms", address_value=MOBILE.number)
    first = models.Network.objects.order_by("created_at", "id").first()
    assert first is not None
    assert found == KnownPhone(network_id=first.id, address_id=None)
    assert not reply(
        network_id=bo.network_id, channel="sms", address_value=MOBILE.number, language="en",
        wording=Wording(title="Hello"), now=now,
    )  # fmt: skip


def test_without_a_network_a_text_is_nowhere_to_be_kept(now: datetime) -> None:
    assert whose_phone(channel="sms", address_value=MOBILE.number) is None
    assert text("hello", now) is None


def test_who_has_only_a_phone_is_told_asked_and_heard(now: datetime) -> None:
    """SMS alone is enough: a code, a notice, an answer, a test."""
    bo = cast.bo()
    verified(bo, now)
    viewer = cast.viewer(bo)
    [told] = recipients(viewer=viewer, person_ids=[bo.id])
    send_a_test(viewer=viewer, recipient=told, now=now)
    begin(take(now, channel="sms"), now)
    text("1", now + timedelta(seconds=1))
    assert Notice.objects.get(recipient_id=bo.id).answer == "got-it"


# ---------- pages ----------


def client_of(person: Any) -> Client:
    return cast.signed_in(Client(), person)


def page_of(person: Any, name: str = "people:addresses", **words: Any) -> str:
    return client_of(person).get(reverse(name, args=["linden", *words.values()])).text


def test_somebody_adds_a_phone_and_types_the_code(now: datetime) -> None:
    bo = cast.bo()
    client = client_of(bo)
    sent = client.post(
        reverse("people:phone", args=["linden"]), {"phone": "06 12345678", "client_key": uuid4()}
    )
    row = models.Address.objects.get(person=bo)
    assert sent["Location"] == reverse("people:address", args=["linden", row.id])
    assert "We sent six digits to" in client.get(sent["Location"]).text
    typed = client.post(sent["Location"], {"code": code_sent(row), "client_key": uuid4()})
    assert typed.status_code == 302
    shown = page_of(bo)
    assert "+31612345678" in shown and "What it gets" in shown


@pytest.mark.parametrize("typed", ["112", "", "0900 1234"])
def test_a_number_that_is_none_is_said_at_its_field(now: datetime, typed: str) -> None:
    sent = client_of(cast.bo()).post(
        reverse("people:phone", args=["linden"]), {"phone": typed, "client_key": uuid4()}
    )
    assert sent.status_code == 422
    assert not models.Address.objects.exists()


def test_without_a_gateway_no_phone_is_asked_for(now: datetime, settings: Any) -> None:
    bo = cast.bo()
    assert "Add a phone" in page_of(bo)
    settings.GATEWAY = None
    assert "Add a phone" not in page_of(bo)


def test_the_page_says_that_a_phone_is_stopped_and_how_to_start_it(now: datetime) -> None:
    bo = cast.bo()
    verified(bo, now)
    text("STOP", now)
    shown = page_of(bo)
    assert "Send START to" in shown and "+31201234567" in shown
    assert "Nothing works yet" in shown


def test_ticks_choose_texts_and_calls(now: datetime) -> None:
    bo = cast.bo()
    row = verified(bo, now)
    client = client_of(bo)
    address = reverse("people:phone-ways", args=["linden", row.id])
    assert client.post(address, {"ways": ["calls"]}).status_code == 302
    row.refresh_from_db()
    assert (row.may_text, row.may_call) == (False, True)
    nothing = client.post(address, {})
    assert nothing.status_code == 422
    assert "Keep texts or calls on" in nothing.text


def test_a_landlines_page_says_that_it_rings(now: datetime) -> None:
    bo = cast.bo()
    row = add(bo, now, LANDLINE)
    assert "a voice says six digits" in client_of(bo).get(
        reverse("people:address", args=["linden", row.id])
    ).text  # fmt: skip


def test_mail_and_phone_of_one_person_stand_side_by_side(now: datetime) -> None:
    bo = cast.bo()
    add(bo, now)
    add_email(viewer=cast.viewer(bo), email="bo@linden.example", client_key=uuid4(), now=now)
    assert [row.channel for row in models.Address.objects.filter(person=bo).order_by("rank")] == [
        "sms", "email",
    ]  # fmt: skip


def test_the_export_file_has_the_phone(now: datetime) -> None:
    bo = cast.bo()
    row = verified(bo, now)
    kept = vault.reveal(row.value_guarded, purpose="address", whose=bo.id)
    assert kept in json.dumps(export_of(viewer=cast.viewer(bo), person_id=bo.id), default=str)


def test_somebody_joins_with_nothing_but_a_phone(now: datetime) -> None:
    """SMS alone is enough, from the first screen on."""
    from porchlight.people.actions.joining import Newcomer, join
    from porchlight.people.queries.signing_in import as_network
    from porchlight.people.tests.test_joining_actions import an_invite

    login = join(
        network=as_network(cast.linden()), code=an_invite(cast.ada()),
        newcomer=Newcomer(
            name="Gus", language="en", email="", is_under_18=False, password="x", recovery="x",
            phone=MOBILE,
        ),
        client_key=uuid4(), now=now,
    )  # fmt: skip
    row = models.Address.objects.get(person_id=login.person_id, channel="sms")
    assert verify(
        viewer=cast.viewer(login.person), address_id=row.id, typed=code_sent(row), now=now
    ) is None  # fmt: skip


def test_the_second_screen_asks_for_a_phone_where_texts_go_out(settings: Any) -> None:
    from porchlight.people.forms.joining import NewcomerForm

    typed = {"name": "Gus", "password": "a quiet river at noon", "phone": "0612345678"}
    typed["client_key"] = str(uuid4())
    form = NewcomerForm(typed, zone="Europe/Amsterdam", with_phone=True, with_mail=True)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "+31612345678"
    wrong = NewcomerForm(
        typed | {"phone": "112"}, zone="Europe/Amsterdam", with_phone=True, with_mail=True
    )
    assert not wrong.is_valid()
    assert (
        "phone"
        not in NewcomerForm(typed, zone="Europe/Amsterdam", with_phone=False, with_mail=True).fields
    )
