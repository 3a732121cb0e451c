"""Asking without an account: the questions, six words to come back with, and the answer."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from porchlight.browser.doors import ANYONE, Request, door, page
from porchlight.browser.forms import attempt
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.rules.accounts import Why as AccountWhy
from porchlight.people.rules.codes import is_typed_back
from porchlight.people.views.numbers import numbers
from porchlight.people.views.ways_in import (
    empty,
    one_more_try,
    put_away,
    six_words,
    taken_out,
    wrong_try,
)
from porchlight.sharing.actions import by_code as actions
from porchlight.sharing.actions.intake import DEEDS
from porchlight.sharing.forms.by_code import OutsideForm, OwnWordsForm, SixWordsForm
from porchlight.sharing.queries.by_code import (
    ByCode,
    opened_by_proof,
    opened_by_tag,
    proof_of,
    takes_asks,
)
from porchlight.sharing.rules.by_code import OutsideAsk, day_meant, is_tag, tag_of
from porchlight.sharing.rules.categories import (
    DANGEROUS_WORDS,
    WORDS,
    Category,
    Dangerous,
)
from porchlight.sharing.rules.intake import Call, CameBy, WhyNot
from porchlight.sharing.rules.sounds_like import kinds_for
from porchlight.sharing.rules.times import When
from porchlight.sharing.views.asking import kind_shown
from porchlight.sharing.views.one import steps_of
from porchlight.sharing.views.parts import where_on, with_no

POCKET, NEEDS = "ask-outside", ("category", "words_made", "places", "key")
DOOR = "ask words"


@door("GET", who=ANYONE)
@where_on
def outside_ask(request: Request) -> HttpResponse:
    """For somebody without an account: what kind of thing it is, or back with six words."""
    if request.viewer.is_someone:
        return redirect("sharing:choose", request.network.slug)
    facts = {
        "is_open": takes_asks(viewer=request.viewer, now=request.now),
        "kinds": [kind_shown(one) for one in Category],
        "others": [_(words) for words in DANGEROUS_WORDS.values()],
    }
    return page(request, "sharing/outside_ask.html", facts | numbers(request))


@door("GET", "POST", who=ANYONE)
@where_on
def outside_questions(request: Request, category: str) -> HttpResponse:
    """The questions. Nothing is kept for the desk yet: six words come first."""
    if category not in set(Category):
        raise Http404
    if request.viewer.is_someone:
        return redirect("sharing:ask", request.network.slug, category)
    if not takes_asks(viewer=request.viewer, now=request.now):
        return redirect("sharing:outside-ask", request.network.slug)
    kept = taken_out(request, POCKET, NEEDS) or {}
    form = OutsideForm(request.POST or None, initial=kept, network=request.network)
    if request.method == "POST" and form.is_valid():
        code, places = six_words()
        made = {"words_made": code, "places": places, "key": str(form.client_key_sent)}
        same = {name: kept[name] for name in made if name in kept}  # whoever went back
        put_away(request, POCKET, made | same | form.as_typed() | {"category": category})
        return redirect("sharing:outside-words", request.network.slug)
    facts = {"form": form, "kind": _(WORDS[Category(category)])}
    return page(request, "sharing/outside_questions.html", facts)


@door("GET", "POST", who=ANYONE)
@where_on
def outside_words(request: Request) -> HttpResponse:
    """Six words to come back with: made by the browser, or by us where it cannot. Two are typed
    back, and then it is sent."""
    kept = taken_out(request, POCKET, NEEDS)
    if kept is None:
        return redirect("sharing:outside-ask", request.network.slug)
    places = tuple(kept["places"])
    form = OwnWordsForm(request.POST or None, places=places)
    if request.method == "POST":
        # Words the browser made never come here: it has compared them itself.
        form.fields["words"].required = not is_tag(request.POST.get("tag", ""))
        if form.is_valid() and _sent(request, form, kept):
            return redirect("sharing:outside-sent", request.network.slug)
    sounds = kinds_for(f"{kept['line']} {kept['said']}")
    facts = {
        "form": form,
        "code": kept["words_made"].split("-"),
        "places": ",".join(str(place) for place in places),
        "category": kept["category"],
        "line": kept["line"],
        "to_ring": [_(DANGEROUS_WORDS[one]) for one in sounds if isinstance(one, Dangerous)],
    }
    return page(request, "sharing/outside_words.html", facts | numbers(request))


def _sent(request: Request, form: OwnWordsForm, kept: dict[str, Any]) -> bool:
    """Whether it is with the desk now; if not, the form says why."""
    tag = form.cleaned_data["tag"]
    if not is_tag(tag):
        if not is_typed_back(kept["words_made"], kept["places"], form.cleaned_data["words"]):
            form.refuse(Refusal(AccountWhy.NOT_TYPED_BACK), "words")
            return False
        tag = tag_of(kept["words_made"])
    one_more_try("ask from outside", request, request.now)
    done = attempt(
        form,
        actions.ask_by_code,
        viewer=request.viewer,
        call=_call(kept),
        asked=_asked(request, kept),
        tag=tag,
        client_key=UUID(kept["key"]),
        now=request.now,
    )
    if done is not None:
        empty(request, POCKET)
    elif form.has_error(NON_FIELD_ERRORS, WhyNot.NEW_WORDS.name.lower()):
        kept["words_made"], _places = six_words()  # the form asks for those at the same places
        put_away(request, POCKET, kept)
    return done is not None


def _call(kept: dict[str, Any]) -> Call:
    return Call(
        came_by=CameBy.WEB,
        name=kept["name"],
        number=kept["number"],
        language=kept["language"],
        said=kept["said"],
        is_under_18=kept["is_under_18"],
    )


def _asked(request: Request, kept: dict[str, Any]) -> OutsideAsk:
    day = date.fromisoformat(kept["day"]) if kept["day"] else None
    zone = request.network.zoneinfo
    when, meant = day_meant(When(kept["when"]), day, now=request.now, zone=zone)
    return OutsideAsk(
        category=kept["category"],
        line=kept["line"],
        when=when,
        day=meant,
        part=kept["part"],
        people=kept["people"],
        meeting=kept["meeting"],
        words=kept["words"],
    )


@door("GET", who=ANYONE)
@where_on
def outside_sent(request: Request) -> HttpResponse:
    """It is with the desk: what happens now."""
    return page(request, "sharing/outside_sent.html")


@door("GET", "POST", who=ANYONE)
@where_on
def outside_back(request: Request) -> HttpResponse:
    """Back with six words. Wrong ones, old ones and those of another network get one answer."""
    if "proof" in request.POST:
        return _pressed(request)
    form = SixWordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tag = form.cleaned_data["tag"] or tag_of(form.cleaned_data["words"])
        found = opened_by_tag(viewer=request.viewer, tag=tag, now=request.now)
        if found is not None:
            return _opened(request, found)
        wrong_try(DOOR, request.now, request)
    return _type_them(request, WRONG if form.is_bound else "")


WRONG = "wrong"


def _type_them(request: Request, why: str, *, status: int = 200) -> HttpResponse:
    """The form for the words, always empty: nothing of what was typed comes back."""
    status = 422 if why == WRONG else status
    facts = {"form": SixWordsForm(), "why": why}
    return page(request, "sharing/outside_back.html", facts, status=status)


def _opened(request: Request, found: ByCode, refusal: Refusal | None = None) -> HttpResponse:
    proof = proof_of(viewer=request.viewer, intake_id=found.intake_id, now=request.now)
    facts: dict[str, Any] = {"found": found, "need": found.page, "proof": proof}
    if found.page is not None:
        facts["steps"] = steps_of(found.page)
    if refusal is not None:
        facts["form"] = with_no(refusal)
    return page(request, "sharing/by_code.html", facts, status=409 if refusal else 200)


def _pressed(request: Request) -> HttpResponse:
    """Something was pressed on an opened page: taking back, or nothing but a look."""
    proof = request.POST["proof"]
    if "take-back" in request.POST:
        try:
            actions.take_back_by_code(viewer=request.viewer, proof=proof, now=request.now)
        except NotHere:
            return _type_them(request, "again", status=403)
    found = opened_by_proof(viewer=request.viewer, proof=proof, now=request.now)
    if found is None:
        return _type_them(request, "gone" if "take-back" in request.POST else "again")
    return _opened(request, found)


@door("POST", who=ANYONE)
@where_on
def outside_act(request: Request, need_id: UUID, match_id: UUID, what: str) -> HttpResponse:
    """Yes, no, done, thank you: what whoever has the six words says."""
    if what not in DEEDS:
        raise Http404
    proof, refusal = request.POST.get("proof", ""), None
    if opened_by_proof(viewer=request.viewer, proof=proof, now=request.now) is None:
        return _type_them(request, "again", status=403)
    try:
        actions.act_by_code(
            viewer=request.viewer, proof=proof, match_id=match_id, what=what, now=request.now
        )
    except Refusal as no:
        refusal = no
    found = opened_by_proof(viewer=request.viewer, proof=proof, now=request.now)
    if found is None:
        return _type_them(request, "again", status=403)
    return _opened(request, found, refusal)
