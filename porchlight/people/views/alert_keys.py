"""«This phone»: devices that can call one's pod while nobody is signed in."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.people.actions import alert_keys as actions
from porchlight.people.forms.alert_keys import AlertKeyForm
from porchlight.people.queries import alert_keys as queries
from porchlight.people.rules.alert_keys import cookie_with

COOKIE_LIFE = 60 * 60 * 24 * 400
"""As long as browsers keep any cookie; the row decides how long the key works."""


@door("GET", "POST", who=SIGNED_IN)
def this_phone(request: Request) -> HttpResponse:
    cookie = request.COOKIES.get(queries.cookie_name(), "")
    form = AlertKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = attempt(
            form,
            actions.make_alert_key,
            viewer=request.viewer,
            client_key=form.client_key_sent,
            label=form.cleaned_data["label"],
            cookie=cookie,
            now=request.now,
        )
        if key:
            response = redirect("people:this-phone", request.network.slug)
            _keep_on_device(response, cookie_with(key, cookie=cookie))
            return response
    keys = queries.alert_keys_of(viewer=request.viewer, now=request.now, cookie=cookie)
    facts = {"form": form, "alert_keys": keys, "is_here": any(key.is_here for key in keys)}
    return page(request, "people/alert_keys.html", facts)


def _keep_on_device(response: HttpResponse, cookie: str) -> None:
    response.set_cookie(
        queries.cookie_name(),
        cookie,
        max_age=COOKIE_LIFE,
        path="/",
        secure=settings.PUBLIC_IS_SECURE,
        httponly=True,
        samesite="Lax",
    )


@door("POST", who=SIGNED_IN)
def end_alert_key(request: Request, key_id: UUID) -> HttpResponse:
    actions.end_alert_key(viewer=request.viewer, key_id=key_id, now=request.now)
    return redirect("people:this-phone", request.network.slug)
