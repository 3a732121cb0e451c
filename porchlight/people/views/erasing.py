"""«Erase everything about me.»"""

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.people.actions.erasing import erase_me
from porchlight.people.forms.accounts import ButtonForm
from porchlight.people.rules.erasing import GOES, STAYS
from porchlight.people.views.ways_in import is_fresh, password_first


@door("GET", "POST", who=SIGNED_IN)
def erasing(request: Request) -> HttpResponse:
    """Everything goes now, after the password and after reading what goes and what stays."""
    title = _("Erase everything about me")
    back = reverse("people:me", args=[request.network.slug])
    is_meant = request.method == "POST" and "erase" in request.POST and is_fresh(request)
    form = ButtonForm(request.POST if is_meant else None)
    if is_meant and form.is_valid():
        attempt(form, erase_me, viewer=request.viewer, now=request.now)
        if not form.errors:
            logout(request)
            return redirect(reverse("people:left") + "?erased=1")
    elif not is_meant:
        asked = password_first(
            request,
            title=title,
            words=_("Your password first, so that nobody else can do this."),
            back=back,
        )
        if asked is not None:
            return asked
    return page(
        request,
        "people/erasing.html",
        {"form": form, "title": title, "goes": GOES, "stays": STAYS, "back": back},
    )
