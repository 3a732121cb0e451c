"""The widest group whose people may be asked to help each other."""

from dataclasses import dataclass
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

    @property
    def zoneinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
