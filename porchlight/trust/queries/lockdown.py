"""What the page about locking everything says."""

from dataclasses import dataclass
from datetime import datetime

from porchlight.kit.viewer import Viewer
from porchlight.people.queries.lockdown import last_began_at, locked_now
from porchlight.people.queries.mandates import settled_keepers
from porchlight.people.rules.lockdown import needed_to_lock
from porchlight.people.rules.mandates import KEEPERS_NEEDED
from porchlight.people.rules.rights import Right
from porchlight.trust.queries.countersigns import asked_at, said_yes
from porchlight.trust.rules.lockdown import LOCK, UNLOCK


@dataclass(frozen=True, kw_only=True)
class LockPage:
    """How it stands, as this viewer may see it."""

    locked_from: datetime | None
    locked_until: datetime | None
    is_keeper: bool
    needs_two: bool
    """A lock now needs two keepers, because there was one a few days ago."""
    can_be_opened: bool
    """There are two keepers who could open it earlier."""
    waits_for_one_more: bool
    """One keeper said yes already, to lock or to open."""
    i_said_yes: bool
    my_yes_counts: bool
    """The viewer kept before it was asked, and for two days."""


def lock_page(*, viewer: Viewer, now: datetime) -> LockPage:
    """Costs: at most six queries."""
    locked = locked_now(network_id=viewer.network.id, now=now)
    is_keeper = viewer.may(Right.KEEP)
    kind, thing_id = (UNLOCK, locked.id) if locked else (LOCK, viewer.network.id)
    since = asked_at(viewer=viewer, kind=kind, thing_id=thing_id, now=now)
    here = settled_keepers(viewer=viewer, asked_at=locked.from_at if locked else since, now=now)
    yes = said_yes(viewer=viewer, kind=kind, thing_id=thing_id, now=now) & here
    needed = needed_to_lock(last_began_at(network_id=viewer.network.id), now=now)
    return LockPage(
        locked_from=locked.from_at if locked else None,
        locked_until=locked.until_at if locked else None,
        is_keeper=is_keeper,
        needs_two=needed > 1,
        can_be_opened=len(here) >= KEEPERS_NEEDED,
        waits_for_one_more=is_keeper and bool(yes),
        i_said_yes=is_keeper and viewer.person_id in yes,
        my_yes_counts=viewer.person_id in here,
    )
