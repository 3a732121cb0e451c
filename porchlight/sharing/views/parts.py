"""What the doors of this area share: closed where the people here have not switched it on."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import uuid4

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from porchlight.browser.doors import Request, page
from porchlight.browser.forms import Form
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer


def where_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Below `door`: the page exists only where this area is on."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **facts: Any) -> HttpResponse:
        if "sharing" not in request.network.areas:
            raise NotHere
        return view(request, *args, **facts)

    return guarded


def with_no(refusal: Refusal) -> Form:
    """A form to say a rule's no, on a page whose buttons carry nothing that was typed."""
    form = Form({"client_key": str(uuid4())})
    form.is_valid()
    form.refuse(refusal)
    return form


def at_its_field(form: Form, fields: Mapping[str, str]) -> None:
    """Show a rule's no where it belongs, instead of above the form. fields: by the no's code."""
    for why, field in fields.items():
        if form.has_error(NON_FIELD_ERRORS, why):
            form.errors[field] = form.errors.pop(NON_FIELD_ERRORS)


def ask_taking_back(request: Request, form: Form, back: str) -> HttpResponse:
    """Whether it is really not needed any more. back: to its page."""
    facts = {
        "form": form,
        "title": _("Take it back?"),
        "words": _("It leaves the board at once. Whoever promised to help is told."),
        "action": _("Take it back"),
        "back": back,
    }
    return page(request, "browser/confirm.html", facts)


def is_on_here(request: HttpRequest) -> bool:
    """For pieces on pages of lower areas, which nobody's door has looked at."""
    network: Network | None = getattr(request, "network", None)
    viewer: Viewer | None = getattr(request, "viewer", None)
    return bool(network and viewer and viewer.is_someone and "sharing" in network.areas)
