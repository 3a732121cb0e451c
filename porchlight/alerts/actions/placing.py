"""Getting the place to people who answer by text: only where the asker said so beforehand."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.actions.core import (
    TEXT_CHANNELS,
    open_own_topic,
    stop_meeting_texts,
    stop_place_texts,
    stop_topics,
    tell_people,
    write_down,
)
from porchlight.alerts.queries.resting import rung_now
from porchlight.alerts.queries.rows import apart_at, path_of, system_of, why_of
from porchlight.alerts.rules import words
from porchlight.alerts.rules.names import (
    DOOR,
    PHONE,
    PURPOSES,
    RING_LATE,
    TOPIC_PLACE,
)
from porchlight.alerts.rules.states import ON_THE_WAY, Standing
from porchlight.kit import vault
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.queries.words import goes_whole
from porchlight.notices.rules import Recipient, Urgency, Wording
from porchlight.people.queries.reaching import recipients
from porchlight.people.queries.signing_in import as_network
from porchlight.trust.actions.disclosures import disclose, open_guarded, revoke
from porchlight.trust.queries.disclosures import readers_now

PLACE_LIFE = timedelta(hours=1)
"""A text that says where is sent at once or not at all, and forgotten soon after."""
WITHOUT_A_PAGE = (*TEXT_CHANNELS, "link")
"""Who answered through one of these reads no small tasks, and is told nothing to do there."""
RING_PATIENCE = timedelta(minutes=2)
"""So long those who see the door have before coordinators are told too. Ours."""


@one_transaction
def text_places(
    *, alert: models.Alert, person_ids: Collection[UUID], answered: UUID | None, now: datetime
) -> None:
    """Bring the place to everybody who may see it from now on.

    By text: the words themselves, where the asker's standing choice allows; else somebody rings
    them. By page: whoever did not just tap is told to look.
    """
    waiting = _bring(alert, person_ids, now) - {answered}
    if waiting:
        _news(alert, waiting, words.PLACE, _nth("place", alert), now)


@one_transaction
def tell_new_place(*, alert: models.Alert, for_all: bool, now: datetime) -> None:
    """The place is another one now: whoever may know it hears it as they heard the first one.

    By text: the place once more, and none that is still under way; or somebody rings them again.
    Through a link it shows once more, on the same device. Everybody else is told to look again.
    for_all: what is read without a door changed too; else only those who see the door are told.
    """
    stop_place_texts(alert=alert, now=now)
    models.Invitation.objects.filter(alert=alert).update(link_shown_at=None)
    system = system_of(alert)
    see = readers_now(viewer=system, thing_id=alert.id, what=DOOR, now=now)
    told = set(_bring(alert, see, now))
    rung = models.AlertTask.objects.filter(alert=alert, ring_id__in=list(told))
    for person_id in sorted(rung.values_list("ring_id", flat=True)):  # by link, and called before
        ring_task(alert=alert, person_id=person_id, now=now)
    if for_all:
        stop_meeting_texts(alert=alert, now=now)
        text_meetings(alert=alert, now=now)
        coming = models.Invitation.objects.filter(alert=alert, standing__in=list(ON_THE_WAY))
        coming = coming.filter(meeting_topic_id=None)
        told |= set(coming.values_list("person_id", flat=True)) - see
        told -= apart_at(viewer=system, alert=alert)
    if told:
        times = models.AlertEvent.objects.filter(alert=alert, verb="said_more").count()
        _news(alert, told, words.NEW_PLACE, f"new-place-{times}", now)


def _bring(alert: models.Alert, person_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """The place to those of these people who answer by text. Gives the others."""
    by_text = dict(
        models.Invitation.objects.filter(
            alert=alert, person_id__in=list(person_ids), channel__in=list(TEXT_CHANNELS)
        ).values_list("person_id", "channel")
    )
    place = _words(alert, "place") if _may_text(alert) else ""
    wording = Wording(
        title=words.PLACE.title, text="%(place)s", short_text="%(place)s", facts={"place": place}
    )
    for person_id in sorted(by_text):
        phone = _phone_for(alert, person_id, TEXT_CHANNELS[by_text[person_id]]) if place else None
        if phone is not None and goes_whole(wording, place, phone.language):
            _text_place(alert, phone, wording, now)
        else:
            ring_task(alert=alert, person_id=person_id, now=now)
    return set(person_ids) - by_text.keys()


@one_transaction
def text_meetings(*, alert: models.Alert, now: datetime) -> None:
    """Where to wait, to those on the way by text who are shown no door: a stranger, or the first of
    two. They read it on a page too; by text it goes where the asker's standing choice allows.

    Once each; called after every change, under the alert's lock. One that would not fit whole into
    a text is left out: then their answer is answered as without a choice (`actions.texts`).
    """
    waiting = dict(
        models.Invitation.objects.filter(
            alert=alert, standing__in=list(ON_THE_WAY), channel__in=list(TEXT_CHANNELS)
        ).values_list("person_id", "channel")
    )
    if waiting:
        system = system_of(alert)
        see = readers_now(viewer=system, thing_id=alert.id, what=DOOR, now=now)
        for person_id in see | apart_at(viewer=system, alert=alert):
            waiting.pop(person_id, None)
    stop_meeting_texts(alert=alert, now=now, but=waiting)
    known = models.Invitation.objects.filter(alert=alert, meeting_topic_id__isnull=False)
    fresh = waiting.keys() - set(known.values_list("person_id", flat=True))
    meeting = _words(alert, "meeting") if fresh and _may_text(alert) else ""
    if not meeting:
        return
    wording = replace(words.WAIT_HERE_BY_TEXT, facts={"place": meeting})
    for person_id in sorted(fresh):
        phone = _phone_for(alert, person_id, TEXT_CHANNELS[waiting[person_id]])
        if phone is not None and goes_whole(wording, meeting, phone.language):
            _send(alert, phone, wording, "meeting", now)


def _may_text(alert: models.Alert) -> bool:
    """The asker's standing choice."""
    return models.AlertChoice.objects.filter(
        person_id=alert.raised_by_id, may_text_place=True
    ).exists()


def _words(alert: models.Alert, part: str) -> str:
    row = models.AlertWords.objects.filter(alert=alert).first()
    guarded = row and getattr(row, f"{part}_guarded")
    return vault.reveal(guarded, purpose=PURPOSES[part], whose=alert.id) if guarded else ""


def _phone_for(alert: models.Alert, person_id: UUID, channel: str) -> Recipient | None:
    """Somebody with their phones for texts only; None where they have none."""
    system = Viewer.system(as_network(alert.network), "who gets a place by text")
    for one in recipients(viewer=system, person_ids=[person_id]):
        phones = tuple(
            address
            for address in one.addresses
            if address.channel == channel and address.is_usable and address.may_text
        )
        if phones:
            return replace(one, addresses=phones)
    return None


def _text_place(alert: models.Alert, phone: Recipient, wording: Wording, now: datetime) -> None:
    """The one text that says where. It is logged as a reading, like any other."""
    network = as_network(alert.network)
    reader = Viewer(network=network, person_id=phone.id, scope=Scope.LINK)
    open_guarded(viewer=reader, what=DOOR, thing_id=alert.id, how="text", now=now)
    _send(alert, phone, wording, "place", now)


def _send(
    alert: models.Alert, phone: Recipient, wording: Wording, what: str, now: datetime
) -> None:
    """One text with a place in it, at once or never. what: place, or meeting."""
    # Under a topic of its own: it stops when they are not to come, and its words go soon.
    topic_id = open_topic(
        network_id=alert.network_id,
        about=alert.id,
        kind=TOPIC_PLACE,
        now=now,
        expires_at=now + PLACE_LIFE,
    )
    tell(
        network_id=alert.network_id,
        topic_id=topic_id,
        recipients=[phone],
        wording=wording,
        urgency=Urgency.CRITICAL,
        path=path_of(as_network(alert.network), alert),
        now=now,
        expires_at=now + PLACE_LIFE,
        purpose=f"{what}_text",
        rings=False,
    )
    invitation = models.Invitation.objects.filter(alert=alert, person_id=phone.id)
    invitation.update(**{f"{what}_topic_id": topic_id})
    write_down(alert=alert, verb=f"{what}_texted", now=now, person_id=phone.id)


@one_transaction
def ring_task(*, alert: models.Alert, person_id: UUID, now: datetime) -> None:
    """Somebody rings them and says where. They may be rung: they answered to it (SAFETY.md 7).

    Rung before, and needed again: it is open once more, for anybody.
    Tells: those who may ring; coordinators, where nobody has taken it on within a short time.
    """
    task, is_new = models.AlertTask.objects.get_or_create(
        alert=alert,
        ring_id=person_id,
        defaults={
            "network_id": alert.network_id,
            "source": f"alert:{alert.id}",
            "client_key": person_id,
            "created_at": now,
            "key": "ring",
            "expires_at": alert.expires_at,
        },
    )
    if not is_new and task.done_at is None:
        return
    models.AlertTask.objects.filter(id=task.id).update(done_at=None, taken_by=None, taken_at=None)
    task.refresh_from_db()
    ringers = _ringers(alert, now)
    _show_number(alert, task, ringers, now)
    told = readers_now(viewer=system_of(alert), thing_id=person_id, what=PHONE, now=now)
    write_down(alert=alert, verb="ring", now=now, person_id=person_id)
    times = models.AlertEvent.objects.filter(alert=alert, verb="ring").count()
    _news(alert, told & ringers, words.RING, f"ring-{times}", now)
    _wait_for_ringer(alert, task, ringers, now)


def _ringers(alert: models.Alert, now: datetime) -> frozenset[UUID]:
    """Who rings: whoever is on the way with a page in hand and sees the door, and the asker, but
    not in a silent call, where nothing may show on their phone."""
    see = readers_now(viewer=system_of(alert), thing_id=alert.id, what=DOOR, now=now)
    with_a_page = (
        models.Invitation.objects.filter(alert=alert, person_id__in=see, standing__in=ON_THE_WAY)
        .exclude(~Q(standing=Standing.ARRIVED), channel__in=WITHOUT_A_PAGE)
        .values_list("person_id", flat=True)
    )
    return frozenset(with_a_page) | (frozenset() if alert.is_silent else {alert.raised_by_id})


def _show_number(
    alert: models.Alert, task: models.AlertTask, ringers: frozenset[UUID], now: datetime
) -> None:
    """To those who ring, and to the coordinator who took it on; to nobody else any more."""
    person_id = task.ring_id
    if person_id is None:
        return
    may = ringers | ({task.taken_by_id} if task.taken_by_id else set())
    may = frozenset() if task.done_at else may
    before = readers_now(viewer=system_of(alert), thing_id=person_id, what=PHONE, now=now)
    if before - may:
        revoke(
            network_id=alert.network_id,
            thing_id=person_id,
            why_id=alert.id,
            reader_ids=before - may,
            what=PHONE,
            now=now,
        )
    disclose(
        network_id=alert.network_id,
        owner_id=person_id,
        reader_ids=may - before,
        what=PHONE,
        thing_id=person_id,
        why_kind=why_of(alert),
        why_id=alert.id,
        now=now,
        expires_at=alert.expires_at,
    )


@one_transaction
def keep_rings_true(*, alert: models.Alert, now: datetime) -> None:
    """Nobody is asked to ring somebody who is not coming any more; who sees the door may ring the
    rest, and reads no number any more when they do not. Coordinators hear, in a while, of those
    whom nobody has taken on.

    Called after every change, under the alert's lock.
    """
    rings = models.AlertTask.objects.filter(alert=alert, key="ring")
    coming = models.Invitation.objects.filter(alert=alert, standing__in=list(ON_THE_WAY))
    over = list(
        rings.exclude(ring_id__in=coming.values("person_id")).values_list("ring_id", flat=True)
    )
    for person_id in over:
        revoke(
            network_id=alert.network_id, thing_id=person_id, why_id=alert.id, what=PHONE, now=now
        )
    stop_waiting_for_ringers(alert=alert, person_ids=over, now=now)
    rings.filter(ring_id__in=over).delete()
    still = list(rings.order_by("id"))
    ringers = _ringers(alert, now) if still else frozenset()
    for task in still:
        _show_number(alert, task, ringers, now)
        if task.ring_id is None:
            continue
        is_free = task.done_at is None and task.taken_by_id is None
        if is_free and task.late_topic_id is None:
            _wait_for_ringer(alert, task, ringers, now)
        elif not is_free and task.late_topic_id is not None:
            stop_waiting_for_ringers(alert=alert, person_ids=[task.ring_id], now=now)


def _wait_for_ringer(
    alert: models.Alert, task: models.AlertTask, ringers: frozenset[UUID], now: datetime
) -> None:
    """Tell coordinators in a while, unless somebody has taken it on by then; never in a silent
    call. No number is shown to them before one of them takes it on.
    """
    if task.ring_id is None:
        return
    stop_waiting_for_ringers(alert=alert, person_ids=[task.ring_id], now=now)
    if alert.is_silent:
        return
    system = system_of(alert)
    people = rung_now(viewer=system, now=now) - apart_at(viewer=system, alert=alert)
    people -= ringers | {alert.raised_by_id, task.ring_id}
    task.late_at = now + RING_PATIENCE
    if people:
        task.late_topic_id = open_own_topic(alert=alert, now=now)
        tell_people(
            alert=alert,
            topic_id=task.late_topic_id,
            person_ids=people,
            wording=words.RING_LATE,
            purpose=RING_LATE,
            now=now,
            not_before=task.late_at,
            rings=False,
        )
    task.save(update_fields=["late_at", "late_topic_id"])


@one_transaction
def stop_waiting_for_ringers(
    *, alert: models.Alert, now: datetime, person_ids: Collection[UUID] | None = None
) -> None:
    """Coordinators need not hear any more that these people should be rung. None: all of them."""
    rows = models.AlertTask.objects.filter(alert=alert)
    if person_ids is not None:
        rows = rows.filter(ring_id__in=list(person_ids))
    stop_topics(alert=alert, rows=rows, column="late_topic_id", now=now)


def _nth(purpose: str, alert: models.Alert) -> str:
    """Somebody who could not come and comes after all is told anew."""
    times = models.AlertEvent.objects.filter(alert=alert, verb="coming").count()
    return f"{purpose}-{times}"


def _news(
    alert: models.Alert,
    person_ids: Collection[UUID],
    wording: Wording,
    purpose: str,
    now: datetime,
) -> None:
    tell_people(
        alert=alert,
        topic_id=alert.news_topic_id,
        person_ids=person_ids,
        wording=wording,
        purpose=purpose,
        now=now,
        rings=False,
    )
