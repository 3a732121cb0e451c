"""Whether somebody's phone works: the last time each address did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from porchlight.kit.viewer import Viewer
from porchlight.notices.models import AddressHealth, Notice, Topic
from porchlight.notices.rules import Address


@dataclass(frozen=True, kw_only=True)
class ReachLine:
    """One address as «Test my phone» shows it."""

    address: Address
    worked_at: datetime | None
    is_failing: bool
    """The last message to it came back."""

    @property
    def counts(self) -> bool:
        """A message sent now has a chance."""
        return self.address.is_usable and not self.is_failing


@dataclass(frozen=True, kw_only=True)
class PhoneTest:
    """All addresses of somebody, in their order."""

    lines: Sequence[ReachLine]

    @property
    def none_works(self) -> bool:
        """Nothing but the bell would reach this person."""
        return not any(line.counts for line in self.lines)

    @property
    def has_verified(self) -> bool:
        return any(line.address.is_usable for line in self.lines)


def last_success(*, viewer: Viewer, address_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """When each of these addresses last worked; None: never, or too long ago. Costs: one query."""
    wanted = list(address_ids)
    rows = AddressHealth.objects.filter(network_id=viewer.network.id, address_id__in=wanted)
    worked = dict(rows.values_list("address_id", "worked_at"))
    return {address_id: worked.get(address_id) for address_id in wanted}


def told_under(topic_id: UUID, purpose: str) -> list[UUID]:
    """Whom a topic told for one purpose. For the program only. Costs: one query."""
    rows = Notice.objects.filter(topic_id=topic_id, purpose=purpose)
    return list(rows.values_list("recipient_id", flat=True).distinct().order_by("recipient_id"))


def topics_about(network_id: UUID, about: UUID) -> list[UUID]:
    """Every topic about a thing that is not closed. For the program only. Costs: one query."""
    rows = Topic.objects.filter(network_id=network_id, about=about, closed_at=None)
    return list(rows.values_list("id", flat=True))


def test_my_phone(*, viewer: Viewer, addresses: Sequence[Address]) -> PhoneTest:
    """What the viewer's own page shows about being reached. The caller brings the addresses.

    Costs: one query.
    """
    rows = AddressHealth.objects.filter(
        network_id=viewer.network.id, address_id__in=[address.id for address in addresses]
    )
    known = {row.address_id: row for row in rows}
    return PhoneTest(lines=[_line(address, known.get(address.id)) for address in addresses])


def _line(address: Address, health: AddressHealth | None) -> ReachLine:
    if health is None:
        return ReachLine(address=address, worked_at=None, is_failing=False)
    return ReachLine(
        address=address,
        worked_at=health.worked_at,
        is_failing=health.failed_at is not None
        and (health.worked_at is None or health.failed_at > health.worked_at),
    )
