"""What somebody hears who rings our number, and what their key means.

Whoever rings may be in danger: when anything is broken they hear whom to ring, not a machine's
excuse.
"""

import logging
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext

from porchlight.browser.doors import Request
from porchlight.notices.actions import take_call
from porchlight.notices.queries.words import render
from porchlight.notices.rules import TIMES, CallerHears, Wording
from porchlight.notices.rules.gateway_words import LONGEST_ID, phone_number
from porchlight.notices.views.calls import SECONDS_FOR_A_KEY, answered_with, say_in
from porchlight.notices.views.gateway import door_of, from_gateway

log = logging.getLogger(__name__)


@from_gateway("twilio")
def called(request: Request, said: dict[str, str], provider: int) -> HttpResponse:
    """Somebody rings our number."""
    return _hears(request, said, "", provider)


@from_gateway("twilio")
def called_key(request: Request, said: dict[str, str], provider: int) -> HttpResponse:
    """They pressed a key."""
    return _hears(request, said, said.get("Digits", "")[:1], provider)


def _hears(request: Request, said: dict[str, str], key: str, provider: int) -> HttpResponse:
    call_id = said.get("CallSid", "")
    if not 0 < len(call_id) <= LONGEST_ID:
        return HttpResponse(status=400)
    try:
        heard = take_call(
            address_value=phone_number(said.get("From", "")),
            call_id=call_id,
            key=key,
            now=request.now,
        )
    except Exception as trouble:
        log.error("calls: somebody rang and could not be answered (%s)", type(trouble).__name__)
        return _broken()
    return _broken() if heard is None else _read_out(heard, provider)


def _read_out(heard: CallerHears, provider: int) -> HttpResponse:
    response = Element("Response")
    parent = response
    if heard.asks:
        parent = SubElement(
            response,
            "Gather",
            action=door_of("called-key", provider),
            method="POST",
            numDigits="1",
            timeout=str(SECONDS_FOR_A_KEY),
        )
    for _time in range(TIMES):
        for language in heard.languages:
            _say(parent, language, heard.says)
        SubElement(parent, "Pause", length="1")
    if heard.asks and heard.in_the_end is not None:
        _say(response, heard.languages[0], heard.in_the_end)
    return answered_with(response, "Hangup")


def _say(parent: Element, language: str, wording: Wording) -> None:
    words = render(wording, language)
    say_in(parent, language, *(line for line in (words.title, words.line) if line))


def _broken() -> HttpResponse:
    """In every language we speak: we do not know who rings, or nothing works."""
    response = Element("Response")
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            sorry = gettext("Nobody can be reached here now. Ring the emergency number.")
        say_in(response, language, sorry)
    return answered_with(response, "Hangup")
