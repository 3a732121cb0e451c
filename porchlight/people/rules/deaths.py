"""A person has died: who may say so, and how it is put right."""

from datetime import timedelta
from enum import Enum

from porchlight.kit.marks import gettext_noop

DIED = "people.died"
NOT_DIED = "people.not_died"
"""The kinds of what two keepers sign."""
SIGN_WITHIN = timedelta(days=7)


class Why(Enum):
    """Why not."""

    ONESELF = gettext_noop("This is your own name.")
    NOT_A_KEEPER = gettext_noop("Two keepers say this together.")
    TOO_LATE = gettext_noop("The 30 days are over. They come in again with a new invite.")
    NAME_TAKEN = gettext_noop("Somebody else has this name now. Ask them to change it first.")
