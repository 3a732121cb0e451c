"""Doors of coming in: the words of an invite, and three screens."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.shortcuts import redirect

from porchlight.browser.doors import ANYONE, SIGNED_IN, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import Refusal
from porchlight.notices.queries.ways import can_mail, can_text
from porchlight.people.actions.joining import Newcomer, join
from porchlight.people.forms.accounts import TypedBackForm
from porchlight.people.forms.joining import InviteWordsForm, LanguageForm, NewcomerForm
from porchlight.people.queries.invites import OpenDoor, door_behind
from porchlight.people.queries.names import is_name_taken
from porchlight.people.queries.pods import my_pod
from porchlight.people.rules import names
from porchlight.people.rules.accounts import Why as AccountWhy
from porchlight.people.rules.codes import is_typed_back, plain_code
from porchlight.people.rules.joining import Why
from porchlight.people.rules.phones import Phone, read_phone
from porchlight.people.views.ways_in import (
    empty,
    home_of,
    let_in,
    no_door,
    put_away,
    six_words,
    speak,
    taken_out,
    wrong_try,
)

POCKET = "joining"
AN_HOUR = 60 * 60
SCREEN_TWO = ("code", "language", "key")
SCREEN_THREE = (
    *SCREEN_TWO,
    "name",
    "password",
    "email",
    "is_under_18",
    "words",
    "hashed",
    "places",
)


def _steps(now_at: int) -> list[dict[str, Any]]:
    from django.utils.translation import gettext as _

    words = (_("Language"), _("You"), _("Your pod"))
    return [
        {"words": said, "is_done": place < now_at, "is_now": place == now_at}
        for place, said in enumerate(words, start=1)
    ]


@door("GET", "POST", who=ANYONE)
def words(request: Request) -> HttpResponse:
    """Type the words of an invite. They say themselves to which network they belong."""
    form = InviteWordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["words"]
        behind = door_behind(typed=typed, now=request.now)
        if behind is not None:
            return redirect("people:invite-link", behind.slug, plain_code(typed))
        wrong_try("invite", request.now, request)
        form.refuse(Refusal(Why.NO_INVITE), "words")
    return page(request, "people/join_words.html", {"form": form})


@door("GET", "POST", who=ANYONE)
def invite_link(request: Request, token: str) -> HttpResponse:
    """The first screen: in which language. Looking changes nothing: a preview uses nothing up."""
    behind = door_behind(typed=token, now=request.now, viewer=request.viewer)
    if request.viewer.is_someone:
        return redirect(home_of(request.network))
    if behind is None:
        wrong_try("invite", request.now, request)
        return no_door(request)
    languages = request.network.languages
    form = LanguageForm(
        request.POST or None,
        languages=languages,
        initial={"language": getattr(request, "LANGUAGE_CODE", languages[0])},
    )
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        kept = taken_out(request, POCKET, SCREEN_TWO) or {"key": str(uuid4())}
        put_away(request, POCKET, kept | {"code": plain_code(token), "language": language})
        request.session.set_expiry(AN_HOUR)
        return speak(redirect("people:join-name", request.network.slug), language)
    return page(
        request,
        "people/join_language.html",
        {"form": form, "behind": behind, "steps": _steps(1), "tongues": _tongues(form)},
    )


def _tongues(form: LanguageForm) -> list[tuple[str, str]]:
    return list(form.fields["language"].choices)  # type: ignore[attr-defined]


@door("GET", "POST", who=ANYONE)
def name(request: Request) -> HttpResponse:
    """The second screen: name, password, a mail address if one likes. Nothing is made yet."""
    kept, behind = _kept(request, SCREEN_TWO)
    if kept is None or behind is None:
        return _start_again(request)
    typed = {key: kept[key] for key in ("name", "phone", "email", "is_under_18") if key in kept}
    form = NewcomerForm(
        request.POST or None,
        initial=typed,
        zone=request.network.zone,
        with_phone=can_text(),
        with_mail=can_mail(),
    )
    if request.method == "POST" and form.is_valid():
        if is_name_taken(viewer=request.viewer, name=form.cleaned_data["name"]):
            form.refuse(Refusal(names.Why.TAKEN), "name")
        else:
            put_away(request, POCKET, kept | _newcomer(form, kept))
            return redirect("people:join-end", request.network.slug)
    return page(
        request, "people/join_name.html", {"form": form, "behind": behind, "steps": _steps(2)}
    )


def _newcomer(form: NewcomerForm, kept: dict[str, Any]) -> dict[str, Any]:
    """What the second screen adds. The six words stay the same when somebody goes back.

    A way that no longer goes out from here is not asked for, so it is taken away again.
    """
    given = {"phone": "", "email": ""} | form.facts
    code, places = (kept["words"], kept["places"]) if "words" in kept else six_words()
    hashed = kept["hashed"] if "hashed" in kept else make_password(code)
    return given | {
        "password": make_password(given["password"]),
        "words": code,
        "hashed": hashed,
        "places": places,
    }


@door("GET", "POST", who=ANYONE)
def end(request: Request) -> HttpResponse:
    """The third screen: who waits inside, and six words, two typed back. Then it is done."""
    kept, behind = _kept(request, SCREEN_THREE)
    if kept is None or behind is None:
        return _start_again(request)
    places = tuple(kept["places"])
    form = TypedBackForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        if not is_typed_back(kept["words"], places, form.cleaned_data["words"]):
            form.refuse(Refusal(AccountWhy.NOT_TYPED_BACK), "words")
        else:
            done = attempt(
                form,
                join,
                network=request.network,
                code=kept["code"],
                newcomer=_as_newcomer(kept, request.network.zone),
                client_key=UUID(kept["key"]),
                now=request.now,
            )
            if done:
                empty(request, POCKET)
                let_in(request, done, request.now)
                return redirect("people:joined", request.network.slug)
    return page(
        request,
        "people/join_end.html",
        {"form": form, "behind": behind, "steps": _steps(3), "code": kept["words"].split("-")},
    )


@door("GET", who=SIGNED_IN)
def joined(request: Request) -> HttpResponse:
    """What somebody who has just come in can do first."""
    return page(
        request,
        "people/joined.html",
        {"pod": my_pod(viewer=request.viewer, now=request.now), "home": home_of(request.network)},
    )


def _as_newcomer(kept: dict[str, Any], zone: str) -> Newcomer:
    phone = read_phone(kept.get("phone", ""), zone=zone)
    return Newcomer(
        phone=phone if isinstance(phone, Phone) else None,
        name=kept["name"],
        language=kept["language"],
        email=kept["email"],
        is_under_18=kept["is_under_18"],
        password=kept["password"],
        recovery=kept["hashed"],
    )


def _kept(
    request: Request, needs: tuple[str, ...]
) -> tuple[dict[str, Any] | None, OpenDoor | None]:
    """What the screens before kept, and the door it is for, while that is still open."""
    kept = taken_out(request, POCKET, needs)
    if kept is None:
        return None, None
    return kept, door_behind(typed=kept["code"], now=request.now, viewer=request.viewer)


def _start_again(request: Request) -> HttpResponse:
    """Already in: home. The invite is over meanwhile: the one page. Else: the words."""
    if request.viewer.is_someone:
        return redirect(home_of(request.network))
    if taken_out(request, POCKET) is not None:
        kept = taken_out(request, POCKET, SCREEN_THREE) or taken_out(request, POCKET, SCREEN_TWO)
        if kept and door_behind(typed=kept["code"], now=request.now, viewer=request.viewer):
            return redirect("people:join-name", request.network.slug)
        return no_door(request)
    return redirect("people:join", request.network.slug)
