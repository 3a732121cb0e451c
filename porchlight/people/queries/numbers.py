"""Whom to ring: the numbers of a network, which anybody may read."""

from dataclasses import dataclass

from porchlight.kit.viewer import Viewer
from porchlight.people import models


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number to ring. `label`: {language: words}; empty for the emergency number."""

    number: str
    label: dict[str, str]

    @property
    def shown(self) -> str:
        """The number on one line, however narrow the phone."""
        return self.number.replace(" ", "\u00a0")

    @property
    def dial(self) -> str:
        """The number as a telephone takes it: digits, with a plus only in front."""
        digits = "".join(letter for letter in self.number if letter in "0123456789*#")
        return f"+{digits}" if self.number.strip().startswith("+") else digits


def emergency_number(*, viewer: Viewer) -> Number:
    """What to ring when a life is in danger. Costs: nothing."""
    return Number(number=viewer.network.emergency_number, label={})


def local_numbers(*, viewer: Viewer) -> list[Number]:
    """The up to ten local numbers, in the order the keepers gave them. Costs: one query."""
    rows = models.LocalNumber.objects.filter(network_id=viewer.network.id).order_by("ordinal")
    return [Number(number=row.number, label=row.label) for row in rows]
