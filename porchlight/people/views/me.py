"""Doors of one's own page."""

from datetime import time
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from porchlight.browser.doors import ANYONE, SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere
from porchlight.notices.actions import test_addresses
from porchlight.notices.queries import test_my_phone
from porchlight.people.actions.ages import be_18_now, put_age_right
from porchlight.people.actions.me import (
    change_languages,
    change_name,
    leave_network,
    move_house,
    set_quiet_hours,
)
from porchlight.people.forms.accounts import ButtonForm
from porchlight.people.forms.me import LanguagesForm, NameForm, QuietForm
from porchlight.people.queries.alert_keys import alert_keys_of, cookie_name
from porchlight.people.queries.networks import only_slug
from porchlight.people.queries.persons import Me, age_to_keep, myself
from porchlight.people.queries.pods import my_pod
from porchlight.people.queries.reaching import recipients
from porchlight.people.queries.resets import own_open_reset
from porchlight.people.rules.rights import Right
from porchlight.people.views.ways_in import speak

BUDDIES_PART = gettext_lazy(
    "Buddies end where one is under 18 and the other is not, outside a household."
)


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def _languages(me: Me) -> str:
    return ", ".join(LANG_INFO[code]["name_local"] for code in me.speaks if code in LANG_INFO)


@door("GET", who=SIGNED_IN)
def me(request: Request) -> HttpResponse:
    """Everything about oneself in one place."""
    person = myself(viewer=request.viewer)
    [told] = recipients(viewer=request.viewer, person_ids=[person.id])
    return page(
        request,
        "people/me.html",
        {
            "me": person,
            "speaks": _languages(person),
            "quiet": (_clock(person.quiet_from), _clock(person.quiet_until)),
            "phone": test_my_phone(viewer=request.viewer, addresses=told.addresses),
            "alert_keys": alert_keys_of(
                viewer=request.viewer,
                now=request.now,
                cookie=request.COOKIES.get(cookie_name(), ""),
            ),
            "reset": own_open_reset(viewer=request.viewer, now=request.now),
            "form": ButtonForm(),
            "is_keeper": request.viewer.holds(Right.KEEP),
        },
    )


@door("GET", "POST", who=SIGNED_IN)
def name(request: Request) -> HttpResponse:
    """Be called something else."""
    form = NameForm(request.POST or None, initial={"name": myself(viewer=request.viewer).name})
    if request.method == "POST" and form.is_valid():
        attempt(form, change_name, viewer=request.viewer, **form.facts, now=request.now)
        if not form.errors:
            return redirect("people:me", request.network.slug)
    return page(request, "people/my_name.html", {"form": form})


@door("GET", "POST", who=SIGNED_IN)
def languages(request: Request) -> HttpResponse:
    """Which language one reads, and which ones one speaks."""
    person = myself(viewer=request.viewer)
    form = LanguagesForm(
        request.POST or None,
        languages=request.network.languages,
        initial={"language": person.language, "speaks": list(person.speaks)},
    )
    if request.method == "POST" and form.is_valid():
        attempt(form, change_languages, viewer=request.viewer, **form.facts, now=request.now)
        if not form.errors:
            return speak(redirect("people:me", request.network.slug), form.cleaned_data["language"])
    return page(request, "people/my_languages.html", {"form": form})


@door("GET", "POST", who=SIGNED_IN)
def quiet_hours(request: Request) -> HttpResponse:
    """When nothing ordinary rings."""
    person = myself(viewer=request.viewer)
    form = QuietForm(
        request.POST or None,
        initial={"start": _as_time(person.quiet_from), "end": _as_time(person.quiet_until)},
    )
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            set_quiet_hours,
            viewer=request.viewer,
            start=form.minutes("start"),
            end=form.minutes("end"),
            now=request.now,
        )
        if not form.errors:
            return redirect("people:me", request.network.slug)
    return page(request, "people/my_quiet_hours.html", {"form": form})


def _as_time(minutes: int | None) -> time | None:
    return None if minutes is None else time(minutes // 60, minutes % 60)


@door("GET", "POST", who=SIGNED_IN)
def age(request: Request) -> HttpResponse:
    """«I am 18 now»."""
    if not myself(viewer=request.viewer).is_under_18:
        raise NotHere
    form = ButtonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        be_18_now(viewer=request.viewer, now=request.now)
        return redirect("people:me", request.network.slug)
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("I am 18 now"),
            "words": _("The keepers can read that you said so."),
            "points": [BUDDIES_PART],
            "action": _("I am 18 now"),
            "back": reverse("people:me", args=[request.network.slug]),
        },
    )


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def age_of(request: Request, person_id: UUID) -> HttpResponse:
    """A keeper puts right whether somebody of their circles is under 18."""
    found = age_to_keep(viewer=request.viewer, person_id=person_id)
    form = ButtonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(
            form,
            put_age_right,
            viewer=request.viewer,
            person_id=person_id,
            is_under_18=not found.is_under_18,
            now=request.now,
        )
        if not form.errors:
            return redirect("people:pod", request.network.slug)
    is_young = found.is_under_18
    said = _("%(name)s is 18 or older") if is_young else _("%(name)s is under 18")
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": said % {"name": found.name},
            "words": _("They are told, and the other keepers can read it."),
            "points": [BUDDIES_PART],
            "action": _("It is so"),
            "back": reverse("people:pod", args=[request.network.slug]),
        },
    )


@door("POST", who=SIGNED_IN)
def test_phone(request: Request) -> HttpResponse:
    """Send a test to all of one's addresses."""
    person = myself(viewer=request.viewer)
    [told] = recipients(viewer=request.viewer, person_ids=[person.id])
    test_addresses(viewer=request.viewer, recipient=told, now=request.now)
    return redirect(reverse("people:me", args=[request.network.slug]) + "#reach")


# ---------- moving and leaving ----------


@door("GET", "POST", who=SIGNED_IN)
def moving(request: Request) -> HttpResponse:
    """Moving house, step by step."""
    form = ButtonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        move_house(viewer=request.viewer, now=request.now)
        return redirect(reverse("people:moving", args=[request.network.slug]) + "?moved=1")
    return page(
        request,
        "people/moving.html",
        {
            "form": form,
            "pod": my_pod(viewer=request.viewer, now=request.now),
            "has_moved": "moved" in request.GET,
        },
    )


@door("GET", "POST", who=SIGNED_IN)
def leaving(request: Request) -> HttpResponse:
    """Leave for good, after reading what goes and what stays."""
    form = ButtonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        attempt(form, leave_network, viewer=request.viewer, now=request.now)
        if not form.errors:
            logout(request)
            return redirect("people:left")
    return page(
        request,
        "browser/confirm.html",
        {
            "form": form,
            "title": _("Leave %(network)s") % {"network": request.network.name},
            "words": _("This happens now and cannot be undone:"),
            "points": [
                _("You leave your pod, your groups and your buddies."),
                _("Your roles end."),
                _("Your places, addresses, phones and your sign-in are erased."),
                _("Your name stays 30 days beside what you did together. Then it goes too."),
                _("To come back, you need a new invite."),
            ],
            "action": _("Leave now"),
            "back": reverse("people:me", args=[request.network.slug]),
            "is_grave": True,
        },
    )


@door("GET", who=ANYONE)
def left(request: Request) -> HttpResponse:
    """Goodbye."""
    return page(request, "people/left.html", {"slug": only_slug()})
