"""Passwords, six words, two keepers, ways to be reached, leaving; and starting a network."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import AddressHealth, Delivery, Notice, Text
from porchlight.notices.queries.words import words_of
from porchlight.people import models
from porchlight.people.actions import accounts, addresses, deaths, me, networks, resets
from porchlight.people.actions.places import add_place
from porchlight.people.queries.factors import has_factor
from porchlight.people.queries.resets import open_resets, own_open_reset, sealed_waits_until
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules import accounts as account_rules
from porchlight.people.rules import me as me_rules
from porchlight.people.rules import names
from porchlight.people.rules import networks as network_rules
from porchlight.people.rules.places import Entered, Where
from porchlight.people.rules.places import Kind as PlaceKind
from porchlight.people.tests import cast
from porchlight.people.tests.test_factors import with_app
from porchlight.people.tests.test_joining_actions import newcomer
from porchlight.people.tests.test_joining_rules import a_founding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]

NEW = "seven herons over water"


def sessions_of(who: models.Person) -> int:
    return models.Session.objects.filter(login__person=who).count()


def told(who: models.Person) -> list[str]:
    """The kinds of notices somebody got."""
    return list(
        Notice.objects.filter(recipient_id=who.id)
        .values_list("topic__kind", flat=True)
        .order_by("told_at")
    )


def mailbox(who: models.Person, mail: str = "bo@mail.example") -> models.Address:
    """A verified address."""
    return models.Address.objects.create(
        network=who.network,
        person=who,
        source="test",
        client_key=uuid4(),
        created_at=clock.now(),
        channel="email",
        value_guarded=vault.guard(mail, purpose="address", whose=who.id),
        value_index=vault.index(mail, purpose="address"),
        rank=models.Address.objects.filter(person=who).count() + 1,
        verified_at=clock.now(),
    )


# ---------- passwords and six words ----------


def test_a_new_password_signs_out_everywhere_else_and_says_so() -> None:
    bo = cast.bo()
    cast.signed_in(Client(), bo)
    cast.signed_in(Client(), bo)
    accounts.change_password(viewer=cast.viewer(bo), old=cast.PASSWORD, new=NEW, now=clock.now())
    assert check_password(NEW, models.Login.objects.get(person=bo).password)
    assert sessions_of(bo) == 0
    assert told(bo) == ["password"]


def test_a_wrong_old_password_changes_nothing() -> None:
    bo = cast.bo()
    with pytest.raises(Refusal) as refused:
        accounts.change_password(viewer=cast.viewer(bo), old="wrong", new=NEW, now=clock.now())
    assert refused.value.why is account_rules.Why.WRONG_PASSWORD
    assert check_password(cast.PASSWORD, models.Login.objects.get(person=bo).password)


def test_the_six_words_get_somebody_back_in_however_they_are_typed() -> None:
    bo = cast.bo()
    models.Login.objects.filter(person=bo).update(
        recovery=cast.hashed("lemon-river-window-garden-music-yellow")
    )
    login = accounts.recover(
        network=as_network(bo.network),
        name=" bo",
        typed="LEMON river wind gard, musi yell",
        new=NEW,
        now=clock.now(),
    )
    assert check_password(NEW, login.password)


@pytest.mark.parametrize("name", ["Bo", "Nobody"])
def test_wrong_words_and_a_wrong_name_read_the_same(name: str) -> None:
    cast.bo()
    with pytest.raises(Refusal) as refused:
        accounts.recover(
            network=as_network(cast.linden()),
            name=name,
            typed="lemon river",
            new=NEW,
            now=clock.now(),
        )
    assert refused.value.why is account_rules.Why.WRONG_NAME_OR_WORDS


def test_signing_out_everywhere_keeps_only_this_session() -> None:
    bo = cast.bo()
    here = cast.signed_in(Client(), bo)
    cast.signed_in(Client(), bo)
    session: SessionBase = here.session
    from porchlight.people.sessions import hashed

    ended = accounts.sign_out_everywhere(
        viewer=cast.viewer(bo), keep_session=hashed(session.session_key or ""), now=clock.now()
    )
    assert (ended, sessions_of(bo)) == (1, 1)


# ---------- two keepers ----------


def a_reset(who: models.Person, by: models.Person) -> UUID:
    now = clock.now()
    resets.start_reset(viewer=cast.viewer(by), name=who.name, client_key=uuid4(), now=now)
    return open_resets(viewer=cast.viewer(by), now=now)[0].id


def saw(keeper: models.Person, request_id: UUID, now: datetime | None = None) -> int:
    return resets.say_i_saw_them(
        viewer=cast.viewer(keeper),
        request_id=request_id,
        client_key=uuid4(),
        now=now or clock.now(),
    )


def second_keeper(name: str = "Gil") -> models.Person:
    made = cast.person(name)
    cast.mandate(made)
    return made


def test_two_keepers_who_saw_somebody_give_them_words_that_work_once() -> None:
    ada, gil, bo = cast.ada(), second_keeper(), cast.bo()
    mailbox(bo)
    request = a_reset(bo, ada)
    assert (saw(ada, request), saw(gil, request)) == (1, 2)
    code = resets.words_to_hand_over(viewer=cast.viewer(gil), request_id=request, now=clock.now())
    cast.signed_in(Client(), bo)
    login = resets.use_reset(
        network=as_network(bo.network), typed=code, new=NEW, recovery="x", now=clock.now()
    )
    assert login.person_id == bo.id
    assert check_password(NEW, login.password)
    assert sessions_of(bo) == 0
    assert told(bo) == ["reset", "reset", "password"]
    viewer, day = cast.viewer(bo), timedelta(days=1)
    until = sealed_waits_until(viewer=viewer, now=clock.now())
    assert until is not None
    assert 2 * day - timedelta(minutes=1) < until - clock.now() <= 2 * day
    assert sealed_waits_until(viewer=viewer, now=until) is None, "for 48 hours, no longer"
    assert sealed_waits_until(viewer=cast.viewer(ada), now=clock.now()) is None
    assert Delivery.objects.filter(channel="email").count() == 3
    with pytest.raises(Refusal) as refused:
        resets.use_reset(
            network=as_network(bo.network), typed=code, new=NEW, recovery="x", now=clock.now()
        )
    assert refused.value.why is account_rules.Why.NO_CODE


def test_a_way_in_by_two_keepers_takes_the_second_step_off() -> None:
    """Whoever lost everything has no app and no passkey; whoever took them has none either."""
    ada, gil, bo = cast.ada(), second_keeper(), cast.bo()
    with_app(bo)
    request = a_reset(bo, ada)
    saw(ada, request)
    saw(gil, request)
    code = resets.words_to_hand_over(viewer=cast.viewer(gil), request_id=request, now=clock.now())
    assert has_factor(viewer=cast.viewer(bo))
    resets.use_reset(
        network=as_network(bo.network), typed=code, new=NEW, recovery="x", now=clock.now()
    )
    assert not has_factor(viewer=cast.viewer(bo))
    accounts.change_password(viewer=cast.viewer(gil), old=cast.PASSWORD, new=NEW, now=clock.now())
    assert sealed_waits_until(viewer=cast.viewer(gil), now=clock.now()) is None


def test_a_keeper_who_showed_no_second_factor_lets_nobody_in() -> None:
    ada, bo = cast.ada(), cast.bo()
    request = a_reset(bo, ada)
    for deed in (resets.say_i_saw_them, resets.words_to_hand_over):
        more = {"client_key": uuid4()} if deed is resets.say_i_saw_them else {}
        with pytest.raises(NotHere):
            deed(
                viewer=cast.viewer(ada, is_proven=False),
                request_id=request,
                now=clock.now(),
                **more,
            )


def test_two_keepers_of_one_household_count_as_one() -> None:
    ada, gil, bo = cast.ada(), second_keeper(), cast.bo()
    home = cast.circle("Number 12", kind="household")
    cast.membership(ada, home)
    cast.membership(gil, home)
    request = a_reset(bo, ada)
    assert saw(ada, request) == 1
    with pytest.raises(Refusal) as refused:
        saw(gil, request)
    assert refused.value.why is account_rules.Why.SOMEBODY_ELSE
    assert saw(ada, request) == 1
    assert saw(second_keeper("Hal"), request) == 2


def test_one_keeper_twice_counts_once() -> None:
    ada, bo = cast.ada(), cast.bo()
    request = a_reset(bo, ada)
    assert (saw(ada, request), saw(ada, request)) == (1, 1)
    with pytest.raises(Refusal) as refused:
        resets.words_to_hand_over(viewer=cast.viewer(ada), request_id=request, now=clock.now())
    assert refused.value.why is account_rules.Why.NOT_TWO_YET


@pytest.mark.parametrize("near", ["household", "blocked", "blocker", "oneself"])
def test_the_household_and_people_kept_apart_cannot_vouch_and_read_the_same(near: str) -> None:
    ada, gil, bo = cast.ada(), second_keeper(), cast.bo()
    request = a_reset(bo, ada)
    keeper = gil
    if near == "household":
        home = cast.circle("Number 12", kind="household")
        cast.membership(bo, home)
        cast.membership(gil, home)
    elif near == "blocked":
        cast.block(bo, gil)
    elif near == "blocker":
        cast.block(gil, bo)
    else:
        cast.mandate(bo)
        keeper = bo
    with pytest.raises(Refusal) as refused:
        saw(keeper, request)
    assert refused.value.why is account_rules.Why.SOMEBODY_ELSE


def test_who_is_no_keeper_here_learns_nothing_and_does_nothing() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    request = a_reset(bo, ada)
    for other in (cast.person("Hal"), cast.cy()):
        viewer = cast.viewer(other)
        with pytest.raises(NotHere):
            saw(other, request)
        with pytest.raises(NotHere):
            resets.words_to_hand_over(viewer=viewer, request_id=request, now=now)
        with pytest.raises(NotHere):
            resets.cancel_reset(viewer=viewer, request_id=request, now=now)
    with pytest.raises(NotHere):
        resets.start_reset(viewer=cast.viewer(cast.dee()), name="Bo", client_key=uuid4(), now=now)


def test_its_owner_stops_it_and_the_words_open_nothing() -> None:
    ada, gil, bo = cast.ada(), second_keeper(), cast.bo()
    request = a_reset(bo, ada)
    saw(ada, request)
    saw(gil, request)
    code = resets.words_to_hand_over(viewer=cast.viewer(gil), request_id=request, now=clock.now())
    own = own_open_reset(viewer=cast.viewer(bo), now=clock.now())
    assert own is not None and own.id == request and own.said_by == ("Ada", "Gil")
    for _ in range(2):
        resets.cancel_reset(viewer=cast.viewer(bo), request_id=request, now=clock.now())
    with pytest.raises(Refusal):
        resets.use_reset(
            network=as_network(bo.network), typed=code, new=NEW, recovery="x", now=clock.now()
        )


def test_words_work_for_an_hour_and_new_ones_end_the_old() -> None:
    ada, gil, bo = cast.ada(), second_keeper(), cast.bo()
    request, now = a_reset(bo, ada), clock.now()
    saw(ada, request, now)
    saw(gil, request, now)
    viewer = cast.viewer(gil)
    first = resets.words_to_hand_over(viewer=viewer, request_id=request, now=now)
    second = resets.words_to_hand_over(viewer=viewer, request_id=request, now=now)
    late = now + timedelta(hours=1)
    for code, at in ((first, now), (second, late)):
        with pytest.raises(Refusal):
            resets.use_reset(
                network=as_network(bo.network), typed=code, new=NEW, recovery="x", now=at
            )


def test_anybody_may_type_a_name_but_no_phone_rings_and_one_request_is_open() -> None:
    bo = cast.bo()
    network, now = as_network(bo.network), clock.now()
    for source in ("anonymous", "person:x"):
        assert resets.ask_for_reset(
            network=network, name="bo", source=source, client_key=uuid4(), now=now
        )
    assert not resets.ask_for_reset(
        network=network, name="Nobody", source="anonymous", client_key=uuid4(), now=now
    )
    assert models.ResetRequest.objects.count() == 1
    assert told(bo) == []


@pytest.mark.django_db(transaction=True)
def test_two_keepers_who_say_it_at_once_are_two() -> None:
    ada, gil, bo = cast.ada(), second_keeper(), cast.bo()
    request = a_reset(bo, ada)
    start = Barrier(2)

    def say(keeper: models.Person) -> int:
        try:
            start.wait(5)
            return saw(keeper, request)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(say, [ada, gil])) == [1, 2]


# ---------- ways to be reached ----------


def code_for(row: models.Address) -> str:
    """The code that was sent last, read where the worker that sends it reads it."""
    text = Text.objects.filter(topic__about=row.id).order_by("topic__opened_at").last()
    assert text is not None
    said = words_of(text.id, bytes(text.words_guarded)).title
    return "".join(letter for letter in said if letter.isdigit())


def an_address(who: models.Person, mail: str = "bo@mail.example") -> models.Address:
    return addresses.add_email(
        viewer=cast.viewer(who), email=mail, client_key=uuid4(), now=clock.now()
    )


def test_an_address_counts_once_its_code_came_back() -> None:
    bo = cast.bo()
    row = an_address(bo)
    assert Delivery.objects.filter(channel="email").count() == 1
    code = code_for(row)
    why = addresses.verify(
        viewer=cast.viewer(bo), address_id=row.id, typed=f" {code[:3]} {code[3:]} ", now=clock.now()
    )
    row.refresh_from_db()
    assert why is None
    assert row.verified_at is not None
    assert row.code_index is None


def test_after_five_wrong_codes_the_right_one_needs_a_new_mail() -> None:
    bo = cast.bo()
    row, now = an_address(bo), clock.now()
    viewer = cast.viewer(bo)
    for _ in range(5):
        why = addresses.verify(viewer=viewer, address_id=row.id, typed="not it", now=now)
        assert why is me_rules.Why.CODE_WRONG
    why = addresses.verify(viewer=viewer, address_id=row.id, typed=code_for(row), now=now)
    assert why is me_rules.Why.CODE_TRIES_OVER
    with pytest.raises(Refusal):
        addresses.send_code_again(viewer=viewer, address_id=row.id, now=now)
    addresses.send_code_again(viewer=viewer, address_id=row.id, now=now + timedelta(minutes=2))
    assert addresses.verify(viewer=viewer, address_id=row.id, typed=code_for(row), now=now) is None


def test_the_same_address_twice_and_a_sixth_one_are_refused() -> None:
    bo = cast.bo()
    an_address(bo)
    with pytest.raises(Refusal) as refused:
        an_address(bo, "BO@mail.example")
    assert refused.value.why is me_rules.Why.HAVE_IT
    for number in range(4):
        an_address(bo, f"bo{number}@mail.example")
    with pytest.raises(Refusal) as refused:
        an_address(bo, "six@mail.example")
    assert refused.value.why is me_rules.Why.TOO_MANY


def test_addresses_are_tried_in_the_order_their_owner_wants() -> None:
    bo = cast.bo()
    rows = [an_address(bo, f"bo{number}@mail.example") for number in range(3)]
    viewer, now = cast.viewer(bo), clock.now()
    addresses.move_address(viewer=viewer, address_id=rows[2].id, by=-1, now=now)
    addresses.move_address(viewer=viewer, address_id=rows[0].id, by=-1, now=now)
    order = models.Address.objects.filter(person=bo).order_by("rank")
    assert [row.id for row in order] == [rows[0].id, rows[2].id, rows[1].id]
    addresses.remove_address(viewer=viewer, address_id=rows[0].id, now=now)
    assert order.all().count() == 2


def test_addresses_of_others_do_not_exist() -> None:
    row = an_address(cast.bo())
    for other in (cast.ada(), cast.cy()):
        viewer, now = cast.viewer(other), clock.now()
        with pytest.raises(NotHere):
            addresses.verify(viewer=viewer, address_id=row.id, typed="1", now=now)
        with pytest.raises(NotHere):
            addresses.move_address(viewer=viewer, address_id=row.id, by=1, now=now)
        addresses.remove_address(viewer=viewer, address_id=row.id, now=now)
    assert models.Address.objects.filter(id=row.id).exists()


# ---------- name, hours, moving, leaving ----------


def test_a_new_name_is_the_one_to_sign_in_with() -> None:
    bo = cast.bo()
    cast.ada()
    me.change_name(viewer=cast.viewer(bo), name="Bo Lund", now=clock.now())
    assert models.Login.objects.get(person=bo).handle.endswith(":bolund")
    for taken in ("Ada", "ADA", "àda"):
        with pytest.raises(Refusal) as refused:
            me.change_name(viewer=cast.viewer(bo), name=taken, now=clock.now())
        assert refused.value.why is names.Why.TAKEN
    me.change_name(viewer=cast.viewer(bo), name="BO LUND", now=clock.now())


def test_quiet_hours_and_languages_are_ones_own_words_about_oneself() -> None:
    bo = cast.bo()
    viewer, now = cast.viewer(bo), clock.now()
    me.set_quiet_hours(viewer=viewer, start=22 * 60, end=7 * 60, now=now)
    me.change_languages(viewer=viewer, language="ar", speaks=["en", "nl"], now=now)
    bo.refresh_from_db()
    assert (bo.quiet_from, bo.quiet_until, bo.language) == (1320, 420, "ar")
    assert bo.speaks == ["ar", "en", "nl"]
    with pytest.raises(Refusal):
        me.set_quiet_hours(viewer=viewer, start=5, end=None, now=now)
    with pytest.raises(Refusal):
        me.change_languages(viewer=viewer, language="en", speaks=["xx"], now=now)


def test_my_page_says_that_nothing_reaches_somebody_any_more() -> None:
    bo = cast.bo()
    client = cast.signed_in(Client(), bo)
    page = reverse("people:me", args=["linden"])
    assert "Nothing works yet." in client.get(page).content.decode()
    row = mailbox(bo)
    health = AddressHealth.objects.create(
        network_id=bo.network_id,
        address_id=row.id,
        worked_at=clock.now(),
        expires_at=clock.now() + timedelta(days=90),
    )
    shown = client.get(page).content.decode()
    assert "Nothing works yet." not in shown and "Nothing reaches you" not in shown
    assert "worked last" in shown
    health.failed_at = clock.now() + timedelta(seconds=1)
    health.save()
    shown = client.get(page).content.decode()
    assert "Nothing reaches you at the moment." in shown and "came back" in shown
    assert "Nothing works yet." not in shown


def test_moving_house_leaves_the_pod_and_keeps_the_groups() -> None:
    bo, pod, team = cast.bo(), cast.circle(), cast.circle("First aid", kind="team")
    cast.membership(bo, pod)
    cast.membership(bo, team)
    for _ in range(2):
        me.move_house(viewer=cast.viewer(bo), now=clock.now())
    current = models.Membership.objects.filter(person=bo, until_at=None)
    assert [row.circle_id for row in current] == [team.id]


def test_moving_house_takes_the_old_home_away_and_pauses_the_rest() -> None:
    """A call for help would bring people to the old door."""
    bo, now = cast.bo(), clock.now()
    cast.membership(bo, cast.circle())
    viewer = cast.viewer(bo, now)
    for kind in (PlaceKind.HOME, PlaceKind.WORK):
        entered = Entered(
            label="", address="14 Linden Street", door_note="",
            where=Where(cells=(cast.linden().middle_cell,), pin=None), hours=b"\xff" * 21,
        )  # fmt: skip
        add_place(viewer=viewer, client_key=uuid4(), kind=kind, entered=entered, now=now)
    me.move_house(viewer=viewer, now=now)
    assert [one.kind for one in models.Place.objects.filter(person=bo)] == ["work"]
    assert all(models.Reach.objects.filter(person=bo).values_list("is_paused", flat=True))


@pytest.mark.django_db(transaction=True)
def test_who_left_or_died_stays_away_when_an_older_copy_is_put_back(
    settings: Any, tmp_path: Path
) -> None:
    settings.KEYS_FOLDER = tmp_path
    cast.ada()
    second_keeper()
    network, now = as_network(cast.linden()), clock.now()
    gone = {name: cast.person(name) for name in ("Left", "Dead", "Back", "Here", "Stays")}
    me.leave_network(viewer=cast.viewer(gone["Left"]), now=now)
    for name in ("Dead", "Back"):
        deaths.close_account(network=network, person_id=gone[name].id, now=now)
    deaths.open_account_again(network=network, person_id=gone["Back"].id, now=now)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        me.leave_network(viewer=cast.viewer(gone["Stays"]), now=now)
        _ = 1 / 0  # what is undone is not remembered either
    # The copy: everybody is here as they were, with a way to be reached.
    models.Person.objects.filter(name__in=gone).update(
        left_at=None, died_at=None, hushed_at=None, expires_at=None
    )
    for who in gone.values():
        mailbox(who, f"{who.name}@mail.example")
    for _again in range(2):
        me.leave_again(now=now)
        deaths.close_again(now=now)
    here = set(models.Person.objects.filter(left_at=None).values_list("name", flat=True))
    assert here & set(gone) == {"Back", "Here", "Stays"}
    assert not models.Address.objects.filter(person=gone["Left"]).exists()
    assert models.Person.objects.get(name="Dead").died_at == now


def test_leaving_ends_everything_and_the_name_goes_after_thirty_days() -> None:
    bo, pod, now = cast.bo(), cast.circle(), clock.now()
    cast.membership(bo, pod)
    cast.mandate(bo)
    second_keeper()
    mailbox(bo)
    cast.signed_in(Client(), bo)
    me.leave_network(viewer=cast.viewer(bo), now=now)
    bo.refresh_from_db()
    assert (bo.left_at, bo.name) == (now, "Bo")
    assert not models.Login.objects.filter(person=bo).exists()
    assert not models.Address.objects.filter(person=bo).exists()
    assert not models.Membership.objects.filter(person=bo, until_at=None).exists()
    assert not models.Mandate.objects.filter(person=bo, ended_at=None).exists()
    assert models.Session.objects.count() == 0
    assert me.forget_names(now=now + timedelta(days=29)) == 0
    assert me.forget_names(now=now + timedelta(days=30)) == 1
    bo.refresh_from_db()
    assert bo.name == ""
    assert cast.person("Bo").name == "Bo"


def test_the_last_keeper_stays_until_there_is_another_one() -> None:
    ada = cast.ada()
    cast.bo()
    with pytest.raises(Refusal) as refused:
        me.leave_network(viewer=cast.viewer(ada), now=clock.now())
    assert refused.value.why is me_rules.Why.LAST_KEEPER
    second_keeper()
    me.leave_network(viewer=cast.viewer(ada), now=clock.now())


# ---------- starting a network ----------


def test_a_network_starts_with_one_pod_alerts_and_two_ways_in() -> None:
    key = uuid4()
    for _ in range(2):
        started = networks.start_network(
            founding=a_founding(), first=None, client_key=key, now=clock.now()
        )
    assert len(started.codes) == 2
    assert all(re.fullmatch(r"([a-z]+-){5}[a-z]+", code) for code in started.codes)
    assert models.Network.objects.count() == 1
    assert models.Circle.objects.get().kind == "pod"
    assert models.NetworkRule.objects.get().value == ["alerts"]
    assert models.LocalNumber.objects.get().label == {"en": "Doctor at night"}


def test_founders_are_keepers_and_members_at_once_in_the_first_pod() -> None:
    from porchlight.people.actions.joining import join

    started = networks.start_network(
        founding=a_founding(), first=newcomer("Ada"), client_key=uuid4(), now=clock.now()
    )
    assert started.login is not None
    [code] = started.codes
    second = join(
        network=started.network,
        code=code,
        newcomer=newcomer("Bo"),
        client_key=uuid4(),
        now=clock.now(),
    )
    for person in (started.login.person, second.person):
        assert (person.level, person.is_founder) == ("member", True)
        mandate = models.Mandate.objects.get(person=person)
        assert (mandate.role, mandate.source_kind) == ("keeper", "founding")
        assert mandate.until_at - mandate.from_at == timedelta(days=365)
        assert models.Membership.objects.filter(person=person, kind="pod").exists()


def test_a_short_name_is_taken_once() -> None:
    cast.linden()
    with pytest.raises(Refusal) as refused:
        networks.start_network(
            founding=a_founding(), first=None, client_key=uuid4(), now=clock.now()
        )
    assert refused.value.why is network_rules.Why.SLUG_TAKEN


def test_new_founding_invites_only_while_nobody_keeps_it() -> None:
    started = networks.start_network(
        founding=a_founding(), first=None, client_key=uuid4(), now=clock.now()
    )
    later = clock.now() + timedelta(days=8)
    again = networks.renew_founding_invites(slug="linden", now=later)
    assert len(again.codes) == 2
    assert not set(again.codes) & set(started.codes)
    cast.ada()
    with pytest.raises(Refusal) as refused:
        networks.renew_founding_invites(slug="linden", now=clock.now())
    assert refused.value.why is network_rules.Why.HAS_KEEPERS


def test_keepers_change_the_settings_and_nobody_else() -> None:
    def change(who: models.Person, **other: object) -> None:
        facts: dict[str, object] = {
            "name": "Linden & Elm",
            "languages": ("es", "en"),
            "emergency_number": "911",
            "local_numbers": (("Doctor", "020 1"),),
        }
        networks.change_network(
            viewer=cast.viewer(who),
            now=clock.now(),
            **(facts | other),  # type: ignore[arg-type]
        )

    ada = cast.ada()
    change(ada)
    row = cast.linden()
    row.refresh_from_db()
    assert (row.name, row.languages, row.emergency_number) == ("Linden & Elm", ["es", "en"], "911")
    with pytest.raises(NotHere):
        change(cast.bo())
    with pytest.raises(Refusal):
        change(ada, languages=("xx",))
    with pytest.raises(Refusal):
        change(ada, local_numbers=(("Doctor", "1"),) * 11)


def test_a_number_keeps_its_words_in_other_languages_when_its_label_stays() -> None:
    ada = cast.ada()
    models.LocalNumber.objects.create(
        id=uuid4(), network=ada.network, ordinal=1, label={"en": "Doctor", "ar": "طبيب"}, number="1"
    )
    networks.change_network(
        viewer=cast.viewer(ada),
        name="Linden Street",
        languages=("ar", "en"),
        emergency_number="112",
        local_numbers=(("Doctor", "020 2"), ("Poison line", "030 1")),
        now=clock.now(),
    )
    rows = models.LocalNumber.objects.order_by("ordinal")
    assert [row.label for row in rows] == [{"en": "Doctor", "ar": "طبيب"}, {"ar": "Poison line"}]


def test_open_requests_cost_the_same_with_one_and_with_twenty(
    django_assert_num_queries: Any,
) -> None:
    ada = cast.ada()
    viewer = cast.viewer(ada)
    a_reset(cast.bo(), ada)
    later = clock.now() + timedelta(seconds=9)
    with django_assert_num_queries(2):
        assert len(open_resets(viewer=viewer, now=later)) == 1
    for number in range(19):
        a_reset(cast.person(f"N{number}x"), ada)
    with django_assert_num_queries(2):
        assert len(open_resets(viewer=viewer, now=later)) == 20
