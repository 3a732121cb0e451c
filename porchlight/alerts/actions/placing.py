"""Getting the place to people who answer by text: only where the asker said so beforehand."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from porchlight.alerts import models
from porchlight.alerts.actions.core import (
    TEXT_CHANNELS,
    stop_place_texts,
    tell_people,
    write_down,
)
from porchlight.alerts.queries.rows import apart_at, path_of, system_of
from porchlight.alerts.rules import words
from porchlight.alerts.rules.names import DOOR, PHONE, TOPIC_PLACE, WHY, WHY_SILENT
from porchlight.alerts.rules.states import ON_THE_WAY
from porchlight.kit import vault
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.rules import Recipient, Urgency, Wording
from porchlight.notices.rules.texting import segments
from porchlight.people.queries.neighbours import network_of
from porchlight.people.queries.reaching import recipients
from porchlight.trust.actions.disclosures import disclose, open_guarded, revoke
from porchlight.trust.queries.disclosures import readers_now

PLACE_LIFE = timedelta(hours=1)
"""A text that says where is sent at once or not at all, and forgotten soon after."""


@transaction.atomic
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


@transaction.atomic
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
        coming = models.Invitation.objects.filter(alert=alert, standing__in=list(ON_THE_WAY))
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
    may_text = models.AlertChoice.objects.filter(
        person_id=alert.raised_by_id, may_text_place=True
    ).exists()
    place = _place(alert) if may_text else ""
    fits = bool(place) and segments(place) == 1  # half a place would mislead
    for person_id in sorted(by_text):
        phone = _phone_for(alert, person_id, TEXT_CHANNELS[by_text[person_id]]) if fits else None
        if phone is not None:
            _text_place(alert, phone, place, now)
        else:
            ring_task(alert=alert, person_id=person_id, now=now)
    return set(person_ids) - by_text.keys()


def _place(alert: models.Alert) -> str:
    row = models.AlertWords.objects.filter(alert=alert).first()
    if row is None or row.place_guarded is None:
        return ""
    return vault.reveal(row.place_guarded, purpose="alert.place", whose=alert.id)


def _phone_for(alert: models.Alert, person_id: UUID, channel: str) -> Recipient | None:
    """Somebody with their phones for texts only; None where they have none."""
    system = Viewer.system(network_of(network_id=alert.network_id), "who gets a place by text")
    for one in recipients(viewer=system, person_ids=[person_id]):
        phones = tuple(
            address
            for address in one.addresses
            if address.channel == channel and address.is_usable and address.may_text
        )
        if phones:
            return replace(one, addresses=phones)
    return None


def _text_place(alert: models.Alert, phone: Recipient, place: str, now: datetime) -> None:
    """The one text that says where. It is logged as a reading, like any other."""
    person_id = phone.id
    network = network_of(network_id=alert.network_id)
    reader = Viewer(network=network, person_id=person_id, scope=Scope.LINK)
    open_guarded(viewer=reader, what=DOOR, thing_id=alert.id, how="text", now=now)
    wording = Wording(
        title=words.PLACE.title, text="%(place)s", short_text="%(place)s", facts={"place": place}
    )
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
        path=path_of(network, alert),
        now=now,
        expires_at=now + PLACE_LIFE,
        purpose="place_text",
        rings=False,
    )
    models.Invitation.objects.filter(alert=alert, person_id=person_id).update(
        place_topic_id=topic_id
    )
    write_down(alert=alert, verb="place_texted", now=now, person_id=person_id)


@transaction.atomic
def ring_task(*, alert: models.Alert, person_id: UUID, now: datetime) -> None:
    """Somebody rings them and says where. They may be rung: they answered to it (SAFETY.md 7).

    Rung before, and needed again: it is open once more, for anybody.
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
    _show_number(alert, person_id, now)
    write_down(alert=alert, verb="ring", now=now, person_id=person_id)


def _show_number(alert: models.Alert, person_id: UUID, now: datetime) -> None:
    """To the asker and whoever leads now: they are the ones who ring."""
    disclose(
        network_id=alert.network_id,
        owner_id=person_id,
        reader_ids=[one for one in {alert.raised_by_id, alert.lead_id} if one],
        what=PHONE,
        thing_id=person_id,
        why_kind=WHY_SILENT if alert.is_silent else WHY,
        why_id=alert.id,
        now=now,
        expires_at=alert.expires_at,
    )


@transaction.atomic
def keep_rings_true(*, alert: models.Alert, now: datetime) -> None:
    """Nobody is asked to ring somebody who is not coming any more; who leads now may ring the rest.

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
    rings.filter(ring_id__in=over).delete()
    if alert.lead_id is None:
        return
    system = Viewer.system(network_of(network_id=alert.network_id), "who may ring")
    for person_id in rings.filter(done_at=None).values_list("ring_id", flat=True):
        if alert.lead_id not in readers_now(viewer=system, thing_id=person_id, what=PHONE, now=now):
            _show_number(alert, person_id, now)


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
