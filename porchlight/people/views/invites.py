"""Doors of inviting a neighbour, and of those who ask at the door."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from porchlight.browser.doors import ANYONE, SIGNED_IN, Request, door, page
from porchlight.browser.forms import NOT_FILLED, attempt
from porchlight.people.actions.asking import answer_at_the_door, ask_at_the_door
from porchlight.people.actions.invites import make_invite, revoke_invite
from porchlight.people.forms.accounts import ButtonForm
from porchlight.people.forms.joining import AnswerForm, AtTheDoorForm, InviteForm, InviteWordsForm
from porchlight.people.queries.asking import answered, at_the_door
from porchlight.people.queries.invites import circles_to_invite_to, own_invite, own_invites
from porchlight.people.queries.network_rules import number
from porchlight.people.rules.codes import plain_code
from porchlight.people.rules.rights import Right
from porchlight.people.views.ways_in import home_of, no_door, one_more_try, wrong_try


def whole_address(name: str, *parts: str) -> str:
    """An address as it stands on paper, with the host."""
    return settings.PUBLIC_URL + reverse(name, args=parts)


@door("GET", "POST", who=SIGNED_IN)
def invites(request: Request) -> HttpResponse:
    """One's own invites, and a new one."""
    circles = circles_to_invite_to(viewer=request.viewer)
    form = InviteForm(request.POST or None, circles=circles)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            make_invite,
            viewer=request.viewer,
            circle_id=form.circle_id(),
            client_key=form.client_key_sent,
            now=request.now,
        )
        if made:
            return redirect("people:invite", request.network.slug, made.id)
    mine = own_invites(viewer=request.viewer, now=request.now)
    return page(
        request,
        "people/invites.html",
        {
            "form": form,
            "open": [invite for invite in mine if invite.is_open],
            "over": [invite for invite in mine if not invite.is_open],
            "may_invite": request.viewer.may(Right.INVITE),
            "needed": number(network_id=request.network.id, key="vouches.needed", now=request.now),
            "may_answer": request.viewer.may(Right.ANSWER_JOIN_REQUESTS),
        },
    )


@door("GET", who=SIGNED_IN)
def invite(request: Request, invite_id: UUID) -> HttpResponse:
    """One invite as words, link and picture, to show, send or print."""
    found = own_invite(viewer=request.viewer, invite_id=invite_id, now=request.now)
    link = (
        whole_address("people:invite-link", request.network.slug, found.code) if found.code else ""
    )
    return page(
        request, "people/invite.html", {"invite": found, "link": link, "form": ButtonForm()}
    )


@door("POST", who=SIGNED_IN)
def revoke(request: Request, invite_id: UUID) -> HttpResponse:
    """Take one's own invite back."""
    revoke_invite(viewer=request.viewer, invite_id=invite_id, now=request.now)
    return redirect("people:invites", request.network.slug)


@door("GET", "POST", who=ANYONE)
def ask_to_join(request: Request) -> HttpResponse:
    """Where the poster leads: somebody without an invite asks the neighbours."""
    if request.viewer.is_someone:
        return redirect(home_of(request.network))
    form = AtTheDoorForm(
        request.POST or None,
        languages=request.network.languages,
        initial={"language": getattr(request, "LANGUAGE_CODE", "")},
    )
    if request.method == "POST" and form.is_valid():
        one_more_try("ask to join", request, request.now)
        code = attempt(
            form,
            ask_at_the_door,
            network=request.network,
            name=form.cleaned_data["name"],
            recognised_by=form.cleaned_data["recognised_by"],
            language=form.cleaned_data["language"],
            client_key=form.client_key_sent,
            now=request.now,
        )
        if code:
            return redirect("people:asked", request.network.slug, code)
    return page(request, "people/ask_to_join.html", {"form": form})


@door("GET", "POST", who=ANYONE)
def asked_words(request: Request) -> HttpResponse:
    """Come back with the words, when the page was closed."""
    form = InviteWordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if code := plain_code(form.cleaned_data["words"]):
            return redirect("people:asked", request.network.slug, code)
        form.add_error("words", NOT_FILLED)  # no letter in it
    return page(request, "people/asked_words.html", {"form": form})


@door("GET", who=ANYONE)
def asked(request: Request, token: str) -> HttpResponse:
    """How it stands with one's request."""
    found = answered(viewer=request.viewer, typed=token, now=request.now)
    if found is None:
        wrong_try("asked", request.now, request)
        return no_door(request)
    return page(
        request, "people/asked.html", {"found": found, "code": plain_code(token).split("-")}
    )


@door("GET", who=SIGNED_IN, right=Right.ANSWER_JOIN_REQUESTS)
def requests(request: Request) -> HttpResponse:
    """Who asked at the door."""
    waiting = at_the_door(viewer=request.viewer, now=request.now)
    return page(
        request,
        "people/join_requests.html",
        {"waiting": [(one, AnswerForm(auto_id=f"{one.id}_%s")) for one in waiting]},
    )


@door("POST", who=SIGNED_IN, right=Right.ANSWER_JOIN_REQUESTS)
def answer(request: Request, request_id: UUID) -> HttpResponse:
    """Yes or no to one of them."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        answer_at_the_door(
            viewer=request.viewer,
            request_id=request_id,
            is_yes=form.cleaned_data["answer"] == "yes",
            client_key=form.client_key_sent,
            now=request.now,
        )
    return redirect("people:join-requests", request.network.slug)


@door("GET", who=SIGNED_IN)
def poster(request: Request) -> HttpResponse:
    """One sheet of paper for a wall, in the network's languages."""
    link = whole_address("people:ask-to-join", request.network.slug)
    known = dict(settings.LANGUAGES)
    tongues = []
    for code in request.network.languages:
        if code in known:
            with translation.override(code):
                direction = "rtl" if translation.get_language_bidi() else "ltr"
                tongues.append({"code": code, "direction": direction, "lines": _poster_lines()})
    return page(request, "people/poster.html", {"link": link, "tongues": tongues})


def _poster_lines() -> list[str]:
    from django.utils.translation import gettext as _

    return [
        _("Neighbours looking out for each other."),
        _("Need a hand, or want to lend one? Scan this and ask to join."),
        _("A neighbour answers you. No e-mail is needed."),
    ]
