"""The second step: setting it up, showing it once, taking it off, and what waits for it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db import models as django_models
from django.test import Client, RequestFactory
from django.urls import reverse

from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions import factors
from porchlight.people.actions.lockdown import begin_lockdown
from porchlight.people.queries.factor_words import factors_of_login
from porchlight.people.queries.factors import factor_id, factors_of, has_factor, ways_of
from porchlight.people.queries.invariants import second_factors_are_guarded
from porchlight.people.rules.factors import (
    IDLE_FOR,
    NOTED_EVERY,
    PROVEN_FOR,
    Way,
    Why,
    is_proven,
    is_worth_noting,
)
from porchlight.people.rules.lockdown import Why as Locked
from porchlight.people.rules.rights import (
    Level,
    Right,
    Role,
    Standing,
    rights_of,
    waiting_rights,
)
from porchlight.people.sessions import USED, SessionStore
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.views.ways_in import let_in

HERE = "/n/linden/"
NOON = datetime.fromisoformat("2026-05-05T12:00:00+00:00")


def code_of(secret: str, at: datetime, later: int = 0) -> str:
    """What an app shows at this moment."""
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30 + later)))


def with_app(who: models.Person, secret: str = "") -> str:
    """They set up an app a while ago; answers its secret."""
    chosen, now = secret or generate_totp_secret(), clock.now() - timedelta(hours=1)
    factors.add_app(viewer=cast.viewer(who), secret=chosen, typed=code_of(chosen, now), now=now)
    return chosen


def told(who: models.Person) -> int:
    return Notice.objects.filter(recipient_id=who.id).count()


def at(name: str, **more: object) -> str:
    return reverse(f"people:{name}", kwargs={"slug": "linden", **more})


def key_in(client: Client, page: str) -> str:
    form = client.get(page).context["form"]
    return str(form["client_key"].value())


def send(client: Client, page: str, **typed: str):  # type: ignore[no-untyped-def]  # a response
    return client.post(page, {"client_key": key_in(client, page), **typed})


# ---------- rules ----------


@pytest.mark.parametrize(
    ("proven", "used", "holds"),
    [
        (None, None, False),
        (timedelta(0), None, True),
        (IDLE_FOR, None, False),
        (IDLE_FOR - timedelta(seconds=1), None, True),
        (PROVEN_FOR, timedelta(0), False),
        (PROVEN_FOR - timedelta(seconds=1), timedelta(minutes=1), True),
        (timedelta(hours=5), IDLE_FOR, False),
        (timedelta(seconds=-1), None, False),
    ],
)
def test_a_second_factor_counts_for_twelve_hours_and_ends_after_an_hour_of_rest(
    proven: timedelta | None, used: timedelta | None, holds: bool
) -> None:
    assert holds is is_proven(
        proven_at=None if proven is None else NOON - proven,
        used_at=None if used is None else NOON - used,
        now=NOON,
    )


def test_use_is_noted_each_five_minutes() -> None:
    assert is_worth_noting(used_at=None, now=NOON)
    assert not is_worth_noting(used_at=NOON - NOTED_EVERY + timedelta(seconds=1), now=NOON)
    assert is_worth_noting(used_at=NOON - NOTED_EVERY, now=NOON)


@pytest.mark.parametrize("role", list(Role))
def test_rights_of_a_role_wait_for_a_second_factor_and_nothing_else_does(role: Role) -> None:
    before = Standing(level=Level.MEMBER, roles=frozenset({role}))
    after = Standing(level=Level.MEMBER, roles=frozenset({role}), is_proven=True)
    none = Standing(level=Level.MEMBER, roles=frozenset())
    assert rights_of(before) == rights_of(none)
    assert waiting_rights(before)
    assert rights_of(before) | waiting_rights(before) == rights_of(after)
    assert waiting_rights(after) == waiting_rights(none) == frozenset()


def test_a_founder_uses_roles_in_the_first_days() -> None:
    roles = frozenset({Role.KEEPER})
    excused = Standing(level=Level.MEMBER, roles=roles, is_excused=True)
    assert Right.KEEP in rights_of(excused)


# ---------- actions ----------


@pytest.mark.django_db
def test_an_app_is_set_up_by_its_first_code_and_everybody_hears_it() -> None:
    bo, secret, now = cast.bo(), generate_totp_secret(), clock.now()
    viewer = cast.viewer(bo)
    with pytest.raises(Refusal) as refused:
        factors.add_app(viewer=viewer, secret=secret, typed="000000", now=now)
    assert refused.value.why is Why.WRONG_CODE
    assert not has_factor(viewer=viewer)
    factors.add_app(viewer=viewer, secret=secret, typed=code_of(secret, now), now=now)
    assert factors_of(viewer=viewer).app_since == now
    assert told(bo) == 1
    with pytest.raises(Refusal) as refused:
        factors.add_app(viewer=viewer, secret=secret, typed=code_of(secret, now), now=now)
    assert refused.value.why is Why.HAS_APP


@pytest.mark.django_db
def test_the_secret_is_guarded_and_bound_to_its_owner() -> None:
    bo, dee = cast.bo(), cast.dee()
    secret = with_app(bo)
    row = Authenticator.objects.get()
    assert secret not in json.dumps(row.data)
    sentence, sql = second_factors_are_guarded()
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.fetchall() == [], sentence
    moved = models.Login.objects.get(person=dee)
    Authenticator.objects.update(user=moved)
    with pytest.raises(vault.VaultTrouble):
        factors.show_code(
            viewer=cast.viewer(dee), typed=code_of(secret, clock.now()), now=clock.now()
        )


@pytest.mark.django_db
def test_the_promise_finds_a_secret_in_the_open() -> None:
    bo = cast.bo()
    secret = with_app(bo)
    Authenticator.objects.update(data={"secret": secret})
    with connection.cursor() as cursor:
        cursor.execute(second_factors_are_guarded()[1])
        assert len(cursor.fetchall()) == 1


@pytest.mark.django_db
def test_a_code_of_the_app_works_once_and_so_does_an_older_one_not_any_more() -> None:
    bo = cast.bo()
    secret, now, viewer = with_app(bo), clock.now(), cast.viewer(bo)
    assert factors.show_code(viewer=viewer, typed=code_of(secret, now), now=now) is Way.APP
    for later in (0, -1):
        with pytest.raises(Refusal):
            factors.show_code(viewer=viewer, typed=code_of(secret, now, later), now=now)
    assert factors.show_code(viewer=viewer, typed=code_of(secret, now, 1), now=now) is Way.APP
    with pytest.raises(Refusal):
        factors.show_code(viewer=viewer, typed=code_of(secret, now, 2), now=now)


@pytest.mark.django_db
def test_a_code_on_paper_works_once_and_says_that_it_was_used() -> None:
    bo = cast.bo()
    viewer, now = cast.viewer(bo), clock.now()
    with pytest.raises(Refusal) as refused:
        factors.make_codes(viewer=viewer, now=now)
    assert refused.value.why is Why.NO_FACTOR
    with_app(bo)
    codes = factors.make_codes(viewer=viewer, now=now)
    assert len(set(codes)) == 10
    assert all(len(code) == 8 for code in codes)
    before = told(bo)
    spaced = f"{codes[3][:4]} {codes[3][4:]}"
    assert factors.show_code(viewer=viewer, typed=spaced, now=now) is Way.CODES
    assert told(bo) == before + 1
    assert factors_of(viewer=viewer).codes_left == 9
    with pytest.raises(Refusal):
        factors.show_code(viewer=viewer, typed=codes[3], now=now)
    anew = factors.make_codes(viewer=viewer, now=now)
    assert not set(anew) & set(codes)
    with pytest.raises(Refusal):
        factors.show_code(viewer=viewer, typed=codes[4], now=now)


@pytest.mark.django_db
def test_with_the_last_factor_the_codes_go() -> None:
    bo, cy = cast.bo(), cast.cy()
    viewer, now = cast.viewer(bo), clock.now()
    with_app(bo)
    factors.make_codes(viewer=viewer, now=now)
    with pytest.raises(NotHere):
        factors.remove_factor(viewer=cast.viewer(cy), factor=None, now=now)
    factors.remove_factor(viewer=viewer, factor=None, now=now)
    assert ways_of(viewer=viewer) == frozenset()


@pytest.mark.django_db
def test_the_name_of_a_passkey_is_guarded_and_only_its_owner_takes_it_off() -> None:
    bo, cy = cast.bo(), cast.cy()
    viewer, now = cast.viewer(bo), clock.now()
    factors.add_passkey(viewer=viewer, name="Blue phone", credential={"id": "one"}, now=now)
    row = Authenticator.objects.get()
    assert "Blue" not in json.dumps(row.data)
    [passkey] = factors_of(viewer=viewer).passkeys
    assert passkey.name == "Blue phone"
    with pytest.raises(Refusal) as refused:
        factors.add_passkey(viewer=viewer, name="Again", credential={"id": "one"}, now=now)
    assert refused.value.why is Why.HAS_PASSKEY
    with pytest.raises(NotHere):
        factors.remove_factor(viewer=cast.viewer(cy), factor=factor_id(row), now=now)
    factors.remove_factor(viewer=viewer, factor=passkey.id, now=now)
    assert not has_factor(viewer=viewer)


@pytest.mark.django_db
def test_secrets_are_guarded_anew_with_a_new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    bo = cast.bo()
    secret, viewer = with_app(bo), cast.viewer(bo)
    factors.make_codes(viewer=viewer, now=clock.now())
    rings = vault.keyring()
    two = vault.Keyring({"newer": bytes(32), **rings.keys})
    monkeypatch.setattr(vault, "keyring", lambda: two)
    assert factors.guard_factors_anew(most=1) == 1
    assert factors.guard_factors_anew(most=9) == 1
    assert factors.guard_factors_anew(most=9) == 0
    now = clock.now()
    assert factors.show_code(viewer=viewer, typed=code_of(secret, now), now=now) is Way.APP


# ---------- races ----------


@pytest.mark.django_db(transaction=True)
def test_one_code_on_paper_shown_twice_at_once_works_once() -> None:
    bo = cast.bo()
    with_app(bo)
    viewer, now = cast.viewer(bo), clock.now()
    code = factors.make_codes(viewer=viewer, now=now)[0]
    show: Callable[[], object] = lambda: factors.show_code(viewer=viewer, typed=code, now=now)  # noqa: E731
    assert sorted(map(str, at_once(show, show, show))) == sorted(
        map(str, [Way.CODES, Why.WRONG_CODE, Why.WRONG_CODE])
    )


@pytest.mark.django_db(transaction=True)
def test_one_code_of_the_app_shown_twice_at_once_works_once() -> None:
    bo = cast.bo()
    secret = with_app(bo)
    viewer, now = cast.viewer(bo), clock.now()
    show: Callable[[], object] = lambda: factors.show_code(  # noqa: E731
        viewer=viewer, typed=code_of(secret, now), now=now
    )
    assert sorted(map(str, at_once(show, show))) == sorted(map(str, [Way.APP, Why.WRONG_CODE]))


# ---------- doors ----------


@pytest.mark.django_db
def test_a_keeper_without_a_second_factor_is_led_to_set_one_up_and_back() -> None:
    ada = cast.ada()
    client = cast.signed_in(Client(), ada, is_proven=False)
    wanted = at("network-settings")
    led = client.get(wanted, follow=True)
    assert led.redirect_chain[0][0].startswith(at("prove"))
    assert b"Set up a second step first" in led.content
    link = f"{at('factor-app')}?next=%2Fn%2Flinden%2Fsettings%2F"
    assert link.encode() in led.content
    asked = send(client, link, password=cast.PASSWORD)
    shown = client.get(asked["Location"])
    secret = "".join(shown.context["letters"])
    done = client.post(
        link, {"client_key": str(key_of(shown)), "code": code_of(secret, clock.now())}, follow=True
    )
    assert f'href="{wanted}"'.encode() in done.content
    assert client.get(wanted).status_code == 200


def key_of(response) -> str:  # type: ignore[no-untyped-def]  # a response
    return str(response.context["form"]["client_key"].value())


@pytest.mark.django_db
def test_the_square_is_new_each_time_and_not_shown_again_after_a_wrong_code() -> None:
    client = cast.signed_in(Client(), cast.bo())
    send(client, at("factor-app"), password=cast.PASSWORD)
    first, second = client.get(at("factor-app")), client.get(at("factor-app"))
    assert first.context["letters"] != second.context["letters"]
    wrong = client.post(at("factor-app"), {"client_key": key_of(second), "code": "000000"})
    assert wrong.status_code == 422
    assert b'<svg class="qr"' not in wrong.content
    assert "".join(second.context["letters"]).encode() not in wrong.content
    kept = models.Session.objects.get().session_data
    assert "".join(second.context["letters"]) not in kept
    secret = "".join(second.context["letters"])
    right = client.post(
        at("factor-app"), {"client_key": key_of(second), "code": code_of(secret, clock.now())}
    )
    assert right.status_code == 302


@pytest.mark.django_db
def test_a_keeper_shows_a_code_goes_on_and_the_cookie_changes() -> None:
    ada = cast.ada()
    secret = with_app(ada)
    client = cast.signed_in(Client(), ada, is_proven=False)
    wanted = at("audit")
    assert client.get(wanted)["Location"] == f"{at('prove')}?next=%2Fn%2Flinden%2Faudit%2F"
    before = client.cookies["porch"].value
    page = f"{at('prove')}?next={wanted}"
    assert send(client, page, code="123456").status_code == 422
    assert client.get(wanted).status_code == 302
    done = send(client, page, code=code_of(secret, clock.now()))
    assert done["Location"] == wanted
    assert client.cookies["porch"].value != before
    assert client.get(wanted).status_code == 200


@pytest.mark.django_db
def test_it_never_stands_before_ones_own_page_the_pod_or_calling_for_help() -> None:
    ada = cast.ada()
    cast.membership(ada, cast.circle())
    client = cast.signed_in(Client(), ada, is_proven=False)
    for page in (at("me"), at("pod"), at("addresses"), at("places"), at("invites")):
        assert client.get(page).status_code == 200, page
    help_page = client.get("/n/linden/help/")
    assert help_page.status_code == 200


@pytest.mark.django_db
def test_rights_end_after_an_hour_of_rest_and_the_session_goes_on() -> None:
    client = cast.signed_in(Client(), cast.ada())
    assert client.get(at("audit")).status_code == 200
    session = client.session
    session["proven_at"] = (clock.now() - timedelta(hours=3)).isoformat()
    session[USED] = (clock.now() - IDLE_FOR).isoformat()
    session.save()
    assert client.get(at("audit")).status_code == 302
    assert client.get(at("me")).status_code == 200


@pytest.mark.django_db
def test_opening_pages_keeps_it_open_and_live_pages_do_not() -> None:
    client = cast.signed_in(Client(), cast.ada())
    long_ago = (clock.now() - timedelta(minutes=30)).isoformat()
    session = client.session
    session[USED] = long_ago
    session.save()
    client.get(at("me"), headers={"HX-Request": "true"})
    assert client.session[USED] == long_ago
    client.get(at("me"))
    assert client.session[USED] != long_ago


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_whoever_has_a_role_is_asked_for_a_second_step_and_not_again_once_it_is_set_up(
    role: Role,
) -> None:
    line, bo = b"Your role waits for a second step", cast.bo()
    client = cast.signed_in(Client(), bo, is_proven=False)
    pages = (HERE, at("me"), at("roles"))
    assert not any(line in client.get(page).content for page in pages)
    cast.mandate(bo, role)
    assert all(line in client.get(page).content for page in pages)
    assert line not in client.get(at("groups")).content
    with_app(bo)
    assert not any(line in client.get(page).content for page in pages)


@pytest.mark.django_db
def test_a_founder_in_the_first_days_keeps_without_and_reads_a_friendly_line() -> None:
    ada = cast.ada()
    models.Network.objects.update(created_at=clock.now() - timedelta(days=13))
    client = cast.signed_in(Client(), ada, is_proven=False)
    assert client.get(at("audit")).status_code == 200
    assert b"Set up a second step in the next days" in client.get(at("me")).content
    secret = with_app(ada)
    assert client.get(at("audit")).status_code == 302, "who has set one up shows it"
    assert b"Set up a second step in the next days" not in client.get(at("me")).content
    assert secret
    Authenticator.objects.all().delete()
    models.Network.objects.update(created_at=clock.now() - timedelta(days=14))
    assert client.get(at("audit")).status_code == 302


@pytest.mark.django_db
def test_somebody_who_keeps_but_did_not_found_shows_it_from_the_first_day() -> None:
    bo = cast.bo()
    cast.mandate(bo)
    models.Network.objects.update(created_at=clock.now())
    client = cast.signed_in(Client(), bo, is_proven=False)
    assert client.get(at("audit")).status_code == 302


@pytest.mark.django_db
def test_what_is_not_here_offers_the_second_step_to_whom_it_may_concern_only() -> None:
    unproven = cast.signed_in(Client(), cast.ada(), is_proven=False)
    missing = f"{HERE}groups/{models.Network.objects.get().id}/"
    assert b"/second-step/?next=" in unproven.get(missing).content
    bo = cast.signed_in(Client(), cast.bo())
    assert b"/second-step/" not in bo.get(missing).content


@pytest.mark.django_db
def test_changing_a_second_step_needs_the_second_step_not_only_the_password() -> None:
    bo = cast.bo()
    with_app(bo)
    client = cast.signed_in(Client(), bo, is_proven=False)
    for name in ("app-remove", "factor-passkey", "factor-codes"):
        assert client.get(at(name))["Location"].startswith(at("prove")), name
        assert client.post(at(name), {"client_key": "x"})["Location"].startswith(at("prove"))
    assert Authenticator.objects.count() == 1


@pytest.mark.django_db
def test_codes_for_paper_are_on_one_page_only() -> None:
    bo = cast.bo()
    with_app(bo)
    client = cast.signed_in(Client(), bo)
    send(client, at("factor-codes"), password=cast.PASSWORD)
    shown = send(client, at("factor-codes"))
    codes = shown.context["codes"]
    assert len(codes) == 10
    for page in (at("factor-codes"), at("factors"), at("me")):
        assert codes[0].encode() not in client.get(page).content


@pytest.mark.django_db
def test_a_page_that_asks_for_the_password_takes_a_code_too() -> None:
    bo = cast.bo()
    secret = with_app(bo)
    client = cast.signed_in(Client(), bo, is_proven=False)
    page = at("person-blocks")
    assert b"Or a code" in client.get(page).content
    assert send(client, page, code="000000").status_code == 422
    assert send(client, page, code=code_of(secret, clock.now())).status_code == 302
    assert b"Or a code" not in client.get(page).content


@pytest.mark.django_db
def test_being_known_lasts_five_minutes() -> None:
    client = cast.signed_in(Client(), cast.bo())
    send(client, at("person-blocks"), password=cast.PASSWORD)
    assert "password" not in client.get(at("person-blocks")).context["form"].fields
    session = client.session
    session["fresh_at"] = (clock.now() - timedelta(minutes=5)).isoformat()
    session.save()
    assert "password" in client.get(at("person-blocks")).context["form"].fields


@pytest.mark.django_db
def test_too_many_wrong_codes_close_codes_and_not_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from porchlight.people.views import ways_in

    monkeypatch.setattr(ways_in, "MOST_WRONG_CODES", 2)
    bo = cast.bo()
    secret = with_app(bo)
    client = cast.signed_in(Client(), bo, is_proven=False)
    for _ in range(2):
        assert send(client, at("prove"), code="000000").status_code == 422
    closed = send(client, at("prove"), code=code_of(secret, clock.now()))
    assert b"Too many wrong codes" in closed.content
    assert send(client, at("person-blocks"), password=cast.PASSWORD).status_code == 302


@pytest.mark.django_db
def test_when_it_was_used_is_written_nowhere() -> None:
    bo = cast.bo()
    secret = with_app(bo)
    factors.show_code(viewer=cast.viewer(bo), typed=code_of(secret, clock.now()), now=clock.now())
    row = Authenticator.objects.get()
    assert row.last_used_at is None
    with factors_of_login(row.user_id):
        assert row.wrap() is not None


def test_the_librarys_own_pages_are_nowhere() -> None:
    from django.urls import get_resolver

    assert "allauth" not in str(get_resolver().url_patterns)
    assert issubclass(Authenticator, django_models.Model)


@pytest.mark.django_db
def test_in_a_lock_a_passkey_is_a_device_of_ones_own_and_a_password_alone_is_not() -> None:
    """docs/decisions/0013: signing in works on devices that are known already."""
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    begin_lockdown(network_id=bo.network_id, by=[ada.id], now=now)
    login = models.Login.objects.get(person=bo)

    def comes(*, is_own_device: bool) -> Any:
        request = RequestFactory().post(at("sign-in"))
        request.session = SessionStore()
        request.user = AnonymousUser()
        let_in(request, login, now, is_own_device=is_own_device)
        return request

    with pytest.raises(Refusal) as refused:
        comes(is_own_device=False)
    assert refused.value.why is Locked.LOCKED_SIGN_IN
    assert comes(is_own_device=True).user == login
