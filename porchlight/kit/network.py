"""The widest group whose people may be asked to help each other."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Network:
    """What every area may know of a network without reading its tables."""

    id: UUID
    slug: str
    name: str
    zone: str
    """An IANA name, such as Europe/Amsterdam."""
    languages: tuple[str, ...]
    """The languages its pages are offered in, its first one first."""
    emergency_number: str = ""
    locked_until: datetime | None = None
    """While this lies ahead everything is locked. Read once a request; actions ask the database."""
    areas: frozenset[str] = frozenset()
    """What the people here switched on. Read once a request, for pages; actions ask the database,
    and elsewhere it is empty."""

    @property
    def zoneinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def is_locked(self, now: datetime) -> bool:
        """Whether nothing guarded opens and nobody new comes in at this moment."""
        return self.locked_until is not None and now < self.locked_until
