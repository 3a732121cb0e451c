"""Says on every request which network it is about and who is looking."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from porchlight.kit import clock
from porchlight.people.models import Login, Person
from porchlight.people.queries.signing_in import network_at, viewer_of


class who:
    """Sets `request.network`, `request.viewer` and `request.person` before any view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.network = request.viewer = request.person = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        slug = kwargs.pop("slug", None)
        if slug is None:
            if _opens_a_page(request):
                request.person = _person(request)  # type: ignore[attr-defined]
            return
        network = network_at(slug=slug)
        if network is None:
            raise Http404
        user = request.user
        login = user if isinstance(user, Login) else None
        request.now = clock.now()  # type: ignore[attr-defined]
        request.network = network  # type: ignore[attr-defined]
        request.viewer = viewer_of(network=network, login=login, now=request.now)  # type: ignore[attr-defined]
        if request.viewer.is_someone:  # type: ignore[attr-defined]
            request.person = _person(request)  # type: ignore[attr-defined]


def _opens_a_page(request: HttpRequest) -> bool:
    """Somebody goes to a page themselves; workers, files and streams ask in another way."""
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _person(request: HttpRequest) -> Person | None:
    """Who is signed in on this phone, of whatever network: they read in their own language."""
    return request.user.person if isinstance(request.user, Login) else None
