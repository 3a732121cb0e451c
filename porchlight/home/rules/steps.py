"""Setting up: from having joined to being somebody neighbours can reach and count on."""

from dataclasses import dataclass
from enum import Enum

from porchlight.kit.marks import gettext_noop


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a step is called in the row of steps, and what it asks of somebody."""

    short: str
    title: str
    why: str
    action: str
    icon: str
    url: str


class Step(Enum):
    """One step, in the order people take them."""

    JOINED = Words(
        short=gettext_noop("Joined"), title="", why="", action="", icon="check", url="people:me"
    )
    REACHED = Words(
        short=gettext_noop("Can be reached"),
        title=gettext_noop("Say how your neighbours can reach you"),
        why=gettext_noop("Add one way and test it. You choose the order and the hours."),
        action=gettext_noop("Add a way"),
        icon="bell-ringing",
        url="people:me",
    )
    POD = Words(
        short=gettext_noop("In a pod"),
        title=gettext_noop("Join a pod"),
        why=gettext_noop("A pod is your nearest ten: neighbours who can be asked first."),
        action=gettext_noop("See which pods have a place"),
        icon="pod",
        url="people:pod",
    )
    PLACES = Words(
        short=gettext_noop("Places (if you like)"),
        title=gettext_noop("Say where you usually are, if you like"),
        why=gettext_noop("Then you can be asked when somebody nearby needs help. Only you see it."),
        action=gettext_noop("Add a place"),
        icon="pin",
        url="people:places",
    )


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How far somebody has come."""

    can_be_reached: bool
    has_pod: bool
    has_places: bool
    is_under_18: bool = False
    is_new: bool = True
    """Joined not long ago. Later nobody is reminded of what is only «if you like»."""


def done(setup: Setup) -> frozenset[Step]:
    """The steps behind somebody."""
    found = {Step.JOINED}
    found |= {Step.REACHED} if setup.can_be_reached else set()
    found |= {Step.POD} if setup.has_pod else set()
    found |= {Step.PLACES} if setup.has_places else set()
    return frozenset(found)


def next_step(setup: Setup) -> Step | None:
    """The one clear next thing to do; None when there is nothing to set up.

    People under 18 are never chosen by their ways (SAFETY.md), so they are not asked for any.
    """
    open_steps = [step for step in Step if step not in done(setup)]
    if setup.is_under_18 or not setup.is_new:
        open_steps = [step for step in open_steps if step is not Step.PLACES]
    return open_steps[0] if open_steps else None
