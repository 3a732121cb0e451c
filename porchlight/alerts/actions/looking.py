"""Looking where somebody is who went to a call: asking them, then their buddies, coordinators."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions import answering
from porchlight.alerts.actions.core import TEXT_CHANNELS, lock_alert, set_standing, write_down
from porchlight.alerts.actions.watching import keep_looks_true, look_well
from porchlight.alerts.queries.around import apart_from, never_asked
from porchlight.alerts.queries.late import may_look
from porchlight.alerts.queries.resting import rung_now
from porchlight.alerts.queries.rows import invitation_of, is_running, system_of
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
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.rules import Urgency, Wording
from porchlight.people.queries.buddies import buddies_of
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.reaching import recipients

ANSWERS = frozenset({HERE, STILL, NOT_COMING, AT_HOME})
TOLD_FOR = timedelta(hours=6)
"""So long a phone may still ring for it."""


@transaction.atomic
def take_look(*, network_id: UUID, alert_id: UUID, person_id: UUID, now: datetime) -> Looked | None:
    """Do what is due for one person who is late; None where nothing is (any more).

    Tells: them; a quarter of an hour later their buddies; then coordinators, never
    of a silent call.
    """
    alert = lock_alert(network_id=network_id, alert_id=alert_id)
    row = models.Invitation.objects.filter(alert=alert, person_id=person_id).first()
    if row is None or row.look_at is None or row.look_at > now or row.look_from is None:
        return None
    if person_id in never_asked(viewer=system_of(alert), person_ids=[person_id]):
        look_well(alert=alert, row=row, now=now)  # gone: nobody looks for who does not want it
        return None
    step = Looked(row.looked + 1)
    row.looked = step
    row.look_at = next_look(step, now)
    if row.look_topic_id is None:
        row.look_topic_id = open_topic(
            network_id=network_id, about=alert.id, kind=TOPIC_LOOK, now=now,
            expires_at=now + TOLD_FOR + timedelta(hours=1),
        )  # fmt: skip
    row.save(update_fields=["looked", "look_at", "look_topic_id"])
    if step is Looked.ASKED:
        wording = words.ARE_YOU_THERE if is_running(alert) else words.ARE_YOU_HOME
        _tell(alert, row, {person_id}, wording, "late", now)
        return step
    is_first = step is Looked.BUDDIES
    people = _buddies(alert, person_id) if is_first else _coordinators(alert, row, now)
    _tell(alert, row, people, words.LOOK_AFTER, LOOK, now)
    verb = "not_there" if is_running(alert) else "not_home"
    if step is Looked.BUDDIES:
        write_down(alert=alert, verb=verb, now=now, person_id=person_id)
    return step


@transaction.atomic
def put_off_look(*, alert_id: UUID, person_id: UUID, until: datetime) -> None:
    """Try again then."""
    models.Invitation.objects.filter(alert_id=alert_id, person_id=person_id).update(look_at=until)


def _buddies(alert: models.Alert, person_id: UUID) -> frozenset[UUID]:
    """Adults they chose, and who chose them; never somebody they are kept apart from."""
    system = system_of(alert)
    found = buddies_of(viewer=system, person_ids=[person_id])[person_id]
    found -= apart_from(viewer=system, person_ids=[person_id])
    return found - never_asked(viewer=system, person_ids=found)


def _coordinators(alert: models.Alert, row: models.Invitation, now: datetime) -> frozenset[UUID]:
    if alert.is_silent:
        return frozenset()
    system = system_of(alert)
    apart = apart_from(viewer=system, person_ids=[row.person_id, alert.raised_by_id])
    return rung_now(viewer=system, now=now) - apart - {row.person_id}


def _tell(
    alert: models.Alert,
    row: models.Invitation,
    people: Collection[UUID],
    wording: Wording,
    purpose: str,
    now: datetime,
) -> None:
    network = network_of(network_id=alert.network_id)
    if not people or row.look_topic_id is None:
        return
    tell(
        network_id=alert.network_id,
        topic_id=row.look_topic_id,
        recipients=recipients(viewer=system_of(alert), person_ids=list(people)),
        wording=wording,
        urgency=Urgency.CRITICAL,
        path=f"/n/{network.slug}/late/",
        now=now,
        expires_at=now + TOLD_FOR,
        purpose=purpose,
    )


@transaction.atomic
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
        say_where(viewer=viewer, alert_id=about, said=answer, channel=channel, now=now)
    except (NotHere, Refusal):
        return False
    return True


@transaction.atomic
def say_where(
    *, viewer: Viewer, alert_id: UUID, said: str, now: datetime, channel: str = "page"
) -> None:
    """Somebody who is late says where they are: here, still on the way, not coming, or at home.

    Refuses: NotHere for anybody who was not asked; what the deed itself refuses.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    row = invitation_of(alert, viewer.person_id)
    if said == STILL:
        _a_little_longer(alert, row, now)
    elif said == HERE:
        answering.arrive(viewer=viewer, alert_id=alert_id, now=now)
    elif said == AT_HOME:
        answering.safe_home(viewer=viewer, alert_id=alert_id, now=now)
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
        keep_looks_true(alert=alert, now=now)
        live.announce(live_key(alert.id))


@transaction.atomic
def spoke_with(*, viewer: Viewer, alert_id: UUID, person_id: UUID, now: datetime) -> None:
    """«We spoke»: a buddy or a coordinator who was told says that somebody is well.

    Said already: nothing changes. Refuses: NotHere for everybody else.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    row = models.Invitation.objects.filter(alert=alert, person_id=person_id).first()
    if row is None or not may_look(viewer=viewer, alert=alert, row=row):
        raise NotHere
    begins = row.look_from
    look_well(alert=alert, row=row, now=now)
    # Nobody looks again, unless they say another time.
    models.Invitation.objects.filter(id=row.id).update(look_from=begins, looked=Looked.COORDINATORS)
    write_down(alert=alert, verb="spoke", now=now, actor_id=viewer.person_id, person_id=person_id)
    if not is_running(alert) and row.standing == Standing.ARRIVED:
        row.refresh_from_db()
        set_standing(alert=alert, invitation=row, standing=Standing.HOME)
        write_down(alert=alert, verb="home", now=now, person_id=person_id)
        keep_looks_true(alert=alert, now=now)
