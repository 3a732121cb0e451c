"""Ways of one's own: one's running one, those one was told about, and what is due."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.around import apart_from, around, never_asked
from porchlight.alerts.rules.check_ins import HEARD_OF, CheckState, Way
from porchlight.alerts.rules.choosing import Around
from porchlight.alerts.rules.end_numbers import Given, Numbers, meant
from porchlight.alerts.rules.names import CHECK_IN, ENDS_NUMBER, LOOKS_NUMBER
from porchlight.alerts.rules.states import RUNNING
from porchlight.kit import vault
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Person
from porchlight.people.queries.neighbours import household_of
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import who_shares_an_address
from porchlight.people.rules.rights import Right
from porchlight.trust.queries.disclosures import may_open


@dataclass(frozen=True, kw_only=True)
class CouldHear:
    """Somebody one may choose, and whether they are ticked before one chooses."""

    id: UUID
    name: str
    is_ticked: bool
    """A buddy who does not live with one."""


def those_who_could_hear(*, viewer: Viewer) -> frozenset[UUID]:
    """Pod and buddies, adults, nobody one is kept apart from. Costs: six queries."""
    near = _near(viewer)
    return (near.pod | near.buddies) - near.never


def _near(viewer: Viewer) -> Around:
    system = Viewer.system(viewer.network, "who may look after a way")
    return around(viewer=system, person_id=own_id(viewer=viewer))


def could_hear(*, viewer: Viewer) -> list[CouldHear]:
    """The same by name. Costs: seven queries."""
    near = _near(viewer)
    ids = (near.pod | near.buddies) - near.never
    rows = Person.objects.filter(network_id=viewer.network.id, id__in=list(ids), left_at=None)
    return [
        CouldHear(id=id, name=name, is_ticked=id in near.buddies - near.household)
        for id, name in sorted(
            rows.values_list("id", "name"), key=lambda row: (row[1].casefold(), str(row[0]))
        )
    ]


@dataclass(frozen=True, kw_only=True)
class HearsOfIt:
    """One of those who were chosen or told, as the owner sees them."""

    name: str
    is_told: bool
    looks_after: bool
    spoke: bool


@dataclass(frozen=True, kw_only=True)
class MyCheckIn:
    """One's own way that runs."""

    id: UUID
    way: Way
    state: CheckState
    due_at: datetime
    step_at: datetime
    to_coordinators: bool
    tells_now: bool
    people: Sequence[HearsOfIt]
    words: str = field(repr=False)


def my_check_in(*, viewer: Viewer) -> MyCheckIn | None:
    """The viewer's own way, while it runs for them. Costs: two queries."""
    row = running_of(viewer=viewer, person_id=own_id(viewer=viewer))
    if row is None or row.step_at is None:
        return None
    people = (
        models.CheckInPerson.objects.filter(check_in=row, person__left_at=None)
        .select_related("person")
        .order_by("seat", "id")
    )
    return MyCheckIn(
        id=row.id,
        way=Way(row.way),
        state=CheckState(row.state),
        due_at=row.due_at,
        step_at=row.step_at,
        to_coordinators=row.to_coordinators,
        tells_now=row.tells_now,
        people=[
            HearsOfIt(
                name=one.person.name,
                is_told=one.told_at is not None,
                looks_after=one.looks_after_at is not None,
                spoke=one.spoke_at is not None,
            )
            for one in people
        ],
        words=words_of_way(row),
    )


def running_of(*, viewer: Viewer, person_id: UUID) -> models.CheckIn | None:
    """Somebody's way that runs for them: for themselves, and the program. Costs: one query."""
    return models.CheckIn.objects.filter(
        network_id=viewer.network.id, person_id=person_id, ended_at=None, looks_ended_at=None
    ).first()


def words_of_way(row: models.CheckIn, *, viewer: Viewer | None = None) -> str:
    """What its owner wrote for whoever is told; for them, and the program."""
    if row.words_guarded is None:
        return ""
    return vault.reveal(row.words_guarded, purpose=CHECK_IN, whose=row.id)


def is_here(*, viewer: Viewer, person_id: UUID) -> bool:
    """Whether somebody neither left nor died. Costs: one query."""
    return Person.objects.filter(
        network_id=viewer.network.id, id=person_id, left_at=None, hushed_at=None
    ).exists()


def due_check_ins(now: datetime, most: int) -> list[tuple[UUID, UUID]]:
    """Network and way where something is due. Costs: one query."""
    rows = models.CheckIn.objects.filter(step_at__lte=now).order_by("step_at")
    return list(rows.values_list("network_id", "id")[:most])


HOUSEHOLD_SINCE = timedelta(days=30)
"""Leaving a household just before changes nothing."""


def lives_with(*, viewer: Viewer, person_id: UUID, now: datetime) -> frozenset[UUID]:
    """Who lives with somebody, as far as we know: a household of the last 30 days, or a phone that
    both of them verified. viewer: the program. Costs: two queries."""
    household = household_of(viewer=viewer, person_ids=[person_id], since=now - HOUSEHOLD_SINCE)
    return (household | who_shares_an_address(viewer=viewer, person_id=person_id)) - {person_id}


def does_anything_only_look_ended(*, viewer: Viewer, person_id: UUID) -> bool:
    """Whether a way or a silent call of theirs runs hidden from them: then nobody rings them.

    viewer: the program, or somebody who was told of it. Costs: at most two queries.
    """
    mine = {"network_id": viewer.network.id, "ended_at": None, "looks_ended_at__isnull": False}
    return (
        models.CheckIn.objects.filter(person_id=person_id, **mine).exists()
        or models.Alert.objects.filter(
            raised_by_id=person_id, state__in=RUNNING, looks_ended_at__isnull=False,
            network_id=viewer.network.id,
        ).exists()
    )  # fmt: skip


def may_see_late(
    *, viewer: Viewer, row: models.CheckIn, now: datetime
) -> models.CheckInPerson | None:
    """The viewer's own line, where they were told of it and still may; never its owner's, nor of
    anybody they are kept apart from. Costs: at most five queries."""
    me = viewer.person_id
    if me is None or me == row.person_id:
        return None
    mine = models.CheckInPerson.objects.filter(
        network_id=viewer.network.id, check_in=row, person_id=me
    ).first()
    if mine is None or mine.told_at is None or _may_no_more(viewer, row, mine, now):
        return None
    return mine


def _may_no_more(
    viewer: Viewer, row: models.CheckIn, mine: models.CheckInPerson, now: datetime
) -> bool:
    """Kept apart since, or gone; told as a coordinator, and none any more; or shown only for those
    who live with its owner, who do not see the hidden one."""
    me = mine.person_id
    if me in apart_from(viewer=viewer, person_ids=[row.person_id]):
        return True
    if never_asked(viewer=viewer, person_ids=[me]):
        return True
    if row.is_decoy or row.looks_ended_at is not None:
        system = Viewer.system(viewer.network, "who lives with somebody")
        is_at_home = me in lives_with(viewer=system, person_id=row.person_id, now=now)
        if is_at_home is not row.is_decoy:
            return True
    return not mine.is_chosen and not viewer.may(Right.COORDINATE)


@dataclass(frozen=True, kw_only=True)
class LateOnTheirWay:
    """Somebody who is on a way of their own, as one who was told of it sees them."""

    id: UUID
    name: str
    since: datetime
    """They wanted to be there by then."""
    is_late: bool
    """They do not answer; else they only set out."""
    is_quiet: bool
    """It looks ended on their phone, and is not: nobody rings or writes to them."""
    looked_after_by: Sequence[str]
    is_mine: bool
    """The viewer looks after it."""
    spoken_by: Sequence[str]
    words: str = field(repr=False)
    is_read: bool
    """There are words, which are shown to the viewer."""


def on_their_way(*, viewer: Viewer, now: datetime) -> list[LateOnTheirWay]:
    """Whom the viewer was told about: who set out, and who is late.

    Words are given only to whom they are shown; a door logs the reading first.
    Costs: one query, and at most ten for each; they are few.
    """
    lines = (
        models.CheckInPerson.objects.filter(
            network_id=viewer.network.id,
            person_id=own_id(viewer=viewer),
            check_in__ended_at=None,
            check_in__person__left_at=None,
            check_in__person__hushed_at=None,
        )
        .select_related("check_in", "check_in__person")
        .order_by("check_in__due_at", "check_in_id")
    )
    found = []
    for line in lines:
        row = line.check_in
        is_late = line.told_at is not None and CheckState(row.state) in HEARD_OF
        sets_out = row.tells_now and line.is_chosen
        if not is_late and not sets_out:
            continue
        if _may_no_more(viewer, row, line, now):
            continue
        found.append(_late(viewer, row, line, is_late, now))
    return found


def _late(
    viewer: Viewer, row: models.CheckIn, line: models.CheckInPerson, is_late: bool, now: datetime
) -> LateOnTheirWay:
    others = list(
        models.CheckInPerson.objects.filter(check_in=row, person__left_at=None)
        .select_related("person")
        .order_by("id")
    )
    system = Viewer.system(viewer.network, "who lives with somebody")
    is_at_home = line.person_id in lives_with(viewer=system, person_id=row.person_id, now=now)
    may_read = (
        is_late
        and row.words_guarded is not None
        and may_open(viewer=viewer, what=CHECK_IN, thing_id=row.id, now=now)
    )
    return LateOnTheirWay(
        id=row.id,
        name=row.person.name,
        since=row.due_at,
        is_late=is_late,
        is_quiet=not is_at_home
        and does_anything_only_look_ended(viewer=viewer, person_id=row.person_id),
        looked_after_by=[one.person.name for one in others if one.looks_after_at is not None],
        is_mine=line.looks_after_at is not None,
        spoken_by=[one.person.name for one in others if one.spoke_at is not None],
        words=words_of_way(row) if may_read else "",
        is_read=may_read,
    )


def has_numbers(*, viewer: Viewer, person_id: UUID) -> bool:
    """Whether somebody ends things with a number: for themselves, and the program.

    Costs: one query.
    """
    return models.EndNumbers.objects.filter(
        network_id=viewer.network.id, person_id=person_id, ends_guarded__isnull=False
    ).exists()


def silent_call_of(*, viewer: Viewer, person_id: UUID) -> UUID | None:
    """Somebody's silent call that runs for them too. For the program only. Costs: one query."""
    rows = models.Alert.objects.filter(
        network_id=viewer.network.id, raised_by_id=person_id, is_silent=True, state__in=RUNNING,
        looks_ended_at=None,
    ).order_by("-created_at")  # fmt: skip
    return rows.values_list("id", flat=True).first()


def what_it_means(*, viewer: Viewer, person_id: UUID, typed: str) -> Given:
    """What a number would mean of this person, without counting it. For the program only."""
    row = models.EndNumbers.objects.filter(
        network_id=viewer.network.id, person_id=person_id
    ).first()
    numbers = numbers_of(row)
    return Given.WRONG if numbers is None else meant(numbers, typed)


def numbers_of(row: models.EndNumbers | None, *, viewer: Viewer | None = None) -> Numbers | None:
    """The two, opened to compare. For the program only."""
    if row is None or row.ends_guarded is None or row.looks_guarded is None:
        return None
    return Numbers(
        ends=vault.reveal(row.ends_guarded, purpose=ENDS_NUMBER, whose=row.person_id),
        looks=vault.reveal(row.looks_guarded, purpose=LOOKS_NUMBER, whose=row.person_id),
    )


def does_it_free(*, viewer: Viewer, person_id: UUID, typed: str) -> bool:
    """Whether a number ends what only looks ended of theirs: the true one of when that began.

    For the program only. Costs: one query.
    """
    row = models.EndNumbers.objects.filter(
        network_id=viewer.network.id, person_id=person_id
    ).first()
    if row is None or row.hidden_guarded is None:
        return False
    true = vault.reveal(row.hidden_guarded, purpose=ENDS_NUMBER, whose=row.person_id)
    return hmac.compare_digest(true, typed)
