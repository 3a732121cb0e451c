"""«What we keep and how long»: the list the sweeps run on, for everybody to read."""

from importlib import import_module

from django.http import HttpResponse

from porchlight.browser.doors import ANYONE, Request, door, page


@door("GET", who=ANYONE)
def kept(request: Request) -> HttpResponse:
    # By name: the list stands beside the areas and names functions of all of them.
    return page(request, "home/kept.html", {"kept": import_module("porchlight.retention").KEPT})
