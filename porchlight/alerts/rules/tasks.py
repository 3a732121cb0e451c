"""Small things anybody coming can take."""

from collections.abc import Mapping

from porchlight.alerts.rules.kinds import Kind
from porchlight.kit.marks import gettext_noop

TASK_WORDS: Mapping[str, str] = {
    "street_door": gettext_noop("Open the street door"),
    "ambulance": gettext_noop("Wait outside for the ambulance"),
    "sit": gettext_noop("Sit with them"),
    "children": gettext_noop("Look after the children"),
    "valves": gettext_noop("Turn off water or gas"),
    "warn": gettext_noop("Knock next door"),
    "ring": gettext_noop("Ring somebody who answers by text"),
}
OFFERED: Mapping[Kind, tuple[str, ...]] = {
    Kind.HURT: ("street_door", "ambulance", "sit"),
    Kind.FIRE: ("warn", "valves", "street_door"),
    Kind.UNSAFE: (),
    Kind.MISSING: ("children",),
    Kind.OTHER: ("street_door", "sit", "children"),
}
"""Which ones are one tap away for each kind."""
MOST_TASKS = 12
LONGEST_TASK = 80
LONGEST_UPDATE = 300
MOST_UPDATES = 200
