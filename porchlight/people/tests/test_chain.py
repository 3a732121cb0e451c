"""The audit's chain: sealed by itself, never changed, and it shows every change behind its back."""

import threading
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.people import models
from porchlight.people.actions import sealing, sweeping
from porchlight.people.actions.audit import note
from porchlight.people.queries import chain
from porchlight.people.rules import chain as links
from porchlight.people.tasks import seal_each_second, seal_everything
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

CHAIN = (
    "the_chain_has_no_gap",
    "the_chain_is_unbroken",
    "what_was_done_is_what_was_sealed",
)


def broken() -> list[str]:
    """Which promises of the chain do not hold."""
    invariants = import_module("porchlight.people.queries.invariants")
    found = []
    for name in CHAIN:
        with connection.cursor() as cursor:
            cursor.execute(getattr(invariants, name)()[1])
            found += [name] if cursor.fetchall() else []
    return found


def deeds(who: models.Person, many: int) -> None:
    for number in range(many):
        note(
            network_id=who.network_id,
            verb="people.join",
            now=clock.now(),
            actor_id=who.id,
            thing_id=uuid4(),
            number=number,
            name="zoë «x»",
        )


def behind_its_back(sql: str) -> None:
    """What somebody with the database's own rights could do: no trigger stands before them."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_auditlink DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE people_auditlink ENABLE TRIGGER USER")


@pytest.fixture
def street(db: None) -> models.Person:
    """Ten deeds of Ada and Bo and one of the program, sealed in each of two networks."""
    ada, bo, cy = cast.ada(), cast.bo(), cast.cy()
    for who in (ada, bo, cy):
        deeds(who, 5)
    note(network_id=ada.network_id, verb="people.forget_asks", now=clock.now(), actor_id=None)
    assert seal_everything() == 16
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing waits: triggers may be turned off
    return ada


def test_what_was_done_is_sealed_once_in_order_and_every_promise_holds(
    street: models.Person,
) -> None:
    assert seal_everything() == 0
    rows = models.AuditRow.objects.filter(network_id=street.network_id).order_by("id")
    assert [row.seq for row in rows] == list(range(1, 12))
    assert broken() == []


def test_a_link_names_nobody_and_knows_the_hour_only(street: models.Person) -> None:
    link = models.AuditLink.objects.filter(network_id=street.network_id).order_by("seq").first()
    assert link is not None
    assert (link.hour.minute, link.hour.second, link.hour.microsecond) == (0, 0, 0)
    said = b"".join(bytes(part) for part in (link.actor_tag, link.thing_tag, link.commitment))
    assert street.id.bytes not in said
    tags = models.AuditLink.objects.filter(network_id=street.network_id).values_list("actor_tag")
    assert len({bytes(tag) for (tag,) in tags}) == 3


CHANGES = {
    "an altered row": (
        "UPDATE people_auditlink SET verb = 'people.left' WHERE seq = 3",
        {"the_chain_is_unbroken", "what_was_done_is_what_was_sealed"},
    ),
    "a deleted row": (
        "DELETE FROM people_auditlink WHERE seq = 3",
        set(CHAIN),
    ),
    "two that changed places": (
        "ALTER TABLE people_auditlink DROP CONSTRAINT auditlink_from_one; "
        "UPDATE people_auditlink SET seq = -seq WHERE seq IN (4, 5); "
        "UPDATE people_auditlink SET seq = 9 + seq WHERE seq < 0",
        {"the_chain_is_unbroken", "what_was_done_is_what_was_sealed"},
    ),
    "a swapped actor": (
        "UPDATE people_auditrow SET actor_id = (SELECT id FROM people_person WHERE name = 'Ada') "
        "WHERE actor_id = (SELECT id FROM people_person WHERE name = 'Bo')",
        {"what_was_done_is_what_was_sealed"},
    ),
    "an edited detail": (
        """UPDATE people_auditrow SET detail = '{"number": 7}' WHERE seq = 2""",
        {"what_was_done_is_what_was_sealed"},
    ),
    "another thing": (
        "UPDATE people_auditrow SET thing_id = gen_random_uuid() WHERE seq = 2",
        {"what_was_done_is_what_was_sealed"},
    ),
    "a detail without its salt": (
        "UPDATE people_auditrow SET salt = NULL WHERE seq = 2",
        {"what_was_done_is_what_was_sealed"},
    ),
    "a row that was taken away": (
        "DELETE FROM people_auditrow WHERE seq = 2",
        {"what_was_done_is_what_was_sealed"},
    ),
    "a moved hour": (
        "UPDATE people_auditrow SET at = at - interval '2 hours' WHERE seq = 2",
        {"what_was_done_is_what_was_sealed"},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_behind_its_back_is_seen(street: models.Person, what: str) -> None:
    sql, expected = CHANGES[what]
    behind_its_back(sql)
    assert set(broken()) == expected


def test_a_cut_tail_is_seen_against_a_head_on_paper(street: models.Person) -> None:
    viewer = cast.viewer(street)
    head = chain.chain_head(viewer)
    assert head is not None
    assert head.number == 11
    kept = chain.anchors()
    assert len(kept) == 2
    assert chain.lost_anchors(kept) == []
    behind_its_back(
        "DELETE FROM people_auditlink WHERE seq > 3; DELETE FROM people_auditrow WHERE seq > 3"
    )
    assert broken() == []  # what is left is whole: only what is kept elsewhere tells
    assert chain.lost_anchors(kept) == kept
    assert not chain.is_in_chain(viewer=viewer, number=head.number, typed=head.fingerprint)


def test_a_head_from_paper_is_found_however_it_is_typed(street: models.Person) -> None:
    viewer, head = cast.viewer(street), chain.chain_head(cast.viewer(street))
    assert head is not None
    for typed in (head.fingerprint, head.fingerprint.upper(), head.fingerprint.replace(" ", "-")):
        assert chain.is_in_chain(viewer=viewer, number=head.number, typed=typed)
    assert not chain.is_in_chain(viewer=viewer, number=head.number - 1, typed=head.fingerprint)
    assert not chain.is_in_chain(viewer=viewer, number=head.number, typed="")
    deeds(street, 1)
    seal_everything()
    assert chain.is_in_chain(viewer=viewer, number=head.number, typed=head.fingerprint)
    cy = cast.viewer(models.Person.objects.get(name="Cy"))
    assert not chain.is_in_chain(viewer=cy, number=head.number, typed=head.fingerprint)


def test_nobody_from_outside_reads_a_head(street: models.Person) -> None:
    nobody = cast.viewer(street).__class__(network=cast.viewer(street).network)
    with pytest.raises(NotHere):
        chain.chain_head(nobody)
    with pytest.raises(NotHere):
        chain.is_in_chain(viewer=nobody, number=1, typed="")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE people_auditlink SET verb = verb",
        "DELETE FROM people_auditlink WHERE seq = 1",
        "TRUNCATE people_auditlink",
    ],
)
def test_the_database_refuses_to_change_the_chain(street: models.Person, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL porchlight.wipe_network = ''")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(sql)
    assert models.AuditLink.objects.count() == 16


def test_a_chain_goes_with_its_network_and_no_other_goes_along(street: models.Person) -> None:
    cy = models.Person.objects.get(name="Cy")
    sealing.allow_wiping(network_id=cy.network_id)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        models.AuditLink.objects.filter(network_id=street.network_id).delete()
    assert models.AuditLink.objects.filter(network_id=cy.network_id).delete()[0] == 5


def test_details_and_names_go_and_the_chain_stays_whole(street: models.Person) -> None:
    then = clock.now() + timedelta(days=91)
    assert sweeping.forget_audit_detail(now=then) == 16
    rows = models.AuditRow.objects.all()
    assert {(row.actor_id, row.thing_id, str(row.detail), row.salt) for row in rows} == {
        (None, None, "{}", None)
    }
    assert broken() == []


def test_somebody_who_is_erased_is_untied_for_good(street: models.Person) -> None:
    bo = models.Person.objects.get(name="Bo")
    facts: dict[str, Any] = {"network_id": bo.network_id, "now": clock.now(), "actor_id": street.id}
    note(verb="people.level_raised", thing_id=bo.id, **facts)
    note(verb="people.mandate_given", person=str(bo.id), **facts)
    seal_everything()
    assert sealing.forget_in_audit(network_id=bo.network_id, person_id=bo.id) == 7
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM people_auditrow row WHERE row::text LIKE %s", [f"%{bo.id}%"]
        )
        assert cursor.fetchone() == (0,)
    assert not models.AuditSalt.objects.filter(person_id=bo.id).exists()
    assert models.AuditSalt.objects.filter(person_id=street.id).exists()
    assert broken() == []


def test_what_was_emptied_before_it_was_sealed_is_sealed_empty(db: None) -> None:
    ada = cast.ada()
    deeds(ada, 2)
    sweeping.forget_audit_detail(now=clock.now() + timedelta(days=91))
    assert seal_everything() == 2
    assert broken() == []


def test_a_fingerprint_on_paper_is_five_groups_of_four_and_is_found_again() -> None:
    whole = bytes(range(1, 33))
    assert links.short(whole) == "0102 0304 0506 0708 090a"
    assert links.plain(" 0102-0304 O506 ٠٧٠٨ 090A.") == "01020304506070809" + "0a"


def test_a_seal_takes_one_batch_at_a_time(db: None) -> None:
    ada = cast.ada()
    deeds(ada, 5)
    taken = [sealing.seal(network_id=ada.network_id, limit=2) for _ in range(4)]
    assert taken == [2, 2, 1, 0]
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_sealers_and_writers_at_once_leave_no_gap_and_nothing_twice() -> None:
    ada, bo = cast.ada(), cast.bo()

    def write(who: models.Person) -> Callable[[], object]:
        return lambda: deeds(who, 60)

    def seal() -> int:
        return sum(seal_everything() for _ in range(20))

    at_once(write(ada), write(bo), seal, seal, seal)
    seal_everything()
    assert models.AuditLink.objects.count() == 120
    assert chain.unsealed_networks() == []
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_while_one_seals_the_other_leaves_it_to_them() -> None:
    ada = cast.ada()
    deeds(ada, 3)

    def hold(network_id: UUID) -> tuple[int, int]:
        with transaction.atomic():
            mine = sealing.seal(network_id=network_id, limit=2)
            (theirs,) = at_once(lambda: sealing.seal(network_id=network_id))
        return mine, int(str(theirs))

    assert hold(ada.network_id) == (2, 0)
    assert seal_everything() == 1
    assert broken() == []


@pytest.mark.django_db(transaction=True)
def test_the_task_seals_by_itself_and_survives_a_database_that_hangs_up() -> None:
    ada, stop = cast.ada(), threading.Event()
    beside = threading.Thread(target=seal_each_second, args=[stop])
    beside.start()
    try:
        deeds(ada, 1)
        assert _within(lambda: models.AuditLink.objects.count() == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                "datname = current_database() AND pid <> pg_backend_pid()"
            )
        deeds(ada, 1)
        assert _within(lambda: models.AuditLink.objects.count() == 2)
    finally:
        stop.set()
        beside.join(timeout=10)
    assert not beside.is_alive()


def _within(reached: Callable[[], bool]) -> bool:
    """Look again and again, for at most fifteen seconds."""
    waiting = threading.Event()
    return any(reached() or waiting.wait(0.1) for _ in range(150))
