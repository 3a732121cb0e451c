"""For a machine elsewhere that watches this one."""

from django.db import DatabaseError
from django.http import HttpResponse

from porchlight.browser.doors import ANYONE, Request, door
from porchlight.home.queries.alive import goes_on

PLAIN = "text/plain; charset=utf-8"


@door("GET", who=ANYONE)
def alive(request: Request) -> HttpResponse:
    """«ok» while calls for help and urgent messages go on in time; else 503. Nothing about anybody;
    `porchlight watch` asks it (docs/operate.md)."""
    try:
        is_well = goes_on(request.now)
    except DatabaseError:
        is_well = False
    return HttpResponse(
        "ok\n" if is_well else "late\n", status=200 if is_well else 503, content_type=PLAIN
    )
