"""Which networks there are, for the first page. Networks are strangers: a list is never shown."""

from dataclasses import dataclass

from porchlight.kit.viewer import Viewer
from porchlight.people import models


@dataclass(frozen=True, kw_only=True)
class Doorplate:
    """A network as somebody outside may know it: what stands on its posters."""

    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class FirstPage:
    """What the first page needs to know of the networks here."""

    has_any: bool
    only: Doorplate | None
    """The one network of this install; None where there are several (nobody learns which)."""


def first_page(*, viewer: Viewer | None = None) -> FirstPage:
    """Whether any network is open, and which one if it is the only one. Costs: one query."""
    rows = list(
        models.Network.objects.filter(closed_at=None)
        .order_by("created_at", "id")
        .values_list("slug", "name")[:2]
    )
    only = Doorplate(slug=rows[0][0], name=rows[0][1]) if len(rows) == 1 else None
    return FirstPage(has_any=bool(rows), only=only)


def demo_slugs(*, viewer: Viewer | None = None) -> frozenset[str]:
    """The demo networks that are loaded. Costs: one query."""
    return frozenset(
        models.Network.objects.filter(closed_at=None, is_demo=True).values_list("slug", flat=True)
    )
