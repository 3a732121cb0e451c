"""Texts from phones: answers to calls for help, and calls for help."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.answering import Outcome, answer
from porchlight.alerts.actions.check_ins import answer_with_number
from porchlight.alerts.actions.missing import by_phone, confirm_missing, im_safe
from porchlight.alerts.actions.raising import raise_alert
from porchlight.alerts.actions.taking_back import TakenBack, take_back
from porchlight.alerts.queries.check_ins import has_numbers, what_it_means
from porchlight.alerts.queries.phones import (
    Answerable,
    answerable,
    is_looked_for,
    is_second_now,
    own_calls,
    people_of_phone,
    thanks_for,
    told_at,
)
from porchlight.alerts.rules import words
from porchlight.alerts.rules.asking import Asking
from porchlight.alerts.rules.end_numbers import Given, is_number
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.names import (
    TOPIC,
    TOPIC_CHECK,
    TOPIC_HELP,
    TOPIC_LOOK,
    TOPIC_SENT,
    TOPIC_UNCLEAR,
)
from porchlight.alerts.rules.states import ON_THE_WAY, RUNNING, Standing
from porchlight.alerts.rules.texts import (
    Said,
    TextAnswer,
    answer_in,
    asks_for_people,
    takes_back,
    told_apart,
)
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import Refusal
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.kit.words import plain_digits
from porchlight.notices.actions import reply
from porchlight.notices.rules import OpenQuestion, Wording
from porchlight.people.models import Person
from porchlight.people.queries.neighbours import network_of

RIGHT = frozenset({Given.ENDS, Given.LOOKS})
HELP_WITHIN = timedelta(minutes=10)
"""A «1» so soon after «Do you need people now?» means yes."""
WHERE_WITHIN = timedelta(hours=2)
"""So long a digit may still be meant for «Are you there?», though that is settled."""
SAYS = {
    Outcome.REMOTE: words.NOTED_BY_TEXT,
    Outcome.CANT: words.NOTED_BY_TEXT,
    Outcome.ENOUGH: words.ENOUGH,
    Outcome.OVER: words.OVER,
    Outcome.CLOSED: words.CLOSED,
}


@one_transaction
def take_text(
    *,
    network_id: UUID,
    text_id: UUID,
    channel: str,
    address_value: str,
    text: str,
    now: datetime,
    questions: Sequence[OpenQuestion] = (),
) -> str | None:
    """What a text means here. Answers the moment `text_arrived`; None: nothing, ask the next one.

    «1», «2», «3» from a phone that was asked is an answer, and so are words that say the same; with
    several calls open the phone is asked which. HELP and its like from a phone we know is asked
    whether people are needed now. Whoever was asked something and is not understood hears so.
    """
    network = network_of(network_id=network_id)
    system = Viewer.system(network, "whose phone wrote")
    people = people_of_phone(viewer=system, channel=channel, value=address_value)
    if not people:
        return None
    phone = _Phone(network, channel, address_value, people[0].language, now)
    if asks_for_people(text):
        # Where nothing can be asked back, a person reads it: never dropped in silence.
        return "alert-help" if phone.say(words.NEED_PEOPLE, kind=TOPIC_HELP) else None
    checked = _number(phone, system, people, text)
    if checked is not None:
        return checked
    which = takes_back(text)
    if which is not None:
        understood = _take_back(phone, system, people[0].id, which)
        if understood is None:
            _ask_back(phone, system, questions, is_no=True)
        return understood
    said = answer_in(text)
    understood = None
    if said is not None:
        understood = _understood(phone, system, people, questions, said, text_id)
    if understood is None:
        _ask_back(phone, system, questions, is_no=said is not None)
    return understood


def _number(phone: "_Phone", system: Viewer, people: Sequence[Person], text: str) -> str | None:
    """«1234» from the phone of somebody who has numbers: whichever of them it means hears the same
    back, and no such number waits in an inbox for others to read."""
    typed = plain_digits(text).strip()
    owners = [one.id for one in people if has_numbers(viewer=system, person_id=one.id)]
    if not is_number(typed) or not owners:
        return None
    # In a household that shares a phone it is the number that says who wrote.
    meant = (o for o in owners if what_it_means(viewer=system, person_id=o, typed=typed) in RIGHT)
    given = answer_with_number(
        viewer=system, person_id=next(meant, owners[0]), number=typed, now=phone.now
    )
    phone.say(words.NOTED_BY_TEXT if given in RIGHT else words.NOT_YOUR_NUMBER)
    return "way"


def _understood(
    phone: "_Phone",
    system: Viewer,
    people: Sequence[Person],
    questions: Sequence[OpenQuestion],
    said: TextAnswer,
    text_id: UUID,
) -> str | None:
    """What came of an answer; None: it answers nothing here."""
    now, network = phone.now, system.network
    ids = [one.id for one in people]
    if said.code:
        found = answerable(viewer=system, person_ids=ids, now=now)
        if any(one.code == said.code for one in found):
            return _answer(phone, system, found, said, now)
    if said.said is Said.COMING and _means_help(phone, system, questions):
        return _raise(phone, network, people[0].id, text_id, now)
    if _says_it_again(phone, system, people, questions, said):
        phone.say(words.SENT_BY_TEXT, kind=TOPIC_SENT, number=network.emergency_number)
        return "alert-raised"
    if questions and questions[0].topic_kind != TOPIC:
        return None
    if said.said is not Said.COMING and _was_asked_where(phone, system, questions):
        return None  # it answers «Are you there?», which is settled: a person reads it
    checked = _checked(phone, network.id, questions, said, now)
    if checked is not None:
        return checked or None
    found = answerable(viewer=system, person_ids=ids, now=now)
    return _answer(phone, system, found, said, now)


def _checked(
    phone: "_Phone",
    network_id: UUID,
    questions: Sequence[OpenQuestion],
    said: TextAnswer,
    now: datetime,
) -> str | None:
    """A «1» or «2» of the second person where somebody is missing, or of who is looked for.

    Empty: an «ok» or an «I'm on my way», which says nothing of whether it is true.
    """
    if not questions or questions[0].about is None or said.said is Said.REMOTE:
        return None
    about, who = questions[0].about, questions[0].recipient_id
    is_yes = said.said is Said.COMING
    viewer = by_phone(network_id=network_id, person_id=who)
    if is_second_now(viewer=viewer, alert_id=about, person_id=who):
        if not said.is_yes_or_no:
            return ""
        confirm_missing(viewer=viewer, alert_id=about, is_true=is_yes, now=now)
        phone.say(words.CHECKED_BY_TEXT if is_yes else words.NOT_TRUE_BY_TEXT)
        return "alert-checked"
    if is_yes and is_looked_for(viewer=viewer, alert_id=about, person_id=who):
        if not said.is_yes_or_no:
            return ""
        im_safe(viewer=viewer, alert_id=about, now=now)
        phone.say(words.NOTED_BY_TEXT)
        return "alert-safe"
    return None


def _means_help(phone: "_Phone", system: Viewer, questions: Sequence[OpenQuestion]) -> bool:
    """Whether a «1» answers «Do you need people now?», asked lately and last, and not answered yet:
    an «ok» to what they were told since calls nobody a second time."""
    at = phone.told_at(system, TOPIC_HELP)
    if at is None or at < phone.now - HELP_WITHIN or _was_answered(phone, system, at):
        return False
    return not questions or questions[0].told_at <= at


def _was_answered(phone: "_Phone", system: Viewer, asked_at: datetime) -> bool:
    """Whether a call that was asked about then was sent since, stopped or not."""
    sent_at = phone.told_at(system, TOPIC_SENT)
    return sent_at is not None and sent_at > asked_at


def _says_it_again(
    phone: "_Phone",
    system: Viewer,
    people: Sequence[Person],
    questions: Sequence[OpenQuestion],
    said: TextAnswer,
) -> bool:
    """Whether a «1» is the one that called people, sent once more while they are coming."""
    at = phone.told_at(system, TOPIC_HELP)
    if at is None or said.said is not Said.COMING or not said.is_yes_or_no:
        return False
    if not _was_answered(phone, system, at) or (questions and questions[0].told_at > at):
        return False
    own = models.Alert.objects.filter(network_id=system.network.id, raised_by_id=people[0].id)
    return own.filter(state__in=RUNNING).exists()


def _was_asked_where(phone: "_Phone", system: Viewer, questions: Sequence[OpenQuestion]) -> bool:
    """Whether the last question to this phone was whether somebody is there, or home."""
    asked = [phone.told_at(system, kind) for kind in (TOPIC_LOOK, TOPIC_CHECK)]
    at = max((one for one in asked if one is not None), default=None)
    return (
        at is not None
        and at > phone.now - WHERE_WITHIN
        and (not questions or questions[0].told_at <= at)
    )


def _ask_back(
    phone: "_Phone", system: Viewer, questions: Sequence[OpenQuestion], *, is_no: bool
) -> None:
    """Say that an answer was not understood, once for each question; a person reads it too.

    is_no: it is none to «Do you need people now?».

    Whoever says HELP and then something else is asked once more, unless people hear of it already.
    """
    newest = next(iter(questions), None)
    asked_at: datetime | None
    if not is_no and _means_help(phone, system, questions):
        asked_at, wording = phone.told_at(system, TOPIC_HELP), words.NEED_PEOPLE
        if asked_at is None:
            return
    elif newest is not None and newest.topic_kind == TOPIC and newest.about is not None:
        asked_at, wording = newest.told_at, _said_again(system, newest.about, newest.recipient_id)
    else:
        return
    told_at = phone.told_at(system, TOPIC_UNCLEAR)
    if told_at is None or told_at < asked_at:
        phone.say(wording, kind=TOPIC_UNCLEAR)


def _said_again(system: Viewer, alert_id: UUID, person_id: UUID) -> Wording:
    if is_second_now(viewer=system, alert_id=alert_id, person_id=person_id):
        return words.SECOND
    if is_looked_for(viewer=system, alert_id=alert_id, person_id=person_id):
        return words.ARE_YOU_SAFE
    return words.NOT_UNDERSTOOD


class _Phone:
    """The phone that wrote, to say something back to it."""

    def __init__(
        self, network: Network, channel: str, value: str, language: str, now: datetime
    ) -> None:
        self._network, self.channel, self._value = network, channel, value
        self._language, self.now = language, now

    def told_at(self, system: Viewer, kind: str) -> datetime | None:
        """When it was last told something of this kind by itself."""
        return told_at(viewer=system, channel=self.channel, value=self._value, kind=kind)

    def say(self, wording: Wording, *, kind: str = "reply", **facts: str) -> bool:
        """One text back; False: nothing is sent (STOP, or too many within an hour)."""
        if facts:
            wording = Wording(
                title=wording.title,
                line=wording.line,
                text=wording.text,
                short_text=wording.short_text,
                facts=facts,
                answers=wording.answers,
            )
        return reply(
            network_id=self._network.id,
            channel=self.channel,
            address_value=self._value,
            language=self._language,
            wording=wording,
            now=self.now,
            topic_kind=kind,
        )


def _raise(phone: _Phone, network: Network, person_id: UUID, text_id: UUID, now: datetime) -> str:
    viewer = Viewer.system(network, "raised by text", person_id=person_id)
    number = network.emergency_number
    try:
        with transaction.atomic():
            raise_alert(
                viewer=viewer,
                asking=Asking(kind=Kind.OTHER, in_a_hurry=True),
                client_key=text_id,
                now=now,
            )
    except Refusal as no:
        is_open = no.why is WhyNot.TOO_MANY_OPEN
        wording = words.OPEN_BY_TEXT if is_open else words.NOT_SENT_BY_TEXT
        phone.say(wording, kind=TOPIC_SENT, number=number)
        return "alert-not-raised"
    phone.say(words.SENT_BY_TEXT, kind=TOPIC_SENT, number=number)
    return "alert-raised"


def _take_back(phone: _Phone, system: Viewer, person_id: UUID, code: str) -> str | None:
    """It's all right now, says whoever this phone calls as: the one who came first in a household.

    None: nothing of theirs runs that this could mean.
    """
    found = own_calls(viewer=system, person_id=person_id, now=phone.now)
    if code:
        found = [one for one in found if one.code == code]
    if not found:
        return None
    if len(found) > 1:
        codes = _codes(system, [(one.code, one.due_at) for one in found])
        phone.say(words.WHICH_OWN, kind=TOPIC_SENT, codes=codes)
        return "alert-which"
    came_to = take_back(network=system.network, person_id=person_id, call=found[0], now=phone.now)
    if came_to is None:
        return None
    is_stopped = came_to is TakenBack.STOPPED
    phone.say(words.STOPPED_BY_TEXT if is_stopped else words.ALL_RIGHT_BY_TEXT, kind=TOPIC_SENT)
    return "alert-taken-back"


def _answer(
    phone: _Phone, system: Viewer, found: Sequence[Answerable], said: TextAnswer, now: datetime
) -> str | None:
    running = [one for one in found if one.is_running]
    if said.code:
        running = [one for one in running if one.code == said.code]
        found = [one for one in found if one.code == said.code]
    meant = [one for one in running if one.is_open] or running
    if len({one.alert_id for one in meant}) > 1:
        codes = _codes(system, [(one.code, one.asked_at) for one in meant])
        phone.say(words.WHICH_ONE, codes=codes)
        return "alert-which"
    chosen: Answerable | None = next(iter(meant or found), None)
    if chosen is None:
        return None
    if said.is_loose and chosen.standing is not Standing.ASKED:
        return "alert-answer" if _agrees(chosen, said.said) else None
    if said.is_loose and len({one.alert_id for one in running}) > 1:
        return None  # it may be thanks for what they were told about the other one
    outcome = answer(
        network_id=system.network.id,
        alert_id=chosen.alert_id,
        person_id=chosen.person_id,
        said=said.said,
        minutes=said.minutes,
        channel=phone.channel,
        now=now,
    )
    if outcome is Outcome.DIED:
        return None  # not a word by a machine: a person reads it, and rings
    if outcome is not Outcome.COMING:
        phone.say(SAYS[outcome])
    elif not _place_goes_out(chosen, now):
        phone.say(
            thanks_for(viewer=system, alert_id=chosen.alert_id, person_id=chosen.person_id, now=now)
        )
    return "alert-answer"


def _codes(system: Viewer, calls: Sequence[tuple[str, datetime]]) -> str:
    """Calls told apart by times as people here read them."""
    zone = system.network.zoneinfo
    return told_apart((code, at.astimezone(zone)) for code, at in calls)


def _place_goes_out(whom: Answerable, now: datetime) -> bool:
    """Whether this very answer brings them the place or where to wait by text: it says enough."""
    return models.AlertEvent.objects.filter(
        alert_id=whom.alert_id,
        verb__in=["place_texted", "meeting_texted"],
        person_id=whom.person_id,
        at=now,
    ).exists()


def _agrees(with_what: Answerable, said: Said) -> bool:
    """Whether a yes or a no says once more what they said, or takes note of what they were told."""
    if said is Said.CANT:
        return with_what.is_running and with_what.standing is Standing.CANT
    stays = {*ON_THE_WAY, Standing.HOME, Standing.REMOTE, Standing.REMOVED}
    is_enough = with_what.standing is Standing.ENOUGH and not with_what.is_open
    return with_what.is_running and (is_enough or with_what.standing in stays)
