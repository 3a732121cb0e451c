"""Houses of people who died: their pod decides."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.kit.errors import NotHere
from porchlight.people.actions.deaths import name_house, take_house_down
from porchlight.people.forms.accounts import ButtonForm
from porchlight.people.queries.pods import my_pod


@door("POST", who=SIGNED_IN)
def name(request: Request, person_id: UUID) -> HttpResponse:
    """Show the name at the house, or none."""
    has_name = request.POST.get("show") == "yes"
    name_house(viewer=request.viewer, person_id=person_id, has_name=has_name, now=request.now)
    return redirect("people:pod", request.network.slug)


@door("GET", "POST", who=SIGNED_IN)
def down(request: Request, person_id: UUID) -> HttpResponse:
    """Take the house down."""
    pod = my_pod(viewer=request.viewer, now=request.now)
    house = next((one for one in pod.kept if one.id == person_id), None) if pod else None
    if house is None:
        raise NotHere
    form = ButtonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_house_down(viewer=request.viewer, person_id=person_id, now=request.now)
        return redirect("people:pod", request.network.slug)
    facts = {
        "form": form,
        "title": _("Take the house of %(name)s down?") % {"name": house.name},
        "words": _("Have you talked about it in the pod? There is no hurry."),
        "action": _("Take the house down"),
        "back": reverse("people:pod", args=[request.network.slug]),
    }
    return page(request, "browser/confirm.html", facts)
