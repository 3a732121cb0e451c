"""What a phone hears: the gateway asks us when somebody picks up, and tells us their keys.

Answers are TwiML, made from plain parts so that no word can become a command.
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext

from porchlight.browser.doors import Request
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.actions import Keyed, answer_by_key
from porchlight.notices.queries.calls import Spoken, keys_of, spoken
from porchlight.notices.rules import FIRST, SPOKEN, TIMES, Why, is_machine
from porchlight.notices.rules.gateway_words import Receipt
from porchlight.notices.views.gateway import door_of, from_gateway, note

SECONDS_FOR_A_KEY = 8
NOT_NOW = {"busy", "no-answer", "canceled"}
"""How calls end that may be tried again. Source: Twilio's CallStatus."""


@from_gateway("twilio")
def say(request: Request, said: dict[str, str], provider: int, delivery_id: int) -> HttpResponse:
    """Somebody picked up. A mailbox hears nothing: it would keep our words."""
    found = spoken(delivery_id=delivery_id, provider=provider, now=request.now)
    if found is None or is_machine(said.get("AnsweredBy", "")):
        return answered_with(Element("Response"), "Hangup")
    return _read_out(found, delivery_id, provider)


@from_gateway("twilio")
def key(request: Request, said: dict[str, str], provider: int, delivery_id: int) -> HttpResponse:
    """Somebody pressed a key: an answer, or «say it again»."""
    found = spoken(delivery_id=delivery_id, provider=provider, now=request.now)
    pressed = said.get("Digits", "")
    if found is None:
        return answered_with(Element("Response"), "Hangup")
    with translation.override(found.language):
        try:
            came_to = answer_by_key(delivery_id=delivery_id, key=pressed, now=request.now)
        except Refusal as no:
            return _last_words(found.language, no.sentence)
        except NotHere:
            return answered_with(Element("Response"), "Hangup")
        if came_to is Keyed.NO_ANSWER:
            return _read_out(found, delivery_id, provider)
        thanks = gettext("Thank you. Goodbye.")
        settled = gettext(Why.SETTLED.value)
        return _last_words(found.language, thanks if came_to is Keyed.TAKEN else settled)


@from_gateway("twilio")
def ended(request: Request, said: dict[str, str], provider: int, delivery_id: int) -> HttpResponse:
    """The call is over. Nobody picked up, or a machine did: the phone rings again later."""
    state = said.get("CallStatus", "")
    was_heard = state == "completed" and not is_machine(said.get("AnsweredBy", ""))
    if was_heard or state in {"completed", "failed"} | NOT_NOW:
        receipt = Receipt(
            delivery_id=delivery_id,
            provider_id=f"{said.get('CallSid', '')}:{state}",
            arrived=was_heard,
        )
        note(request, receipt, provider, is_lasting=was_heard or state == "failed")
    return HttpResponse(status=204)


def _read_out(found: Spoken, delivery_id: int, provider: int = FIRST) -> HttpResponse:
    with translation.override(found.language):
        if found.is_over:
            return _last_words(found.language, gettext(Why.OVER.value))
        lines = [found.words, *keys_of(found.answers)]
        response = Element("Response")
        gather = SubElement(
            response,
            "Gather",
            action=door_of("call-key", provider, delivery_id),
            method="POST",
            numDigits="1",
            timeout=str(SECONDS_FOR_A_KEY),
        )
        for _time in range(TIMES):
            say_in(gather, found.language, *lines)
            SubElement(gather, "Pause", length="1")
        say_in(response, found.language, gettext("Goodbye."))
    return answered_with(response)


def say_in(parent: Element, language: str, *lines: str) -> None:
    """Put lines in for a voice of this language to read."""
    for line in lines:
        SubElement(parent, "Say", language=SPOKEN.get(language, SPOKEN["en"])).text = line


def _last_words(language: str, words: str) -> HttpResponse:
    response = Element("Response")
    say_in(response, language, words)
    return answered_with(response, "Hangup")


def answered_with(response: Element, last: str = "") -> HttpResponse:
    """The parts as the gateway reads them. last: one more command, such as Hangup."""
    if last:
        SubElement(response, last)
    return HttpResponse(
        tostring(response, encoding="utf-8", xml_declaration=True), content_type="text/xml"
    )
