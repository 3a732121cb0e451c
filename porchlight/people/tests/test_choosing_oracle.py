"""Choosing against a slow plain oracle, over many small made-up worlds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import h3
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from porchlight.kit import cells
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.choosing import (
    ASKED_PER_WEEK,
    RINGS_FOR_TRAINED,
    Near,
    Sparing,
    nearest,
    reach_token,
    trained,
)
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.asked import counts_until, may_be_asked
from porchlight.people.rules.hours import HOURS, MASK_BYTES, has_hour
from porchlight.people.rules.rights import Level
from porchlight.people.rules.training import Trained
from porchlight.people.tests import cast

MIDDLE = "881969541dfffff"
AROUND = [*cells.around(MIDDLE, 2), *cells.around(MIDDLE, 7)[-3:]]
NOW = datetime.fromisoformat("2026-03-29T03:30:00+02:00")  # half an hour after a clock change
DAY = timedelta(days=1)
ROLES = [Trained.FIRST_AID, Trained.DRIVER]
BUSY_HOURS = [0, 7, 8, 100, HOURS - 1]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place or a way."""

    cells: frozenset[str]
    hours: bytes


@dataclass(frozen=True, kw_only=True)
class Training:
    role: Trained
    is_confirmed: bool
    is_ended: bool
    from_on: int
    """Days from today; so is `until_on`."""
    until_on: int


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Somebody of a made-up world."""

    id: UUID
    level: Level
    is_under_18: bool
    has_left: bool
    spots: tuple[Spot, ...]
    paused: timedelta | bool
    """True: until they say; False: not at all; else how long from now."""
    asked: int
    last: timedelta | None
    """How long ago, when not this week."""
    is_left_out: bool
    trained: Training | None

    @property
    def last_asked_at(self) -> datetime | None:
        if self.asked:
            return NOW - timedelta(hours=2)
        return None if self.last is None or not self.spots else NOW - self.last

    @property
    def is_paused(self) -> bool:
        if isinstance(self.paused, timedelta):
            return self.paused > timedelta()
        return bool(self.paused)

    def may_ever(self, most: int) -> bool:
        allowed = may_be_asked(level=self.level, is_under_18=self.is_under_18)
        return allowed and not (self.has_left or self.is_left_out) and self.asked < most

    def has_rested(self, rest: timedelta | None) -> bool:
        last = self.last_asked_at
        return rest is None or last is None or last <= NOW - rest

    def ring(self, hour: int, most_rings: int) -> int | None:
        steps = [
            h3.grid_distance(MIDDLE, cell)
            for spot in self.spots
            for cell in spot.cells
            if has_hour(spot.hours, hour)
        ]
        near = [ring for ring in steps if ring <= most_rings]
        return min(near) if near else None


def masks() -> st.SearchStrategy[bytes]:
    return st.sets(st.sampled_from(BUSY_HOURS), min_size=1).map(
        lambda hours: sum(1 << hour for hour in hours).to_bytes(MASK_BYTES, "little")
    )


def spots() -> st.SearchStrategy[Spot]:
    where = st.frozensets(st.sampled_from(AROUND), min_size=1, max_size=4)
    return st.builds(Spot, cells=where, hours=masks())


def trainings() -> st.SearchStrategy[Training]:
    return st.builds(
        Training,
        role=st.sampled_from([*ROLES, Trained.OBSERVER]),
        is_confirmed=st.sampled_from([True, True, True, False]),
        is_ended=st.sampled_from([False, False, False, True]),
        from_on=st.sampled_from([-30, -30, 0, 1]),
        until_on=st.sampled_from([30, 30, 2, 1]),
    ).filter(lambda one: one.from_on < one.until_on)


def neighbours(number: int) -> st.SearchStrategy[Neighbour]:
    mostly = [False] * 6 + [True]
    return st.builds(
        Neighbour,
        id=st.uuids(),
        level=st.sampled_from([Level.MEMBER] * 5 + [Level.NEWCOMER]),
        is_under_18=st.sampled_from(mostly),
        has_left=st.sampled_from(mostly),
        spots=st.lists(spots(), max_size=3).map(tuple),
        paused=st.sampled_from([False, False, False, True, DAY, -DAY, timedelta()]),
        asked=st.sampled_from([0, 0, 0, 1, 2, 3, 5]),
        last=st.sampled_from([None, None, 8 * DAY, 8 * DAY, 90 * DAY]),
        is_left_out=st.sampled_from(mostly),
        trained=st.none() | trainings(),
    )


def worlds() -> st.SearchStrategy[list[Neighbour]]:
    return st.lists(neighbours(0), min_size=1, max_size=14, unique_by=lambda one: one.id)


def settle(world: list[Neighbour], network: models.Network) -> None:
    """Write everybody's rows as the actions would have left them."""
    made = {"network": network, "source": "test", "created_at": NOW}
    models.Person.objects.bulk_create(
        models.Person(
            **made, id=one.id, client_key=uuid4(), name=str(one.id)[:30], skeleton=str(one.id),
            language="en", level=one.level, is_under_18=one.is_under_18, joined_at=NOW,
            left_at=NOW if one.has_left else None,
        )
        for one in world
    )  # fmt: skip
    for one in world:
        if not one.has_left:
            settle_places(one, network, made)
        if one.trained:
            settle_training(one, one.trained, made)


def settle_places(one: Neighbour, network: models.Network, made: dict[str, object]) -> None:
    until = NOW + one.paused if isinstance(one.paused, timedelta) else None
    for spot in one.spots:
        place = models.Place.objects.create(
            **made, client_key=uuid4(), person_id=one.id, kind="route", label_guarded=b"",
            cells_guarded=b"", hours=spot.hours,
        )  # fmt: skip
        models.Reach.objects.bulk_create(
            models.Reach(
                network=network, person_id=one.id, place=place, hours=spot.hours,
                token=reach_token(network_id=network.id, cell=cell),
                may_be_asked=may_be_asked(level=one.level, is_under_18=one.is_under_18),
                last_asked_at=one.last_asked_at, asked_in_7_days=one.asked,
                is_paused=one.paused is not False, paused_until=until,
            )
            for cell in spot.cells
        )  # fmt: skip
    for ago, times in enumerate(t for t in (one.asked - one.asked // 2, one.asked // 2) if t):
        day = NOW.date() - ago * DAY
        models.AskedOn.objects.create(
            network=network, person_id=one.id, day=day, times=times,
            last_at=NOW - timedelta(hours=2) - ago * DAY,
            expires_at=counts_until(day, as_network(network).zoneinfo),
        )  # fmt: skip


def settle_training(one: Neighbour, training: Training, made: dict[str, object]) -> None:
    models.TrainedRole.objects.create(
        **made, client_key=uuid4(), person_id=one.id, role=training.role,
        from_on=NOW.date() + training.from_on * DAY, until_on=NOW.date() + training.until_on * DAY,
        confirmed_at=NOW if training.is_confirmed else None,
        ended_at=NOW if training.is_ended else None,
    )  # fmt: skip


def in_turn(found: list[tuple[Neighbour, int | None]], seed: UUID) -> list[Near]:
    """The order to ask in, as DESIGN and research/alerting.md say it."""

    def turn(entry: tuple[Neighbour, int | None]) -> tuple[object, ...]:
        one, ring = entry
        far = RINGS_FOR_TRAINED + 1 if ring is None else ring
        last = one.last_asked_at
        waited = (last is not None, last or NOW)
        return (far, one.asked, *waited, one.id < seed, one.id)

    return [Near(person_id=one.id, ring=ring) for one, ring in sorted(found, key=turn)]


def is_trained(one: Neighbour) -> bool:
    training = one.trained
    return training is not None and (
        training.role in ROLES
        and training.is_confirmed
        and not training.is_ended
        and training.from_on <= 0 < training.until_on
    )


@pytest.mark.django_db
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    world=worlds(),
    seed=st.uuids(),
    hour=st.sampled_from(BUSY_HOURS),
    limit=st.sampled_from([1, 2, 3, 60]),
    most_rings=st.sampled_from([0, 1, 2, 7]),
    most=st.sampled_from([1, 2, 3, 20]),
    knows_place=st.booleans(),
    rest=st.sampled_from([None, timedelta(), timedelta(hours=2), timedelta(hours=3), 8 * DAY]),
)
def test_the_database_chooses_whom_a_slow_oracle_chooses(
    world: list[Neighbour],
    seed: UUID,
    hour: int,
    limit: int,
    most_rings: int,
    most: int,
    knows_place: bool,
    rest: timedelta | None,
) -> None:
    network = cast.linden()
    with transaction.atomic():
        settle(world, network)
        models.NetworkRule.objects.create(
            id=uuid4(), source="test", client_key=uuid4(), created_at=NOW, network=network,
            key=ASKED_PER_WEEK, version=1, value=most, from_at=NOW, reason="a test",
        )  # fmt: skip
        viewer = Viewer.system(as_network(network), "a test of choosing")
        facts = {
            "viewer": viewer, "hour": hour, "now": NOW, "limit": limit, "seed": seed,
            "without": [one.id for one in world if one.is_left_out],
            "sparing": None
            if rest is None
            else Sparing(most_a_week=most, rested_before=NOW - rest),
        }  # fmt: skip
        near = nearest(cell=MIDDLE, most_rings=most_rings, **facts)  # type: ignore[arg-type]
        cell = MIDDLE if knows_place else None
        by_role = trained(role_keys=ROLES, cell=cell, **facts)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    asked = [one for one in world if one.may_ever(most) and one.has_rested(rest)]
    there: list[tuple[Neighbour, int | None]] = [
        (one, ring)
        for one in asked
        if not one.is_paused and (ring := one.ring(hour, most_rings)) is not None
    ]
    assert near == in_turn(there, seed)[:limit]
    skilled = [
        (one, one.ring(hour, RINGS_FOR_TRAINED) if knows_place else None)
        for one in asked
        if is_trained(one) and not (one.is_paused and one.spots)
    ]
    assert by_role == in_turn(skilled, seed)[:limit]
