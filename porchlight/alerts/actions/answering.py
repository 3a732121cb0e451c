"""Answers: one tap on any channel, once a person; a late one is told the truth."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.core import (
    KEPT_LIFE,
    keep_doors_true,
    keep_step_true,
    lock_alert,
    set_standing,
    set_state,
    stop_few,
    tell_people,
    write_down,
)
from porchlight.alerts.actions.placing import keep_rings_true, text_meetings, text_places
from porchlight.alerts.actions.watching import keep_looks_true
from porchlight.alerts.queries.goings import goings_of
from porchlight.alerts.queries.rows import (
    coming_to,
    invitation_of,
    is_kept_apart,
    is_missed,
    is_running,
    last_word_at,
)
from porchlight.alerts.rules import words
from porchlight.alerts.rules.doors import is_door_paused
from porchlight.alerts.rules.kinds import Playbook
from porchlight.alerts.rules.names import DOOR, TOPIC
from porchlight.alerts.rules.states import (
    NOBODY_SAID_SO,
    ON_THE_WAY,
    AlertState,
    EndedHow,
    Standing,
)
from porchlight.alerts.rules.texts import MOST_MINUTES, Said
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import stop_sending
from porchlight.notices.rules import Urgency, Wording
from porchlight.people.queries.signing_in import as_network
from porchlight.trust.queries.disclosures import readers_ever, readers_now

RESERVE_STANDINGS = (Standing.ASKED, Standing.ENOUGH)
"""Asked again when one of those coming can't."""


class Outcome(StrEnum):
    """What an answer came to; shown truthfully to whoever answered."""

    COMING = "coming"
    REMOTE = "remote"
    CANT = "cant"
    ENOUGH = "enough"
    """Enough people are coming: please stay."""
    OVER = "over"
    """Too late, and all is well."""
    CLOSED = "closed"
    """Too late, and nobody said that all is well."""
    DIED = "died"
    """Too late, and no machine says a word: people ring people (SAFETY.md 12)."""

    @classmethod
    def too_late(cls, ended_how: str) -> Self:
        """The truth about the end: that all is well only where somebody said so."""
        if ended_how == EndedHow.DIED:
            return cls.DIED
        return cls.CLOSED if ended_how in NOBODY_SAID_SO else cls.OVER


@one_transaction
def answer(
    *,
    network_id: UUID,
    alert_id: UUID,
    person_id: UUID,
    said: Said,
    channel: str,
    now: datetime,
    minutes: int | None = None,
) -> Outcome:
    """Take somebody's answer. The same one again changes nothing; another one replaces it.

    minutes: until they are there, 1 to 120. channel: page, link, sms, voice, web_push, demo, bell.
    Refuses: NotHere for people who were not asked, and for everybody before its grace is over;
    MINUTES.
    Tells: the asker when the first one comes and when enough come; when one of enough can't, those
    who were not needed before.
    """
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Refusal(WhyNot.MINUTES)
    alert = lock_alert(network_id=network_id, alert_id=alert_id)
    invitation = invitation_of(alert, person_id)
    if now < alert.due_at:
        raise NotHere  # nobody heard of it yet, and it may still be stopped
    if not is_running(alert):
        write_down(alert=alert, verb="late", now=now, actor_id=person_id, said=said)
        return Outcome.too_late(alert.ended_how)
    if invitation.standing == Standing.REMOVED or (
        said is Said.COMING and is_kept_apart(alert, person_id)
    ):
        return Outcome.ENOUGH
    before = invitation.standing
    outcome = _moved(alert, invitation, said, now)
    invitation.channel = channel[:12]
    invitation.answered_at = now
    is_new = invitation.standing != before
    is_coming = invitation.standing == Standing.COMING  # whoever is there says no minutes any more
    if is_coming and (minutes is not None or is_new):
        invitation.due_at = now + timedelta(minutes=minutes) if minutes else None
    elif outcome is not Outcome.COMING:
        invitation.due_at = None
    invitation.save(update_fields=["channel", "answered_at", "due_at"])
    if is_new or (minutes is not None and is_coming):
        write_down(
            alert=alert,
            verb=outcome,
            now=now,
            actor_id=person_id,
            minutes=minutes,
        )
    _settle(alert, now, answered=person_id)
    return outcome


def _moved(
    alert: models.Alert, invitation: models.Invitation, said: Said, now: datetime
) -> Outcome:
    """Where the answer leaves them. Who is there already stays there when they say «coming».

    Where enough come and none of them is trained for this, the first who is comes too.
    """
    if said is Said.COMING:
        if invitation.standing in ON_THE_WAY:
            return Outcome.COMING
        if set_standing(alert=alert, invitation=invitation, standing=Standing.COMING):
            return Outcome.COMING
        if is_missed(alert, invitation.person_id, now) and set_standing(
            alert=alert, invitation=invitation, standing=Standing.COMING, is_needed=True
        ):
            return Outcome.COMING
        set_standing(alert=alert, invitation=invitation, standing=Standing.ENOUGH)
        return Outcome.ENOUGH
    wanted = Standing.CANT if said is Said.CANT else Standing.REMOTE
    if set_standing(alert=alert, invitation=invitation, standing=wanted):
        return Outcome(wanted.value)
    # Somebody who is there cannot help «from here»; somebody who is home again need not say more.
    return Outcome.COMING if invitation.standing in ON_THE_WAY else Outcome.CANT


def _settle(alert: models.Alert, now: datetime, *, answered: UUID | None) -> None:
    """Doors, the state, and who must be told, after anything about anybody has changed."""
    fresh = keep_doors_true(alert=alert, now=now)
    keep_lead_true(alert=alert, now=now)
    keep_rings_true(alert=alert, now=now)
    text_places(alert=alert, person_ids=fresh, answered=answered, now=now)
    text_meetings(alert=alert, now=now)
    if alert.state != AlertState.VERIFYING:
        _keep_state_true(alert, now)
    keep_step_true(alert=alert, now=now)
    keep_looks_true(alert=alert, now=now, heard_of=answered)


def _keep_state_true(alert: models.Alert, now: datetime) -> None:
    """Whether enough come, and who hears of it."""
    on_the_way = coming_to(alert)
    coming, state = on_the_way.people, on_the_way.state
    if state is AlertState.ENOUGH and alert.state == AlertState.OPEN:
        set_state(alert=alert, state=AlertState.ENOUGH)
        stop_few(alert=alert, now=now)
        stop_sending(network_id=alert.network_id, topic_id=alert.topic_id)
        write_down(alert=alert, verb="enough", now=now, people=coming)
        times = models.AlertEvent.objects.filter(alert=alert, verb="enough").count()
        tell_asker(alert=alert, wording=words.ENOUGH_COME, purpose=f"enough-{times}", now=now)
    elif state is AlertState.OPEN and alert.state == AlertState.ENOUGH:
        set_state(alert=alert, state=AlertState.OPEN)
        write_down(alert=alert, verb="open_again", now=now, people=coming)
        ask_again(alert=alert, now=now)
    if coming == 1 and alert.state == AlertState.OPEN:
        tell_asker(alert=alert, wording=words.SOMEBODY_COMES, purpose="first", now=now)


@one_transaction
def ask_again(*, alert: models.Alert, now: datetime) -> int:
    """Ask those who were not needed or have not answered once more; gives how many."""
    people = models.Invitation.objects.filter(
        alert=alert, standing__in=RESERVE_STANDINGS
    ).values_list("person_id", flat=True)
    rounds = models.AlertEvent.objects.filter(alert=alert, verb="asked_again").count()
    told = tell_people(
        alert=alert,
        topic_id=alert.topic_id,
        person_ids=list(people),
        wording=words.MORE,
        purpose=f"asked-{rounds + 2}",
        now=now,
    )
    write_down(alert=alert, verb="asked_again", now=now, people=len(told))
    keep_step_true(alert=alert, asked_at=now, now=now)
    return len(told)


@one_transaction
def tell_asker(*, alert: models.Alert, wording: Wording, purpose: str, now: datetime) -> None:
    """Tell who asked, once a purpose; never where nothing may ring on their phone."""
    if alert.is_silent:
        return
    news_of(alert=alert, person_ids=[alert.raised_by_id], wording=wording, purpose=purpose, now=now)


@one_transaction
def news_of(
    *,
    alert: models.Alert,
    person_ids: Collection[UUID],
    wording: Wording,
    purpose: str,
    now: datetime,
    urgency: Urgency = Urgency.CRITICAL,
) -> None:
    """Tell people something about the alert that needs no answer; the same purpose once each.

    No phone is rung to say it, but where nothing else reaches them. Tells nobody once its hours are
    long over, as after a month in which the machine stood still.
    """
    if not person_ids or now >= last_word_at(alert):
        return
    tell_people(
        alert=alert,
        topic_id=alert.news_topic_id,
        person_ids=person_ids,
        wording=wording,
        purpose=purpose,
        now=now,
        urgency=urgency,
        rings=False,
    )


@one_transaction
def arrive(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """«I've arrived». The first one there who sees the door leads: they may let strangers see it
    too, and end it.

    Refuses: NOT_COMING; OVER.
    """
    alert, invitation = _own(viewer, alert_id)
    if not is_running(alert):
        raise Refusal(WhyNot.OVER)
    if invitation.standing == Standing.ARRIVED:
        return
    if invitation.standing != Standing.COMING:
        raise Refusal(WhyNot.NOT_COMING)
    set_standing(alert=alert, invitation=invitation, standing=Standing.ARRIVED)
    models.Invitation.objects.filter(id=invitation.id).update(arrived_at=now)
    write_down(alert=alert, verb="arrived", now=now, actor_id=viewer.person_id)
    _settle(alert, now, answered=viewer.person_id)


@one_transaction
def safe_home(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """«I'm home». Counts after the end too: nobody is forgotten on the way back."""
    alert, invitation = _own(viewer, alert_id)
    if invitation.standing == Standing.HOME:
        return
    if invitation.standing not in ON_THE_WAY:
        raise Refusal(WhyNot.NOT_COMING)
    set_standing(alert=alert, invitation=invitation, standing=Standing.HOME)
    write_down(alert=alert, verb="home", now=now, actor_id=viewer.person_id)
    if is_running(alert):
        _settle(alert, now, answered=viewer.person_id)
    else:
        keep_looks_true(alert=alert, now=now, heard_of=viewer.person_id)


def _own(viewer: Viewer, alert_id: UUID) -> tuple[models.Alert, models.Invitation]:
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    return alert, invitation_of(alert, viewer.person_id)


@one_transaction
def keep_lead_true(*, alert: models.Alert, now: datetime) -> None:
    """Who has been there longest and sees the door leads; nobody when nobody is there.

    A stranger without a door leads nobody to it, and ends nothing (SAFETY.md 2).
    """
    there = list(
        models.Invitation.objects.filter(alert=alert, standing=Standing.ARRIVED)
        .order_by("arrived_at", "id")
        .values_list("person_id", flat=True)
    )
    if there:
        system = Viewer.system(as_network(alert.network), "who leads")
        see = readers_now(viewer=system, thing_id=alert.id, what=DOOR, now=now)
        there = [one for one in there if one in see]
    if alert.lead_id in there or (alert.lead_id is None and not there):
        return
    alert.lead_id = there[0] if there else None
    alert.save(update_fields=["lead"])


@one_transaction
def settle(*, alert: models.Alert, now: datetime) -> None:
    """Make doors, state and counts true after a change elsewhere. Under the alert's lock."""
    if is_running(alert):
        _settle(alert, now, answered=None)


@one_transaction
def answer_from_notice(
    *,
    network_id: UUID,
    topic_id: UUID,
    about: UUID | None,
    kind: str,
    recipient_id: UUID,
    answer: str,
    channel: str,
    now: datetime,
    **_: object,
) -> bool | None:
    """A tap on a bell, a push, a call or a link. Answers the moment `notice_answered`.

    None: not about an alert. False: nothing came of it, and the page says why.
    """
    if kind != TOPIC or about is None or answer not in set(Said):
        return None
    came_to = _answer(network_id, about, recipient_id, Said(answer), channel, now)
    if came_to is Outcome.ENOUGH:  # or they walk there
        _tell_enough(network_id, about, recipient_id, now)
    return came_to in {Outcome.COMING, Outcome.REMOTE, Outcome.CANT}


def _tell_enough(network_id: UUID, alert_id: UUID, person_id: UUID, now: datetime) -> None:
    """Whoever is not needed hears it, once each time they offered to come."""
    alert = lock_alert(network_id=network_id, alert_id=alert_id)
    times = models.AlertEvent.objects.filter(
        alert=alert, verb=Outcome.ENOUGH, actor_id=person_id
    ).count()
    news_of(
        alert=alert,
        person_ids=[person_id],
        wording=words.ENOUGH,
        purpose=f"enough-for-you-{times}",
        now=now,
    )


def _answer(
    network_id: UUID, alert_id: UUID, person_id: UUID, said: Said, channel: str, now: datetime
) -> Outcome:
    return answer(
        network_id=network_id,
        alert_id=alert_id,
        person_id=person_id,
        said=said,
        channel=channel,
        now=now,
    )


@one_transaction
def pause_doors_of_missing(*, alert: models.Alert, now: datetime) -> None:
    """After the end: whoever read a door and never arrived, too often in a row, is shown no door
    until a coordinator has talked with them (SAFETY.md 2)."""
    limit = Playbook.of(alert.playbook).doors_missed
    system = Viewer.system(as_network(alert.network), "whose doors are paused")
    for person_id in readers_ever(viewer=system, thing_id=alert.id, what=DOOR):
        goings = goings_of(viewer=system, person_id=person_id)
        if is_door_paused(goings=goings, limit=limit):
            models.DoorPause.objects.get_or_create(
                network_id=alert.network_id,
                person_id=person_id,
                lifted_at=None,
                defaults={"from_at": now, "expires_at": now + 12 * KEPT_LIFE},
            )
            write_down(alert=alert, verb="door_paused", now=now, person_id=person_id)
