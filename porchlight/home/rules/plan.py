"""Who lives in the demo and what they are to each other: worked out from a seed, always the same.

Nothing here has a date: everything is so many days before or after the moment it is loaded.
"""

from dataclasses import dataclass, field, replace
from random import Random
from uuid import UUID

from porchlight.home.rules import cast, town
from porchlight.home.rules.cast import BY_LANGUAGE, DESCRIBED, LINDEN, QUAY
from porchlight.people.rules.hours import BLOCK_HOURS, BLOCKS_A_DAY
from porchlight.trust.rules.vouches import OLD_ENOUGH, line_of

SEED = 1907
POD_NAMES = (
    "Linden 1–19", "Linden 2–20", "Tannery Row", "Mill Lane", "Baker’s Yard", "Orchard Court",
    "Lantern Street", "Chapel Square", "Old Ropewalk", "Garden Flats A", "Garden Flats B",
    "Ferry Road", "Station Walk", "Weavers’ Green",
)  # fmt: skip
POD_SIZES = (10, 9, 9, 9, 8, 9, 8, 9, 8, 9, 8, 8, 8, 3)
STREET_OF_POD = (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11)
POD_OF = {"Marja": 0, "Sofie": 1, "Noor": 2, "أم كريم": 3}
FOUNDERS = ("Marja", "Sofie", "Amir", "Rosa")
FOUNDED_DAYS_AGO = 470
NEWCOMERS = 9
ASKED_POD = 1
"""Sofie's: it has one seat free, and somebody asks for it."""
VOUCHES_NEEDED = 2


@dataclass(frozen=True, kw_only=True)
class PlannedWay:
    """Somebody's usual way: what they call it, its cells, and the hours of the week."""

    label: str
    cells: tuple[str, ...]
    blocks: frozenset[int]
    """Parts of the week, as people tick them (people.rules.hours)."""


@dataclass(frozen=True, kw_only=True)
class PlannedPerson:
    """Somebody of the demo."""

    id: UUID
    name: str
    language: str
    speaks: tuple[str, ...]
    is_member: bool
    is_founder: bool = False
    is_under_18: bool = False
    joined_days_ago: int
    pod: int | None = None
    seat: int | None = None
    street: str = ""
    house: int = 0
    cell: str = ""
    """Where their home is; empty for those who entered none."""
    quiet: tuple[int, int] | None = None
    has_mail: bool = False
    mail_is_verified: bool = False
    mail_is_broken: bool = False
    invited_by: UUID | None = None
    vouched_by: tuple[UUID, ...] = ()
    says_hello: bool = False
    ways: tuple[PlannedWay, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One network of the demo."""

    slug: str
    name: str
    network_id: UUID
    people: tuple[PlannedPerson, ...]
    pods: tuple[str, ...]
    founded_days_ago: int
    middle: str
    by_name: dict[str, PlannedPerson] = field(repr=False)

    def pod_people(self, pod: int) -> list[PlannedPerson]:
        return [person for person in self.people if person.pod == pod]

    @property
    def adults(self) -> list[PlannedPerson]:
        """Members one may give a role, longest here first."""
        return [person for person in self.people if person.is_member and not person.is_under_18]


def new_id(dice: Random) -> UUID:
    """A uuid4 that is the same at every load."""
    return UUID(int=dice.getrandbits(128), version=4)


def _person_id(dice: Random, network: str, name: str) -> UUID:
    """Drawn, but fixed for the six: their ids are how one becomes them."""
    drawn = new_id(dice)
    six = {one.name: one.person_id for one in DESCRIBED if one.network == network}
    return six.get(name, drawn)


def linden(seed: int = SEED) -> Plan:
    """Linden Street: about 120 people in 14 pods."""
    dice = Random(seed)  # noqa: S311  # a story, not a secret
    seated = _seats(_names(dice))
    people = [_person(dice, name, language, pod, seat) for name, language, pod, seat in seated]
    people.sort(key=lambda one: (-one.joined_days_ago, one.name))
    return _plan(LINDEN, "Linden Street", new_id(dice), _knit(dice, people), POD_NAMES)


def quay(seed: int = SEED) -> Plan:
    """Quay 9: one house with one pod, strangers to Linden Street."""
    dice = Random(seed + 9)  # noqa: S311
    people = [
        PlannedPerson(
            id=_person_id(dice, QUAY, name),
            name=name,
            language="en",
            speaks=("en",),
            is_member=True,
            is_founder=seat <= 4,
            joined_days_ago=60 - seat,
            pod=0 if seat <= 6 else None,
            seat=seat if seat <= 6 else None,
            street="Quay",
            house=9,
            says_hello=seat in {2, 4},
        )
        for seat, name in enumerate(("Ines", *cast.QUAY_PEOPLE), start=1)
    ]
    return _plan(QUAY, "Quay 9", new_id(dice), _knit(dice, people), ("Quay 9",))


def _plan(
    slug: str, name: str, network_id: UUID, people: list[PlannedPerson], pods: tuple[str, ...]
) -> Plan:
    return Plan(
        slug=slug,
        name=name,
        network_id=network_id,
        people=tuple(people),
        pods=pods,
        founded_days_ago=max(person.joined_days_ago for person in people),
        middle=town.MIDDLE,
        by_name={person.name: person for person in people},
    )


def _names(dice: Random) -> list[tuple[str, str]]:
    """Everybody but the six, in a shuffled order, with the language they read."""
    names = [(name, language) for language, group in BY_LANGUAGE for name in group]
    dice.shuffle(names)
    return names


def _seats(names: list[tuple[str, str]]) -> list[tuple[str, str, int | None, int | None]]:
    """Seat the six as their story has it, then everybody else; the last few have no pod yet."""
    languages = {"Tomás": "es", "أم كريم": "ar", "Noor": "en"}
    six = [one.name for one in DESCRIBED if one.network == LINDEN]
    taken = dict.fromkeys(range(len(POD_SIZES)), 0)
    seated: list[tuple[str, str, int | None, int | None]] = []
    for name in six:
        pod = POD_OF.get(name)
        if pod is None:
            seated.append((name, languages.get(name, "en"), None, None))
            continue
        taken[pod] += 1
        seated.append((name, languages.get(name, "en"), pod, taken[pod]))
    for name, language in names:
        free = next((pod for pod, size in enumerate(POD_SIZES) if taken[pod] < size), None)
        if free is not None:
            taken[free] += 1
        seated.append((name, language, free, None if free is None else taken[free]))
    return seated


def _person(
    dice: Random, name: str, language: str, pod: int | None, seat: int | None
) -> PlannedPerson:
    """Somebody by themselves; what ties them to others comes in `_knit`."""
    is_founder = name in FOUNDERS
    number = STREET_OF_POD[pod] if pod is not None else dice.randrange(len(town.STREETS))
    street = town.STREETS[number]
    is_under_18 = name == "Noor" or (pod == 2 and seat == 6)
    has_home = pod is not None and not is_under_18 and (dice.random() < 0.7 or name == "Sofie")
    has_ways = has_home and (dice.random() < 0.6 or name == "Sofie")
    others = {"en": (), "es": ("en",), "ar": ("en",)}[language] if dice.random() < 0.7 else ()
    return PlannedPerson(
        id=_person_id(dice, LINDEN, name),
        name=name,
        language=language,
        speaks=(language, *others),
        is_member=False,  # worked out in `_knit`
        is_founder=is_founder,
        is_under_18=is_under_18,
        joined_days_ago=_joined(dice, name, pod, is_founder=is_founder),
        pod=pod,
        seat=seat,
        street=street.name,
        house=dice.randrange(1, 60),
        cell=street.cell if has_home else "",
        quiet=(22 * 60, 7 * 60) if dice.random() < 0.4 else None,
        has_mail=dice.random() < 0.5 or name == "أم كريم",
        mail_is_verified=dice.random() < 0.75 or name == "أم كريم",
        mail_is_broken=name == "أم كريم",
        says_hello=pod is not None and name not in {"Marja", "Sofie"} and dice.random() < 0.55,
        ways=_ways(dice, street.cell) if has_ways else (),
    )


def _joined(dice: Random, name: str, pod: int | None, *, is_founder: bool) -> int:
    drawn = dice.randrange(20, FOUNDED_DAYS_AGO - 50)
    if is_founder:
        return FOUNDED_DAYS_AGO - FOUNDERS.index(name)
    if name == "Tomás":
        return 1
    return drawn if pod is not None else drawn % 12 + 2


def _ways(dice: Random, home: str) -> tuple[PlannedWay, ...]:
    """One or two usual ways from home, at hours that fit where they lead."""
    chosen = dice.sample(town.GOALS, k=dice.choice((1, 1, 2)))
    return tuple(_way(dice, home, label, number) for label, number in chosen)


def _way(dice: Random, home: str, label: str, number: int) -> PlannedWay:
    weekdays = sorted(dice.sample(range(7), k=dice.randrange(2, 6)))
    starts = {"Night shift": 22, "School": 8, "Station": 7}.get(label, dice.randrange(9, 18))
    back = {"Night shift": 6, "School": 15, "Station": 18}.get(label, starts + 1)
    return PlannedWay(
        label=label,
        cells=town.way(home, town.town_cells()[number]),
        blocks=frozenset(
            day * BLOCKS_A_DAY + hour // BLOCK_HOURS for day in weekdays for hour in (starts, back)
        ),
    )


def _knit(dice: Random, people: list[PlannedPerson]) -> list[PlannedPerson]:
    """Who invited and vouched for whom: always somebody here before, never round in a ring."""
    by_age = sorted(people, key=lambda one: (one.joined_days_ago, one.name))
    newest = {person.id for person in by_age[:NEWCOMERS]}
    newest -= {person.id for person in people if person.is_founder or person.name in POD_OF}
    knitted: list[PlannedPerson] = []
    hosts: dict[UUID, UUID | None] = {}
    for person in people:
        before = [one for one in knitted if one.is_member and not one.is_under_18]
        may_vouch = [
            one for one in before if one.joined_days_ago - person.joined_days_ago > OLD_ENOUGH.days
        ]
        is_member = person.is_founder or (
            person.pod is not None and person.id not in newest and len(may_vouch) >= VOUCHES_NEEDED
        )
        near = _near(person, before)
        inviter = None if person.is_founder or not near else dice.choice(near)
        hosts[person.id] = inviter.id if inviter else None
        wanted = _vouches(dice, person, is_member=is_member)
        line = line_of(hosts[person.id], hosts)
        vouchers = _vouchers(dice, person, may_vouch, line)[:wanted]
        knitted.append(
            replace(
                person,
                is_member=is_member,
                vouched_by=tuple(one.id for one in vouchers),
                invited_by=hosts[person.id],
            )
        )
    return knitted


def _vouchers(
    dice: Random, person: PlannedPerson, may_vouch: list[PlannedPerson], line: frozenset[UUID]
) -> list[PlannedPerson]:
    """Two who know somebody: one of another line than who invited them, one from nearby."""
    outside = [one for one in may_vouch if one.id not in line]
    first = dice.sample(outside, k=min(1, len(outside)))
    rest = [one for one in may_vouch if one not in first]
    near = [one for one in rest if one.pod == person.pod] or rest
    return [*first, *dice.sample(near, k=min(1, len(near)))]


def _near(person: PlannedPerson, before: list[PlannedPerson]) -> list[PlannedPerson]:
    """Who may have invited somebody: of their pod, or for those without one of Sofie's."""
    if person.name == "Tomás":
        return [one for one in before if one.name == "Sofie"]
    pod = person.pod if person.pod is not None else ASKED_POD
    return [one for one in before if one.pod == pod] or before


def _vouches(dice: Random, person: PlannedPerson, *, is_member: bool) -> int:
    if person.is_founder:
        return 0
    if is_member:
        return VOUCHES_NEEDED
    return 1 if person.name == "Tomás" else dice.randrange(2)
