"""Seals what was noted into each network's chain; a second at most after it happened."""

import os
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from porchlight.kit.transactions import one_transaction
from porchlight.people import models
from porchlight.people.queries.chain import unsealed_rows
from porchlight.people.rules import chain
from porchlight.people.rules.audit_words import OWN_AFFAIRS

BATCH = 500
LOCK = 0x61756469  # any number of our own; the second one is the network's


@one_transaction
def seal(*, network_id: UUID, limit: int = BATCH) -> int:
    """Append the oldest unsealed rows of a network to its chain, all or none of them."""
    if not _lock(network_id, wait=False):
        return 0
    rows = unsealed_rows(network_id=network_id, limit=limit)
    salts = _salts(network_id, {row.actor_id for row in rows if row.actor_id})
    last = models.AuditLink.objects.filter(network_id=network_id).order_by("-seq").first()
    seq, previous = (last.seq, bytes(last.own)) if last else (0, chain.BEGINNING)
    links, placed = [], []
    for row in rows:
        seq, salt = seq + 1, os.urandom(chain.SALT_BYTES)
        link = chain.Link(
            network_id=network_id,
            seq=seq,
            hour=chain.hour_of(row.at),
            actor_tag=_tag(salts.get(row.actor_id), row.actor_id),
            verb=row.verb,
            thing_tag=_tag(salt, row.thing_id),
            commitment=chain.commitment(salt, row.detail),
            previous=previous,
        )
        previous = link.own
        links.append(models.AuditLink(**vars(link), own=previous))
        placed.append((row.id, seq, salt))
    models.AuditLink.objects.bulk_create(links)
    _place(placed)
    return len(rows)


@one_transaction
def forget_in_audit(*, network_id: UUID, person_id: UUID) -> int:
    """Untie somebody from the audit for good: their salt, and their id wherever a row names it.

    What was done stays, by nobody, and the chain stays whole. For whoever is erased; answers how
    many rows named them.
    """
    _lock(network_id, wait=True)  # not while a row of theirs is being sealed with the salt
    models.AuditSalt.objects.filter(network_id=network_id, person_id=person_id).delete()
    rows = models.AuditRow.objects.filter(network_id=network_id)
    mine = rows.filter(actor_id=person_id)
    own = reduce(or_, (Q(verb__startswith=verb) for verb in (*OWN_AFFAIRS, "people.invite_")))
    things = {person_id, *mine.filter(own).values_list("thing_id", flat=True)} - {None}
    named = rows.annotate(said=Cast("detail", TextField())).filter(
        Q(thing_id__in=things) | Q(said__contains=str(person_id))
    )
    emptied = named.update(thing_id=None, detail={}, salt=None)
    return emptied + mine.update(actor_id=None)


@one_transaction
def allow_wiping(*, network_id: UUID) -> None:
    """Let this transaction, and no other, delete the chain of this network: all of it goes.

    Call it in the transaction that deletes the network.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('porchlight.wipe_network', %s, true)", [str(network_id)])


def _tag(salt: bytes | None, who: UUID | None) -> bytes:
    return chain.NOBODY if salt is None or who is None else chain.tag(salt, who)


def _lock(network_id: UUID, *, wait: bool) -> bool:
    """One at a time appends to a network's chain; the lock goes with the transaction."""
    function = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    number = int.from_bytes(network_id.bytes[:4], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [LOCK, number])
        return bool(cursor.fetchone()[0]) or wait


def _salts(network_id: UUID, actors: set[UUID]) -> dict[UUID | None, bytes]:
    """The salt of each actor, made at their first deed."""
    known = models.AuditSalt.objects.filter(network_id=network_id, person_id__in=actors)
    salts: dict[UUID | None, bytes] = {row.person_id: bytes(row.salt) for row in known}
    new = {actor: os.urandom(chain.SALT_BYTES) for actor in sorted(actors - salts.keys())}
    models.AuditSalt.objects.bulk_create(
        models.AuditSalt(network_id=network_id, person_id=actor, salt=salt)
        for actor, salt in new.items()
    )
    return salts | new


def _place(placed: list[tuple[int, int, bytes]]) -> None:
    """Write into each row where it stands in the chain."""
    if not placed:
        return
    ids, seqs, salts = (list(column) for column in zip(*placed, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_auditrow row SET seq = new.seq, salt = new.salt "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS new(id, seq, salt) "
            "WHERE row.id = new.id",
            [ids, seqs, salts],
        )
