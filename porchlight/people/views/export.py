"""«Download what is kept about me.»"""

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door
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
    found: dict[str, object] = {}
    for part in collected("export_of", viewer=request.viewer, person_id=person_id):
        found |= part
    return JsonResponse(
        found,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="porchlight.json"'},
    )
