"""Doors of «Let this phone ring»."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from porchlight.browser.doors import ANYONE, SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit import vapid
from porchlight.kit.errors import Refusal
from porchlight.people.actions.addresses import remove_address
from porchlight.people.actions.push import let_ring, ring_again
from porchlight.people.forms.accounts import ButtonForm
from porchlight.people.forms.push import PushForm
from porchlight.people.queries.push import cookie_name, ringing_phones
from porchlight.people.rules.alert_keys import cookie_with
from porchlight.people.views.alert_keys import COOKIE_LIFE


@door("GET", "POST", who=SIGNED_IN)
def push(request: Request) -> HttpResponse:
    """Let this phone ring, and see which ones do."""
    held = request.COOKIES.get(cookie_name(), "")
    form = PushForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = attempt(
            form,
            let_ring,
            viewer=request.viewer,
            **form.facts,
            cookie=held,
            client_key=form.client_key_sent,
            now=request.now,
        )
        if key:
            response = redirect("people:push", request.network.slug)
            _keep_on_device(response, cookie_with(key, cookie=held))
            return response
    phones = ringing_phones(viewer=request.viewer, cookie=held)
    facts = {
        "form": form,
        "phones": phones,
        "here": next((phone for phone in phones if phone.is_here), None),
        "push_key": vapid.own_public_text(),
        "button": ButtonForm(),
    }
    return page(request, "people/push.html", facts)


def _keep_on_device(response: HttpResponse, cookie: str) -> None:
    response.set_cookie(
        cookie_name(),
        cookie,
        max_age=COOKIE_LIFE,
        path="/",
        secure=settings.PUBLIC_IS_SECURE,
        httponly=True,
        samesite="Lax",
    )


@door("POST", who=SIGNED_IN)
def end(request: Request, address_id: UUID) -> HttpResponse:
    """One device stops ringing. Ended already: nothing to do."""
    remove_address(viewer=request.viewer, address_id=address_id, now=request.now)
    return redirect("people:push", request.network.slug)


# The service worker has no form and no session; the device's own key says whose it is, and its
# cookie does not come along from other sites.
@csrf_exempt
@door("POST", who=ANYONE)
def again(request: Request) -> HttpResponse:
    """The browser changed where it is reached."""
    try:
        changed = ring_again(
            subscription=request.body.decode("utf-8", "replace"),
            cookie=request.COOKIES.get(cookie_name(), ""),
            now=request.now,
        )
    except Refusal:
        changed = 0
    return HttpResponse(status=204 if changed else 404)
