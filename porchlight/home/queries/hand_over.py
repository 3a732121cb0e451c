"""What a network hands over when it ends: what belongs to everybody, and nothing that is locked."""

from typing import Any

from django.db.models import F

from porchlight.kit.viewer import Viewer
from porchlight.people import models


def hand_over_of(*, viewer: Viewer) -> dict[str, Any]:
    """Groups, who is in them, roles and rules. No address, place, call or word of anybody.

    viewer: the program. Costs: six queries.
    """
    here = {"network_id": viewer.network.id}
    network = models.Network.objects.get(id=viewer.network.id)
    return {
        "network": {
            "name": network.name,
            "short_name": network.slug,
            "zone": network.zone,
            "languages": network.languages,
            "emergency_number": network.emergency_number,
            "started_at": network.created_at,
        },
        "numbers": list(
            models.LocalNumber.objects.filter(**here).order_by("ordinal").values("label", "number")
        ),
        "rules": list(
            models.NetworkRule.objects.filter(**here)
            .order_by("key", "version")
            .values("key", "version", "value", "from_at", "reason")
        ),
        "groups": list(
            models.Circle.objects.filter(**here, closed_at=None)
            .order_by("kind", "name")
            .values("id", "kind", "name", "purpose", "part_of_id")
        ),
        "members": list(
            models.Membership.objects.filter(**here, until_at=None, person__left_at=None)
            .order_by("circle_id", "person__name")
            .values("circle_id", "from_at", name=F("person__name"))
        ),
        "roles": list(
            models.Mandate.objects.filter(**here, ended_at=None, person__left_at=None)
            .order_by("until_at")
            .values("role", "circle_id", "from_at", "until_at", name=F("person__name"))
        ),
    }
