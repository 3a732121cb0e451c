"""Loading the demo neighbourhood, and taking it away again."""

from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from porchlight.home.actions.demo.calls import write_call
from porchlight.home.actions.demo.circles import (
    write_block,
    write_buddies,
    write_circles,
    write_founding_keepers,
    write_groups,
    write_mandates,
    write_trainings,
)
from porchlight.home.actions.demo.living import write_hellos, write_today
from porchlight.home.actions.demo.pen import Pen
from porchlight.home.actions.demo.persons import (
    write_addresses,
    write_logins,
    write_network,
    write_people,
)
from porchlight.home.actions.demo.places import write_places
from porchlight.home.queries.demo import tables_of_a_network
from porchlight.home.rules.cast import DEMO_SLUGS, PASSWORD
from porchlight.home.rules.demo import Why
from porchlight.home.rules.plan import SEED, Plan, linden, quay
from porchlight.kit.errors import Refusal
from porchlight.people.actions.sealing import allow_wiping
from porchlight.people.models import Login, Network, Session
from porchlight.people.queries.signing_in import as_network

LOCK = 0x706F7263  # any number of our own: two loads at once wait for each other


@transaction.atomic
def load_demo(*, now: datetime) -> bool:
    """Make Linden Street and Quay 9, whole or not at all. False: they are here already.

    Refuses: Why.ONLY_IN_DEMO on a production install, Why.NAME_TAKEN where a real network has
    one of their addresses.
    """
    if settings.IS_PRODUCTION:
        raise Refusal(Why.ONLY_IN_DEMO)
    _wait_for_our_turn()
    here = dict(Network.objects.filter(slug__in=DEMO_SLUGS).values_list("slug", "is_demo"))
    if not all(here.values()):
        raise Refusal(Why.NAME_TAKEN)
    if len(here) == len(DEMO_SLUGS):
        return False
    # One slow hash for all six: the demo's password is printed on its first page anyway.
    password_hash = make_password(PASSWORD)
    for plan in (linden(), quay()):
        if plan.slug not in here:
            _write(plan, password_hash, now)
    return True


def _write(plan: Plan, password_hash: str, now: datetime) -> None:
    pen = Pen(plan=plan, dice=Random(SEED + len(plan.people)), now=now)  # noqa: S311  # a story
    network = write_network(pen=pen)
    write_people(pen=pen)
    write_logins(pen=pen, password_hash=password_hash)
    write_addresses(pen=pen)
    circles = write_circles(pen=pen)
    if plan.slug == DEMO_SLUGS[0]:
        write_groups(pen=pen, circles=circles)
        write_mandates(pen=pen, circles=circles)
        write_trainings(pen=pen)
        write_buddies(pen=pen)
        write_block(pen=pen)
        write_places(pen=pen, network=network)
        write_today(pen=pen, row=network, pods=circles)
        write_call(pen=pen, network=as_network(network))
    else:
        write_founding_keepers(pen=pen)
        write_hellos(pen=pen, network=as_network(network))


@transaction.atomic
def remove_demo(*, now: datetime) -> int:
    """Take the demo away: every row of every area that belongs to its networks. Returns how many.

    A network that is not the demo's own is never touched, whatever it is called.
    """
    _wait_for_our_turn()
    networks = list(Network.objects.filter(is_demo=True).values_list("id", flat=True))
    if not networks:
        return 0
    # The tables that hang on a network through its logins only.
    logins = Login.objects.filter(network_id__in=networks).values("id")
    gone = Session.objects.filter(login_id__in=logins).delete()[0]
    gone += int(Authenticator.objects.filter(user_id__in=logins).delete()[0])
    for network in networks:
        allow_wiping(network_id=network)
        gone += sum(_empty(table, network) for table in tables_of_a_network())
    return gone + Network.objects.filter(id__in=networks).delete()[0]


def _wait_for_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _empty(table: Any, network: UUID) -> int:
    """Delete in SQL: references inside a network are checked when the whole is done."""
    name = connection.ops.quote_name(table._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name} WHERE network_id = %s", [network])  # noqa: S608
        return int(cursor.rowcount)
