"""Home: the street, what waits, what comes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from porchlight.alerts.queries.offered import heard_by
from porchlight.alerts.views.lists import row
from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.browser.street import House
from porchlight.home.forms.hello import HelloForm
from porchlight.home.queries.home_page import home_page
from porchlight.home.rules.steps import Setup, Step, done, next_step
from porchlight.home.views.set_up import set_up
from porchlight.home.views.waiting import waiting
from porchlight.people.actions.hello import say_hello

NO_POD_YET = tuple(House(name="", is_me=place == 3) for place in range(7))
"""One's own house among dark ones that are nobody's."""


@door("GET", "POST", who=SIGNED_IN)
def home(request: Request) -> HttpResponse:
    """The page people land on. The form on it says hello."""
    form = HelloForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(form, say_hello, viewer=request.viewer, now=request.now)
        if not form.errors:
            return HttpResponseRedirect(reverse("home:home", args=[request.network.slug]))
    shown = home_page(viewer=request.viewer, now=request.now)
    step = next_step(shown.setup)
    return page(
        request,
        "home/home.html",
        {
            "home": shown,
            "alerts": [row(one) for one in shown.alerts],
            "form": form,
            "houses": shown.street.houses if shown.street else NO_POD_YET,
            "houses_label": "" if shown.street else gettext("A street with one house: yours"),
            "network": request.network,
            "hold_reaches": heard_by(viewer=request.viewer, now=request.now),
            "greeting": greeting(request.now, request.network.zoneinfo),
            "steps": steps(shown.setup, step),
            "next_step": _said(step, request.network.slug) if step else None,
            "waiting": waiting(shown, request.network.slug),
            "set_up": set_up(shown, request.network.slug),
            "shares": "sharing" in request.network.areas,
        },
    )


def greeting(now: datetime, zone: ZoneInfo) -> str:
    """How people greet at this hour."""
    hour = now.astimezone(zone).hour
    if hour < 5 or hour >= 18:
        return gettext("Good evening")
    return gettext("Good morning") if hour < 12 else gettext("Good afternoon")


def steps(setup: Setup, now: Step | None) -> list[dict[str, object]]:
    """The row of steps for the stepper."""
    behind = done(setup)
    return [
        {"words": gettext(step.value.short), "is_done": step in behind, "is_now": step is now}
        for step in Step
    ]


def _said(step: Step, slug: str) -> dict[str, str]:
    return {
        "icon": step.value.icon,
        "title": gettext(step.value.title),
        "words": gettext(step.value.why),
        "action": gettext(step.value.action),
        "href": reverse(step.value.url, args=[slug]),
    }
