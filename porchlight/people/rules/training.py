"""What people were trained for; counts while it is current and others have confirmed it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from uuid import UUID

from porchlight.kit.marks import gettext_noop

LONGEST_TERM = timedelta(days=3 * 366)
"""Certificates of first aid are renewed every two or three years; nothing we keep lasts longer."""


class Trained(StrEnum):
    """What alerts and sharing may ask for."""

    FIRST_AID = "first_aid"
    DE_ESCALATION = "de_escalation"
    OBSERVER = "observer"
    VERIFIER = "verifier"
    DRIVER = "driver"
    INTERPRETER = "interpreter"
    MENTAL_HEALTH = "mental_health"


TRAINED_WORDS: dict[Trained, str] = {
    Trained.FIRST_AID: gettext_noop("First aider"),
    Trained.DE_ESCALATION: gettext_noop("Calms things down"),
    Trained.OBSERVER: gettext_noop("Observer"),
    Trained.VERIFIER: gettext_noop("Checks what is true"),
    Trained.DRIVER: gettext_noop("Driver"),
    Trained.INTERPRETER: gettext_noop("Interpreter"),
    Trained.MENTAL_HEALTH: gettext_noop("Listens in a crisis"),
}


class Why(Enum):
    """Why not."""

    UNDER_18 = gettext_noop("People under 18 are never sent to help, so they need no such entry.")
    ENDS_BEFORE = gettext_noop("The last day must come after the first, and after today.")
    TOO_LONG = gettext_noop("An entry lasts at most three years. Renew it then.")
    STARTS_LATER = gettext_noop("Write the day of the training, not a day to come.")
    ALREADY = gettext_noop("You have this entry already. End it first, then write a new one.")
    ONESELF = gettext_noop("Two others confirm it, not you.")
    TWICE = gettext_noop("You confirmed this already. Somebody else comes next.")
    NOT_YOU = gettext_noop("Members of 18 and older can confirm this.")
    OVER = gettext_noop("This entry has ended.")


def why_not_claimed(*, from_on: date, until_on: date, today: date, is_under_18: bool) -> Why | None:
    """Whether somebody may write down a training. until_on: the first day it no longer counts."""
    if is_under_18:
        return Why.UNDER_18
    if from_on > today:
        return Why.STARTS_LATER
    if until_on <= from_on or until_on <= today:
        return Why.ENDS_BEFORE
    return Why.TOO_LONG if until_on - from_on > LONGEST_TERM else None


@dataclass(frozen=True, kw_only=True)
class Confirming:
    """What decides whether somebody may confirm."""

    whose: UUID
    by: UUID
    has_right: bool
    by_before: frozenset[UUID]
    is_over: bool


def why_not_confirmed(confirming: Confirming) -> Why | None:
    if confirming.by == confirming.whose:
        return Why.ONESELF
    if not confirming.has_right:
        return Why.NOT_YOU
    if confirming.is_over:
        return Why.OVER
    return Why.TWICE if confirming.by in confirming.by_before else None
