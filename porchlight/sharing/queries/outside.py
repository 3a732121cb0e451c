"""One need as somebody reads it who has its link, from a chat group or a wall."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import NotHere
from porchlight.kit.marks import gettext_noop
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.blocks import kept_apart
from porchlight.sharing.models import Need
from porchlight.sharing.queries.board import Card, card_of
from porchlight.sharing.rules.states import WANTS_HELP, NeedState

STILL_OPEN = gettext_noop("Still open")
TAKEN = gettext_noop("Somebody comes")
DONE = gettext_noop("Done")
OVER = gettext_noop("Not needed any more")


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What and when; nothing of who asks, who helps, or where."""

    id: UUID
    card: Card
    state: str
    """Marked words."""
    is_open: bool
    """Help is still wanted."""
    is_mine: bool


def seen_outside(*, viewer: Viewer, shared_as: str, now: datetime) -> Outside:
    """For anybody at all who has the link, also where nobody is signed in.

    Refuses: NotHere where it leads nowhere, and for whoever must not meet the asker.
    Costs: at most two queries.
    """
    rows = Need.objects.filter(network_id=viewer.network.id, shared_as=shared_as)
    need = rows.filter(asker__left_at=None).first()
    me = viewer.person_id
    if need is None:
        raise NotHere
    if me is not None and kept_apart(viewer=viewer, person_id=need.asker_id, others=[me]):
        raise NotHere
    wants = need.state in WANTS_HELP and need.until_at > now
    is_open = wants and need.taken < need.seats
    is_done = need.state == NeedState.MET
    return Outside(
        id=need.id,
        card=card_of(need, now, viewer.network.zoneinfo),
        state=STILL_OPEN if is_open else TAKEN if wants else DONE if is_done else OVER,
        is_open=is_open,
        is_mine=need.asker_id == me,
    )
