"""Who would come, before anybody calls."""

from django.http import HttpResponse

from porchlight.alerts.queries.coverage import coverage
from porchlight.alerts.rules.chances import HALF_LIFE
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import Why
from porchlight.browser.doors import SIGNED_IN, Request, door, page


@door("GET", who=SIGNED_IN)
def who_would_come(request: Request) -> HttpResponse:
    """How likely enough people are, by day and by night, and what one can do about it."""
    found = coverage(viewer=request.viewer, now=request.now)
    facts = {
        "coverage": found,
        "rates": {
            why.value: [hour.rates[why] for hour in found.hours]
            for why in (Why.POD, Why.NEAR, Why.TRAINED)
        },
        "half_seconds": HALF_LIFE[Kind.HURT].seconds,
        "network": request.network,
    }
    return page(request, "alerts/coverage.html", facts)
