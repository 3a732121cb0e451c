"""What stands on every page of somebody inside: the form a hold sends, and NOT SENT."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from porchlight.alerts.rules.kinds import Kind
from porchlight.browser.doors import Request, door, page
from porchlight.browser.forms import Form
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.queries.numbers import emergency_number
from porchlight.people.views.numbers import numbers

SHORTLY = "private, max-age=300"


def hold_piece(request: HttpRequest) -> SafeString | None:
    """The form that holding *Get help* sends, with the button itself on a phone that may call and
    where nobody is signed in. No question to the database: it is on every page."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    network = getattr(request, "network", None)
    if viewer is None or network is None:
        return None
    if not viewer.is_someone and cookie_name() not in request.COOKIES:
        return None  # nobody's phone: what it holds is found out when it sends
    facts = {
        "form": Form(),
        "kind": Kind.OTHER.value,
        "network": network,
        "emergency": emergency_number(viewer=viewer),
    }
    piece = "alerts/_hold.html" if viewer.is_someone else "alerts/_hold_outside.html"
    return render_to_string(piece, facts, request)


@door("GET")
def not_sent(request: Request) -> HttpResponse:
    """NOT SENT, for the phone to keep: whom to ring, and room for texts of this phone's own.

    Nobody's words are on it, so the service worker may keep it for when nothing gets through.
    """
    response = page(request, "alerts/not_sent.html", numbers(request))
    response["Cache-Control"] = SHORTLY
    return response
