"""After a call: who looks in, the morning after, and a few words for those who were there."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from porchlight.alerts import models
from porchlight.alerts.actions.core import KEPT_LIFE, lock_alert, tell_on, write_down
from porchlight.alerts.queries.afterwards import (
    ASKED_TO_RING,
    BEEN_THERE,
    concerned,
    could_look_in,
    is_hushed,
    is_to_ring,
    my_ways,
    takes_texts,
    who_was_there,
    whom_to_ask,
)
from porchlight.alerts.queries.around import apart_from, never_asked
from porchlight.alerts.queries.check_ins import does_anything_only_look_ended
from porchlight.alerts.queries.resting import rung_or_asked
from porchlight.alerts.queries.rows import apart_at, is_running, system_of
from porchlight.alerts.rules import words
from porchlight.alerts.rules.afterwards import (
    ANSWERED_FOR,
    ASKED_AFTER,
    MORNING_LASTS,
    Ended,
    How,
    YesNo,
    debrief_at,
    is_the_hour,
    morning_at,
)
from porchlight.alerts.rules.names import TOPIC_CONTACT, TOPIC_HOW, TOPIC_RING
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.moments import happened
from porchlight.kit.network import Network
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import close_topic, open_topic, stop_sending, tell
from porchlight.notices.rules import Recipient, Urgency, Wording
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import recipients
from porchlight.people.queries.signing_in import as_network

A_DAY = timedelta(days=1)


@one_transaction
def choose_morning(
    *, viewer: Viewer, hour: int | None, address_id: UUID | None, now: datetime
) -> None:
    """The morning after a call the viewer is asked how they are, at this hour and by this way only;
    also after one that ended a moment ago.

    hour: 0 to 23 of the network's own time; None: never. Refuses: MORNING_WAY.
    """
    if hour is not None and address_id not in {way.id for way in my_ways(viewer=viewer)}:
        raise Refusal(WhyNot.MORNING_WAY)
    me = own_id(viewer=viewer)
    models.AlertChoice.objects.update_or_create(
        person_id=me,
        defaults={
            "network_id": viewer.network.id,
            "morning_hour": hour,
            "morning_address_id": None if hour is None else address_id,
        },
    )
    lately = models.Alert.objects.filter(
        Q(raised_by_id=me, for_whom="me") | Q(subject_id=me), network_id=viewer.network.id,
        ended_at__gt=now - A_DAY,
    )  # fmt: skip
    for alert_id in sorted(lately.values_list("id", flat=True)):
        alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
        asked = models.Handover.objects.filter(alert=alert, how_topic_id__isnull=False)
        if alert.ended_at is not None and not asked.exists():
            _plan_morning(alert, alert.ended_how, alert.ended_at, now)


@one_transaction
def plan_afterwards(*, alert: models.Alert, now: datetime, how: EndedHow | None = None) -> None:
    """When somebody is asked how they are after this end. Under the alert's lock, called by it.

    how: where it only looks ended. Then the morning comes as after a true end, and no second one.
    """
    if how is None:
        there = who_was_there(alert)
        ended = Ended(how=alert.ended_how, at=now, morning_hour=None, was_anybody_there=bool(there))
        alert.debrief_at = debrief_at(ended)
        alert.save(update_fields=["debrief_at"])
    if how is not None or alert.looks_ended_at is None:
        _plan_morning(alert, how or alert.ended_how, now, now)


def _plan_morning(alert: models.Alert, how: str, ended_at: datetime, now: datetime) -> None:
    whose = concerned(alert)
    chosen = models.AlertChoice.objects.filter(person_id=whose).first() if whose else None
    hour = chosen.morning_hour if chosen else None
    ended = Ended(how=how, at=ended_at, morning_hour=hour, was_anybody_there=False)
    planned = morning_at(ended, as_network(alert.network).zoneinfo)
    alert.morning_at = planned if planned is not None and planned > now else None
    alert.save(update_fields=["morning_at"])


@one_transaction
def stop_after(*, person_id: UUID, network: Network, now: datetime, is_death: bool) -> None:
    """Somebody left or died: no machine asks how they are, or others to ring or look in on them;
    after a death nobody is thanked either (SAFETY.md 12). And they look in on nobody."""
    theirs = models.Alert.objects.filter(
        Q(raised_by_id=person_id, for_whom="me") | Q(subject_id=person_id), network_id=network.id
    )
    for alert_id in sorted(theirs.values_list("id", flat=True)):
        alert = lock_alert(network_id=network.id, alert_id=alert_id)
        alert.morning_at = None
        alert.debrief_at = None if is_death else alert.debrief_at
        alert.save(update_fields=["morning_at", "debrief_at"])
        row = models.Handover.objects.filter(alert=alert).first()
        if row is not None:
            _close_topics(row, now)
            row.delete()
    _free(models.Handover.objects.filter(network_id=network.id, contact_id=person_id), now)


@one_transaction
def keep_apart_afterwards(*, network_id: UUID, one: UUID, other: UUID, now: datetime) -> None:
    """Two are kept apart from now on: neither is asked to ring or look in on the other any more."""
    for whose, who in ((one, other), (other, one)):
        rows = models.Handover.objects.filter(network_id=network_id).filter(
            Q(alert__raised_by_id=whose, alert__for_whom="me") | Q(alert__subject_id=whose)
        )
        for row in rows:
            if row.ring_topic_id is not None:
                stop_sending(network_id=network_id, topic_id=row.ring_topic_id, recipient_id=who)
        _free(rows.filter(contact_id=who), now)


def _free(rows: "QuerySet[models.Handover]", now: datetime) -> None:
    """Nobody looks in any more, as if nobody had been named."""
    for row in rows:
        if row.contact_topic_id is not None:
            close_topic(network_id=row.network_id, topic_id=row.contact_topic_id, now=now)
    rows.update(contact_id=None, contact_said="", contact_topic_id=None)


def _close_topics(row: models.Handover, now: datetime) -> None:
    for topic_id in (row.contact_topic_id, row.how_topic_id, row.ring_topic_id):
        if topic_id is not None:
            close_topic(network_id=row.network_id, topic_id=topic_id, now=now)


@one_transaction
def name_contact(*, viewer: Viewer, alert_id: UUID, person_id: UUID, now: datetime) -> None:
    """Whom it was for names somebody who looks in on them; a new name takes the old one's place.

    Named already: nothing changes.
    Refuses: NotHere for anybody else, and while it runs; NOBODY_SUCH.
    Tells: whom they named. Others learn of it through the moment `handed_over`.
    """
    alert = _over(viewer, alert_id)
    me = own_id(viewer=viewer)
    if concerned(alert) != me:
        raise NotHere
    if person_id not in could_look_in(alert, me, viewer=system_of(alert)):
        raise Refusal(WhyNot.NOBODY_SUCH)
    row = _handover(alert)
    if row.contact_id == person_id:
        return
    if row.contact_topic_id is not None:
        close_topic(network_id=row.network_id, topic_id=row.contact_topic_id, now=now)
    row.contact_id, row.contact_said = person_id, ""
    row.contact_topic_id = _open(alert, TOPIC_CONTACT, now)
    row.save()
    _tell(alert, row.contact_topic_id, [person_id], words.LOOK_IN, "look-in", now)
    happened(
        "handed_over", network_id=alert.network_id, alert_id=alert.id, person_id=me,
        contact_id=person_id, now=now,
    )  # fmt: skip


@one_transaction
def answer_contact(*, viewer: Viewer, alert_id: UUID, said: YesNo, now: datetime) -> None:
    """Whoever was named says whether they look in; a no frees them at once, without a reason.

    Refuses: NotHere for anybody else.
    """
    alert = _over(viewer, alert_id)
    row = models.Handover.objects.filter(alert=alert, contact_id=viewer.person_id).first()
    if row is None or viewer.person_id is None:
        raise NotHere
    row.contact_said = said
    row.save(update_fields=["contact_said"])


@one_transaction
def take_afterwards(*, network_id: UUID, alert_id: UUID, now: datetime) -> bool:
    """Ask whoever is to be asked by now how they are; False where nobody is (any more).

    Tells: whom it was for, by the one way they chose, and those who were there.
    """
    alert = lock_alert(network_id=network_id, alert_id=alert_id)
    is_done = False
    if alert.morning_at is not None and alert.morning_at <= now:
        alert.morning_at = None
        is_done = _ask_how(alert, now)
    if alert.debrief_at is not None and alert.debrief_at <= now:
        alert.debrief_at = None
        is_done = _debrief(alert, now) or is_done
    alert.save(update_fields=["morning_at", "debrief_at"])
    return is_done


@one_transaction
def put_off_afterwards(*, alert_id: UUID, now: datetime, until: datetime) -> None:
    """Try again then, without losing that it was due."""
    for column in ("morning_at", "debrief_at"):
        models.Alert.objects.filter(id=alert_id, **{f"{column}__lte": now}).update(
            **{column: until}
        )


def _ask_how(alert: models.Alert, now: datetime) -> bool:
    whom = _by_the_chosen_way(alert, now)
    if whom is None:
        return False
    row = _handover(alert)
    row.how_topic_id = _open(alert, TOPIC_HOW, now)
    row.save(update_fields=["how_topic_id"])
    tell(
        network_id=alert.network_id, topic_id=row.how_topic_id, recipients=[whom],
        wording=words.HOW_ARE_YOU, urgency=Urgency.URGENT, path="/", now=now,
        expires_at=now + ANSWERED_FOR, sent_until=now + MORNING_LASTS, purpose="how", rings=False,
    )  # fmt: skip
    return True


def _by_the_chosen_way(alert: models.Alert, now: datetime) -> Recipient | None:
    """The address stands for its owner, so that nothing of it shows anywhere else."""
    zone = as_network(alert.network).zoneinfo
    whose = concerned(alert)
    chosen = models.AlertChoice.objects.filter(person_id=whose).first() if whose else None
    if whose is None or chosen is None or chosen.morning_hour is None:
        return None
    if not is_the_hour(chosen.morning_hour, now, zone):
        return None
    for one in recipients(viewer=system_of(alert), person_ids=[whose]):
        for way in one.addresses:
            if way.id == chosen.morning_address_id and takes_texts(way):
                return Recipient(id=way.id, language=one.language, addresses=(way,), zone=one.zone)
    return None


def _debrief(alert: models.Alert, now: datetime) -> bool:
    whose = concerned(alert)
    if whose is not None and is_hushed(viewer=system_of(alert), person_id=whose):
        return False
    there = who_was_there(alert)
    there -= never_asked(viewer=system_of(alert), person_ids=there)
    if there:
        topic = _open(alert, TOPIC_RING, now)
        _tell(
            alert,
            topic,
            sorted(there),
            words.DEBRIEF,
            "debrief",
            now,
            Urgency.ORDINARY,
            page=f"alerts/{alert.id}/",
        )
    return bool(there)


@one_transaction
def ask_to_talk(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """Somebody who was there would like to talk with somebody. Asked already: nothing changes.

    Refuses: NotHere for everybody who has nothing to do with it, and for silent calls; NOT_THERE.
    Tells: coordinators; who it is stands on the page only.
    """
    alert = _over(viewer, alert_id)
    me = own_id(viewer=viewer)
    mine = models.Invitation.objects.filter(alert=alert, person_id=me).first()
    if mine is None or alert.is_silent:
        raise NotHere
    if mine.standing not in BEEN_THERE:
        raise Refusal(WhyNot.NOT_THERE)
    if models.AlertEvent.objects.filter(alert=alert, verb="wants_talk", actor_id=me).exists():
        return
    write_down(alert=alert, verb="wants_talk", now=now, actor_id=me)
    system = system_of(alert)
    away = apart_at(viewer=system, alert=alert) | apart_from(viewer=system, person_ids=[me]) | {me}
    called = rung_or_asked(viewer=system, away=away, now=now)
    topic = _open(alert, TOPIC_RING, now)
    _tell(alert, topic, sorted(called), words.TALK_WITH, f"talk-{me}"[:40], now)


@one_transaction
def they_were_rung(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """One of those who were asked says that they rang them. Said already: nothing changes.

    Refuses: NotHere for everybody else.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    row = models.Handover.objects.filter(alert=alert).first()
    if row is None or row.ring_topic_id is None or viewer.person_id is None:
        raise NotHere
    if not is_to_ring(row, viewer.person_id):
        raise NotHere
    if row.rung_by_id is None:
        row.rung_by_id = viewer.person_id
        row.save(update_fields=["rung_by"])
        close_topic(network_id=row.network_id, topic_id=row.ring_topic_id, now=now)


@one_transaction
def answer_from_notice(
    *,
    network_id: UUID,
    about: UUID | None,
    kind: str,
    recipient_id: UUID,
    answer: str,
    now: datetime,
    **_: object,
) -> bool | None:
    """A tap or a digit: «I look in», or how somebody is. Answers the moment `notice_answered`."""
    if about is None or kind not in {TOPIC_CONTACT, TOPIC_HOW}:
        return None
    try:
        with transaction.atomic():
            alert = lock_alert(network_id=network_id, alert_id=about)
    except NotHere:
        return False
    row = models.Handover.objects.filter(alert=alert).first()
    if row is None:
        return False
    if kind == TOPIC_CONTACT:
        if row.contact_id != recipient_id or answer not in set(YesNo):
            return False
        row.contact_said = answer
        row.save(update_fields=["contact_said"])
        return True
    return _say_how(alert, row, answer, now)


def _say_how(alert: models.Alert, row: models.Handover, answer: str, now: datetime) -> bool:
    """How they are. Who asks to be rung and then says that all is right is rung all the same."""
    if answer not in set(How):
        return False
    people = sorted(whom_to_ask(alert, row, now)) if answer == How.RING else []
    if answer == How.RING and row.ring_topic_id is None and people:
        row.ring_topic_id = _open(alert, TOPIC_RING, now)
        whose = concerned(alert)
        is_quiet = whose is not None and does_anything_only_look_ended(
            viewer=system_of(alert), person_id=whose
        )
        wording = words.NEEDS_YOU if is_quiet else words.PLEASE_RING
        _tell(alert, row.ring_topic_id, people, wording, ASKED_TO_RING, now)
    row.said_how = answer
    row.save(update_fields=["said_how", "ring_topic_id"])
    return answer == How.WELL or row.ring_topic_id is not None


@one_transaction
def lock_for_answer(*, network_id: UUID, about: UUID | None, kind: str, **_: object) -> None:
    """The call is locked before the question. Answers the moment `answer_begins`."""
    if kind in {TOPIC_CONTACT, TOPIC_HOW} and about is not None:
        with suppress(NotHere):
            lock_alert(network_id=network_id, alert_id=about)


def _over(viewer: Viewer, alert_id: UUID) -> models.Alert:
    """A call that is over, and not with a death: under its lock."""
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if is_running(alert) or alert.ended_how not in ASKED_AFTER:
        raise NotHere
    return alert


def _handover(alert: models.Alert) -> models.Handover:
    row, _made = models.Handover.objects.get_or_create(
        alert=alert, defaults={"network_id": alert.network_id}
    )
    return row


def _open(alert: models.Alert, kind: str, now: datetime) -> UUID:
    return open_topic(
        network_id=alert.network_id, about=alert.id, kind=kind, now=now,
        expires_at=max(alert.expires_at, now + A_DAY) if alert.ended_at else now + KEPT_LIFE,
    )  # fmt: skip


def _tell(
    alert: models.Alert,
    topic_id: UUID,
    person_ids: "list[UUID]",
    wording: Wording,
    purpose: str,
    now: datetime,
    urgency: Urgency = Urgency.URGENT,
    page: str = "late/",
) -> None:
    """page: that one where not all of them may open the call's own."""
    tell_on(
        page=page, network_id=alert.network_id, topic_id=topic_id, people=person_ids,
        wording=wording, purpose=purpose, now=now, lasts=A_DAY, urgency=urgency, rings=False,
    )  # fmt: skip
