"""«This phone»: devices that can call one's pod while nobody is signed in."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
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


@door("GET", "POST", who=SIGNED_IN)
def phone_taken(request: Request) -> HttpResponse:
    if request.method == "POST":
        actions.phone_was_taken(viewer=request.viewer, now=request.now)
        request.session.flush()
        return redirect(settings.SIGN_IN_URL_NAME)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": Form(),
            "title": _("My phone was taken"),
            "points": [
                _("Every phone and computer of yours is signed out, this one too."),
                _("No phone can call your pod for you until you set it up again."),
                _("No phone rings for you through its browser until you turn it on again."),
                _("You sign in again with your name and password."),
            ],
            "action": _("Sign out everywhere"),
            "back": reverse("people:this-phone", args=[request.network.slug]),
            "is_grave": True,
        },
    )
