"""Until when a network is here."""

from datetime import datetime

from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer
from porchlight.people.models import Network as NetworkRow
from porchlight.people.queries.signing_in import as_network


def ends_at(*, viewer: Viewer) -> datetime | None:
    """After this nothing is kept; None: nobody ended it. Everybody here may know."""
    return NetworkRow.objects.values_list("ends_at", flat=True).get(id=viewer.network.id)


def network_to_end(
    *, slug: str, viewer: Viewer | None = None
) -> tuple[Network, datetime | None] | None:
    """The network with this short name, open or closed, and until when it is here. For operators.

    Costs: one query.
    """
    row = NetworkRow.objects.filter(slug=slug).first()
    return None if row is None else (as_network(row), row.ends_at)
