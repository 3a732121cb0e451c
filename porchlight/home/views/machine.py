"""«If our machine is lost», for keepers: backups, tries, keys and the seal, and what is red."""

from django.http import HttpResponse

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.home.queries import machine as queries
from porchlight.home.rules.backups import DRILL_TOO_OLD, TOO_OLD
from porchlight.people.rules.rights import Right


@door("GET", who=SIGNED_IN, right=Right.KEEP)
def machine(request: Request) -> HttpResponse:
    """Read without the operator's command; what it says to do is for whoever runs the machine."""
    found = queries.machine(viewer=request.viewer, now=request.now)
    facts = {"machine": found, "backup_days": TOO_OLD.days, "drill_days": DRILL_TOO_OLD.days}
    return page(request, "home/machine.html", facts)
