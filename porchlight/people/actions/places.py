"""Entering, changing, pausing and forgetting places. Nobody but their owner does any of it."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BinaryField, Max, QuerySet, Sum
from django.db.models.functions import Substr

from porchlight.kit import cells, vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_network, lock_persons
from porchlight.people.queries import places as stored
from porchlight.people.queries.choosing import reach_token, reach_tokens
from porchlight.people.queries.own import own_id
from porchlight.people.queries.places import middle_cell
from porchlight.people.rules import places as rules
from porchlight.people.rules.asked import may_be_asked
from porchlight.people.rules.places import Entered, Kind, Pause, Why
from porchlight.people.rules.rights import Level, Right

log = logging.getLogger(__name__)


@one_transaction
def add_place(
    *, viewer: Viewer, client_key: UUID, kind: Kind, entered: Entered, now: datetime
) -> UUID:
    """Enter a place or a usual way of one's own; from now on its owner can be asked for help there.

    Refuses: a second home, a thirteenth place, and what `rules.places` calls impossible.
    """
    person = _lock(viewer)
    made = first_made(
        models.Place.objects,
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
    )
    if made is not None:
        return made.id
    has = models.Place.objects.filter(person=person).order_by("id").values_list("kind", flat=True)
    _refuse(rules.why_not_one_more(kind, [Kind(one) for one in has]))
    _check(viewer, kind, entered)
    place = models.Place(
        network_id=viewer.network.id,
        person=person,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        kind=kind,
    )
    _guard(place, entered)
    place.save(force_insert=True)
    _reach(place, entered.where.cells)
    _note(viewer, "people.add_place", place.id, now)
    return place.id


@one_transaction
def change_place(*, viewer: Viewer, place_id: UUID, entered: Entered, now: datetime) -> None:
    """Change everything about one's own place but its kind.

    Refuses: what `rules.places` calls impossible.
    """
    _lock(viewer)
    place = _own(viewer, place_id)
    _check(viewer, Kind(place.kind), entered)
    _guard(place, entered)
    place.save()
    _reach(place, entered.where.cells)
    _note(viewer, "people.change_place", place.id, now)


@one_transaction
def delete_place(*, viewer: Viewer, place_id: UUID, now: datetime) -> None:
    """Forget one's own place at once, with its words and its tokens."""
    _lock(viewer)
    place = _own(viewer, place_id)
    models.Reach.objects.filter(place=place).delete()
    place.delete()
    _note(viewer, "people.delete_place", place_id, now)


@one_transaction
def pause_places(*, viewer: Viewer, pause: Pause, now: datetime) -> None:
    """Not be asked because of one's places for a while; no reason is asked for or kept."""
    _lock(viewer)
    until = rules.pause_ends(pause, now=now, zone=viewer.network.zoneinfo)
    _own_reach(viewer).update(is_paused=True, paused_until=until)
    _note(viewer, "people.pause_places", None, now)


@one_transaction
def resume_places(*, viewer: Viewer, now: datetime) -> None:
    """Be asked again."""
    _lock(viewer)
    _own_reach(viewer).update(is_paused=False, paused_until=None)
    _note(viewer, "people.resume_places", None, now)


@one_transaction
def forget_places_of(*, person_id: UUID, network: Network, now: datetime) -> None:
    """Somebody left: none of their places or ways stays. Answers the moment `person_left`."""
    models.AskedOn.objects.filter(network_id=network.id, person_id=person_id).delete()
    models.Reach.objects.filter(network_id=network.id, person_id=person_id).delete()
    models.Place.objects.filter(network_id=network.id, person_id=person_id).delete()
    note(network_id=network.id, verb="people.forget_places", now=now, actor_id=person_id)


@one_transaction
def set_middle_cell(*, viewer: Viewer, latitude: float, longitude: float, now: datetime) -> str:
    """Say where the map of this network opens.

    Refuses: Why.IMPOSSIBLE_MIDDLE.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    network = lock_network(network_id=viewer.network.id)
    if not cells.is_on_earth(latitude, longitude):
        raise Refusal(Why.IMPOSSIBLE_MIDDLE)
    network.middle_cell = cells.cell_at(latitude, longitude)
    network.save(update_fields=["middle_cell"])
    _note(viewer, "people.set_middle_cell", None, now)
    return network.middle_cell


def _lock(viewer: Viewer) -> models.Person:
    """The row that decides: two tabs of one person queue up here."""
    me = own_id(viewer=viewer)
    return lock_persons(network_id=viewer.network.id, person_ids=[me])[me]


def _own(viewer: Viewer, place_id: UUID) -> models.Place:
    place = models.Place.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), id=place_id
    ).first()
    if place is None:
        raise NotHere
    return place


def _own_reach(viewer: Viewer) -> QuerySet[models.Reach]:
    return models.Reach.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer)
    )


def _check(viewer: Viewer, kind: Kind, entered: Entered) -> None:
    middle = middle_cell(viewer=viewer)
    _refuse(rules.why_not_where(kind, entered.where, middle=middle))
    _refuse(rules.why_not_hours(entered.hours))


def _refuse(why: Why | None) -> None:
    if why is not None:
        raise Refusal(why)


def _guard(place: models.Place, entered: Entered) -> None:
    """Put the words on the row, each for its own purpose."""

    def guarded(words: str, purpose: str) -> bytes:
        return vault.guard(words, purpose=purpose, whose=place.person_id)

    place.label_guarded = guarded(entered.label, stored.LABEL)
    place.address_guarded = guarded(entered.address, stored.ADDRESS) if entered.address else None
    place.door_note_guarded = (
        guarded(entered.door_note, stored.DOOR_NOTE) if entered.door_note else None
    )
    place.pin_guarded = guarded(entered.where.pin, stored.PIN) if entered.where.pin else None
    place.cells_guarded = guarded(" ".join(sorted(set(entered.where.cells))), stored.CELLS)
    place.hours = entered.hours


def _reach(place: models.Place, chosen: Iterable[str]) -> None:
    """Make the selection table fit the place; a pause and when somebody was asked stay."""
    mine = models.Reach.objects.filter(network_id=place.network_id, person_id=place.person_id)
    wanted = {reach_token(network_id=place.network_id, cell=cell) for cell in chosen}
    has = {bytes(row.token): row for row in mine.filter(place=place).order_by("id")}
    facts = _facts_about(place.person)  # before its rows go: a pause outlasts a move
    mine.filter(id__in=[row.id for token, row in has.items() if token not in wanted]).delete()
    mine.filter(place=place).update(hours=place.hours)
    models.Reach.objects.bulk_create(
        models.Reach(
            network_id=place.network_id,
            person_id=place.person_id,
            place=place,
            token=token,
            hours=place.hours,
            **facts,
        )
        for token in sorted(wanted - has.keys())
    )


@one_transaction
def make_tokens_anew(*, most: int) -> int:
    """Make tokens of older data keys with today's; answers how many, 0 when all are. Answers
    `index_anew`.

    For a change of keys, some places at a time: each token is changed by itself, so stopping loses
    nothing.
    """
    done = 0
    older = models.Reach.objects.annotate(
        key=Substr("token", 1, vault.NAME_BYTES, output_field=BinaryField())
    ).exclude(key=vault.padded(vault.keyring().current))
    places = models.Place.objects.filter(id__in=older.values("place_id"))
    for person_id, network_id, place_id in places.order_by("person_id", "id").values_list(
        "person_id", "network_id", "id"
    ):
        if done >= most:
            break
        lock_persons(network_id=network_id, person_ids=[person_id])
        place = models.Place.objects.filter(id=place_id).first()
        done += _tokens_anew(place) if place else 0
    return done


def _tokens_anew(place: models.Place) -> int:
    rows, done = models.Reach.objects.filter(place=place), 0
    try:
        cells_here = stored.cells_of(place)
    except vault.VaultTrouble as trouble:
        log.error("place %s does not open: %s", place.id, trouble)
        return 0
    for cell in cells_here:
        new, *older = reach_tokens(network_id=place.network_id, cell=cell)
        done += rows.filter(token__in=older).update(token=new)
    return done


def _facts_about(person: models.Person) -> dict[str, Any]:
    """What every row of this person says, whichever place it stands for."""
    row = models.Reach.objects.filter(person=person).order_by("id").first()
    asked = models.AskedOn.objects.filter(person=person).aggregate(
        times=Sum("times"), last=Max("last_at")
    )
    return {
        "may_be_asked": may_be_asked(level=Level(person.level), is_under_18=person.is_under_18),
        "last_asked_at": row.last_asked_at if row else asked["last"],
        "asked_in_7_days": asked["times"] or 0,
        "is_paused": row.is_paused if row else False,
        "paused_until": row.paused_until if row else None,
    }


def _note(viewer: Viewer, verb: str, thing_id: UUID | None, now: datetime) -> None:
    note(
        network_id=viewer.network.id,
        verb=verb,
        now=now,
        actor_id=viewer.person_id,
        thing_id=thing_id,
    )
