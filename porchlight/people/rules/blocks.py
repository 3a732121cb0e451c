"""Keeping two people apart, without anybody noticing."""

from enum import Enum

from porchlight.kit.marks import gettext_noop


class Why(Enum):
    """Why not."""

    ONESELF = gettext_noop("That is you.")
    FORM_USED = gettext_noop("This form was sent before for something else. Open the page again.")
