"""Answer links: they work on a signed-out phone, and speak for the one they were sent to only.

Looking never answers: phones and messengers fetch links by themselves. A link that opens nothing is
told apart from no other one, and guessing gets slower with each try while real links never wait.
"""

import asyncio
import json
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from porchlight.browser.doors import ANYONE, Request, door, page
from porchlight.browser.problems import problem_page
from porchlight.kit import moments
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.tries import WrongTries
from porchlight.notices.actions import answer_by_link, answer_by_push
from porchlight.notices.queries.links import LinkedQuestion, notice_of_link, notice_of_push
from porchlight.notices.rules import Why, is_site_path

WRONG = WrongTries()
GUESSES = b"answer links"
"""All guesses count together: a link has 50 bits, and nobody's real one ever waits."""
MOST_BYTES = 2_000


@door("GET", "POST", who=ANYONE)
async def answer_link(request: Request, token: str) -> HttpResponse:
    """GET shows the question and its buttons; POST answers it."""
    return await _slow_when_guessed(request.now, sync_to_async(_answer_link)(request, token))


@csrf_exempt
@door("POST", who=ANYONE)
async def tap(request: Request, token: str) -> HttpResponse:
    """One answer from a push's button. It comes without cookies, so there is nothing to forge."""
    return await _slow_when_guessed(request.now, sync_to_async(_tap)(request, token))


async def _slow_when_guessed(now: datetime, answer: Any) -> HttpResponse:
    """The answer; one that found nothing waits, longer each time, and holds nothing meanwhile."""
    response: HttpResponse = await answer
    if response.status_code == 404:
        pause = WRONG.one_more(GUESSES, now)
        if pause and not await sync_to_async(lambda: connection.in_atomic_block)():
            await sync_to_async(lambda: connection.close())()
            await asyncio.sleep(pause.total_seconds())
    return response


def _answer_link(request: Request, token: str) -> HttpResponse:
    question = notice_of_link(token=token, now=request.now)
    if question is None:
        return _private(_nothing(request))
    elsewhere = _asked_elsewhere(question, token) if request.method != "POST" else None
    if elsewhere:
        return _private(redirect(elsewhere))
    if request.method == "POST":
        return _private(_answered(request, token, question))
    return _private(_shown(request, question))


def _asked_elsewhere(question: LinkedQuestion, token: str) -> str | None:
    """The page of an area that has more to show than the question; a path of this site."""
    said = moments.asked(
        "link_opened",
        network_id=question.network_id,
        kind=question.topic_kind,
        about=question.about,
        notice_id=question.notice_id,
        recipient_id=question.recipient_id,
        token=token,
    )
    return said if isinstance(said, str) and is_site_path(said) else None


def _answered(request: Request, token: str, question: LinkedQuestion) -> HttpResponse:
    """Take the answer and say thanks, or say why not."""
    if question.answered:  # a link that was passed on takes nothing back
        return redirect("notices:link", token)
    try:
        answer_by_link(token=token, answer=request.POST.get("answer", ""), now=request.now)
    except NotHere:
        return _nothing(request)
    except Refusal as no:
        with translation.override(question.language):
            trouble = "" if question.is_over else no.sentence
            return _shown(request, question, status=409, trouble=trouble)
    return redirect(f"{reverse('notices:link', args=[token])}?sent=1")


def _shown(
    request: Request, question: LinkedQuestion, *, status: int = 200, trouble: str = ""
) -> HttpResponse:
    """The question in its reader's language, whatever the phone speaks."""
    with translation.override(question.language):
        response = page(
            request,
            "notices/link.html",
            {
                "question": question,
                "trouble": trouble,
                "was_sent": "sent" in request.GET,
            },
            status=status,
        )
    response["Content-Language"] = question.language
    return response


def _nothing(request: Request) -> HttpResponse:
    """One page for unknown, expired and guessed: same words, same size."""
    return problem_page(
        request,
        status=404,
        title=gettext("Nothing to answer here"),
        sentence=gettext(Why.UNKNOWN_LINK.value),
    )


def _private(response: HttpResponse) -> HttpResponse:
    """The link is a key: it goes to no other page, no cache and no search engine."""
    # With `no-referrer` a browser sends the page's own form with «Origin: null»: it is refused.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive, nosnippet"
    return response


def _tap(request: Request, token: str) -> HttpResponse:
    """Done, or why not, in words the phone shows."""
    question = notice_of_push(token=token, now=request.now)
    if question is None:
        return HttpResponse(status=404)
    with translation.override(question.language):
        try:
            if answer_by_push(token=token, answer=_tapped(request), now=request.now):
                return HttpResponse(status=204)
            why = gettext(Why.SETTLED.value)
        except NotHere:
            return HttpResponse(status=404)
        except Refusal as no:
            why = no.sentence
    return HttpResponse(why, status=409, content_type="text/plain; charset=utf-8")


def _tapped(request: Request) -> str:
    """The answer in a form or in JSON."""
    if request.content_type != "application/json":
        return request.POST.get("answer", "")
    try:
        said = json.loads(request.body[:MOST_BYTES])
    except (ValueError, RecursionError):
        return ""
    answer = said.get("answer", "") if isinstance(said, dict) else ""
    return answer if isinstance(answer, str) else ""
