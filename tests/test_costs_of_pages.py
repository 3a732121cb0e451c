"""What every page costs: no more queries in a street with twenty of everything than with one.

Each page of the table of doors is opened in Linden Street as it is furnished for tests, then twenty
more of whatever lists show are added, and it is opened again. A page that asks once for each row
is found here, also one that nobody thought of.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from porchlight.kit import clock, vault
from porchlight.people import models as people
from porchlight.people.actions import asking
from porchlight.people.queries.invites import INVITE_CODE
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.sharing.actions.asking import ask_for
from porchlight.sharing.actions.helping import offer_help
from porchlight.sharing.models import Need
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.times import When
from porchlight.sharing.rules.wanted import Wanted
from tests.test_costs import MANY, copied, some_hash
from tests.test_every_page import address_of, pages_of
from tests.world import Street, furnished

pytestmark = pytest.mark.django_db
GROW = {
    "Ada": {
        "people:resets", "people:join-requests", "people:groups", "people:group", "sharing:board",
    },
    "Bo": {
        "people:invites", "people:this-phone", "people:push", "people:groups", "people:group",
        "sharing:mine",
    },
}  # fmt: skip
"""Pages that are long then, for certain: others are held to the count all the same."""


def crowd(street: Street, many: int) -> None:
    """So many more people, groups, invites, asks at the door, resets, roles, phones and places."""
    now, bo = clock.now(), street.people["Bo"]
    newer = [cast.person(f"Neighbour {many} {n}", invited_by=bo) for n in range(many)]
    for one in newer:
        cast.membership(one, street.group)
        cast.mandate(one, Role.FACILITATOR, street.group)
        made = street.made() | {"client_key": uuid4()}
        people.TrainedRole.objects.create(
            **made, person=one, role="first_aid", from_on=now.date(),
            until_on=now.date() + timedelta(days=300),
        )  # fmt: skip
        reset = people.ResetRequest.objects.get(id=street.things["reset"])
        reset.pk, reset.client_key, reset.person = uuid4(), uuid4(), one
        reset.save(force_insert=True)
        asking.ask_at_the_door(
            network=as_network(street.network), name=f"Fay {one.name}", language="en",
            recognised_by="Red coat", client_key=uuid4(), now=now,
        )  # fmt: skip
    for number in range(many):
        cast.membership(bo, cast.circle(f"Group {many} {number}", "committee"))
        cast.membership(newer[number], cast.circle(f"Pod {many} {number}", "pod"))
    invite = people.Invite.objects.get(id=street.things["invite"])
    for _ in range(many):
        invite.pk, invite.client_key, invite.code_index = uuid4(), uuid4(), some_hash()
        invite.code_guarded = vault.guard("a b c", purpose=INVITE_CODE, whose=invite.pk)
        invite.save(force_insert=True)
    copied(people.AlertKey.objects.filter(person=bo).latest("created_at"), many, key_hash=some_hash)
    phone = people.Address.objects.filter(person=bo, channel="web_push").latest("rank")
    ranks = iter(range(phone.rank + 90, 900))
    copied(phone, many, value_index=some_hash, device_hash=some_hash, rank=lambda: next(ranks))
    for one in newer:
        wanted = Wanted(category=Category.FOOD, line="Milk and bread", when=When.WEEK)
        ask_for(viewer=cast.viewer(one), wanted=wanted, client_key=uuid4(), now=now)
        offer_help(
            viewer=cast.viewer(one), need_id=street.things["need"], client_key=uuid4(), now=now
        )
    need = Need.objects.get(id=street.things["need"])
    copied(need, many, taken=lambda: 0, shared_as=lambda: None)
    for one in newer:
        cast.block(bo, one)


def costs(visitor: str, street: Street) -> dict[str, tuple[int, int]]:
    """Queries and letters of each of their pages, when it is opened a second time."""
    client, found = street.client(visitor), {}
    for name in pages_of(visitor):
        path = address_of(name, street)
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == 200, name
        found[name] = len(asked), len(answer.content)
    return found


@pytest.mark.parametrize("visitor", GROW)
def test_no_page_asks_more_where_there_is_more(visitor: str) -> None:
    street = furnished()
    crowd(street, 1)
    few = costs(visitor, street)
    crowd(street, MANY)
    many = costs(visitor, street)
    grown = {name for name in few if many[name][1] > few[name][1] + 40 * MANY}
    assert grown >= GROW[visitor], GROW[visitor] - grown
    dearer = {n: (few[n][0], many[n][0]) for n in few if many[n][0] > few[n][0]}
    assert dearer == {}
