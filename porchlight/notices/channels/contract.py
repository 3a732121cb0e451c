"""What every channel promises the worker."""

from collections.abc import Sequence
from typing import Protocol

from porchlight.notices.rules import Capabilities, Channel, Parcel, Result


class ChannelSender(Protocol):
    """Sends parcels and says what became of each. Never raises for a parcel: it answers.

    The worker writes the attempt before it calls `send` and the results after. A parcel in doubt
    comes again with `is_repeat`: the same delivery must then arrive once, carry the same reference,
    or, where a provider offers neither, go out once more and marked (`rules.after_doubt`).
    """

    channel: Channel
    capabilities: Capabilities

    async def send(self, parcels: Sequence[Parcel]) -> list[Result]:
        """One result for each parcel."""

    async def close(self) -> None:
        """The worker stops: give back connections."""
