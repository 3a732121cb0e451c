"""Says on every request which network it is about and who is looking."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from porchlight.browser.problems import problem_page
from porchlight.kit import clock
from porchlight.kit.errors import Refusal
from porchlight.kit.network import Network
from porchlight.people.models import Login, Person
from porchlight.people.queries.signing_in import network_at, viewer_of
from porchlight.people.rules.lockdown import SHUT_DOORS, Why
from porchlight.people.sessions import is_session_proven, note_use


class who:
    """Sets `request.network`, `request.viewer` and `request.person` before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.network = request.viewer = request.person = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("slug", None)
        if slug is None:
            if _opens_a_page(request):
                request.person = _person(request)  # type: ignore[attr-defined]
            return None
        request.now = now = clock.now()  # type: ignore[attr-defined]
        network = network_at(slug=slug, now=now)
        if network is None:
            raise Http404
        user = request.user
        login = user if isinstance(user, Login) else None
        request.network = network  # type: ignore[attr-defined]
        is_proven = login is not None and is_session_proven(request.session, now)
        viewer = viewer_of(network=network, login=login, now=now, is_proven=is_proven)
        request.viewer = viewer  # type: ignore[attr-defined]
        if is_proven and _is_opened_by_somebody(request):
            note_use(request.session, now)
        if viewer.is_someone:
            request.person = _person(request)  # type: ignore[attr-defined]
        return _shut(request, network)


def _shut(request: Any, network: Network) -> HttpResponse | None:
    """The page of a door that opens nothing while everything is locked; None for all others."""
    match = request.resolver_match
    if not network.is_locked(request.now) or match.view_name not in SHUT_DOORS:
        return None
    return problem_page(
        request,
        status=409,
        title=_("Everything is locked"),
        sentence=Refusal(Why.LOCKED).sentence,
    )


def _is_opened_by_somebody(request: HttpRequest) -> bool:
    """A page or a form, not what an open page asks for by itself."""
    is_live = "text/event-stream" in request.headers.get("Accept", "")
    return not is_live and request.headers.get("HX-Request") != "true"


def _opens_a_page(request: HttpRequest) -> bool:
    """Somebody goes to a page themselves; workers, files and streams ask in another way."""
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _person(request: HttpRequest) -> Person | None:
    """Who is signed in on this phone, of whatever network: they read in their own language."""
    return request.user.person if isinstance(request.user, Login) else None
