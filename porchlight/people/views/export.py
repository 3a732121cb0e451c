"""«Download what is kept about me.»"""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door
from porchlight.kit.export import zipped
from porchlight.kit.moments import collected
from porchlight.people.queries.own import own_id
from porchlight.people.views.ways_in import password_first


@door("GET", "POST", who=SIGNED_IN)
def download(request: Request) -> HttpResponse:
    """The file, after the password: it also says whom one keeps away."""
    asked = password_first(
        request,
        title=_("Everything kept about me"),
        back=reverse("people:me", args=[request.network.slug]),
    )
    if asked is not None:
        return asked
    person_id = own_id(viewer=request.viewer)
    return HttpResponse(
        zipped(collected("export_of", viewer=request.viewer, person_id=person_id)),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="porchlight.zip"'},
    )
