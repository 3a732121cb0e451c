"""Taking whole networks away: every row of every area, in one transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection

from porchlight.home.queries.demo import tables_of_a_network
from porchlight.kit.transactions import one_transaction
from porchlight.people.actions.sealing import allow_wiping
from porchlight.people.models import Login, Network, Session

LOCK = 0x706F7263  # any number of our own: two of these at once wait for each other


@one_transaction
def wait_for_our_turn() -> None:
    """One load or wipe after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@one_transaction
def wipe(*, network_ids: Sequence[UUID]) -> int:
    """Delete all that belongs to these networks, whole or not at all; answers how many rows.

    Goes by `network_id`, so a table that comes later is emptied too. The caller has asked whether
    it may, and remembers it outside the database.
    """
    wait_for_our_turn()
    return sum(_wipe(network_id) for network_id in sorted(network_ids))


def _wipe(network_id: UUID) -> int:
    allow_wiping(network_id=network_id)  # logs that nobody may shorten let go of this one only
    # The tables that hang on a network through its logins only.
    logins = Login.objects.filter(network_id=network_id).values("id")
    gone = Session.objects.filter(login_id__in=logins).delete()[0]
    gone += int(Authenticator.objects.filter(user_id__in=logins).delete()[0])
    gone += sum(_empty(table, network_id) for table in tables_of_a_network())
    return gone + Network.objects.filter(id=network_id)._raw_delete(using="default")


def _empty(table: Any, network_id: UUID) -> int:
    """Delete in SQL: references inside a network are checked when the whole is done."""
    name = connection.ops.quote_name(table._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {name} WHERE network_id = %s", [network_id])  # noqa: S608
        return int(cursor.rowcount)
