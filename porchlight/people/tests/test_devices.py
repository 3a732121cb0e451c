"""Devices by the names their owners typed, a phone that was taken, and cookies."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions import devices, push
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.actions.lockdown import begin_lockdown
from porchlight.people.queries.devices import devices_of
from porchlight.people.queries.factors import has_factor
from porchlight.people.rules.accounts import Why
from porchlight.people.rules.lockdown import Why as Locked
from porchlight.people.sessions import USED
from porchlight.people.tests import cast
from porchlight.people.tests.test_factors import with_app

pytestmark = pytest.mark.django_db


def at(name: str, **more: object) -> str:
    return reverse(f"people:{name}", kwargs={"slug": "linden", **more})


def signs_in(name: str, device: str = "") -> Client:
    """A browser in which somebody typed name and password, and what they call their phone."""
    client = Client()
    form = client.get(at("sign-in")).context["form"]
    key = str(form["client_key"].value())
    done = client.post(
        at("sign-in"),
        {"client_key": key, "name": name, "password": cast.PASSWORD, "device": device},
    )
    assert done.status_code == 302
    return client


def test_devices_have_the_names_people_typed_and_no_other() -> None:
    bo = cast.bo()
    phone, laptop, plain = signs_in("Bo", "Blue phone"), signs_in("Bo", "Laptop"), signs_in("Bo")
    page = laptop.get(at("devices")).content.decode()
    assert "Blue phone" in page
    assert "no name" in page
    rows = models.Session.objects.filter(login__person=bo)
    assert rows.count() == 3
    for row in rows:
        assert b"Blue phone" not in bytes(row.label_guarded or b"")
        assert "Blue phone" not in row.session_data
        assert not {f.name for f in row._meta.get_fields()} & {"ip", "user_agent", "agent"}
    plain.post(at("devices"), {"client_key": str(uuid4()), "label": "Tablet"})
    assert "Tablet" in phone.get(at("devices")).content.decode()


def test_the_name_stays_when_the_cookie_changes_and_when_the_session_is_written() -> None:
    cast.bo()
    phone = signs_in("Bo", "Blue phone")
    session = phone.session
    before = models.Session.objects.get()
    session["anything"] = 1
    session.save()
    assert models.Session.objects.get().label_guarded == before.label_guarded
    session.cycle_key()
    after = models.Session.objects.get()
    assert after.session_key != before.session_key
    assert (after.label_guarded, after.device_id) == (before.label_guarded, before.device_id)


def test_a_session_that_was_ended_is_not_written_again() -> None:
    """Somebody ends a device while it loads a page: the page must not bring the session back."""
    cast.bo()
    session = signs_in("Bo").session
    assert session["fresh_at"]
    models.Session.objects.all().delete()
    session["late"] = 1
    session.save()
    assert not models.Session.objects.exists()


def test_whoever_ends_the_device_in_hand_is_led_to_the_door() -> None:
    """Also where the hour of its use is written at this very moment, as each five minutes."""
    cast.bo()
    phone = signs_in("Bo")
    session = phone.session
    session[USED] = (clock.now() - timedelta(minutes=20)).isoformat()
    session.save()
    own = models.Session.objects.get().device_id
    ended = phone.post(at("device-end", device_id=own), {"client_key": str(uuid4())})
    assert (ended.status_code, ended["Location"]) == (302, at("devices"))
    assert not models.Session.objects.exists()
    after = phone.get(at("devices"))
    assert after.status_code == 302
    assert after["Location"].startswith(reverse("people:sign-in"))


def test_a_session_ends_thirty_days_after_it_began_however_often_it_is_written() -> None:
    cast.bo()
    phone = signs_in("Bo")
    row = models.Session.objects.get()
    models.Session.objects.update(
        began_at=row.began_at - timedelta(days=29), expire_date=row.expire_date - timedelta(days=29)
    )
    session = phone.session
    session["anything"] = 1
    session.save()
    session.cycle_key()
    left = models.Session.objects.get().expire_date - clock.now()
    assert timedelta(0) < left <= timedelta(days=1)


def test_asking_for_a_passkey_leaves_nothing_for_long() -> None:
    cast.bo()
    stranger = Client()
    assert stranger.post(at("sign-in-question")).json()["publicKey"]["challenge"]
    assert models.Session.objects.get().expire_date - clock.now() <= timedelta(minutes=10)


def test_one_device_is_ended_and_the_others_stay() -> None:
    bo = cast.bo()
    phone, laptop = signs_in("Bo", "Blue phone"), signs_in("Bo", "Laptop")
    viewer = cast.viewer(bo)
    theirs = next(
        each
        for each in devices_of(viewer=viewer, here="", now=clock.now())
        if each.label == "Blue phone"
    )
    laptop.post(at("device-end", device_id=theirs.id))
    assert phone.get(at("me")).status_code == 302
    assert laptop.get(at("me")).status_code == 200


def test_nobody_ends_or_sees_the_devices_of_others() -> None:
    bo, cy = cast.bo(), cast.cy()
    phone = signs_in("Bo", "Blue phone")
    [device] = devices_of(viewer=cast.viewer(bo), here="", now=clock.now())
    for other in (cast.dee(), cy):
        devices.end_device(viewer=cast.viewer(other), device_id=device.id, now=clock.now())
        assert devices_of(viewer=cast.viewer(other), here="", now=clock.now()) == []
    assert phone.get(at("me")).status_code == 200


def test_the_name_of_a_device_does_not_open_for_somebody_else() -> None:
    cast.bo()
    dee = cast.dee()
    signs_in("Bo", "Blue phone")
    models.Session.objects.update(login=models.Login.objects.get(person=dee))
    with pytest.raises(vault.VaultTrouble):
        devices_of(viewer=cast.viewer(dee), here="", now=clock.now())


def reached(who: models.Person) -> None:
    """A mail address, a number, a phone that rings and one that calls for them."""
    for rank, (channel, value) in enumerate(
        [("email", "bo@linden.example"), ("sms", "+31612345678"), ("voice", "+31612345678")], 1
    ):
        models.Address.objects.create(
            network=who.network, person=who, source="test", client_key=uuid4(),
            created_at=clock.now(), channel=channel, rank=rank, verified_at=clock.now(),
            value_guarded=vault.guard(value, purpose="address", whose=who.id),
            value_index=vault.index(value, purpose="address"),
        )  # fmt: skip
    viewer, now = cast.viewer(who), clock.now()
    push.let_ring(
        viewer=viewer, label="Blue phone", subscription=cast.subscription(), cookie="",
        client_key=uuid4(), now=now,
    )  # fmt: skip
    make_alert_key(viewer=viewer, client_key=uuid4(), label="Blue phone", cookie="", now=now)


def channels(who: models.Person) -> list[str]:
    return sorted(models.Address.objects.filter(person=who).values_list("channel", flat=True))


@pytest.mark.parametrize(("drops", "left"), [(False, ["email", "sms", "voice"]), (True, ["email"])])
def test_my_phone_was_taken_ends_all_of_it_and_tells_what_is_left(
    drops: bool, left: list[str]
) -> None:
    bo = cast.bo()
    reached(bo)
    signs_in("Bo", "Blue phone")
    with_app(bo)
    assert has_factor(viewer=cast.viewer(bo))
    devices.phone_was_taken(viewer=cast.viewer(bo), now=clock.now(), drop_numbers=drops)
    assert channels(bo) == left
    assert not has_factor(viewer=cast.viewer(bo)), "the app and passkeys are in that phone"
    assert not models.Session.objects.filter(login__person=bo).exists()
    assert not models.AlertKey.objects.filter(person=bo, revoked_at=None).exists()
    assert Notice.objects.filter(recipient_id=bo.id, topic__kind="taken").count() == 1


def taken_from(by: models.Person, name: str = "Bo") -> None:
    devices.phone_was_taken_from(viewer=cast.viewer(by), name=name, now=clock.now())


def test_a_keeper_signs_somebody_out_who_asks_and_takes_no_way_to_call() -> None:
    ada, bo = cast.ada(), cast.bo()
    reached(bo)
    had = channels(bo)
    phone = signs_in("Bo", "Blue phone")
    keeper = cast.fresh(cast.signed_in(Client(), ada))
    page = at("phone-taken-from")
    unknown = {"client_key": str(uuid4()), "name": "Nobody"}
    assert keeper.post(page, unknown).status_code == 422
    done = keeper.post(page, {"client_key": str(uuid4()), "name": "bo", "drop_numbers": "on"})
    assert "still calls for help" in done.content.decode()
    assert phone.get(at("me")).status_code == 302
    assert channels(bo) == had
    assert len(had) == 4
    assert models.AlertKey.objects.filter(person=bo, revoked_at=None).exists()
    assert Notice.objects.filter(recipient_id=bo.id).count() == 1
    assert models.AuditRow.objects.filter(verb="people.phone_taken_by_keeper").count() == 1
    assert signs_in("Bo"), "the password still opens"


def test_a_keeper_does_it_only_after_the_password() -> None:
    ada = cast.ada()
    cast.bo()
    signs_in("Bo")
    keeper = cast.signed_in(Client(), ada)
    page = at("phone-taken-from")
    assert 'type="password"' in keeper.get(page).content.decode()
    keeper.post(page, {"client_key": str(uuid4()), "name": "Bo"})
    assert models.Session.objects.filter(login__person__name="Bo").exists()


def test_no_keeper_does_it_while_everything_is_locked() -> None:
    """There would be no way back in until it opens."""
    ada = cast.ada()
    cast.bo()
    signs_in("Bo")
    begin_lockdown(network_id=ada.network_id, by=[ada.id], now=clock.now())
    with pytest.raises(Refusal) as refused:
        taken_from(ada)
    assert refused.value.why is Locked.LOCKED
    keeper = cast.fresh(cast.signed_in(Client(), ada))
    sent = {"client_key": str(uuid4()), "name": "Bo"}
    assert keeper.post(at("phone-taken-from"), sent).status_code == 409
    assert models.Session.objects.filter(login__person__name="Bo").exists()


def test_ones_own_is_possible_in_a_lock_and_the_page_says_what_it_means() -> None:
    ada, bo = cast.ada(), cast.bo()
    phone = signs_in("Bo")
    says = "Everything here is locked just now: you cannot sign in again"
    assert says not in phone.get(at("phone-taken")).content.decode()
    begin_lockdown(network_id=ada.network_id, by=[ada.id], now=clock.now())
    page = phone.get(at("phone-taken")).content.decode()
    assert says in page
    assert "ring 112" in page
    assert "You sign in again with your name and password" not in page
    assert phone.post(at("phone-taken"), {"client_key": str(uuid4())}).status_code == 302
    assert not models.Session.objects.filter(login__person=bo).exists()


def test_a_keeper_who_is_too_near_reads_who_can() -> None:
    """Of the household, kept apart, or the person themself: one sentence for all of them."""
    ada, bo = cast.ada(), cast.bo()
    abe, eve, hal = (cast.person(name) for name in ("Abe", "Eve", "Hal"))
    for one in (abe, eve, hal):
        cast.mandate(one)
    home = cast.circle("At Bo's", "household")
    for one in (bo, hal):
        cast.membership(one, home)
    cast.block(bo, abe)
    cast.block(eve, bo)
    cast.mandate(bo)
    signs_in("Bo")
    for keeper in (abe, eve, hal, bo):
        with pytest.raises(Refusal) as refused:
            taken_from(keeper)
        assert refused.value.why is Why.TOO_NEAR
    assert models.Session.objects.filter(login__person=bo).exists()
    taken_from(ada)
    assert not models.Session.objects.filter(login__person=bo).exists()


def test_only_a_keeper_and_only_in_their_own_street() -> None:
    bo, cy = cast.bo(), cast.cy()
    signs_in("Bo")
    with pytest.raises(NotHere):
        taken_from(bo)
    with pytest.raises(Refusal) as refused:
        taken_from(cy)
    assert refused.value.why is Why.NO_SUCH_PERSON
    assert models.Session.objects.exists()


# ---------- cookies, and coming from elsewhere ----------


def test_the_cookie_is_strict_kept_from_scripts_and_stands_in_no_row() -> None:
    cast.bo()
    phone = signs_in("Bo")
    cookie = phone.cookies["porch"]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Strict", True, "/")
    row = models.Session.objects.get()
    assert cookie.value not in row.session_key + row.session_data


def test_messages_are_in_no_cookie() -> None:
    assert not [app for app in django_settings.INSTALLED_APPS if "messages" in app]
    assert not [name for name in django_settings.MIDDLEWARE if "messages" in name]


ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}


def test_a_link_in_a_mail_leads_through_one_page_that_goes_on_by_itself() -> None:
    cast.bo()
    stranger = Client()
    page = stranger.get(at("me") + "?a=1&b=2", headers=ELSEWHERE)
    assert page.status_code == 200
    assert f'content="0;url={at("me")}?a=1&amp;b=2"'.encode() in page.content
    assert f'href="{at("me")}?a=1&amp;b=2"'.encode() in page.content
    assert not page.cookies, "nothing of another session is overwritten"


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example"])
def test_it_leads_to_no_other_site(path: str) -> None:
    page = Client().get("/", headers=ELSEWHERE, PATH_INFO=path).content.decode()
    [goes_to] = re.findall(r'content="0;url=([^"]*)"', page)
    assert re.match(r"/[^/\\]", goes_to), goes_to


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"},
     {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
     {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}],
)  # fmt: skip
def test_everybody_else_passes_it(headers: dict[str, str]) -> None:
    cast.bo()
    assert Client().get(at("me"), headers=headers).status_code == 302
    assert (
        cast.signed_in(Client(), models.Person.objects.get())
        .get(at("me"), headers=ELSEWHERE)
        .status_code
        == 200
    )


def test_an_answer_link_asks_for_no_step() -> None:
    answer = Client().get("/a/abc/", headers=ELSEWHERE)
    assert b"http-equiv" not in answer.content


# ---------- limits ----------


def test_where_somebody_knocks_from_stands_nowhere(caplog: Any) -> None:
    """Wrong words, wrong passwords, joining, resetting: no address of a device is kept."""
    from django.core.cache import cache
    from django.db import connection

    from porchlight.people.views.ways_in import WRONG

    cast.bo()
    address = "203.0.113.77"
    stranger = Client(REMOTE_ADDR=address)
    key = {"client_key": str(uuid4())}
    stranger.post(at("sign-in"), key | {"name": "Bo", "password": "wrong wrong wrong"})
    stranger.post(at("join"), key | {"words": "zebra zebra zebra zebra zebra zebra"})
    stranger.post(at("lost"), key | {"name": "Bo"})
    stranger.post(at("reset"), key | {"words": "a b c d e f", "new": "a long enough password"})
    stranger.post(at("ask-to-join"), key | {
        "name": "Fay", "recognised_by": "Red coat", "language": "en"})  # fmt: skip
    stranger.get(at("asked", token="zebra"))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{address}%"]
            )
            assert cursor.fetchone() == (0,), table
    assert address not in caplog.text
    assert address not in repr(vars(WRONG))
    assert address not in repr(getattr(cache, "_cache", ""))
    assert not list(Path(django_settings.VAR).rglob("*203.0.113*"))


def test_a_word_of_a_stranger_about_where_they_come_from_is_not_believed() -> None:
    """The web server alone may put a proxy's word in REMOTE_ADDR; the program reads no header."""
    from django.test import RequestFactory

    from porchlight.people.views.ways_in import came_from

    asked = RequestFactory().get("/", headers={"X-Forwarded-For": "198.51.100.9"})
    assert came_from(asked) == "127.0.0.1"


def test_right_words_open_at_once_after_any_number_of_wrong_ones() -> None:
    """Tried without waiting: the wrong ones are counted, the right one is never asked to wait."""
    from porchlight.people.queries.signing_in import handle_of
    from porchlight.people.views.ways_in import WRONG

    cast.bo()
    now = clock.now()
    door = WRONG.door(handle_of(cast.linden().id, "Bo"), now)
    pauses = [WRONG.one_more(door, now) for _ in range(100)]
    assert pauses[-1] == timedelta(seconds=4)
    assert signs_in("Bo").get(at("me")).status_code == 200
    assert WRONG.one_more(door, now) == timedelta(0), "and they are forgotten then"
