"""Looking where somebody is who went to a call: asking them, then their buddies, coordinators."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions import answering
from porchlight.alerts.actions.choices import note_rung
from porchlight.alerts.actions.core import TEXT_CHANNELS, lock_alert, set_standing, write_down
from porchlight.alerts.actions.watching import keep_looks_true, look_well, tell_lookers
from porchlight.alerts.queries.around import apart_from, never_asked
from porchlight.alerts.queries.late import asked_to, may_look
from porchlight.alerts.queries.resting import rung_now
from porchlight.alerts.queries.rows import apart_at, invitation_of, is_running, system_of
from porchlight.alerts.rules import words
from porchlight.alerts.rules.looking import STILL_COMING, STILL_OUT, Looked, next_look
from porchlight.alerts.rules.names import (
    AT_HOME,
    HERE,
    LOOK,
    NOT_COMING,
    STILL,
    TOPIC_LOOK,
    live_key,
)
from porchlight.alerts.rules.states import ON_THE_WAY, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.kit import live
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import open_topic
from porchlight.people.queries.buddies import buddies_of
from porchlight.people.queries.neighbours import network_of

ANSWERS = frozenset({HERE, STILL, NOT_COMING, AT_HOME})
LOOKED_FOR = timedelta(days=2)
"""So long an answer counts."""


@one_transaction
def take_look(*, network_id: UUID, alert_id: UUID, person_id: UUID, now: datetime) -> Looked | None:
    """Do what is due for one person who is late; None where nothing is (any more).

    Tells: them; a quarter of an hour later their buddies; then coordinators, never
    of a silent call.
    """
    alert = lock_alert(network_id=network_id, alert_id=alert_id)
    row = models.Invitation.objects.filter(alert=alert, person_id=person_id).first()
    if row is None or row.look_at is None or row.look_at > now:
        return None
    if row.look_from is None or row.looked >= Looked.COORDINATORS:
        models.Invitation.objects.filter(id=row.id).update(look_at=None)
        return None
    if _wants_nobody(alert, person_id):
        look_well(alert=alert, row=row, now=now, was_heard=False)
        return None
    step, people = _whom(alert, row, now)
    row.looked = step
    row.look_at = next_look(step, now)
    if row.look_topic_id is None:
        row.look_topic_id = open_topic(
            network_id=network_id, about=alert.id, kind=TOPIC_LOOK, now=now,
            expires_at=now + LOOKED_FOR,
        )  # fmt: skip
    row.save(update_fields=["looked", "look_at", "look_topic_id"])
    is_going = row.standing == Standing.COMING
    if step is Looked.ASKED:
        wording = words.ARE_YOU_THERE if is_going else words.ARE_YOU_HOME
        tell_lookers(
            alert=alert, topic_id=row.look_topic_id, people=people, wording=wording,
            purpose="late", now=now,
        )  # fmt: skip
        return step
    tell_lookers(
        alert=alert, topic_id=row.look_topic_id, people=people, wording=words.LOOK_AFTER,
        purpose=LOOK, now=now,
    )  # fmt: skip
    if step is Looked.COORDINATORS:
        note_rung(network_id=network_id, person_ids=people, now=now)
    if people:
        verb = "not_there" if is_going else "not_home"
        write_down(alert=alert, verb=verb, now=now, person_id=person_id)
    return step


def _wants_nobody(alert: models.Alert, person_id: UUID) -> bool:
    """Gone, or said meanwhile that nobody need look."""
    said_so = models.AlertChoice.objects.filter(person_id=person_id, is_looked_after=False)
    gone = never_asked(viewer=system_of(alert), person_ids=[person_id])
    return person_id in gone or said_so.exists()


def _whom(
    alert: models.Alert, row: models.Invitation, now: datetime
) -> tuple[Looked, frozenset[UUID]]:
    """The next who hear of it. Where nobody is a buddy, coordinators at once; where none of those
    may be rung now, it is tried again, and nothing is said to anybody meanwhile."""
    if row.looked == Looked.NOT_YET:
        return Looked.ASKED, frozenset({row.person_id})
    if row.looked == Looked.ASKED:
        found = _buddies(alert, row.person_id)
        if found:
            return Looked.BUDDIES, found
    if alert.is_silent:
        return Looked.COORDINATORS, frozenset()
    called = _coordinators(alert, row, now)
    return (Looked.COORDINATORS, called) if called else (Looked.BUDDIES, called)


@one_transaction
def put_off_look(*, alert_id: UUID, person_id: UUID, now: datetime, until: datetime) -> None:
    """Try again then; unless it was settled meanwhile."""
    models.Invitation.objects.filter(
        alert_id=alert_id, person_id=person_id, look_at__lte=now
    ).update(look_at=until)


def _buddies(alert: models.Alert, person_id: UUID) -> frozenset[UUID]:
    """Adults they chose, and who chose them; never somebody they are kept apart from.

    Of a silent call only those who were asked to it themselves: nothing of it reaches whoever
    lives with the asker (SAFETY.md 4).
    """
    system = system_of(alert)
    found = buddies_of(viewer=system, person_ids=[person_id])[person_id]
    found -= apart_from(viewer=system, person_ids=[person_id])
    found -= {alert.raised_by_id} | ({alert.subject_id} if alert.subject_id else set())
    if alert.is_silent:
        found &= asked_to(alert)
    return found - never_asked(viewer=system, person_ids=found)


def _coordinators(alert: models.Alert, row: models.Invitation, now: datetime) -> frozenset[UUID]:
    if alert.is_silent:
        return frozenset()
    system = system_of(alert)
    apart = apart_from(viewer=system, person_ids=[row.person_id])
    apart |= apart_at(viewer=system, alert=alert)
    return rung_now(viewer=system, now=now) - apart - {row.person_id, alert.raised_by_id}


@one_transaction
def answer_from_notice(
    *,
    network_id: UUID,
    about: UUID | None,
    kind: str,
    recipient_id: UUID,
    answer: str,
    channel: str,
    now: datetime,
    **_: object,
) -> bool | None:
    """A tap or a digit of somebody who is late. Answers the moment `notice_answered`."""
    if kind != TOPIC_LOOK or about is None or answer not in ANSWERS:
        return None
    viewer = Viewer.system(
        network_of(network_id=network_id), "answered by phone", person_id=recipient_id
    )
    try:
        with transaction.atomic():
            say_where(viewer=viewer, alert_id=about, said=answer, channel=channel, now=now)
    except (NotHere, Refusal):
        return False
    return True


@one_transaction
def say_where(
    *, viewer: Viewer, alert_id: UUID, said: str, now: datetime, channel: str = "page"
) -> None:
    """Somebody who is late says where they are: here, still on the way, not coming, or at home.

    Refuses: NotHere for anybody who was not asked; what the deed itself refuses.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    row = invitation_of(alert, viewer.person_id)
    is_over = not is_running(alert)
    if said == STILL:
        _a_little_longer(alert, row, now)
    elif said == AT_HOME or is_over:  # whoever is heard of after the end is well
        answering.safe_home(viewer=viewer, alert_id=alert_id, now=now)
    elif said == HERE:
        answering.arrive(viewer=viewer, alert_id=alert_id, now=now)
    else:
        answering.answer(
            network_id=alert.network_id, alert_id=alert.id, person_id=row.person_id,
            said=Said.CANT, channel=channel if channel in TEXT_CHANNELS else "page", now=now,
        )  # fmt: skip


def _a_little_longer(alert: models.Alert, row: models.Invitation, now: datetime) -> None:
    """Another time to be there or home by; nobody looks before it."""
    later = STILL_COMING if is_running(alert) else STILL_OUT
    if row.standing in ON_THE_WAY:
        models.Invitation.objects.filter(id=row.id).update(due_at=now + later)
        keep_looks_true(alert=alert, now=now, heard_of=row.person_id)
        live.announce(live_key(alert.id))


@one_transaction
def spoke_with(*, viewer: Viewer, alert_id: UUID, person_id: UUID, now: datetime) -> None:
    """«We spoke»: a buddy or a coordinator who was told says that somebody is well.

    Said already: nothing changes. Refuses: NotHere for everybody else.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    row = models.Invitation.objects.filter(alert=alert, person_id=person_id).first()
    if row is None or not may_look(viewer=viewer, alert=alert, row=row):
        raise NotHere
    if row.look_topic_id is None:
        return
    begins = row.look_from
    look_well(alert=alert, row=row, now=now, was_heard=True)
    # Nobody looks again, unless they say another time.
    models.Invitation.objects.filter(id=row.id).update(look_from=begins, looked=Looked.COORDINATORS)
    write_down(alert=alert, verb="spoke", now=now, actor_id=viewer.person_id, person_id=person_id)
    if not is_running(alert) and row.standing in ON_THE_WAY:
        row.refresh_from_db()
        set_standing(alert=alert, invitation=row, standing=Standing.HOME)
        write_down(alert=alert, verb="home", now=now, person_id=person_id)
        keep_looks_true(alert=alert, now=now, heard_of=person_id)


@one_transaction
def lock_for_answer(*, network_id: UUID, about: UUID | None, kind: str, **_: object) -> None:
    """Somebody answers whether they are there or home: the call is locked first, as everywhere.
    Answers the moment `answer_begins`, before the question itself is locked."""
    if kind == TOPIC_LOOK and about is not None:
        with suppress(NotHere):
            lock_alert(network_id=network_id, alert_id=about)
