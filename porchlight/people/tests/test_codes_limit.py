"""Nobody floods a mailbox through us, and half a pair of quiet hours cannot be stored."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.notices.models import Delivery
from porchlight.people import models
from porchlight.people.actions import addresses
from porchlight.people.rules.me import CODES_A_DAY, CODES_AN_HOUR, Why
from porchlight.people.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]


def add(who: models.Person, email: str, now: datetime) -> models.Address:
    return addresses.add_email(viewer=cast.viewer(who), email=email, client_key=uuid4(), now=now)


def add_and_remove(who: models.Person, email: str, now: datetime) -> None:
    row = add(who, email, now)
    addresses.remove_address(viewer=cast.viewer(who), address_id=row.id, now=now)


def test_removing_and_adding_again_sends_no_more_than_five_codes_an_hour() -> None:
    bo, now = cast.bo(), clock.now()
    for number in range(CODES_AN_HOUR):
        add_and_remove(bo, f"stranger{number}@mail.example", now)
    with pytest.raises(Refusal) as over:
        add(bo, "stranger9@mail.example", now)
    assert over.value.why is Why.CODES_OVER
    assert (Delivery.objects.count(), models.Address.objects.count()) == (CODES_AN_HOUR, 0)
    add(bo, "stranger9@mail.example", now + timedelta(hours=1))


def test_an_address_gets_five_codes_a_day_whoever_types_it() -> None:
    now = clock.now()
    for number in range(CODES_A_DAY):
        add_and_remove(cast.person(f"N{number}"), "Stranger@mail.example", now)
    bo = cast.bo()
    with pytest.raises(Refusal) as over:
        add(bo, "stranger@mail.example", now)
    assert over.value.why is Why.CODES_OVER
    add(bo, "bo@mail.example", now)
    add(bo, "stranger@mail.example", now + timedelta(days=1))


def test_asking_for_another_code_counts_too() -> None:
    bo, now = cast.bo(), clock.now()
    row = add(bo, "bo@mail.example", now)
    for minutes in range(1, CODES_AN_HOUR):
        later = now + timedelta(minutes=2 * minutes)
        addresses.send_code_again(viewer=cast.viewer(bo), address_id=row.id, now=later)
    with pytest.raises(Refusal) as over:
        addresses.send_code_again(
            viewer=cast.viewer(bo), address_id=row.id, now=now + timedelta(minutes=30)
        )
    assert over.value.why is Why.CODES_OVER


@pytest.mark.parametrize(("start", "end"), [(None, 420), (1320, None), (1320, 1440), (-1, 420)])
def test_the_database_refuses_half_a_pair_of_quiet_hours(
    start: int | None, end: int | None
) -> None:
    bo = cast.bo()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Person.objects.filter(id=bo.id).update(quiet_from=start, quiet_until=end)
