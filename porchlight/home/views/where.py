"""A link upwards: /r/<uuid> goes to whatever page the thing has, for those who may see it."""

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect

from porchlight.browser.doors import SIGNED_IN, Request, door
from porchlight.kit import moments
from porchlight.people.models import Login
from porchlight.people.queries.signing_in import as_network, viewer_of
from porchlight.people.sessions import is_session_proven


@door("GET", who=SIGNED_IN)
def where(request: Request, thing: UUID) -> HttpResponse:
    """Go there. What is unknown and what is not this person's look the same: not found."""
    login = request.user
    if not isinstance(login, Login):
        raise Http404
    viewer = viewer_of(
        network=as_network(login.network),
        login=login,
        now=request.now,
        is_proven=is_session_proven(request.session, request.now),
    )
    path = moments.asked("where_is", uuid=thing, viewer=viewer) if viewer.is_someone else None
    if path is None:
        raise Http404
    return HttpResponseRedirect(path)
