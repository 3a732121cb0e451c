"""What may be asked, who may help, and when words are shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from porchlight.kit.marks import gettext_noop
from porchlight.sharing.rules.states import WANTS_HELP, NeedState

MOST_HELPERS = 10
MOST_PEOPLE = 50
LONGEST_WORDS = 1000
FEWEST_INSIDE = 2
"""Helpers at a first visit to a home. Source: SAFETY.md 5."""
WORDS_STAY = timedelta(hours=72)
"""After it ended. Source: DESIGN.md, promise 4."""
ROW_STAYS = timedelta(days=30)
SHOWN_AFTER = timedelta(hours=48)
"""How long a helper may read the words after it is done. Source: research/mutual-aid.md 6.2."""
REMINDED_AFTER = timedelta(hours=24)
"""Then whoever asks hears once more that somebody waits for an answer."""
LAPSES_AFTER = timedelta(hours=48)
"""Without an answer an offer to help lapses, so that nobody waits for somebody who does not."""
DONE_BY_ONE_AFTER = timedelta(days=3)
"""One of the two said that it is done, and the other nothing."""
PUT_OFF = timedelta(minutes=10)
"""A step that broke is taken again then, so that it holds up no other."""
FEWEST_TOLD = 3
"""Of a pod: told «somebody of your pod asks» fewer would know who it is."""
TOLD_EVERY = timedelta(days=1)
STILL_WANTED_FOR = timedelta(days=1)
"""After its time a need stays for a day, so that help that comes late can be written down."""
WORDS = "need-words"
SHOWN = "need.words"


class Why(Enum):
    """Why not."""

    TOO_LONG = gettext_noop("That is longer than 60 letters. Say what in a few words.")
    NO_LINE = gettext_noop("Say in a few words what you need.")
    HAS_NUMBER = gettext_noop(
        "Everybody here can read this line. Put numbers, addresses and links further down, where "
        "only your helper reads them."
    )
    NAMES_SOMEBODY = gettext_noop(
        "Everybody here can read this line, and there is a name in it. Leave the name out, or put "
        "it further down."
    )
    NO_TIME = gettext_noop("That time is over or too far ahead. Choose another one.")
    NO_PLACE = gettext_noop("Choose a part of the map, so that somebody near you finds it.")
    TOO_MANY = gettext_noop(
        "You ask for as much as one may at once (%(most)s). Take one back, or wait until one is "
        "done."
    )
    HELPS_MANY = gettext_noop(
        "You promised as much as one may at once (%(most)s). That is enough for now: finish one "
        "first."
    )
    NOT_OPEN = gettext_noop("This is not open any more. Thank you for looking.")
    ENOUGH = gettext_noop("Enough people help already. Thank you for looking.")
    ENOUGH_AGREED = gettext_noop("You said yes to as many as you asked for.")
    NOT_ANY_MORE = gettext_noop("This offer does not hold any more. Choose somebody else.")
    OWN = gettext_noop("This is your own.")
    NOT_KNOWN = gettext_noop(
        "You can help people outside your pod as soon as neighbours said that they know you."
    )
    UNDER_18 = gettext_noop("Here a grown-up has to help. Ask one of your pod to come with you.")
    NO_TIMES = gettext_noop("Say at least one time at which you could help.")
    OVER = gettext_noop("This is over. Nothing more can be done with it.")
    TOO_EARLY = gettext_noop("Say that it is done when it is.")


class Meeting(StrEnum):
    """Where the two meet."""

    OUTSIDE = "outside"
    """At the door or in the street."""
    INSIDE = "inside"
    ELSEWHERE = "elsewhere"


MEETING_WORDS: dict[Meeting, str] = {
    Meeting.OUTSIDE: gettext_noop("At my door or in the street"),
    Meeting.INSIDE: gettext_noop("Inside my home"),
    Meeting.ELSEWHERE: gettext_noop("Somewhere else"),
}


MEETING_FOR_HELPER: dict[Meeting, str] = {
    Meeting.OUTSIDE: gettext_noop("At their door or in the street"),
    Meeting.INSIDE: gettext_noop("Inside their home"),
    Meeting.ELSEWHERE: gettext_noop("Somewhere else"),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A need as the rules see it."""

    state: NeedState
    seats: int
    """How many may be agreed."""
    meeting: Meeting
    is_under_18: bool
    """Whoever asks is under 18."""


def why_not_help(
    need: Asked,
    *,
    taken: int,
    is_own: bool,
    is_under_18: bool,
    is_known: bool,
    helps: int,
    most: int,
) -> Why | None:
    """Whether somebody may say «I can help».

    taken: helpers who are agreed or did their part. is_known: neighbours vouched for them, or they
    are in the asker's pod. helps: what they have promised elsewhere.
    """
    if is_own:
        return Why.OWN
    if need.state not in WANTS_HELP:
        return Why.NOT_OPEN
    if taken >= need.seats:
        return Why.ENOUGH
    if is_under_18:
        return Why.UNDER_18
    if not is_known:
        return Why.NOT_KNOWN
    return Why.HELPS_MANY if helps >= most else None


def helpers_wanted(wanted: int, meeting: Meeting, *, is_under_18: bool) -> int:
    """How many help at least: two inside a home, and two with somebody under 18.

    Source: SAFETY.md 5 and «Under 18».
    """
    two = meeting is Meeting.INSIDE or is_under_18
    return max(wanted, FEWEST_INSIDE) if two else wanted


def may_read_words(need: Asked, *, agreed: int, know_each_other: bool) -> bool:
    """Whether an agreed helper may read where to come.

    agreed: how many are agreed in all. know_each_other: this helper is in the asker's own pod.
    Nobody is alone with somebody under 18, whoever it is.
    """
    if need.is_under_18:
        return agreed >= FEWEST_INSIDE
    return need.meeting is not Meeting.INSIDE or know_each_other or agreed >= FEWEST_INSIDE


def is_settled(*, helper_at: datetime | None, asker_at: datetime | None, now: datetime) -> bool:
    """Whether a promise counts as kept: both said so, or one did and the other kept quiet."""
    if helper_at and asker_at:
        return True
    said = helper_at or asker_at
    return said is not None and now >= said + DONE_BY_ONE_AFTER


def lapses_at(offered_at: datetime, until_at: datetime) -> datetime:
    """When an offer to help lapses that nobody answered: never after the time is over."""
    return min(offered_at + LAPSES_AFTER, until_at)
