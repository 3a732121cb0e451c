"""Until when a network is here."""

from datetime import datetime

from porchlight.kit.viewer import Viewer
from porchlight.people.models import Network


def ends_at(*, viewer: Viewer) -> datetime | None:
    """After this nothing is kept; None: nobody ended it. Everybody here may know."""
    return Network.objects.values_list("ends_at", flat=True).get(id=viewer.network.id)
