"""«Download what is kept about me.»"""

from django.http import HttpResponse, JsonResponse

from porchlight.browser.doors import SIGNED_IN, Request, door
from porchlight.kit.moments import collected
from porchlight.people.queries.own import own_id


@door("GET", who=SIGNED_IN)
def download(request: Request) -> HttpResponse:
    person_id = own_id(viewer=request.viewer)
    found: dict[str, object] = {}
    for part in collected("export_of", viewer=request.viewer, person_id=person_id):
        found |= part
    return JsonResponse(
        found,
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="porchlight.json"'},
    )
