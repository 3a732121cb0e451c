"""What can be called for, and how many people each kind wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from porchlight.kit.marks import gettext_noop
from porchlight.people.rules.network_rules import RuleKey, whole
from porchlight.people.rules.training import Trained


class Kind(StrEnum):
    """The second tap. A wrong kind is fine: it can be changed while help is on its way."""

    HURT = "hurt"
    FIRE = "fire"
    UNSAFE = "unsafe"
    """Silent: preset people only, nothing on this phone that somebody else could read."""
    MISSING = "missing"
    """A child or a confused elder; begins with a second person who knows it is true."""
    OTHER = "other"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.HURT: gettext_noop("Someone is hurt or ill"),
    Kind.FIRE: gettext_noop("Fire, water or gas"),
    Kind.UNSAFE: gettext_noop("I don't feel safe"),
    Kind.MISSING: gettext_noop("Someone is missing"),
    Kind.OTHER: gettext_noop("Something else, urgent"),
}
SHORT_WORDS: Mapping[Kind, str] = {
    Kind.HURT: gettext_noop("Hurt or ill"),
    Kind.FIRE: gettext_noop("Fire, water or gas"),
    Kind.UNSAFE: gettext_noop("Please come"),
    Kind.MISSING: gettext_noop("Missing"),
    Kind.OTHER: gettext_noop("Urgent"),
}
"""On the page of people who were asked. What is unsafe at home is not written there."""


@dataclass(frozen=True, kw_only=True)
class Playbook:
    """The rules one alert runs by, frozen when it is raised: a later change does not touch it."""

    wanted: int
    """So many should be there; `rules.enough` says how many have to say that they come."""
    most: int
    """Nobody is sent beyond this: too many helpers is harm."""
    needs_two: bool
    """No door is shown before a second person accepts (SAFETY.md 5)."""
    near_first: int
    """People of the wider ring who are asked in the first wave, where the asker chose wider."""
    rings: int
    open_hours: int
    """An alert that nobody ends is closed after this."""
    doors_missed: int
    """So often «on my way» without arriving, and somebody talks with them before the next door."""

    def as_kept(self) -> dict[str, int | bool]:
        return dict(vars(self))

    @staticmethod
    def of(kept: Mapping[str, int | bool]) -> "Playbook":
        """The playbook of an alert, as its row keeps it."""
        return Playbook(**kept)  # type: ignore[arg-type]  # written by as_kept only


WANTED = {Kind.HURT: 3, Kind.FIRE: 4, Kind.UNSAFE: 2, Kind.MISSING: 4, Kind.OTHER: 2}
"""Source: research/alerting.md 1.5 (three arriving help most) and 7.5 (welfare check two)."""
MOST = {Kind.HURT: 6, Kind.FIRE: 8, Kind.UNSAFE: 4, Kind.MISSING: 8, Kind.OTHER: 4}
"""Source: research/alerting.md 7.5, caps on people at the scene."""
HARD_MOST = 10
"""No rule of a network goes beyond this."""
NEEDS_TWO = frozenset({Kind.UNSAFE})
SILENT = frozenset({Kind.UNSAFE})
ROLES: Mapping[Kind, tuple[Trained, ...]] = {
    Kind.HURT: (Trained.FIRST_AID,),
    Kind.FIRE: (),
    Kind.UNSAFE: (),
    Kind.MISSING: (Trained.DRIVER,),
    Kind.OTHER: (),
}
"""Trained people who are asked too, where the asker chose wider."""
MINUTES_MATTER = frozenset({Kind.HURT, Kind.FIRE, Kind.MISSING})
"""For these people beyond the pod are woken, and asked again before they have rested, where too
few others are there. For all else nobody who sleeps or rests is. Source: research/alerting.md 7.4,
quiet hours by severity."""
FOR_PARTNERS = frozenset({Kind.HURT, Kind.FIRE, Kind.MISSING})
"""Partner groups are asked about these only: what is between people goes to care, not to width
(SAFETY.md 1), and nobody can tell what «something else» is."""
NEAR_FIRST = "alerts.near_first"
RINGS = "alerts.rings"
OPEN_HOURS = "alerts.open_hours"
DOORS_MISSED = "alerts.doors_missed"


def wanted_key(kind: Kind) -> str:
    return f"alerts.{kind}.wanted"


def most_key(kind: Kind) -> str:
    return f"alerts.{kind}.most"


WANTED_LABELS: Mapping[Kind, str] = {
    Kind.HURT: gettext_noop("People wanted when someone is hurt or ill"),
    Kind.FIRE: gettext_noop("People wanted for fire, water or gas"),
    Kind.UNSAFE: gettext_noop("People wanted when someone does not feel safe"),
    Kind.MISSING: gettext_noop("People wanted when someone is missing"),
    Kind.OTHER: gettext_noop("People wanted for something else"),
}
MOST_LABELS: Mapping[Kind, str] = {
    Kind.HURT: gettext_noop("People at most when someone is hurt or ill"),
    Kind.FIRE: gettext_noop("People at most for fire, water or gas"),
    Kind.UNSAFE: gettext_noop("People at most when someone does not feel safe"),
    Kind.MISSING: gettext_noop("People at most when someone is missing"),
    Kind.OTHER: gettext_noop("People at most for something else"),
}


def _number(key: str, label: str, default: int, low: int, high: int) -> RuleKey:
    return RuleKey(
        key=key,
        label=label,
        default=default,
        check=whole(low, high),
        says=SAYS[(low, high)],
    )


SAYS = {
    (1, 10): gettext_noop("a whole number from 1 to 10."),
    (0, 50): gettext_noop("a whole number from 0 to 50."),
    (1, 4): gettext_noop("a whole number from 1 to 4."),
    (1, 24): gettext_noop("a whole number from 1 to 24."),
    (2, 10): gettext_noop("a whole number from 2 to 10."),
}
RULE_KEYS: tuple[RuleKey, ...] = (
    *(_number(wanted_key(kind), WANTED_LABELS[kind], WANTED[kind], 1, HARD_MOST) for kind in Kind),
    *(_number(most_key(kind), MOST_LABELS[kind], MOST[kind], 2, HARD_MOST) for kind in Kind),
    _number(
        NEAR_FIRST,
        gettext_noop("People outside the pod who are asked first, when the asker chose wider"),
        7,
        0,
        50,
    ),
    _number(RINGS, gettext_noop("How many parts of the map around are asked"), 2, 1, 4),
    _number(OPEN_HOURS, gettext_noop("Hours a call for help stays open at most"), 12, 1, 24),
    _number(
        DOORS_MISSED,
        gettext_noop("Times «on my way» without arriving before somebody talks it over"),
        3,
        2,
        10,
    ),
)


def playbook_of(kind: Kind, rules: Mapping[str, int]) -> Playbook:
    """The playbook of a kind from the rules in force. rules: every key of RULE_KEYS."""
    wanted = rules[wanted_key(kind)]
    if kind in NEEDS_TWO:
        wanted = max(wanted, 2)
    return Playbook(
        wanted=wanted,
        most=max(rules[most_key(kind)], wanted),
        needs_two=kind in NEEDS_TWO,
        near_first=rules[NEAR_FIRST],
        rings=rules[RINGS],
        open_hours=rules[OPEN_HOURS],
        doors_missed=rules[DOORS_MISSED],
    )


def usual_playbook(kind: Kind) -> Playbook:
    """The playbook of a kind in a network that changed no rule."""
    return playbook_of(kind, {rule.key: rule.default for rule in RULE_KEYS})  # type: ignore[misc]  # numbers all
