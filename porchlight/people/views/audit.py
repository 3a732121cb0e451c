"""Who did what, for keepers."""

from django.http import HttpResponse

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.people.queries.audit import audit_page
from porchlight.people.queries.chain import chain_head
from porchlight.people.rules.rights import Right


@door("GET", who=SIGNED_IN, right=Right.READ_AUDIT)
def audit(request: Request) -> HttpResponse:
    deeds = audit_page(viewer=request.viewer, number=request.GET.get("page", "1"))
    facts = {"deeds": deeds, "head": chain_head(request.viewer), "now": request.now}
    return page(request, "people/audit.html", facts)
