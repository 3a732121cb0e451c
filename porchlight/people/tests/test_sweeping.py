"""What goes by itself: old rows go, young ones stay, in batches, noted as counts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from porchlight.kit import clock
from porchlight.kit.sweeping import vacuum
from porchlight.people import models
from porchlight.people.actions import sweeping
from porchlight.people.actions.places import pause_places
from porchlight.people.rules.places import Kind, Pause
from porchlight.people.tests import cast
from porchlight.people.tests.test_places_actions import add

DAY = timedelta(days=1)


def made(who: models.Person) -> dict[str, object]:
    return {
        "network": who.network,
        "source": "test",
        "client_key": uuid4(),
        "created_at": who.joined_at,
    }


def alert_key(who: models.Person, at: datetime) -> None:
    models.AlertKey.objects.create(
        **made(who), person=who, label_guarded=b"x", key_hash=uuid4().bytes, expires_at=at
    )


def invite(who: models.Person, at: datetime) -> None:
    models.Invite.objects.create(**made(who), inviter=who, code_index=uuid4().bytes, expires_at=at)


def ask(who: models.Person, at: datetime) -> None:
    models.MembershipAsk.objects.create(
        **made(who),
        circle=cast.circle(),
        person=who,
        asked_by=who,
        state="declined",
        answered_at=at,
        expires_at=at,
    )


def buddy(who: models.Person, at: datetime) -> None:
    other = cast.person(f"Buddy {uuid4()}", with_login=False)
    models.Buddy.objects.create(
        **made(who), asker=who, asked=other, state="ended", answered_at=at, ended_at=at
    )


def block(who: models.Person, at: datetime) -> None:
    row = cast.block(who, cast.person(f"Other {uuid4()}", with_login=False))
    models.Block.objects.filter(id=row.id).update(lifted_at=at)


def address(who: models.Person, at: datetime) -> None:
    models.Address.objects.create(
        **made(who),
        person=who,
        channel="email",
        value_guarded=b"x",
        value_index=uuid4().bytes,
        rank=models.Address.objects.count() + 1,
        expires_at=at,
    )


def code_sent(who: models.Person, at: datetime) -> None:
    models.CodeSent.objects.create(
        network=who.network, person=who, value_index=b"x", at=at, expires_at=at
    )


def place(who: models.Person, at: datetime) -> None:
    place_id = add(cast.viewer(who), Kind.OTHER)
    models.Place.objects.filter(id=place_id).update(expires_at=at)


LINES = [
    (sweeping.forget_alert_keys, models.AlertKey, alert_key, 30 * DAY),
    (sweeping.forget_invites, models.Invite, invite, 30 * DAY),
    (sweeping.forget_asks, models.MembershipAsk, ask, 90 * DAY),
    (sweeping.forget_buddies, models.Buddy, buddy, 30 * DAY),
    (sweeping.forget_blocks, models.Block, block, 30 * DAY),
    (sweeping.forget_addresses, models.Address, address, 0 * DAY),
    (sweeping.forget_codes, models.CodeSent, code_sent, 0 * DAY),
    (sweeping.forget_places, models.Place, place, 0 * DAY),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("sweep", "model", "make", "stays"), LINES)
def test_what_is_over_goes_and_what_is_not_stays(
    sweep: Callable[..., int],
    model: type[models.Invite],
    make: Callable[[models.Person, datetime], None],
    stays: timedelta,
) -> None:
    bo, now = cast.bo(), clock.now()
    make(bo, now - stays)
    make(bo, now - stays + timedelta(minutes=1))
    assert sweep(now=now) == 1
    assert sweep(now=now) == 0
    assert model.objects.count() == 1
    noted = models.AuditRow.objects.filter(verb__startswith="people.forget").get()
    assert (noted.network_id, noted.detail) == (bo.network_id, {"rows": 1})


@pytest.mark.django_db
def test_a_sweep_takes_one_batch_at_a_time() -> None:
    bo, now = cast.bo(), clock.now()
    for _number in range(5):
        invite(bo, now - 31 * DAY)
    assert [sweeping.forget_invites(now=now, limit=2) for _batch in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db
def test_accepted_buddies_and_open_asks_stay_however_old() -> None:
    bo, now = cast.bo(), clock.now()
    buddy(bo, now - 300 * DAY)
    ask(bo, now - 300 * DAY)
    models.Buddy.objects.update(state="accepted", ended_at=None)
    models.MembershipAsk.objects.update(state="asked")
    assert sweeping.forget_buddies(now=now) == 0
    assert sweeping.forget_asks(now=now) == 0


@pytest.mark.django_db
def test_a_session_that_is_over_goes(client: Client) -> None:
    cast.signed_in(client, cast.bo())
    now = clock.now()
    assert sweeping.forget_sessions(now=now) == 0
    assert sweeping.forget_sessions(now=now + 31 * DAY) == 1
    assert not models.Session.objects.exists()


@pytest.mark.django_db
def test_a_pause_that_is_over_is_turned_off_and_an_open_one_stays() -> None:
    ada, bo = cast.viewer(cast.ada()), cast.viewer(cast.bo())
    now = clock.now()
    add(ada)
    add(bo)
    pause_places(viewer=ada, pause=Pause.WEEK, now=now)
    pause_places(viewer=bo, pause=Pause.UNTIL_I_SAY, now=now)
    assert sweeping.end_pauses(now=now + 6 * DAY) == 0
    assert sweeping.end_pauses(now=now + 8 * DAY) == 1
    assert [row.person_id for row in models.Reach.objects.filter(is_paused=True)] == [bo.person_id]


@pytest.mark.django_db
def test_old_audit_rows_keep_what_was_done_and_nobody() -> None:
    bo, now = cast.bo(), clock.now()
    for days in (89, 91):
        models.AuditRow.objects.create(
            network=bo.network, at=now - days * DAY, actor_id=bo.id, verb="x.y", detail={"n": 1}
        )
    assert sweeping.forget_audit_detail(now=now) == 1
    assert sweeping.forget_audit_detail(now=now) == 0
    rows = models.AuditRow.objects.order_by("at")
    assert [(row.verb, row.actor_id, row.detail) for row in rows] == [
        ("x.y", None, {}),
        ("x.y", bo.id, {"n": 1}),
    ]


@pytest.mark.django_db(transaction=True)
def test_no_table_is_left_out_of_what_is_cleared_away() -> None:
    """Rows of a line take others along, also of a library: second steps are in one of those."""
    with CaptureQueriesContext(connection) as asked:
        vacuum()
    cleared = {one["sql"].partition('VACUUM "')[2].rstrip('"') for one in asked.captured_queries}
    ours = {"notices_incomingtext", "people_resetrequest", "people_login", "mfa_authenticator"}
    assert ours <= cleared
