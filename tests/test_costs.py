"""What lists cost: as many queries for twenty rows as for one.

Some lists have a cap that no action passes (six keys, five devices); their rows are copied here, so
that the page is tried beyond it.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from porchlight.kit import clock, vault
from porchlight.notices import actions as notices
from porchlight.people.actions import push
from porchlight.people.actions.addresses import add_email
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.models import Address, AlertKey, Person
from porchlight.people.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_goes_out")]
MANY = 20


def copied(row: models.Model, more: int = MANY - 1, **fresh: Callable[[], Any]) -> None:
    """So many more like this row, each with what must be its own."""
    for _ in range(more):
        for name, make in {"pk": uuid4, "client_key": uuid4, **fresh}.items():
            setattr(row, name, make())
        row.save(force_insert=True)


def some_hash() -> bytes:
    return vault.index(str(uuid4()), purpose="test")


def block_of(bo: Person) -> Callable[[], None]:
    cast.block(bo, cast.person("N0", with_login=False))

    def more() -> None:
        for number in range(1, MANY):
            cast.block(bo, cast.person(f"N{number}", with_login=False))

    return more


def text_for(ada: Person) -> Callable[[], None]:
    def one(number: int) -> None:
        notices.receive_text(
            network_id=ada.network_id, channel="demo", provider_id=str(number),
            address_value=f"demo:{number}", text="Hm?", now=clock.now(),
        )  # fmt: skip

    def more() -> None:
        for number in range(1, MANY):
            one(number)

    one(0)
    return more


def key_of(bo: Person) -> Callable[[], None]:
    make_alert_key(
        viewer=cast.viewer(bo), client_key=uuid4(), label="Old phone", cookie="", now=clock.now()
    )
    return lambda: copied(AlertKey.objects.get(person=bo), key_hash=some_hash)


def device_of(bo: Person) -> Callable[[], None]:
    push.let_ring(
        viewer=cast.viewer(bo), label="Blue phone", subscription=cast.subscription(), cookie="",
        client_key=uuid4(), now=clock.now(),
    )  # fmt: skip
    row = Address.objects.get(person=bo)
    ranks = iter(range(row.rank + 1, 100))
    return lambda: copied(
        row, value_index=some_hash, device_hash=some_hash, rank=lambda: next(ranks)
    )


def way_of(bo: Person) -> Callable[[], None]:
    add_email(viewer=cast.viewer(bo), email="bo@x.example", client_key=uuid4(), now=clock.now())
    row = Address.objects.get(person=bo)
    ranks = iter(range(row.rank + 1, 100))
    return lambda: copied(row, value_index=some_hash, rank=lambda: next(ranks))


LISTS = {
    "people:person-blocks": block_of,
    "notices:inbox": text_for,
    "people:this-phone": key_of,
    "people:push": device_of,
    "people:me": way_of,
}


def cost(client: Client, path: str) -> tuple[int, int]:
    """Queries of a page, and its length in letters."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(path)
    assert page.status_code == 200
    return len(asked), len(page.content)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_with_one_row_and_with_twenty(name: str) -> None:
    who = cast.ada()
    client = cast.signed_in(Client(), who)
    path = reverse(name, args=["linden"])
    if name == "people:person-blocks":  # the list itself stands behind the password
        asked = client.post(path, {"client_key": str(uuid4()), "password": cast.PASSWORD})
        assert asked.status_code == 302
    more = LISTS[name](who)
    for_one, short = cost(client, path)
    more()
    for_many, long = cost(client, path)
    assert long > short + 10 * MANY, "the twenty rows are not on the page"
    assert for_many == for_one
