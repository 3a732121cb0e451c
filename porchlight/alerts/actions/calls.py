"""Calls to our number: a phone we know is asked, and a key calls for help (SAFETY.md 9)."""

from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from porchlight.alerts.actions.answering import Outcome
from porchlight.alerts.actions.raising import raise_alert
from porchlight.alerts.queries.phones import people_of_phone
from porchlight.alerts.queries.rows import is_running
from porchlight.alerts.rules import call_words
from porchlight.alerts.rules.asking import Asking
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import Refusal
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import MOST_LANGUAGES, CallerHears, Wording
from porchlight.people.queries.neighbours import network_of

RAISES = "1"
TOO_LATE = {
    Outcome.OVER: call_words.IT_IS_OVER,
    Outcome.CLOSED: call_words.IT_IS_CLOSED,
    Outcome.DIED: call_words.RING,
}


@one_transaction
def take_call(
    *, network_id: UUID, channel: str, address_value: str, call_id: str, key: str, now: datetime
) -> CallerHears:
    """What a caller hears. Answers the moment `call_arrived`.

    A phone that somebody verified is asked «Do you need people now?»; 1 calls for help, as the one
    who came first where a household shares the phone. Anybody else hears whom to ring. The same
    call told twice is one alert.
    """
    network = network_of(network_id=network_id)
    system = Viewer.system(network, "whose phone rings us")
    people = people_of_phone(viewer=system, channel=channel, value=address_value)
    if not people:
        languages = network.languages[:MOST_LANGUAGES]
        return _hears(network, call_words.RING, *languages, is_known=False)
    me = people[0]
    if key != RAISES:
        ring = _with_number(network, call_words.RING)
        asked = _hears(network, call_words.NEED_PEOPLE, me.language)
        return replace(asked, asks=True, in_the_end=ring)
    return _hears(network, _raise(network, me.id, call_id, now), me.language)


def _raise(network: Network, person_id: UUID, call_id: str, now: datetime) -> Wording:
    """Call for help for whoever has this phone; what came of it, in words."""
    viewer = Viewer.system(network, "raised by a call", person_id=person_id)
    try:
        with transaction.atomic():
            alert = raise_alert(
                viewer=viewer,
                asking=Asking(kind=Kind.OTHER, in_a_hurry=True),
                client_key=uuid5(NAMESPACE_URL, f"call:{call_id}"),
                now=now,
            )
    except Refusal as no:
        is_asked = no.why is WhyNot.TOO_MANY_OPEN
        return call_words.ASKED_BEFORE if is_asked else call_words.NOBODY_ASKED
    return call_words.SENT if is_running(alert) else TOO_LATE[Outcome.too_late(alert.ended_how)]


def _hears(network: Network, says: Wording, *languages: str, is_known: bool = True) -> CallerHears:
    return CallerHears(says=_with_number(network, says), languages=languages, is_known=is_known)


def _with_number(network: Network, wording: Wording) -> Wording:
    number = call_words.digit_by_digit(network.emergency_number)
    return replace(wording, facts={"number": number})
