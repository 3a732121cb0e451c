"""Which areas the people here switched on, for pages and their pieces."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from porchlight.people.queries.network_rules import rule

KNOWN = "areas_on"


def is_on_for(request: HttpRequest, area: str) -> bool:
    """Whether this area is on here. Costs: one query for a page, however many pieces of it ask."""
    known: frozenset[str] | None = getattr(request, KNOWN, None)
    if known is None:
        # people.middleware put both there
        known = _areas_on(request.network.id, request.now)  # type: ignore[attr-defined]
        setattr(request, KNOWN, known)
    return area in known


def _areas_on(network_id: UUID, now: datetime) -> frozenset[str]:
    value = rule(network_id=network_id, key="areas.on", now=now)
    return frozenset(value) if isinstance(value, list) else frozenset()
