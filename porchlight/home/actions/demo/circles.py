"""Pods and groups of the demo, and what people are to each other in them."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from porchlight.home.actions.demo.pen import Pen
from porchlight.home.rules.plan import PlannedPerson
from porchlight.kit.transactions import one_transaction
from porchlight.people import models
from porchlight.people.rules.asks import BuddyState
from porchlight.people.rules.buddies import BUDDY_SEATS
from porchlight.people.rules.circles import Kind
from porchlight.people.rules.hours import Hours, blocks_in, mask_of_blocks
from porchlight.people.rules.mandates import Source
from porchlight.people.rules.rights import Role
from porchlight.people.rules.training import Trained

PAIRS = 34
HALLS = "Groups on both banks who share vans, halls and know-how."
BINS = "Keeps the yard, the bins and the bicycle shed."
MINUTES = "Prepares the street assembly and writes its minutes."
PARTNERS, FLATS, TABLE = "Waterside partners", "Garden Flats", "Street table"
# kind, name, what for, name of the group it is part of, how many people
GROUPS: tuple[tuple[Kind, str, str, str, int], ...] = (
    (Kind.COALITION, PARTNERS, HALLS, "", 6),
    (Kind.BUILDING, FLATS, "Forty flats around one yard.", PARTNERS, 14),
    (Kind.COMMITTEE, "Yard committee", BINS, FLATS, 5),
    (Kind.COMMITTEE, TABLE, MINUTES, PARTNERS, 7),
    (Kind.COMMITTEE, "Welcome table", "Meets everybody who is new.", PARTNERS, 4),
    (Kind.TEAM, "First aid team", "Trained to help until the ambulance comes.", PARTNERS, 9),
    (Kind.TEAM, "Drivers", "Seats in cars, and a van on Saturdays.", PARTNERS, 6),
    (Kind.TEAM, "Interpreters", "Sit beside you at the clinic and the office.", PARTNERS, 5),
)
TRAININGS: tuple[tuple[Trained, int, int], ...] = (  # how many are confirmed, how many wait
    (Trained.FIRST_AID, 8, 2),
    (Trained.DE_ESCALATION, 4, 1),
    (Trained.OBSERVER, 5, 1),
    (Trained.DRIVER, 6, 0),
    (Trained.INTERPRETER, 5, 1),
    (Trained.VERIFIER, 3, 0),
    (Trained.MENTAL_HEALTH, 3, 1),
)
# who, role, group ("": the whole network), from days ago, until days ahead, source
MANDATES: tuple[tuple[str, Role, str, int, int, Source], ...] = (
    ("Marja", Role.KEEPER, "", 150, 200, Source.ELECTION),
    ("Amir", Role.KEEPER, "", 150, 200, Source.ELECTION),
    ("Rosa", Role.KEEPER, "", 340, 21, Source.DECISION),
    ("Sofie", Role.FACILITATOR, TABLE, 160, 18, Source.ELECTION),
    ("Rosa", Role.TREASURER, TABLE, 90, 180, Source.ELECTION),
)
MORE_ROLES = (Role.COORDINATOR, Role.COORDINATOR, Role.DISPATCHER, Role.DISPATCHER)


@one_transaction
def write_circles(*, pen: Pen) -> dict[str, models.Circle]:
    """Pods with their people in their seats. Returns the circles by name."""
    circles = {
        name: models.Circle(
            **pen.made(pen.ago(pen.plan.founded_days_ago - 1)), kind=Kind.POD, name=name
        )
        for name in pen.plan.pods
    }
    pen.write(circles.values())
    pen.write(
        _membership(pen, circles[pen.plan.pods[person.pod]], person, person.seat)
        for person in pen.plan.people
        if person.pod is not None
    )
    return circles


def _membership(
    pen: Pen, circle: models.Circle, person: PlannedPerson, seat: int | None = None
) -> models.Membership:
    since = pen.ago(max(person.joined_days_ago - 1, 0.5))
    return models.Membership(
        **pen.made(since),
        circle_id=circle.id,
        person_id=person.id,
        kind=circle.kind,
        seat=seat,
        from_at=since,
    )


@one_transaction
def write_groups(*, pen: Pen, circles: dict[str, models.Circle]) -> None:
    """Groups of every kind beside the pods, with their people."""
    for kind, name, purpose, parent, _size in GROUPS:
        part_of = circles[parent].id if parent else None
        made = pen.made(pen.ago(pen.plan.founded_days_ago - 30))
        circles[name] = models.Circle(
            **made, kind=kind, name=name, purpose=purpose, part_of_id=part_of
        )
        pen.write([circles[name]])
    adults = pen.plan.adults
    members = [
        _membership(pen, circles[name], person)
        for _kind, name, _purpose, _parent, size in GROUPS
        for person in _chosen(pen, name, adults, size)
    ]
    pen.write([*members, *_household(pen, circles)])
    _put_on_call(pen, [one for one in members if one.circle_id == circles[PARTNERS].id])
    _put_pods_in_buildings(pen, circles)


def _put_on_call(pen: Pen, partners: list[models.Membership]) -> None:
    """Three of the partner groups are on call for everybody: evenings, nights, the weekend."""
    hours = (Hours.EVENINGS, Hours.WEEKDAY_NIGHTS, Hours.WEEKENDS)
    pen.write(
        models.OnCall(
            network_id=pen.network_id,
            circle_id=one.circle_id,
            person_id=one.person_id,
            hours=mask_of_blocks(blocks_in(when)),
            expires_at=pen.ahead(60),
        )
        for one, when in zip(partners, hours, strict=False)
    )


def _chosen(pen: Pen, name: str, adults: list[PlannedPerson], size: int) -> list[PlannedPerson]:
    """Those who hold a role in the group are in it; the rest by the dice."""
    fixed = [pen.plan.by_name[who] for who, _role, circle, *_ in MANDATES if circle == name]
    if name == "First aid team":
        fixed.append(pen.plan.by_name["Sofie"])
    rest = [person for person in adults if person not in fixed]
    return [*fixed, *pen.dice.sample(rest, k=size - len(fixed))]


def _household(pen: Pen, circles: dict[str, models.Circle]) -> list[models.Membership]:
    """Noor's family: the young person and two adults of her pod."""
    noor = pen.plan.by_name["Noor"]
    assert noor.pod is not None  # noqa: S101  # her story
    family = [noor, *[one for one in pen.plan.pod_people(noor.pod) if not one.is_under_18][:2]]
    circle = models.Circle(**pen.made(pen.ago(200)), kind=Kind.HOUSEHOLD, name="The blue door")
    pen.write([circle])
    circles[circle.name] = circle
    return [_membership(pen, circle, person) for person in family]


def _put_pods_in_buildings(pen: Pen, circles: dict[str, models.Circle]) -> None:
    models.Circle.objects.filter(
        network_id=pen.network_id, kind=Kind.POD, name__startswith=FLATS
    ).update(part_of=circles[FLATS].id)


@one_transaction
def write_founding_keepers(*, pen: Pen) -> None:
    """A small network's two keepers, in office since its start."""
    founders = [person for person in pen.plan.people if person.is_founder][:2]
    until = pen.ahead(365 - pen.plan.founded_days_ago - 1)
    pen.write(
        models.Mandate(
            **pen.made(pen.ago(pen.plan.founded_days_ago - 1)),
            person_id=person.id,
            role=Role.KEEPER,
            from_at=pen.ago(pen.plan.founded_days_ago - 1),
            until_at=until,
            source_kind=Source.FOUNDING,
        )
        for person in founders
    )


@one_transaction
def write_mandates(*, pen: Pen, circles: dict[str, models.Circle]) -> None:
    """Roles for a term, some of which end soon."""
    spare = [one for one in pen.plan.adults if one.name not in {row[0] for row in MANDATES}]
    more = zip(pen.dice.sample(spare, k=len(MORE_ROLES)), MORE_ROLES, strict=True)
    rows = [
        *MANDATES,
        *((person.name, role, "", 60, 120, Source.ELECTION) for person, role in more),
    ]
    giver = pen.plan.by_name["Marja"].id
    pen.write(
        models.Mandate(
            **pen.made(pen.ago(days_ago)),
            circle_id=circles[circle].id if circle else None,
            person_id=pen.plan.by_name[name].id,
            role=role,
            from_at=pen.ago(days_ago),
            until_at=pen.ahead(days_ahead),
            source_kind=source,
            given_by_id=giver,
        )
        for name, role, circle, days_ago, days_ahead, source in rows
    )


@one_transaction
def write_trainings(*, pen: Pen) -> None:
    """What people were trained for: most confirmed by two others, some waiting for the second."""
    today = pen.now.date()
    roles: list[models.TrainedRole] = []
    confirmations: list[models.TrainedRoleConfirmation] = []
    for role, confirmed, waiting in TRAININGS:
        people = _trained(pen, role, confirmed + waiting)
        for place, person in enumerate(people):
            since = pen.dice.randrange(40, 500)
            ends = today + timedelta(
                days=25 if person.name == "Sofie" else pen.dice.randrange(60, 500)
            )
            is_confirmed = place < confirmed
            row = models.TrainedRole(
                **pen.made(pen.ago(30)),
                person_id=person.id,
                role=role,
                from_on=today - timedelta(days=since),
                until_on=ends,
                confirmed_at=pen.ago(20) if is_confirmed else None,
            )
            roles.append(row)
            confirmations += _confirmations(pen, row.id, person, 2 if is_confirmed else place % 2)
    pen.write(roles)
    pen.write(confirmations)


def _trained(pen: Pen, role: Trained, count: int) -> list[PlannedPerson]:
    fixed = [pen.plan.by_name["Sofie"]] if role is Trained.FIRST_AID else []
    rest = [one for one in pen.plan.adults if one not in fixed]
    return [*fixed, *pen.dice.sample(rest, k=count - len(fixed))]


def _confirmations(
    pen: Pen, role_id: UUID, person: PlannedPerson, count: int
) -> list[models.TrainedRoleConfirmation]:
    others = pen.dice.sample([one for one in pen.plan.adults if one is not person], k=count)
    return [
        models.TrainedRoleConfirmation(
            **pen.made(pen.ago(20)), trained_role_id=role_id, by_id=one.id
        )
        for one in others
    ]


@one_transaction
def write_buddies(*, pen: Pen) -> None:
    """Pairs who look out for each other, mostly within a pod, at most five each."""
    seats: Counter[UUID] = Counter()
    pairs: set[frozenset[UUID]] = set()
    buddies: list[models.Buddy] = []
    taken: list[models.BuddySeat] = []
    adults = [person for person in pen.plan.adults if person.pod is not None]
    while len(pairs) < PAIRS:
        asker = pen.dice.choice(adults)
        near = [one for one in adults if one.pod == asker.pod and one is not asker]
        asked = pen.dice.choice(near)
        pair = frozenset({asker.id, asked.id})
        if pair in pairs or max(seats[asker.id], seats[asked.id]) >= BUDDY_SEATS:
            continue
        pairs.add(pair)
        buddy = models.Buddy(
            **pen.made(pen.ago(50)),
            asker_id=asker.id,
            asked_id=asked.id,
            state=BuddyState.ACCEPTED,
            answered_at=pen.ago(49),
        )
        buddies.append(buddy)
        for one in (asker, asked):
            seats[one.id] += 1
            taken.append(
                models.BuddySeat(
                    network_id=pen.network_id, buddy=buddy, person_id=one.id, seat=seats[one.id]
                )
            )
    pen.write(buddies)
    pen.write(taken)


@one_transaction
def write_block(*, pen: Pen) -> None:
    """Two people of different pods who must not be brought together; only one of them knows."""
    first = pen.plan.pod_people(4)[0]
    second = pen.plan.pod_people(5)[0]
    pen.write([models.Block(**pen.made(pen.ago(90)), blocker_id=first.id, blocked_id=second.id)])
