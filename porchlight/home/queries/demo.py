"""What there is of the demo."""

from porchlight.home.rules.cast import Described
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import skeleton
from porchlight.people import models


def login_of_described(one: Described, *, viewer: Viewer | None = None) -> models.Login | None:
    """The login of one of the six; only in a network that was made by the demo."""
    return (
        models.Login.objects.filter(
            network__slug=one.network,
            network__is_demo=True,
            network__closed_at=None,
            person__skeleton=skeleton(one.name),
            person__left_at=None,
            is_active=True,
        )
        .select_related("network", "person")
        .first()
    )


def has_any_network(*, viewer: Viewer | None = None) -> bool:
    """Whether anybody started a network on this install, the demo's own among them."""
    return models.Network.objects.exists()
