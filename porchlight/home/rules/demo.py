"""When the demo may be loaded."""

from enum import Enum

from porchlight.kit.marks import gettext_noop


class Why(Enum):
    """Why not."""

    ONLY_IN_DEMO = gettext_noop("The demo neighbourhood cannot be loaded in production.")
    NAME_TAKEN = gettext_noop(
        "A network of your own has the address that the demo needs. The demo was not loaded."
    )
