"""Who met whom over a need: for keeping somebody away."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.kit.viewer import Viewer
from porchlight.sharing.models import Match


def have_met(
    *, network_id: UUID, one: UUID, other: UUID, now: datetime, viewer: Viewer | None = None
) -> bool | None:
    """Whether a page here showed this one the other's name. Answers `have_met`.

    Whoever asks reads the name of each who offers; a helper reads the asker's once it is agreed.
    None: not here. Costs: one query.
    """
    promises = Match.objects.filter(network_id=network_id)
    found = promises.filter(
        Q(need__asker_id=one, helper_id=other)
        | Q(need__asker_id=other, helper_id=one, confirmed_at__isnull=False)
    )
    return found.exists() or None
