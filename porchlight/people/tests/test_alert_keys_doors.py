"""«This phone»: what a device may do while nobody is signed in on it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope
from porchlight.people import models
from porchlight.people.actions.alert_keys import (
    forget_keys_of,
    make_alert_key,
    use_alert_key,
)
from porchlight.people.queries.alert_keys import (
    alert_keys_of,
    cookie_name,
    person_of_key,
)
from porchlight.people.queries.places import places_of
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.alert_keys import cookie_with, keys_in
from porchlight.people.tests import cast

CANARY = "Kanariegele telefoon"


def at(name: str, *values: object, slug: str = "linden") -> str:
    return reverse(f"people:{name}", args=[slug, *values])


def set_up(client: Client, slug: str = "linden", label: str = CANARY) -> Any:
    return client.post(at("this-phone", slug=slug), {"label": label, "client_key": str(uuid4())})


def key_on(client: Client) -> str:
    return str(client.cookies[cookie_name()].value)


@pytest.fixture
def bo(client: Client, db: None) -> Client:
    return cast.signed_in(client, cast.bo())


def test_a_phone_that_was_set_up_knows_whose_it_is_when_signed_out(
    bo: Client, settings: Any
) -> None:
    assert set_up(bo).status_code == 302
    del bo.cookies[settings.SESSION_COOKIE_NAME]
    assert bo.get(at("places")).status_code == 302
    linden = as_network(cast.linden())
    found = person_of_key(network=linden, key=key_on(bo), now=clock.now())
    assert found is not None
    assert found.person_id == models.Person.objects.get(name="Bo").id
    assert found.scope is Scope.ALERT_KEY
    assert found.rights == frozenset()


def test_signing_out_leaves_the_key_on_the_phone(bo: Client) -> None:
    set_up(bo)
    held = key_on(bo)
    assert bo.post(at("sign-out")).status_code == 302
    assert bo.get(at("places")).status_code == 302
    assert key_on(bo) == held
    help_page = bo.get("/n/linden/help/").content.decode()
    assert "<bdi>Bo</bdi>" not in help_page
    assert "This phone" in help_page
    assert person_of_key(network=as_network(cast.linden()), key=held, now=clock.now())


def test_the_cookie_is_out_of_reach_of_pages_and_other_sites(bo: Client) -> None:
    cookie = set_up(bo).cookies[cookie_name()]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


def test_on_a_locked_address_the_cookie_is_bound_to_this_host(bo: Client, settings: Any) -> None:
    settings.PUBLIC_IS_SECURE = True
    cookie = set_up(bo).cookies["__Host-porch-alert"]
    assert cookie["secure"] is True
    assert cookie["domain"] == ""


def test_the_key_and_the_phones_name_are_not_in_the_rows(bo: Client) -> None:
    set_up(bo)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM people_alertkey t")
        dump = cursor.fetchone()[0]
    for secret in (CANARY, key_on(bo)):
        assert secret not in dump
        assert secret.encode().hex() not in dump


def test_only_its_owner_reads_the_phones_name(bo: Client) -> None:
    set_up(bo)
    assert CANARY in bo.get(at("this-phone")).content.decode()
    key_id = models.AlertKey.objects.get().id
    for other, slug in ((cast.ada(), "linden"), (cast.cy(), "harbour")):
        theirs = cast.signed_in(Client(), other)
        assert CANARY not in theirs.get(at("this-phone", slug=slug)).content.decode()
        assert theirs.post(at("alert-key-end", key_id, slug=slug)).status_code == 404
    assert models.AlertKey.objects.get().revoked_at is None


def test_a_key_opens_nothing_of_its_owners(bo: Client) -> None:
    set_up(bo)
    held = key_on(bo)
    bo.logout()
    bo.cookies[cookie_name()] = held
    assert bo.get(at("places")).status_code == 302
    viewer = person_of_key(network=as_network(cast.linden()), key=held, now=clock.now())
    assert viewer
    with pytest.raises(NotHere):
        places_of(viewer=viewer)


def test_a_key_works_in_its_own_network_only(bo: Client) -> None:
    set_up(bo)
    harbour = as_network(cast.harbour())
    assert person_of_key(network=harbour, key=key_on(bo), now=clock.now()) is None


@pytest.mark.parametrize("key", ["", ".", "x", "a" * 43, "a" * 5000, "\x00" * 30, "é" * 43])
def test_what_is_no_key_is_nobodys(db: None, key: str) -> None:
    assert person_of_key(network=as_network(cast.linden()), key=key, now=clock.now()) is None


def test_a_key_lasts_ninety_days_and_longer_when_it_is_used(db: None) -> None:
    viewer, network, now = cast.viewer(cast.bo()), as_network(cast.linden()), clock.now()
    key = make_alert_key(viewer=viewer, client_key=uuid4(), label="Blue", cookie="", now=now)
    day = timedelta(days=1)
    assert use_alert_key(network=network, key=key, now=now + 50 * day)
    assert models.AlertKey.objects.get().expires_at == now + 90 * day
    assert use_alert_key(network=network, key=key, now=now + 61 * day)
    assert models.AlertKey.objects.get().expires_at == now + 151 * day
    assert person_of_key(network=network, key=key, now=now + 150 * day)
    assert person_of_key(network=network, key=key, now=now + 151 * day) is None
    assert use_alert_key(network=network, key=key, now=now + 152 * day) is None


def test_setting_up_a_phone_again_ends_its_older_key(bo: Client) -> None:
    set_up(bo)
    first = key_on(bo)
    set_up(bo, label="Again")
    linden, now = as_network(cast.linden()), clock.now()
    assert person_of_key(network=linden, key=first, now=now) is None
    assert person_of_key(network=linden, key=key_on(bo), now=now)
    assert models.AlertKey.objects.filter(revoked_at=None).count() == 1


def test_one_phone_can_belong_to_two_networks(bo: Client) -> None:
    set_up(bo)
    cast.signed_in(bo, cast.cy())
    set_up(bo, slug="harbour")
    now = clock.now()
    for network in (cast.linden(), cast.harbour()):
        found = person_of_key(network=as_network(network), key=key_on(bo), now=now)
        assert found is not None
        assert found.network.slug == network.slug


def test_the_same_form_sent_twice_is_one_phone_with_a_key_that_works(bo: Client) -> None:
    form = {"label": "Blue", "client_key": str(uuid4())}
    bo.post(at("this-phone"), form)
    bo.post(at("this-phone"), form)
    assert models.AlertKey.objects.count() == 1
    assert person_of_key(network=as_network(cast.linden()), key=key_on(bo), now=clock.now())


def test_a_seventh_phone_is_refused_in_words(bo: Client) -> None:
    for number in range(6):
        bo.cookies.pop(cookie_name(), None)
        assert set_up(bo, label=f"Phone {number}").status_code == 302
    bo.cookies.pop(cookie_name(), None)
    answer = set_up(bo)
    assert answer.status_code == 422
    assert "Six devices can call for you already" in answer.content.decode()


def test_a_phone_without_a_name_is_refused(bo: Client) -> None:
    assert set_up(bo, label="\u202e\u200b ").status_code == 422
    assert not models.AlertKey.objects.exists()


def test_a_phone_is_ended_with_one_button(bo: Client) -> None:
    set_up(bo)
    assert bo.post(at("alert-key-end", models.AlertKey.objects.get().id)).status_code == 302
    linden = as_network(cast.linden())
    assert person_of_key(network=linden, key=key_on(bo), now=clock.now()) is None


def test_my_phone_was_taken_ends_every_key_and_signs_out_everywhere(bo: Client) -> None:
    set_up(bo)
    taken = cast.signed_in(Client(), models.Person.objects.get(name="Bo"))
    assert taken.get(at("places")).status_code == 200
    ada = cast.signed_in(Client(), cast.ada())
    set_up(ada)
    assert "My phone was taken" in bo.get(at("phone-taken")).content.decode()
    assert bo.post(at("phone-taken"), {"client_key": str(uuid4())}).status_code == 302
    assert bo.get(at("places")).status_code == 302
    assert taken.get(at("places")).status_code == 302
    assert ada.get(at("places")).status_code == 200
    linden, now = as_network(cast.linden()), clock.now()
    assert person_of_key(network=linden, key=key_on(bo), now=now) is None
    assert person_of_key(network=linden, key=key_on(ada), now=now)


def test_whoever_leaves_takes_their_keys_along(bo: Client) -> None:
    set_up(bo)
    who = models.Person.objects.get(name="Bo")
    linden = as_network(cast.linden())
    forget_keys_of(person_id=who.id, network=linden, now=clock.now())
    assert not models.AlertKey.objects.exists()


def test_a_device_holds_at_most_three_keys() -> None:
    held = ""
    for number in range(5):
        held = cookie_with(f"{number}" * 43, cookie=held)
    assert [key[0] for key in keys_in(held)] == ["4", "3", "2"]


@pytest.mark.parametrize("count", [1, 6])
def test_reading_my_phones_costs_one_query(
    db: None, count: int, django_assert_num_queries: Any
) -> None:
    viewer, now = cast.viewer(cast.bo()), clock.now()
    for number in range(count):
        make_alert_key(viewer=viewer, client_key=uuid4(), label=f"{number}", cookie="", now=now)
    with django_assert_num_queries(1):
        assert len(alert_keys_of(viewer=viewer, now=now)) == count
