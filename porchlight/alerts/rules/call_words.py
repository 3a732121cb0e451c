"""What somebody hears who rings our number. A voice reads it: short, and digits one by one."""

from porchlight.kit.marks import gettext_noop
from porchlight.notices.rules import Wording

NEED_PEOPLE = Wording(
    title=gettext_noop("Do you need people now?"),
    line=gettext_noop("Press 1, and your neighbours hear of it."),
)
SENT = Wording(
    title=gettext_noop("Your neighbours hear of it now."),
    line=gettext_noop("Life in danger: ring %(number)s."),
)
ASKED_BEFORE = Wording(
    title=gettext_noop("Your neighbours were asked already."),
    line=gettext_noop("Life in danger: ring %(number)s."),
)
NOBODY_ASKED = Wording(
    title=gettext_noop("Nobody was asked. Knock next door."),
    line=gettext_noop("Life in danger: ring %(number)s."),
)
RING = Wording(title=gettext_noop("Life in danger: ring %(number)s."))
"""For strangers, for who pressed nothing, and after «someone died»."""
IT_IS_OVER = Wording(
    title=gettext_noop("All clear. Thank you"),
    line=gettext_noop("Life in danger: ring %(number)s."),
)
IT_IS_CLOSED = Wording(
    title=gettext_noop("A call for people is closed"),
    line=gettext_noop("Life in danger: ring %(number)s."),
)
"""Nobody said that all is well."""


def digit_by_digit(number: str) -> str:
    """«112» is read as three digits, not as a hundred and twelve."""
    return ", ".join(letter for letter in number if letter.isdecimal())
