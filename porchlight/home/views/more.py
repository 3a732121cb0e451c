"""The rest of the menu, and who can see what."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.people.rules.rights import Right

# name of the address, icon, words, the right it asks for
REST: tuple[tuple[str, str, str, Right | None], ...] = ()


@door("GET", who=SIGNED_IN)
def more(request: Request) -> HttpResponse:
    """Everything that has no room in the bar."""
    return page(request, "home/more.html", {"rest": _rest(request)})


def _rest(request: Request) -> list[dict[str, str]]:
    return [
        {"href": reverse(name, args=[request.network.slug]), "icon": icon, "title": gettext(words)}
        for name, icon, words, right in REST
        if right is None or request.viewer.may(right)
    ]


@door("GET")
def limits(request: Request) -> HttpResponse:
    """What the owner of the machine could read, in plain words. Anybody may know before joining."""
    return page(request, "home/limits.html", {"network": request.network})
