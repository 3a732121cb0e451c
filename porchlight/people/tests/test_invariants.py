"""Every promise holds on a good street, and is seen to be broken when it is."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from porchlight.kit import clock
from porchlight.people import models
from porchlight.people.actions.asked import note_asked
from porchlight.people.actions.me import leave_network
from porchlight.people.actions.places import pause_places
from porchlight.people.rules.places import Kind, Pause
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises, promises_of
from porchlight.people.tests.test_places_actions import add
from porchlight.people.tests.test_sweeping import made

PEOPLE = promises_of("people")
DAY = timedelta(days=1)


def broken() -> list[str]:
    return broken_promises("people")


@pytest.fixture
def street(db: None) -> dict[str, models.Person]:
    """Ada and Bo: in one pod, buddies, trained, with places, one of them paused."""
    ada, bo, cy = cast.ada(), cast.bo(), cast.cy()
    pod = cast.circle()
    for who in (ada, bo):
        cast.membership(who, pod)
        add(cast.viewer(who))
        add(cast.viewer(who), Kind.WORK)
    pause_places(viewer=cast.viewer(bo), pause=Pause.WEEK, now=clock.now())
    pair = models.Buddy.objects.create(**made(ada), asker=ada, asked=bo, state="accepted")
    for who in (ada, bo):
        models.BuddySeat.objects.create(network=who.network, buddy=pair, person=who, seat=1)
    return {"ada": ada, "bo": bo, "cy": cy}


def leave(street: dict[str, models.Person]) -> None:
    models.Person.objects.filter(name="Bo").update(left_at=clock.now())


def half_a_pair(street: dict[str, models.Person]) -> None:
    models.BuddySeat.objects.filter(person=street["bo"]).delete()


def seat_after_the_end(street: dict[str, models.Person]) -> None:
    models.Buddy.objects.update(state="ended", ended_at=clock.now())


def endless_role(street: dict[str, models.Person]) -> None:
    models.Mandate.objects.update(until_at=clock.now() + 5000 * DAY)


def own_word(street: dict[str, models.Person]) -> None:
    ada, today = street["ada"], clock.now().date()
    trained = models.TrainedRole.objects.create(
        **made(ada),
        person=ada,
        role="first_aid",
        from_on=today,
        until_on=today + DAY,
        confirmed_at=clock.now(),
    )
    for by in (ada, street["bo"]):
        models.TrainedRoleConfirmation.objects.create(**made(ada), trained_role=trained, by=by)


def other_hours(street: dict[str, models.Person]) -> None:
    models.Reach.objects.update(hours=b"\x01" + bytes(20))


def lost_reach(street: dict[str, models.Person]) -> None:
    models.Reach.objects.filter(person=street["ada"]).delete()


def half_a_pause(street: dict[str, models.Person]) -> None:
    row = models.Reach.objects.filter(person=street["bo"]).first()
    models.Reach.objects.filter(id=row.id if row else 0).update(is_paused=False, paused_until=None)


def asked_though_new(street: dict[str, models.Person]) -> None:
    models.Person.objects.filter(name="Ada").update(level="newcomer")


def asked_though_young(street: dict[str, models.Person]) -> None:
    models.Person.objects.filter(name="Ada").update(is_under_18=True)


def uncounted(street: dict[str, models.Person]) -> None:
    note_asked(network_id=street["ada"].network_id, person_ids=[street["ada"].id], now=clock.now())
    models.AskedOn.objects.all().delete()


def late_day(street: dict[str, models.Person]) -> None:
    now = clock.now() - 10 * DAY
    note_asked(network_id=street["ada"].network_id, person_ids=[street["ada"].id], now=now)


def used_invite_with_words(street: dict[str, models.Person]) -> None:
    models.Invite.objects.create(
        **made(street["ada"]),
        inviter=street["ada"],
        code_index=uuid4().bytes,
        code_guarded=b"x",
        expires_at=clock.now() + DAY,
        used_at=clock.now(),
    )


def late_hello(street: dict[str, models.Person]) -> None:
    now = clock.now()
    models.Hello.objects.create(
        network=street["ada"].network,
        person=street["ada"],
        day=(now - 3 * DAY).date(),
        expires_at=now - 2 * DAY,
    )


def late_name(street: dict[str, models.Person]) -> None:
    now = clock.now()
    cast.person("Gone", with_login=False)
    models.Person.objects.filter(name="Gone").update(
        left_at=now - 40 * DAY, expires_at=now - 10 * DAY
    )


def test_on_a_good_street_every_promise_holds(street: dict[str, models.Person]) -> None:
    assert broken() == []


def test_whoever_really_leaves_leaves_nothing_behind(street: dict[str, models.Person]) -> None:
    bo = street["bo"]
    leave_network(viewer=cast.viewer(bo), now=clock.now())
    assert broken() == []
    assert not models.Place.objects.filter(person=bo).exists()
    assert not models.Reach.objects.filter(person=bo).exists()


@pytest.mark.parametrize(
    ("harm", "promises"),
    [
        (leave, ["nobody_stays_after_leaving", "reach_belongs_to_a_place"]),
        (half_a_pair, ["buddies_sit_in_their_seats"]),
        (seat_after_the_end, ["buddies_sit_in_their_seats"]),
        (endless_role, ["roles_end"]),
        (own_word, ["trainings_were_confirmed_by_others"]),
        (other_hours, ["reach_belongs_to_a_place"]),
        (lost_reach, ["places_can_be_found"]),
        (half_a_pause, ["a_pause_holds_everywhere"]),
        (asked_though_new, ["who_may_be_asked_can_be_found"]),
        (asked_though_young, ["who_may_be_asked_can_be_found"]),
        (uncounted, ["asks_are_counted"]),
        (late_day, ["what_is_over_is_erased"]),
        (used_invite_with_words, ["old_invites_hold_no_code"]),
        (late_hello, ["what_is_over_is_erased"]),
        (late_name, ["names_of_those_who_left_go"]),
    ],
)
def test_a_broken_promise_is_found(
    street: dict[str, models.Person],
    harm: Callable[[dict[str, models.Person]], None],
    promises: list[str],
) -> None:
    harm(street)
    assert broken() == promises


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_a_row_of_another_network() -> None:
    ada, cy = cast.ada(), cast.cy()
    place_id = add(cast.viewer(ada))
    for change in (
        lambda: models.Place.objects.filter(id=place_id).update(person=cy),
        lambda: models.Reach.objects.filter(place_id=place_id).update(network=cy.network),
        lambda: cast.membership(cy, cast.circle()),
        lambda: models.Circle.objects.filter(
            id=cast.membership(ada, cast.circle()).circle_id
        ).update(kind="team"),
        lambda: models.Place.objects.filter(id=place_id).update(hours=b"\xff"),
    ):
        with pytest.raises(IntegrityError):
            change()
