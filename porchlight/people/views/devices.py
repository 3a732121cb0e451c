"""Doors of «My devices», and of a phone that was taken."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.browser.forms import Form, attempt
from porchlight.people.actions import devices as actions
from porchlight.people.forms.factors import DeviceForm, TakenForm, TakenFromForm
from porchlight.people.queries.devices import devices_of
from porchlight.people.queries.numbers import emergency_number
from porchlight.people.rules.rights import Right
from porchlight.people.views.ways_in import password_before, row_key


@door("GET", "POST", who=SIGNED_IN)
def devices(request: Request) -> HttpResponse:
    """Where one is signed in; giving the one in one's hand a name."""
    form = DeviceForm(request.POST or None)
    key = row_key(request)
    if request.method == "POST" and form.is_valid():
        actions.name_own_device(viewer=request.viewer, label=form.cleaned_data["label"], key=key)
        return redirect("people:devices", request.network.slug)
    found = devices_of(viewer=request.viewer, here=key, now=request.now)
    return page(request, "people/devices.html", {"form": form, "devices": found, "button": Form()})


@door("POST", who=SIGNED_IN)
def end(request: Request, device_id: UUID) -> HttpResponse:
    """Sign one of them out."""
    actions.end_device(viewer=request.viewer, device_id=device_id, now=request.now)
    return redirect("people:devices", request.network.slug)


@door("GET", "POST", who=SIGNED_IN)
def phone_taken(request: Request) -> HttpResponse:
    """My phone was taken: everything ends, here too."""
    form = TakenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.phone_was_taken(
            viewer=request.viewer, drop_numbers=form.cleaned_data["drop_numbers"], now=request.now
        )
        request.session.flush()
        return redirect(settings.SIGN_IN_URL_NAME)
    facts = {
        "form": form,
        "title": _("My phone was taken"),
        "points": [
            _("Every phone and computer of yours is signed out, this one too."),
            _("No phone can call your pod for you until you set it up again."),
            _("No phone rings for you through its browser until you turn it on again."),
            _("Passkeys, the app for codes and codes on paper are taken off. Make new ones later."),
            *_signing_in_again(request),
        ],
        "action": _("Sign out everywhere"),
        "back": reverse("people:devices", args=[request.network.slug]),
    }
    return page(request, "people/phone_taken.html", facts)


def _signing_in_again(request: Request) -> list[str]:
    """What comes after it: in a lock there is no way back in, nor a call, for up to a day."""
    if not request.network.is_locked(request.now):
        return [_("You sign in again with your name and password.")]
    number = emergency_number(viewer=request.viewer).shown
    return [
        _(
            "Everything here is locked just now: you cannot sign in again, and no phone of yours "
            "calls your pod, until it opens. In danger ring %(number)s or knock next door."
        )
        % {"number": number},
        _("With your numbers off, a text from you calls nobody either."),
    ]


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def phone_taken_from(request: Request) -> HttpResponse:
    """A keeper signs somebody out whose phone was taken and who asks; the password first."""
    title = _("Somebody's phone was taken")
    back = reverse("people:me", args=[request.network.slug])
    asked = password_before(request, title=title, back=back)
    if asked is not None:
        return asked
    form = TakenFromForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(form, actions.phone_was_taken_from, viewer=request.viewer, **form.facts,
                now=request.now)  # fmt: skip
        if not form.errors:
            facts = {"name": form.cleaned_data["name"]}
            return page(request, "people/phone_taken_done.html", facts)
    facts = {
        "form": form,
        "title": title,
        "words": _("Only when they ask you, in person or on the phone. They are told at once."),
        "points": [
            _("They are signed out everywhere. Name, password and second step stay as they are."),
            _("Their phone still rings and still calls for help: only they take that off."),
        ],
        "action": _("Sign them out everywhere"),
        "back": back,
    }
    return page(request, "people/phone_taken.html", facts)
