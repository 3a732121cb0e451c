"""What two keepers do together: the yes of one of them."""

from datetime import datetime
from uuid import UUID

from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.mandates import whose_yes_counts
from porchlight.people.queries.own import own_id
from porchlight.people.rules.mandates import KEEPERS_NEEDED
from porchlight.trust.actions.countersigns import open_countersign
from porchlight.trust.queries.countersigns import asked_at, said_yes


@one_transaction
def keeper_says_yes(
    *,
    viewer: Viewer,
    kind: str,
    thing_id: UUID,
    now: datetime,
    until_at: datetime,
    since: datetime | None = None,
) -> frozenset[UUID]:
    """A keeper says yes to what needs two; gives those whose yes counted before.

    since: from when on it could be asked, where that is not when the first keeper did.
    Refuses: TOO_NEW.
    """
    since = since or asked_at(viewer=viewer, kind=kind, thing_id=thing_id, now=now)
    here = whose_yes_counts(viewer=viewer, asked_at=since, now=now)
    before = said_yes(viewer=viewer, kind=kind, thing_id=thing_id, now=now) & here
    open_countersign(
        network_id=viewer.network.id,
        kind=kind,
        thing_id=thing_id,
        needed=KEEPERS_NEEDED,
        by=own_id(viewer=viewer),
        among=here,
        now=now,
        until_at=until_at,
    )
    return before
