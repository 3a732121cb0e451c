"""Whom to ring, as the pages of all areas show it."""

from typing import Any

from porchlight.browser.doors import Request
from porchlight.people.queries.numbers import emergency_number, local_numbers


def numbers(request: Request) -> dict[str, Any]:
    """The facts for a template; anybody may read them."""
    return {
        "network": request.network,
        "emergency": emergency_number(viewer=request.viewer),
        "numbers": local_numbers(viewer=request.viewer),
        "language": request.LANGUAGE_CODE,
        "first_language": request.network.languages[0],
    }
