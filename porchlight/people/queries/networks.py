"""The networks of this install, and the numbers of one."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from porchlight.kit.viewer import Viewer
from porchlight.people import models


@dataclass(frozen=True, kw_only=True)
class NumberHere:
    """One number people here need in an emergency."""

    id: UUID
    label: dict[str, str]
    number: str

    def in_tongue(self, language: str) -> str:
        """The label in this language, or in any that it has."""
        return self.label.get(language) or next(iter(self.label.values()), "")


def has_networks(*, viewer: Viewer | None = None) -> bool:
    """Whether this install is set up: one open network at least. Costs: one query."""
    return models.Network.objects.filter(closed_at=None).exists()


def is_started(*, client_key: UUID, slug: str, viewer: Viewer | None = None) -> bool:
    """Whether this very form started a network already: somebody tapped twice. Costs: one query."""
    return models.Network.objects.filter(id=id_of(client_key=client_key, slug=slug)).exists()


def id_of(*, client_key: UUID, slug: str, viewer: Viewer | None = None) -> UUID:
    """The id a network gets that this form starts. Costs: nothing."""
    return uuid5(client_key, slug)


def zone_of(*, network_id: UUID, viewer: Viewer | None = None) -> str | None:
    """In which zone a network lives. Answers the moment network_zone. Costs: one query."""
    return models.Network.objects.filter(id=network_id).values_list("zone", flat=True).first()


def only_slug(*, viewer: Viewer | None = None) -> str | None:
    """The short name of the network when there is just one; None keeps several apart.

    Costs: one query.
    """
    slugs = list(
        models.Network.objects.filter(closed_at=None)
        .order_by("id")
        .values_list("slug", flat=True)[:2]
    )
    return slugs[0] if len(slugs) == 1 else None


def local_numbers(*, viewer: Viewer) -> list[NumberHere]:
    """The network's own numbers, in their order. Anybody may read them.

    Costs: one query.
    """
    return [
        NumberHere(id=row.id, label=row.label, number=row.number)
        for row in models.LocalNumber.objects.filter(network_id=viewer.network.id).order_by(
            "ordinal"
        )
    ]


def open_networks(*, viewer: Viewer | None = None) -> list[UUID]:
    """The ids of all networks that are not closed. Costs: one query."""
    rows = models.Network.objects.filter(closed_at=None).order_by("id")
    return list(rows.values_list("id", flat=True))
