"""The first page, for people who are not anywhere yet."""

from uuid import uuid4

from django.conf import settings
from django.contrib.auth import login as sign_in
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from porchlight.browser.doors import Request, door, page
from porchlight.browser.views import speak_their_own
from porchlight.home.queries.demo import login_of_described
from porchlight.home.queries.networks import demo_slugs, first_page
from porchlight.home.rules.cast import DESCRIBED, PASSWORD, described
from porchlight.people.models import Login
from porchlight.people.sessions import prove

SIGN_IN_BY = "porchlight.people.queries.signing_in.NameAndPassword"


@door("GET")
def welcome(request: Request) -> HttpResponse:
    """One sentence, a way in, and in the demo six people to be. Somebody signed in goes home."""
    slug = _home_of(request.user)
    if slug:
        return HttpResponseRedirect(reverse("home:home", args=[slug]))
    known = first_page()
    if not known.has_any:
        return HttpResponseRedirect(reverse("people:start"))
    return page(
        request,
        "home/welcome.html",
        {
            "only": known.only,
            "client_key": uuid4(),
            "people": _people_to_be(),
            "password": PASSWORD,
            "phones": reverse("notices:phones") if settings.IS_DEMO else "",
        },
    )


def _home_of(user: object) -> str:
    """The word of the network somebody is signed in to; nothing once they left or it closed."""
    if not isinstance(user, Login) or user.person.left_at is not None:
        return ""
    return user.network.slug if user.network.closed_at is None else ""


def _people_to_be() -> list[dict[str, str]]:
    """The six, with their words in the reader's language; none where the demo is not loaded."""
    loaded = demo_slugs() if settings.IS_DEMO else frozenset()
    return [
        {"key": one.key, "name": one.name, "who": gettext(one.who), "see": gettext(one.see)}
        for one in DESCRIBED
        if one.network in loaded
    ]


@door("POST", demo_only=True)
def demo_sign_in(request: Request) -> HttpResponse:
    """Be one of the six, with one press."""
    chosen = described(request.POST.get("who", ""))
    login = login_of_described(chosen) if chosen else None
    if login is None:
        raise Http404
    sign_in(request, login, backend=SIGN_IN_BY)
    prove(request.session, request.now, is_demo=True)
    return speak_their_own(HttpResponseRedirect(reverse("home:home", args=[login.network.slug])))
