"""Rules that an assembly may change, each with its default and caps that nothing loosens."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from porchlight.kit.marks import gettext_noop

Value = int | list[str]

AREAS = frozenset(
    {"alerts", "sharing", "stores", "ledger", "gatherings", "decisions", "learning", "directory",
     "rota", "campaigns", "care"}
)  # fmt: skip
"""What a network may switch on, by area."""


class Why(Enum):
    """Why not."""

    UNKNOWN = gettext_noop("There is no such rule.")
    OUT_OF_CAPS = gettext_noop("That does not fit: %(says)s")
    NO_REASON = gettext_noop("Say in a few words why, so that everybody can read it.")
    IN_THE_PAST = gettext_noop("A rule starts now or later.")
    KEEPERS_ONLY = gettext_noop("A keeper writes this down after you decided together.")
    SAME = gettext_noop("The rule says this already.")


@dataclass(frozen=True, kw_only=True)
class RuleKey:
    """One rule: its name for programs, what it says to people, its default, and what it refuses."""

    key: str
    label: str
    default: Value
    check: Callable[[object], bool]
    says: str
    """What values are allowed, as a sentence."""
    is_list: bool = False


def whole(low: int, high: int) -> Callable[[object], bool]:
    """A whole number within caps; True and False are not numbers."""
    return lambda value: (
        isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    )


def some_of(names: frozenset[str]) -> Callable[[object], bool]:
    """A list of some of these names, each once."""
    return lambda value: (
        isinstance(value, list)
        and all(isinstance(name, str) and name in names for name in value)
        and len(set(value)) == len(value)
    )


KEYS: dict[str, RuleKey] = {
    rule.key: rule
    for rule in (
        RuleKey(
            key="invites.open_per_member",
            label=gettext_noop("Invites somebody may have open at once"),
            default=3,
            check=whole(1, 10),
            says=gettext_noop("a whole number from 1 to 10."),
        ),
        RuleKey(
            key="invites.days",
            label=gettext_noop("Days an invite stays open"),
            default=7,
            check=whole(1, 14),
            says=gettext_noop("a whole number from 1 to 14."),
        ),
        RuleKey(
            key="pods.seats",
            label=gettext_noop("People in a pod at most"),
            default=10,
            check=whole(3, 10),
            says=gettext_noop("a whole number from 3 to 10."),
        ),
        RuleKey(
            key="mandates.longest_days",
            label=gettext_noop("Days a role lasts at most"),
            default=365,
            check=whole(30, 730),
            says=gettext_noop("a whole number from 30 to 730."),
        ),
        RuleKey(
            key="founders.days",
            label=gettext_noop("Days in which the first neighbours say they know each other"),
            default=14,
            check=whole(1, 14),
            says=gettext_noop("a whole number from 1 to 14."),
        ),
        RuleKey(
            key="areas.on",
            label=gettext_noop("What is switched on"),
            default=["alerts"],
            check=some_of(AREAS),
            says=gettext_noop("choose from the list."),
            is_list=True,
        ),
        RuleKey(
            key="vouches.needed",
            label=gettext_noop(
                "Neighbours who say «I know this person» before somebody is a member"
            ),
            default=2,
            check=whole(1, 5),
            says=gettext_noop("a whole number from 1 to 5."),
        ),
        RuleKey(
            key="vouches.per_week",
            label=gettext_noop("Times a week somebody may say «I know this person»"),
            default=1,
            check=whole(1, 7),
            says=gettext_noop("a whole number from 1 to 7."),
        ),
        RuleKey(
            key="alerts.asked_per_week",
            label=gettext_noop(
                "Times a week somebody is asked at most because of a place or a training"
            ),
            default=3,
            check=whole(1, 20),
            says=gettext_noop("a whole number from 1 to 20."),
        ),
        RuleKey(
            key="alerts.rest_hours",
            label=gettext_noop(
                "Hours somebody rests after they were asked because of a place or a training"
            ),
            default=12,
            check=whole(0, 72),
            says=gettext_noop("a whole number from 0 to 72."),
        ),
        RuleKey(
            key="training.confirmations",
            label=gettext_noop("Neighbours who confirm a training"),
            default=2,
            check=whole(2, 5),
            says=gettext_noop("a whole number from 2 to 5."),
        ),
    )
}


def declare(*rules: RuleKey) -> None:
    """Add the rules of an area above; each area does so once, when the program starts."""
    for rule in rules:
        if rule.key in KEYS and KEYS[rule.key] is not rule:
            raise ValueError(f"The rule {rule.key} is declared twice.")
        KEYS[rule.key] = rule


def why_not_set(key: str, value: object) -> Why | None:
    """Whether a rule may take this value. Nothing an assembly decides goes beyond the caps."""
    if key not in KEYS:
        return Why.UNKNOWN
    return None if KEYS[key].check(value) else Why.OUT_OF_CAPS


def holds(key: str, stored: object) -> Value:
    """The value in force: what was stored, unless it is beyond today's caps; then the default."""
    rule = KEYS[key]
    return stored if rule.check(stored) else rule.default  # type: ignore[return-value]  # the check narrows it
