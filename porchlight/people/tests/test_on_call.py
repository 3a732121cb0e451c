"""On call for everybody here: who may, when it holds, what others see of it."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions.ages import put_age_right
from porchlight.people.actions.asked import note_asked
from porchlight.people.actions.circles import close_circle, leave_circle
from porchlight.people.actions.me import leave_network
from porchlight.people.actions.on_call import be_on_call, be_on_call_no_more, forget_on_call
from porchlight.people.actions.places import add_place, pause_places
from porchlight.people.queries.choosing import on_call
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.hours import HOURS, has_hour, hour_of_week, mask_of_blocks
from porchlight.people.rules.on_call import LASTS, Why, roster_of
from porchlight.people.rules.places import Entered, Kind, Pause, Where
from porchlight.people.rules.places import Why as Hours
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once

ALWAYS = b"\xff" * 21
SEED = UUID(int=1)
MONDAY_NIGHT = mask_of_blocks([0])

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners() -> models.Circle:
    return cast.circle("Waterside partners", "coalition")


def on(name: str, circle: models.Circle, hours: bytes = ALWAYS) -> models.Person:
    """Somebody new of this group, on call."""
    who = cast.person(name)
    cast.membership(who, circle)
    be_on_call(viewer=cast.viewer(who), circle_id=circle.id, hours=hours, now=clock.now())
    return who


def asked(
    *, now: datetime | None = None, limit: int = 10, without: set[UUID] | None = None
) -> list[str]:
    """Who would be asked now, by name, in their turn."""
    network, at = as_network(cast.linden()), now or clock.now()
    found = on_call(
        viewer=Viewer.system(network, "a test"),
        hour=hour_of_week(at, network.zoneinfo),
        now=at,
        limit=limit,
        without=without or set(),
        seed=SEED,
    )
    return [models.Person.objects.get(id=one.person_id).name for one in found]


# ---------- who may ----------


@pytest.mark.parametrize(
    ("level", "is_under_18", "why"),
    [
        (Level.MEMBER, False, None),
        (Level.NEWCOMER, False, Why.MEMBERS_ONLY),
        (Level.MEMBER, True, Why.UNDER_18),
        (Level.NEWCOMER, True, Why.UNDER_18),
    ],
)
def test_members_of_18_may(
    partners: models.Circle, level: Level, is_under_18: bool, why: Why | None
) -> None:
    who = cast.person("Bo", level=level, is_under_18=is_under_18)
    cast.membership(who, partners)

    def say_so() -> None:
        be_on_call(viewer=cast.viewer(who), circle_id=partners.id, hours=ALWAYS, now=clock.now())

    if why is None:
        say_so()
        assert asked() == ["Bo"]
        return
    with pytest.raises(Refusal) as refused:
        say_so()
    assert refused.value.why is why
    assert not models.OnCall.objects.exists()


@pytest.mark.parametrize("kind", ["pod", "committee", "team", "building", "household"])
def test_only_partner_groups_have_it(kind: str) -> None:
    who, group = cast.bo(), cast.circle("Another", kind)
    cast.membership(who, group)
    with pytest.raises(NotHere):
        be_on_call(viewer=cast.viewer(who), circle_id=group.id, hours=ALWAYS, now=clock.now())


def test_only_its_own_people(partners: models.Circle) -> None:
    cast.membership(cast.ada(), partners)
    for stranger in (cast.bo(), cast.cy()):
        with pytest.raises(NotHere):
            be_on_call(
                viewer=cast.viewer(stranger), circle_id=partners.id, hours=ALWAYS, now=clock.now()
            )


@pytest.mark.parametrize(
    ("hours", "why"), [(b"\0" * 21, Hours.NO_HOURS), (b"\xff" * 20, Hours.IMPOSSIBLE_HOURS)]
)
def test_hours_there_are_not(partners: models.Circle, hours: bytes, why: Hours) -> None:
    with pytest.raises(Refusal) as refused:
        on("Bo", partners, hours)
    assert refused.value.why is why


# ---------- when it holds ----------


def test_other_hours_take_the_place_of_the_old_ones_and_it_begins_anew(
    partners: models.Circle,
) -> None:
    bo, later = on("Bo", partners), clock.now() + timedelta(days=30)
    be_on_call(viewer=cast.viewer(bo), circle_id=partners.id, hours=MONDAY_NIGHT, now=later)
    row = models.OnCall.objects.get()
    assert (bytes(row.hours), row.expires_at) == (MONDAY_NIGHT, later + LASTS)


def test_two_tabs_at_once_leave_one_entry(transactional_db: None) -> None:
    partners, bo = cast.circle("Partners", "coalition"), cast.bo()
    cast.membership(bo, partners)
    viewer = cast.viewer(bo)
    at_once(
        *[lambda: be_on_call(viewer=viewer, circle_id=partners.id, hours=ALWAYS, now=clock.now())]
        * 8
    )
    assert models.OnCall.objects.count() == 1


def test_only_at_their_hours(partners: models.Circle) -> None:
    on("Bo", partners, MONDAY_NIGHT)
    zone = as_network(cast.linden()).zoneinfo
    monday = datetime(2027, 1, 4, 0, 30, tzinfo=zone)
    assert asked(now=monday) == ["Bo"]
    assert asked(now=monday.replace(hour=4)) == []
    assert asked(now=monday + timedelta(days=1)) == []


def test_three_months_later_it_is_over_and_they_hear_of_it_once(partners: models.Circle) -> None:
    bo, over = on("Bo", partners), clock.now() + LASTS + timedelta(seconds=5)
    assert asked(now=over) == []
    assert forget_on_call(now=over) == 1
    assert forget_on_call(now=over) == 0
    assert not models.OnCall.objects.exists()
    assert Notice.objects.filter(recipient_id=bo.id).count() == 1


def test_whoever_left_hears_nothing_when_it_is_over(partners: models.Circle) -> None:
    bo, now = on("Bo", partners), clock.now()
    models.Person.objects.filter(id=bo.id).update(left_at=now)
    assert asked() == []
    assert forget_on_call(now=now + LASTS) == 1
    assert not Notice.objects.exists()


def stops(who: models.Person, circle: models.Circle) -> None:
    be_on_call_no_more(viewer=cast.viewer(who), circle_id=circle.id, now=clock.now())


def leaves(who: models.Person, circle: models.Circle) -> None:
    leave_circle(viewer=cast.viewer(who), circle_id=circle.id, now=clock.now())


def leaves_here(who: models.Person, circle: models.Circle) -> None:
    leave_network(viewer=cast.viewer(who), now=clock.now())


def closes(who: models.Person, circle: models.Circle) -> None:
    close_circle(viewer=cast.viewer(cast.ada()), circle_id=circle.id, now=clock.now())


def is_a_child(who: models.Person, circle: models.Circle) -> None:
    ada = cast.ada()
    cast.membership(ada, circle)
    put_age_right(viewer=cast.viewer(ada), person_id=who.id, is_under_18=True, now=clock.now())


@pytest.mark.parametrize("end", [stops, leaves, leaves_here, closes, is_a_child])
def test_what_ends_it_leaves_nothing(partners: models.Circle, end: object) -> None:
    bo = on("Bo", partners)
    end(bo, partners)  # type: ignore[operator]
    assert asked() == []
    assert not models.OnCall.objects.exists()


def test_stopping_twice_is_like_once(partners: models.Circle) -> None:
    bo = on("Bo", partners)
    stops(bo, partners)
    stops(bo, partners)
    assert asked() == []


# ---------- whose turn it is ----------


def test_whoever_was_asked_least_comes_first_and_nobody_beyond_the_cap(
    partners: models.Circle,
) -> None:
    network, now = cast.linden(), clock.now()
    people = {name: on(name, partners) for name in ("Amy", "Ben", "Cal")}
    for name, times in (("Amy", 1), ("Ben", 3)):
        for _time in range(times):
            note_asked(network_id=network.id, person_ids=[people[name].id], now=now)
    assert asked() == ["Cal", "Amy"]  # three a week are the cap here
    assert asked(limit=1) == ["Cal"]
    assert asked(without={people["Cal"].id}) == ["Amy"]


def test_a_pause_counts_here_too_and_a_hushed_account(partners: models.Circle) -> None:
    bo, other = on("Bo", partners), on("Amy", partners)
    add_place(
        viewer=cast.viewer(bo),
        client_key=uuid4(),
        kind=Kind.HOME,
        entered=Entered(
            label="Home",
            address="",
            door_note="",
            where=Where(cells=("881969541dfffff",), pin=None),
            hours=ALWAYS,
        ),
        now=clock.now(),
    )
    assert set(asked()) == {"Amy", "Bo"}
    pause_places(viewer=cast.viewer(bo), pause=Pause.WEEK, now=clock.now())
    assert asked() == ["Amy"]
    models.Person.objects.filter(id=other.id).update(hushed_at=clock.now())
    assert asked() == []


def test_in_two_groups_somebody_is_asked_once(partners: models.Circle) -> None:
    bo, more = on("Bo", partners), cast.circle("More partners", "coalition")
    cast.membership(bo, more)
    be_on_call(viewer=cast.viewer(bo), circle_id=more.id, hours=ALWAYS, now=clock.now())
    assert asked() == ["Bo"]


# ---------- what others see ----------


@given(st.lists(st.binary(min_size=21, max_size=21), max_size=5), st.integers(0, HOURS - 1))
def test_a_roster_counts_heads_and_empty_hours(weeks: list[bytes], hour: int) -> None:
    found = roster_of(iter(weeks), hour=hour)
    assert found.people == len(weeks)
    assert found.now == len([week for week in weeks if has_hour(week, hour)])
    filled = {one for week in weeks for one in range(HOURS) if has_hour(week, one)}
    assert found.empty_hours == HOURS - len(filled)


def test_others_of_the_group_read_numbers_and_no_names(
    client: Client, partners: models.Circle
) -> None:
    on("Bo", partners, MONDAY_NIGHT)
    ada = cast.ada()
    cast.membership(ada, partners)
    page = cast.signed_in(client, ada).get(f"/n/linden/groups/{partners.id}/")
    words = page.content.decode()
    assert "1 person, just now" in words and "Hours of the week with nobody: 164." in words
    assert "Monday" not in words


def test_from_the_page_and_back(client: Client, partners: models.Circle) -> None:
    bo = cast.bo()
    cast.membership(bo, partners)
    browser, page = cast.signed_in(client, bo), f"/n/linden/groups/{partners.id}/on-call/"
    refused = browser.post(page, {"client_key": uuid4(), "hours": "own"})
    assert refused.status_code == 422
    assert "Tick at least one part of the week." in refused.content.decode()
    browser.post(page, {"client_key": uuid4(), "hours": "own", "part": ["0", "1"]})
    assert bytes(models.OnCall.objects.get().hours) == mask_of_blocks([0, 1])
    assert "Monday 0–8" in browser.get(page).content.decode()
    browser.post(page, {"stop": "yes"})
    assert not models.OnCall.objects.exists()
