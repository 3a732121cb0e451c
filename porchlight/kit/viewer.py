"""Who is looking. Every read takes one; nobody sees what is not theirs."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from porchlight.kit.network import Network


class Scope(StrEnum):
    """How somebody came in, which bounds what they may see."""

    SESSION = "session"
    ALERT_KEY = "alert_key"
    LINK = "link"
    CODE = "code"
    SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A person of one network, or nobody, with what they may do there."""

    network: Network
    person_id: UUID | None = None
    rights: frozenset[str] = field(default_factory=frozenset)
    waiting: frozenset[str] = field(default_factory=frozenset)
    """Rights they would have after showing a second factor in this session."""
    is_excused: bool = False
    """Their roles work without a second factor, in the network's first days."""
    scope: Scope = Scope.SESSION
    purpose: str = ""
    """For the system's own work only: why it reads."""

    @property
    def is_someone(self) -> bool:
        return self.person_id is not None

    def may(self, right: str) -> bool:
        return right in self.rights

    def holds(self, right: str) -> bool:
        """Whether it is theirs, now or after a second factor: to show the way there, no more."""
        return right in self.rights or right in self.waiting

    @property
    def source(self) -> str:
        """Whose forms these are: keys of one source can never meet another's."""
        return f"person:{self.person_id}" if self.person_id else "anonymous"

    @staticmethod
    def system(network: Network, purpose: str, person_id: UUID | None = None) -> "Viewer":
        """The program itself, for a stated purpose. person_id: for whom it acts, who said so by
        text, call or link."""
        return Viewer(network=network, person_id=person_id, scope=Scope.SYSTEM, purpose=purpose)
