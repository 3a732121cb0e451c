"""The sheet of numbers: for everybody at the door, signed in or not."""

from django.http import HttpResponse

from porchlight.browser.doors import Request, door, page
from porchlight.people.views.numbers import numbers


@door("GET")
def emergency(request: Request) -> HttpResponse:
    """All numbers on one sheet, for the fridge. It holds nobody's name."""
    return page(
        request,
        "home/emergency.html",
        numbers(request) | {"today": request.now.astimezone(request.network.zoneinfo).date()},
    )
