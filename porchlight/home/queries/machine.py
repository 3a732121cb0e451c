"""How it stands with what keeps a network when its machine is lost: for keepers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from porchlight.home.rules.backups import DRILL_TOO_OLD, TOO_OLD, Standing, standing
from porchlight.kit.errors import NotHere
from porchlight.kit.last_try import last_of
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.chain import oldest_unsealed
from porchlight.people.rules.rights import Right

SEALED_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Stood:
    """One of them."""

    standing: Standing
    at: datetime | None
    """Of the last try."""
    good_at: datetime | None
    """The last time it went well."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """All of them."""

    backup: Stood
    drill: Stood
    rotation: Stood
    unsealed_since: datetime | None
    """What was done since then waits for its seal, longer than it should; None: nothing does."""


def is_backed_up() -> bool:
    """Whether the operator said where backups go, and for whom they are sealed."""
    return settings.BACKUP_FOLDER is not None and bool(settings.BACKUP_KEEPERS)


def machine(*, viewer: Viewer, now: datetime) -> Machine:
    """For whoever keeps here.

    Refuses: NotHere without the right.
    Costs: four queries.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    waits, is_on = oldest_unsealed(), is_backed_up()
    return Machine(
        backup=_stood("backup", is_on=is_on, too_old=TOO_OLD, now=now),
        drill=_stood("drill", is_on=is_on, too_old=DRILL_TOO_OLD, now=now),
        rotation=_stood("rotation", is_on=True, too_old=None, now=now),
        unsealed_since=waits if waits and now - waits > SEALED_WITHIN else None,
    )


def _stood(what: str, *, is_on: bool, too_old: timedelta | None, now: datetime) -> Stood:
    last = last_of(what)
    return Stood(
        standing=standing(last, is_on=is_on, too_old=too_old, now=now),
        at=last.at if last else None,
        good_at=last.good_at if last else None,
    )
