"""Doors of starting a network, and of its settings."""

import secrets

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from porchlight.browser.doors import ANYONE, SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import Refusal
from porchlight.people.actions.joining import Newcomer
from porchlight.people.actions.networks import change_network, start_network
from porchlight.people.forms.networks import NetworkForm, StartForm
from porchlight.people.queries.invites import founding_invites
from porchlight.people.queries.networks import has_networks, is_started, local_numbers
from porchlight.people.rules.networks import SETUP_CODE_FILE, Why, as_lines
from porchlight.people.rules.rights import Right
from porchlight.people.views.accounts import POCKET as RECOVERY
from porchlight.people.views.invites import whole_address
from porchlight.people.views.ways_in import (
    let_in,
    put_away,
    right_try,
    six_words,
    wrong_try,
)


def _setup_code() -> str:
    """The code the program wrote beside its data; empty when there is none."""
    try:
        return (settings.VAR / SETUP_CODE_FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _is_known(typed: str) -> bool:
    code = _setup_code()
    plain = "".join(letter for letter in typed.casefold() if letter.isalnum())
    return bool(code) and secrets.compare_digest(plain.encode(), code.casefold().encode())


@door("GET", "POST", who=ANYONE)
def start(request: Request) -> HttpResponse:
    """The first page of a new install. Once a network is there, only with the setup code."""
    sent = StartForm(request.POST or None, asks_for_code=False)
    if request.method == "POST" and sent.is_valid() and _is_started(sent):
        return redirect("people:founded", sent.cleaned_data["slug"])
    is_open = settings.IS_DEMO or settings.PUBLIC_IS_LOOPBACK
    asks_for_code = has_networks() or not is_open
    if asks_for_code and not _setup_code():
        raise Http404
    form = StartForm(
        request.POST or None,
        asks_for_code=asks_for_code,
        initial={"languages": [get_language() or settings.LANGUAGE_CODE]},
    )
    if request.method == "POST" and form.is_valid():
        if asks_for_code and not _is_known(form.cleaned_data["setup_code"]):
            wrong_try(SETUP_CODE_FILE, request.now)
            form.refuse(Refusal(Why.WRONG_SETUP_CODE), "setup_code")
        else:
            right_try(SETUP_CODE_FILE)
            return _started(request, form)
    return page(request, "people/start.html", {"form": form})


def _is_started(form: StartForm) -> bool:
    """The second of two taps: the first one signed the keeper in, this one signs nobody in."""
    return is_started(client_key=form.client_key_sent, slug=form.cleaned_data["slug"])


def _started(request: Request, form: StartForm) -> HttpResponse:
    """Start it, sign the first keeper in, and show both what to write down and whom to invite."""
    code, places = six_words()
    sealed = make_password(code)
    given = form.cleaned_data
    founding = form.founding(read_in=get_language() or settings.LANGUAGE_CODE)
    started = attempt(
        form,
        start_network,
        founding=founding,
        first=Newcomer(
            name=given["keeper"],
            language=founding.languages[0],
            email="",
            is_under_18=False,
            password=make_password(given["password"]),
            recovery=sealed,
        ),
        client_key=form.client_key_sent,
        now=request.now,
    )
    if not started:
        return page(request, "people/start.html", {"form": form})
    if started.login is not None:
        let_in(request, started.login, request.now)
    request.network = started.network
    put_away(request, RECOVERY, {"words": code, "hashed": sealed, "places": places})
    return redirect("people:founded", started.network.slug)


@door("GET", who=SIGNED_IN, right=Right.KEEP)
def founded(request: Request) -> HttpResponse:
    """The second keeper's way in, and what comes next."""
    found = founding_invites(viewer=request.viewer, now=request.now)
    shown = [
        (one, whole_address("people:invite-link", request.network.slug, one.code)) for one in found
    ]
    return page(request, "people/founded.html", {"invites": shown})


@door("GET", "POST", who=SIGNED_IN, right=Right.KEEP)
def network_settings(request: Request) -> HttpResponse:
    """What keepers change: name, numbers, languages."""
    numbers = local_numbers(viewer=request.viewer)
    tongue = request.network.languages[0]
    form = NetworkForm(
        request.POST or None,
        initial={
            "name": request.network.name,
            "languages": list(request.network.languages),
            "main_language": tongue,
            "emergency_number": request.network.emergency_number,
            "local_numbers": as_lines([(one.in_tongue(tongue), one.number) for one in numbers]),
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.facts
        attempt(
            form,
            change_network,
            viewer=request.viewer,
            name=given["name"],
            languages=given["languages"],
            emergency_number=given["emergency_number"],
            local_numbers=given["local_numbers"],
            now=request.now,
        )
        if not form.errors:
            return redirect("people:network-settings", request.network.slug)
    return page(request, "people/network_settings.html", {"form": form})
