"""Writes the rows of the demo: the same ids at every load, dates counted from its moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from porchlight.home.rules.plan import Plan, PlannedPerson, new_id
from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer
from porchlight.people.rules.rights import Level, Standing, rights_of

SOURCE = "system"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Pen:
    """What every row of one network of the demo needs."""

    plan: Plan
    dice: Random
    now: datetime

    @property
    def network_id(self) -> UUID:
        return self.plan.network_id

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def ahead(self, days: float) -> datetime:
        return self.now + timedelta(days=days)

    def made(self, at: datetime) -> dict[str, Any]:
        """The fields every creatable row has."""
        return {
            "id": new_id(self.dice),
            "network_id": self.network_id,
            "source": SOURCE,
            "client_key": new_id(self.dice),
            "created_at": at,
        }

    @staticmethod
    def write(rows: Iterable[Row]) -> list[Row]:
        """Write many rows of one table at once."""
        written = list(rows)
        if written:
            type(written[0])._default_manager.bulk_create(written, batch_size=500)
        return written

    @staticmethod
    def as_viewer(person: PlannedPerson, network: Network) -> Viewer:
        """Somebody of the demo as their own browser would show them; without a role's rights."""
        level = Level.MEMBER if person.is_member else Level.NEWCOMER
        rights = rights_of(Standing(level=level, roles=frozenset(), is_under_18=person.is_under_18))
        return Viewer(network=network, person_id=person.id, rights=rights)
