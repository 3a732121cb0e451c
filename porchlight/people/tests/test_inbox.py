"""A text that nobody understood: whoever may read it hears that one waits."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from porchlight.kit import clock, vault
from porchlight.kit.errors import NotHere
from porchlight.notices.actions import mark_handled, receive_text
from porchlight.notices.models import Delivery, IncomingText, Notice
from porchlight.notices.queries import inbox_count, unread_count
from porchlight.notices.queries.words import words_of
from porchlight.people import models
from porchlight.people.actions.inbox import PAUSE
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

pytestmark = pytest.mark.django_db
FELL = "My mother fell, please come"
STRANGER, BOS = "+31699999999", "+31612345678"


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


def write(
    now: datetime, *, value: str = STRANGER, is_known: bool = False, where: str = "linden"
) -> UUID:
    return receive_text(
        network_id=cast.network(where).id, channel="sms", provider_id=str(uuid4()),
        address_value=value, text=FELL, now=now, is_known=is_known,
    )  # fmt: skip


def told() -> list[tuple[str, str]]:
    """Who was told that a text waits, and how urgently, in the order of their names."""
    rows = Notice.objects.filter(topic__kind="inbox").values_list("recipient_id", "urgency")
    names = dict(models.Person.objects.values_list("id", "name"))
    return sorted((names[who], urgency) for who, urgency in rows)


def has_phone(who: models.Person, now: datetime, value: str = BOS) -> None:
    models.Address.objects.create(
        network=who.network, source="test", client_key=uuid4(), created_at=now, person=who,
        channel="sms", value_guarded=vault.guard(value, purpose="address", whose=who.id),
        value_index=vault.index(value, purpose="address"), rank=1, verified_at=now,
    )  # fmt: skip


def everybody() -> tuple[models.Person, ...]:
    """Ada keeps, Dia takes requests; the others may read nothing."""
    dia = cast.person("Dia")
    cast.mandate(dia, Role.DISPATCHER)
    treasurer = cast.person("Tom")
    cast.mandate(treasurer, Role.TREASURER)
    of_a_group = cast.person("Gil")
    cast.mandate(of_a_group, Role.KEEPER, cast.circle("Choir", "team"))
    cast.ada(cast.harbour())
    return cast.ada(), dia, cast.bo()


@pytest.mark.parametrize("is_known", [True, False])
def test_one_text_tells_everybody_who_may_read_it_and_nobody_else(
    now: datetime, is_known: bool
) -> None:
    everybody()
    write(now, is_known=is_known)
    assert told() == [("Ada", "urgent"), ("Dia", "urgent")]


def test_it_says_nothing_of_who_wrote_or_what(now: datetime) -> None:
    everybody()
    write(now)
    notice = Notice.objects.select_related("text").filter(topic__kind="inbox")[0]
    words = words_of(notice.text_id, notice.text.words_guarded)
    assert (words.title, words.line) == (
        "A text waits for somebody to read it", "Somebody may need help. Read it now.",
    )  # fmt: skip
    assert (notice.path, notice.wants_answer) == ("/n/linden/inbox/", False)


def test_it_climbs_from_way_to_way_until_somebody_looks_whatever_the_hour(now: datetime) -> None:
    ada, *_ = everybody()
    models.Person.objects.filter(id=ada.id).update(quiet_from=0, quiet_until=24 * 60 - 1)
    has_phone(ada, now, "+31611111111")
    write(now)
    text = Delivery.objects.get(channel="sms", notice__recipient_id=ada.id)
    assert (text.lane, text.due_at) == ("urgent", now)


def test_three_hundred_texts_make_one_notice(now: datetime) -> None:
    everybody()
    for number in range(300):
        write(now + timedelta(seconds=number))
    assert told() == [("Ada", "urgent"), ("Dia", "urgent")]


def test_when_the_inbox_is_empty_again_no_phone_rings_and_the_next_text_is_told_anew(
    now: datetime,
) -> None:
    ada, dia, _ = everybody()
    has_phone(dia, now, "+31611111111")
    first, second = write(now), write(now)
    mark_handled(viewer=cast.viewer(ada), text_id=first, now=now)
    [text] = Delivery.objects.filter(channel="sms")
    assert text.state == "queued", "another text still waits"
    mark_handled(viewer=cast.viewer(ada), text_id=second, now=now)
    [text] = Delivery.objects.filter(channel="sms")
    assert text.state == "cancelled"
    write(now + timedelta(minutes=1))
    assert told() == 2 * [("Ada", "urgent")] + 2 * [("Dia", "urgent")]


def test_a_text_left_lying_does_not_swallow_the_one_of_the_next_day(now: datetime) -> None:
    ada, *_ = everybody()
    write(now)
    write(now + PAUSE - timedelta(seconds=1))
    assert unread_count(viewer=cast.viewer(ada), now=now) == 1
    write(now + PAUSE)
    assert told() == 2 * [("Ada", "urgent")] + 2 * [("Dia", "urgent")]
    still_open = Notice.objects.filter(topic__kind="inbox", topic__closed_at=None)
    assert still_open.filter(recipient_id=ada.id).count() == 1, "the older one rings no more"


def test_who_became_keeper_meanwhile_hears_of_the_next_text(now: datetime) -> None:
    everybody()
    write(now)
    cast.mandate(cast.person("Kim"))
    write(now)
    assert told() == [("Ada", "urgent"), ("Dia", "urgent"), ("Kim", "urgent")]


def test_a_text_that_was_understood_tells_nobody(now: datetime) -> None:
    *_, bo = everybody()
    has_phone(bo, now)
    text_id = receive_text(
        network_id=bo.network_id, channel="sms", provider_id="1", address_value=BOS, text="STOP",
        now=now,
    )  # fmt: skip
    assert IncomingText.objects.get(id=text_id).understood_by == "stop"
    assert told() == []


@pytest.mark.parametrize("is_by_ada", [True, False])
def test_whoever_is_kept_apart_from_the_writer_is_not_told(now: datetime, is_by_ada: bool) -> None:
    ada, _, bo = everybody()
    has_phone(bo, now)
    cast.block(*((ada, bo) if is_by_ada else (bo, ada)))
    write(now, value=BOS, is_known=True)
    assert told() == [("Dia", "urgent")]
    write(now)
    assert told() == [("Ada", "urgent"), ("Dia", "urgent")], "the next text is somebody else's"


def test_where_nobody_may_read_it_still_waits(now: datetime) -> None:
    cast.bo()
    write(now)
    assert told() == []
    assert IncomingText.objects.count() == 1


def test_who_left_their_role_is_told_no_more(now: datetime) -> None:
    _, dia, _ = everybody()
    cast.recall(dia)
    write(now)
    assert told() == [("Ada", "urgent")]


def test_the_number_is_for_those_who_hold_the_right_before_a_second_factor_too(
    now: datetime,
) -> None:
    ada, _, bo = everybody()
    write(now)
    assert inbox_count(viewer=cast.viewer(ada)) == 1
    assert inbox_count(viewer=cast.viewer(ada, is_proven=False)) == 1
    with pytest.raises(NotHere):
        inbox_count(viewer=cast.viewer(bo))


@pytest.mark.django_db(transaction=True)
def test_two_texts_at_once_make_one_notice() -> None:
    now = clock.now()
    ada, *_ = everybody()
    at_once(*(lambda: write(now) for _ in range(4)))
    assert IncomingText.objects.count() == 4
    assert Notice.objects.filter(recipient_id=ada.id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_text_that_comes_while_the_last_one_is_done_is_told() -> None:
    """Either it was there before the inbox was empty, and phones go on; or it is told anew."""
    now = clock.now()
    ada, *_ = everybody()
    for _ in range(5):
        waiting = write(now)
        at_once(
            partial(mark_handled, viewer=cast.viewer(ada), text_id=waiting, now=now),
            lambda: write(now),
        )
        assert Notice.objects.filter(
            recipient_id=ada.id, topic__kind="inbox", topic__closed_at=None
        ).exists()
        for text in IncomingText.objects.filter(handled_at=None):
            mark_handled(viewer=cast.viewer(ada), text_id=text.id, now=now)
