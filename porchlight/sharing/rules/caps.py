"""Rules of this area that an assembly may change."""

from porchlight.kit.marks import gettext_noop
from porchlight.people.rules.network_rules import RuleKey, whole

MOST_HELPED = "sharing.most_helped_at_once"
MOST_ASKED = "sharing.most_asked_at_once"
MOST_FROM_OUTSIDE = "sharing.most_from_outside"
RULES = (
    RuleKey(
        key=MOST_HELPED,
        label=gettext_noop("Things somebody may have promised at once"),
        default=3,
        check=whole(1, 10),
        says=gettext_noop("a whole number from 1 to 10."),
    ),
    RuleKey(
        key=MOST_ASKED,
        label=gettext_noop("Things somebody may ask for at once"),
        default=5,
        check=whole(1, 20),
        says=gettext_noop("a whole number from 1 to 20."),
    ),
    RuleKey(
        key=MOST_FROM_OUTSIDE,
        label=gettext_noop("Asks of people without an account that may wait at the desk at once"),
        default=10,
        check=whole(0, 50),
        says=gettext_noop("a whole number from 0 to 50; 0: none are taken."),
    ),
)
"""Caps keep the few who always say yes from burning out (research/mutual-aid.md, section 0)."""
