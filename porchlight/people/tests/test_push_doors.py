"""Doors of «Let this phone ring», what ends it, and the contact card."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import vapid
from porchlight.people import models
from porchlight.people.queries.push import cookie_name
from porchlight.people.rules.card import contact_card
from porchlight.people.tests import cast

CANARY = "Kanariegele telefoon"


def at(name: str, *values: object, slug: str = "linden") -> str:
    return reverse(f"people:{name}", args=[slug, *values])


def turn_on(client: Client, device: str = "one", **facts: str) -> Any:
    known = {
        "label": CANARY, "subscription": cast.subscription(device), "client_key": str(uuid4()),
    }  # fmt: skip
    return client.post(at("push"), known | facts)


def again(client: Client, device: str, **headers: Any) -> int:
    response = client.post(
        "/push/again/", cast.subscription(device), content_type="application/json", **headers
    )
    return response.status_code


@pytest.fixture
def bo(client: Client, db: None) -> Client:
    return cast.signed_in(client, cast.bo())


def ringing() -> int:
    return models.Address.objects.filter(channel="web_push").count()


def test_a_device_that_was_turned_on_is_listed_by_its_name(bo: Client) -> None:
    assert turn_on(bo).status_code == 302
    shown = bo.get(at("push")).content.decode()
    assert CANARY in shown
    assert "data-push-here=" in shown
    assert "googleapis" not in shown
    for page in ("addresses", "me"):
        listed = bo.get(at(page)).content.decode()
        assert CANARY in listed
        assert "googleapis" not in listed


def test_another_browser_of_the_same_person_is_not_told_that_it_rings(bo: Client) -> None:
    turn_on(bo)
    other = cast.signed_in(Client(), models.Person.objects.get(name="Bo"))
    shown = other.get(at("push")).content.decode()
    assert CANARY in shown
    assert "data-push-here=" not in shown


def test_the_key_of_a_device_cannot_be_read_by_scripts(bo: Client, settings: Any) -> None:
    settings.PUBLIC_IS_SECURE = True
    turn_on(bo)
    cookie = bo.cookies["__Host-porch-push"]
    assert cookie["httponly"] and cookie["secure"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"label": ""}, "Please fill this in."),
        ({"subscription": ""}, "nothing we may ring"),
        ({"subscription": cast.subscription(host="evil.example")}, "nothing we may ring"),
    ],
)
def test_what_cannot_ring_is_refused_in_words(
    bo: Client, facts: dict[str, str], sentence: str
) -> None:
    response = turn_on(bo, **facts)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert ringing() == 0


def test_a_device_is_ended_by_its_owner_only(bo: Client) -> None:
    turn_on(bo)
    device = models.Address.objects.get()
    ada = cast.signed_in(Client(), cast.ada())
    ada.post(at("push-end", device.id))
    assert ringing() == 1
    assert bo.post(at("push-end", device.id)).status_code == 302
    assert ringing() == 0


def test_signing_out_ends_this_device_and_leaves_the_others(bo: Client) -> None:
    turn_on(bo)
    other = cast.signed_in(Client(), models.Person.objects.get(name="Bo"))
    turn_on(other, "two", label="Other phone")
    bo.post(at("sign-out"))
    assert ringing() == 1
    assert "Other phone" in other.get(at("push")).content.decode()


def test_a_session_that_ended_by_itself_leaves_the_phone_ringing(bo: Client) -> None:
    turn_on(bo)
    models.Session.objects.all().delete()
    bo.post(at("sign-out"))
    assert ringing() == 1


def test_signing_out_everywhere_else_ends_the_others(bo: Client) -> None:
    other = cast.signed_in(Client(), models.Person.objects.get(name="Bo"))
    turn_on(other, "two", label="Other phone")
    turn_on(bo)
    bo.post(at("sign-out-elsewhere"))
    shown = bo.get(at("push")).content.decode()
    assert CANARY in shown
    assert "Other phone" not in shown


def test_my_phone_was_taken_ends_all_and_says_so_before(bo: Client) -> None:
    turn_on(bo)
    assert "rings for you through its browser" in bo.get(at("phone-taken")).content.decode()
    bo.post(at("phone-taken"), {"client_key": str(uuid4())})
    assert ringing() == 0


def test_a_changed_endpoint_is_taken_from_the_device_itself_also_signed_out(
    bo: Client, settings: Any
) -> None:
    turn_on(bo, "before")
    del bo.cookies[settings.SESSION_COOKIE_NAME]
    assert again(bo, "after") == 204
    assert again(bo, "after") == 404  # nothing changed
    assert again(Client(), "evil") == 404


def test_the_worker_asks_at_the_address_of_the_door() -> None:
    assert reverse("people:push-again") == "/push/again/"


def test_a_changed_endpoint_needs_no_form_but_the_cookie_of_the_device(bo: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    turn_on(bo, "before")
    strict.cookies[cookie_name()] = bo.cookies[cookie_name()].value
    assert again(strict, "after") == 204


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{}", b"x" * 5000, b"[[[[[["])
def test_a_changed_endpoint_of_nonsense_changes_nothing(bo: Client, body: bytes) -> None:
    turn_on(bo)
    before = bytes(models.Address.objects.get().value_index)
    answer = bo.post("/push/again/", body, content_type="application/json")
    assert answer.status_code == 404
    assert bytes(models.Address.objects.get().value_index) == before


def test_without_a_key_of_ours_the_page_says_so_and_offers_other_ways(
    bo: Client, settings: Any, tmp_path: Any
) -> None:
    settings.VAPID_KEY, settings.KEYS_FOLDER = "", tmp_path
    vapid.own_key.cache_clear()
    try:
        shown = bo.get(at("push")).content.decode()
    finally:
        vapid.own_key.cache_clear()
    assert "Phones cannot ring from here yet" in shown
    assert "data-push=" not in shown


# ---------- the contact card ----------


def read_card(text: str) -> dict[str, list[str]]:
    """A card as a phone reads it: lines put together, then split at the first colon."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    found: dict[str, list[str]] = {}
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        plain = value.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
        found.setdefault(name.partition(";")[0], []).append(plain)
    return found


def test_the_card_holds_the_name_of_the_neighbourhood_and_our_numbers(
    bo: Client, settings: Any
) -> None:
    settings.PHONE_NUMBERS = ("+31612345678", "+31201234567")
    page = bo.get(at("card")).content.decode()
    assert "+31612345678" in page
    assert at("card-file") in page
    response = bo.get(at("card-file"))
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="linden.vcf"'
    card = read_card(response.content.decode())
    assert card["VERSION"] == ["3.0"]
    assert card["FN"] == ["Linden Street"]
    assert card["TEL"] == ["+31612345678", "+31201234567"]


def test_without_numbers_the_page_says_so_and_there_is_no_card(bo: Client) -> None:
    page = bo.get(at("card")).content.decode()
    assert "no number to keep" in page
    assert at("card-file") not in page
    assert bo.get(at("card-file")).status_code == 404


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_any_name_stays_one_line_that_reads_the_same(name: str) -> None:
    card = contact_card(name=name, numbers=["+31612345678"], url="https://street.example/n/x/")
    found = read_card(card)
    assert found["FN"] == [" ".join(name.split())]
    assert found["TEL"] == ["+31612345678"]
    assert len(found["END"]) == 1


def test_a_name_cannot_add_a_line_to_the_card() -> None:
    card = contact_card(name="Evil\r\nTEL:+1666", numbers=["+31612345678"], url="https://x.example")
    assert read_card(card)["TEL"] == ["+31612345678"]
