"""What gateways tell us: texts that came in, and what became of those that went out.

Every message proves where it comes from (`rules.signing`), before anything of it is read further.
What is told twice changes nothing. While the database is away the answer is 503: then gateways
tell it again.
"""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from porchlight.browser.doors import ANYONE, Request, door
from porchlight.kit.errors import NotHere
from porchlight.kit.words import clean_text
from porchlight.notices.actions import receive_from_gateway, receive_receipt
from porchlight.notices.queries.ways import from_outside, gateways
from porchlight.notices.rules import FIRST, Channel
from porchlight.notices.rules.gateway_words import Receipt, phone_number, read_receipt, read_text
from porchlight.notices.rules.signing import is_fresh, is_same, json_signature, twilio_signature

MOST_BYTES = 65_536
"""Of one message; the longest text with all its fields takes a tenth of it."""

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def from_gateway(kind: str) -> Callable[[View], View]:
    """Let in only what the gateway of this address signed, if it is of this kind.

    The view gets its fields as `said`, and which of our gateways it is as `provider`.
    """

    def behind(view: View) -> View:
        @csrf_exempt
        @door("POST", who=ANYONE)
        @wraps(view)
        def guarded(request: Request, provider: int, **values: Any) -> HttpResponse:
            gateway = gateways().get(provider)
            if gateway is None or gateway.kind != kind:
                raise Http404
            if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
                return HttpResponse(status=413)
            try:
                said = READ[kind](request, gateway.secret)
                if said is None:
                    log.warning("gateway: a message that is not signed by it was turned away")
                    return HttpResponse(status=403)
                return view(request, said=said, provider=provider, **values)
            except (OperationalError, InterfaceError):
                return HttpResponse(status=503, headers={"Retry-After": "5"})

        return guarded

    return behind


def door_of(name: str, provider: int, *values: int) -> str:
    """Where a gateway finds this door of ours, as it is named for the first one."""
    return from_outside(reverse(f"notices:{named_for(name, provider)}", args=values))


def named_for(name: str, provider: int) -> str:
    """What this door is called for one of our gateways; the second one's have a 2 behind."""
    return name if provider == FIRST else f"{name}-{provider}"


def _form(request: Request, secret: str) -> dict[str, str] | None:
    """The fields of a signed form; None when it is not signed."""
    try:
        form = QueryDict(request.body, encoding="utf-8")
    except SuspiciousOperation:
        return None
    right = twilio_signature(secret, from_outside(request.get_full_path()), form.lists())
    if not is_same(request.headers.get("X-Twilio-Signature", ""), right):
        return None
    return {name: clean_text(str(value)) for name, value in form.items()}


def _object(request: Request, secret: str) -> dict[str, Any] | None:
    """The fields of a signed JSON object; None when it is not signed, too old, or none."""
    timestamp = request.headers.get("X-Porchlight-Timestamp", "")
    given = request.headers.get("X-Porchlight-Signature", "").removeprefix("sha256=")
    if not is_same(given, json_signature(secret, timestamp, request.body)):
        return None
    if not is_fresh(timestamp, request.now):
        return None
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):  # the second: nested ten thousand times
        return None
    return said if isinstance(said, dict) else None


READ: dict[str, Callable[[Request, str], dict[str, Any] | None]] = {
    "twilio": _form,
    "json": _object,
}


@from_gateway("twilio")
def twilio_text(request: Request, said: dict[str, str], provider: int) -> HttpResponse:
    """A text came in. The empty answer means: nothing to send back right now."""
    receive_from_gateway(
        channel=Channel.SMS,
        provider_id=said.get("MessageSid", "")[:200],
        address_value=phone_number(said.get("From", "")),
        text=said.get("Body", ""),
        now=request.now,
        provider=provider,
    )
    return HttpResponse("<Response/>", content_type="text/xml")


@from_gateway("twilio")
def twilio_receipt(
    request: Request, said: dict[str, str], provider: int, delivery_id: int
) -> HttpResponse:
    """What became of a text."""
    state, sid = said.get("MessageStatus", ""), said.get("MessageSid", "")
    if state in {"delivered", "read", "undelivered", "failed"}:
        receipt = Receipt(
            delivery_id=delivery_id,
            provider_id=f"{sid}:{state}",
            arrived=state in {"delivered", "read"},
            has_opted_out=said.get("ErrorCode") == "21610",
        )
        note(request, receipt, provider)
    return HttpResponse(status=204)


@from_gateway("json")
def json_text(request: Request, said: dict[str, Any], provider: int) -> HttpResponse:
    """A text came in."""
    text = read_text(said)
    if text is None:
        return HttpResponse(status=400)
    receive_from_gateway(
        channel=Channel.SMS,
        provider_id=text.provider_id,
        address_value=text.sender,
        text=text.words,
        now=request.now,
        provider=provider,
    )
    return HttpResponse(status=204)


@from_gateway("json")
def json_receipt(request: Request, said: dict[str, Any], provider: int) -> HttpResponse:
    """What became of a text."""
    receipt = read_receipt(said)
    if receipt is None:
        return HttpResponse(status=400)
    note(request, receipt, provider)
    return HttpResponse(status=204)


def note(request: Request, receipt: Receipt, provider: int, *, is_lasting: bool = True) -> None:
    """Write a receipt down; one for what was erased meanwhile needs no answer."""
    try:
        receive_receipt(
            delivery_id=receipt.delivery_id,
            provider_id=receipt.provider_id,
            arrived=receipt.arrived,
            has_opted_out=receipt.has_opted_out,
            is_lasting=is_lasting,
            now=request.now,
            provider=provider,
        )
    except NotHere:
        return
