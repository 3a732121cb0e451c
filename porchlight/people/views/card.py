"""Doors of the contact card that lets our texts and calls through at night."""

from django.conf import settings
from django.http import HttpResponse

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.kit.errors import NotHere
from porchlight.people.rules.card import contact_card
from porchlight.people.views.ways_in import home_of


@door("GET", who=SIGNED_IN)
def card(request: Request) -> HttpResponse:
    """How to keep the card, and how to let it ring when the phone is silent."""
    return page(request, "people/card.html", {"numbers": settings.PHONE_NUMBERS})


@door("GET", who=SIGNED_IN)
def card_file(request: Request) -> HttpResponse:
    """The card itself. Without numbers there is none."""
    if not settings.PHONE_NUMBERS:
        raise NotHere
    words = contact_card(
        name=request.network.name,
        numbers=settings.PHONE_NUMBERS,
        url=settings.PUBLIC_URL + home_of(request.network),
    )
    return HttpResponse(
        words,
        content_type="text/vcard; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{request.network.slug}.vcf"'},
    )
