"""The sheet of numbers: for everybody at the door, signed in or not."""

from django.http import HttpResponse

from porchlight.browser.doors import Request, door, page
from porchlight.people.queries.numbers import emergency_number, local_numbers


@door("GET")
def emergency(request: Request) -> HttpResponse:
    """All numbers on one sheet, for the fridge. It holds nobody's name."""
    return page(
        request,
        "home/emergency.html",
        {
            "network": request.network,
            "emergency": emergency_number(viewer=request.viewer),
            "numbers": local_numbers(viewer=request.viewer),
            "language": request.LANGUAGE_CODE,
            "first_language": request.network.languages[0],
            "today": request.now.astimezone(request.network.zoneinfo).date(),
        },
    )
