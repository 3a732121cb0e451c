"""Get help, and the sheet of numbers: for everybody at the door, signed in or not."""

from typing import Any

from django.http import HttpResponse

from porchlight.browser.doors import Request, door, page
from porchlight.home.queries.street import my_street
from porchlight.people.actions.alert_keys import use_alert_key
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.queries.numbers import emergency_number, local_numbers


def _numbers(request: Request) -> dict[str, Any]:
    return {
        "network": request.network,
        "emergency": emergency_number(viewer=request.viewer),
        "numbers": local_numbers(viewer=request.viewer),
        "language": request.LANGUAGE_CODE,
        "first_language": request.network.languages[0],
    }


@door("GET")
def help_page(request: Request) -> HttpResponse:
    """Whom to ring now. Names of the pod only for somebody of it who is signed in."""
    viewer = request.viewer
    street = my_street(viewer=viewer, now=request.now) if viewer.is_someone else None
    facts = _numbers(request) | {
        "pod_names": street.names if street else (),
        "has_pod": street is not None,
        "is_inside": viewer.is_someone,
        "is_known_device": not viewer.is_someone and _is_known_device(request),
    }
    return page(request, "home/help.html", facts)


def _is_known_device(request: Request) -> bool:
    """Whether this device holds a key of somebody here; using it makes it last. Opens no names."""
    cookie = request.COOKIES.get(cookie_name(), "")
    return use_alert_key(network=request.network, key=cookie, now=request.now) is not None


@door("GET")
def emergency(request: Request) -> HttpResponse:
    """All numbers on one sheet, for the fridge. It holds nobody's name."""
    today = request.now.astimezone(request.network.zoneinfo).date()
    return page(request, "home/emergency.html", _numbers(request) | {"today": today})
