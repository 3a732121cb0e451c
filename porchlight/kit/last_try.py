"""How the last backup, drill or rotation of keys ended."""

from dataclasses import dataclass
from datetime import datetime

from porchlight.kit.models import LastTry


@dataclass(frozen=True, kw_only=True)
class Tried:
    """The last try of something."""

    at: datetime
    is_good: bool
    says: str
    """In the operator's language, with names of files; not for a page."""
    good_at: datetime | None
    """The last time it went well."""


def remember(*, what: str, says: str, is_good: bool, now: datetime) -> None:
    """Keep for the doctor and the keepers how a try went. what: backup, drill or rotation."""
    kept = {"at": now, "is_good": is_good, "says": says[:300]}
    kept |= {"good_at": now} if is_good else {}
    LastTry.objects.update_or_create(what=what, defaults=kept)


def last_of(what: str) -> Tried | None:
    """How the last one went; None: there was none. Costs: one query."""
    row = LastTry.objects.filter(what=what).first()
    if row is None:
        return None
    return Tried(at=row.at, is_good=row.is_good, says=row.says, good_at=row.good_at)
