"""What comes after a call, as each of those it concerns sees it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.queries.around import apart_from, around, never_asked
from porchlight.alerts.queries.check_ins import does_anything_only_look_ended, lives_with
from porchlight.alerts.queries.pages import AlertPage, Part
from porchlight.alerts.queries.resting import rung_or_asked
from porchlight.alerts.queries.rows import apart_at, system_of
from porchlight.alerts.rules.afterwards import ASKED_AFTER, YesNo
from porchlight.alerts.rules.states import KNOWN_TO_ASKER, Standing, Why
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.queries.reach import told_under
from porchlight.notices.rules import Address, Channel
from porchlight.people.models import Person
from porchlight.people.queries.neighbours import Choice
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import recipients
from porchlight.people.rules.rights import Right

BEEN_THERE = (Standing.ARRIVED, Standing.HOME)
ASKED_TO_RING = "please-ring"


@dataclass(frozen=True, kw_only=True)
class Afterwards:
    """What stands on the page of a call that is over."""

    may_name: tuple[Choice, ...] = ()
    """For whom it was for: who could look in on them."""
    contact: str = ""
    contact_said: str = ""
    was_there: bool = False
    """The viewer was: a few words for them."""
    asked_to_talk: bool = False
    may_ask_to_talk: bool = False
    morning_at: datetime | None = None


def concerned(alert: models.Alert) -> UUID | None:
    """Whom a call was for, where that is somebody here."""
    return alert.raised_by_id if alert.for_whom == "me" else alert.subject_id


def who_was_there(alert: models.Alert, why: Collection[Why] = tuple(Why)) -> frozenset[UUID]:
    """Who came and was there, of those asked for these reasons. For the program only.

    Costs: one query.
    """
    rows = models.Invitation.objects.filter(alert=alert, standing__in=BEEN_THERE, why__in=list(why))
    return frozenset(rows.values_list("person_id", flat=True))


def could_look_in(alert: models.Alert, whose: UUID, *, viewer: Viewer) -> frozenset[UUID]:
    """Pod, buddies and who came; adults, nobody kept apart from them. viewer: the program.

    Costs: eight queries.
    """
    if is_young(viewer=viewer, person_id=whose):
        return frozenset()  # never alone with one adult: their own advisers and family look in
    near = around(viewer=viewer, person_id=whose)
    came = who_was_there(alert)
    found = near.pod | near.buddies | came
    return found - near.never - never_asked(viewer=viewer, person_ids=came) - {whose}


def afterwards(*, viewer: Viewer, page: AlertPage) -> Afterwards | None:
    """For a page of a call that is over; None while it runs, and where nobody has anything to do.

    Nothing after «someone died», nor on a phone that is not signed in.
    Costs: at most fourteen queries for whom it was for, four for others.
    """
    if page.ended_at is None or page.ended_how not in ASKED_AFTER:
        return None
    if viewer.scope is not Scope.SESSION:
        return None
    alert = models.Alert.objects.get(network_id=viewer.network.id, id=page.id)
    me, whose = own_id(viewer=viewer), concerned(alert)
    row = models.Handover.objects.filter(alert=alert).select_related("contact", "rung_by").first()
    was_there = page.part is Part.ASKED and page.mine in BEEN_THERE
    asked = set(
        models.AlertEvent.objects.filter(alert=alert, verb="wants_talk").values_list(
            "actor_id", flat=True
        )
    )
    return Afterwards(
        may_name=_named(viewer, could_look_in(alert, whose, viewer=system_of(alert)))
        if whose == me
        else (),
        contact=_name(row.contact) if row and me == whose else "",
        contact_said=row.contact_said if row and me == whose else "",
        was_there=was_there,
        asked_to_talk=me in asked,
        may_ask_to_talk=was_there and not alert.is_silent,
        morning_at=alert.morning_at if whose == me and not alert.is_silent else None,
    )


def is_to_ring(row: models.Handover, person_id: UUID) -> bool:
    """Whether somebody was asked to ring whom the call was for. Costs: at most one query."""
    return row.ring_topic_id is not None and person_id in told_under(
        row.ring_topic_id, ASKED_TO_RING
    )


def whom_to_ask(alert: models.Alert, row: models.Handover, now: datetime) -> frozenset[UUID]:
    """Who is asked to ring them: who said yes to looking in; else those who were there and know
    them; else coordinators, never of a silent call. Nobody who lives with them where it was silent.

    Costs: at most eight queries.
    """
    whose = concerned(alert)
    if whose is None:
        return frozenset()
    system = system_of(alert)
    away = apart_from(viewer=system, person_ids=[whose]) | {whose}
    if is_young(viewer=system, person_id=whose):
        return frozenset()
    if alert.is_silent:
        away |= lives_with(viewer=system, person_id=whose, now=now)
    if row.contact_id and row.contact_said == YesNo.YES and row.contact_id not in away:
        return frozenset({row.contact_id}) - never_asked(viewer=system, person_ids=[row.contact_id])
    came = who_was_there(alert, KNOWN_TO_ASKER)
    came -= away | never_asked(viewer=system, person_ids=came)
    if came:
        return came
    if alert.is_silent:  # whom they chose beforehand, though nobody said that they were there
        asked = models.Invitation.objects.filter(alert=alert, why__in=list(KNOWN_TO_ASKER))
        found = frozenset(asked.values_list("person_id", flat=True))
        return found - away - never_asked(viewer=system, person_ids=found)
    away |= apart_at(viewer=system, alert=alert)
    return rung_or_asked(viewer=system, away=frozenset(away), now=now)


def due_afterwards(now: datetime, most: int) -> list[tuple[UUID, UUID]]:
    """Network and call where somebody is to be asked how they are. Costs: two queries."""
    found: list[tuple[UUID, UUID]] = []
    for column in ("morning_at", "debrief_at"):
        rows = models.Alert.objects.filter(**{f"{column}__lte": now}).order_by(column)
        found += rows.values_list("network_id", "id")[:most]
    return list(dict.fromkeys(found))


def takes_texts(way: Address) -> bool:
    """A phone that takes texts: the question can be read and answered there, and nowhere else."""
    return way.is_usable and way.channel == Channel.SMS and way.may_text


def my_ways(*, viewer: Viewer) -> list[Address]:
    """One's own phones that take texts, in one's own order. Costs: one query."""
    whom = recipients(viewer=viewer, person_ids=[own_id(viewer=viewer)])
    return [way for one in whom for way in one.addresses if takes_texts(way)]


def is_young(*, viewer: Viewer, person_id: UUID) -> bool:
    """Whether somebody is under 18. Costs: one query."""
    return Person.objects.filter(
        network_id=viewer.network.id, id=person_id, is_under_18=True
    ).exists()


def is_hushed(*, viewer: Viewer, person_id: UUID) -> bool:
    """Whether somebody may have died. Costs: one query."""
    return Person.objects.filter(
        network_id=viewer.network.id, id=person_id, hushed_at__isnull=False
    ).exists()


@dataclass(frozen=True, kw_only=True)
class LookIn:
    """Somebody the viewer is asked to look in on, or to ring."""

    alert_id: UUID
    name: str
    is_to_ring: bool
    is_quiet: bool
    """Nobody rings or writes to them."""
    said_yes: bool
    rung_by: str


def to_look_in(*, viewer: Viewer, now: datetime) -> list[LookIn]:
    """Whom the viewer is asked to look in on or to ring, whatever they had to do with the call.

    Costs: one query, and at most five for each; they are few.
    """
    me = own_id(viewer=viewer)
    rows = (
        models.Handover.objects.filter(network_id=viewer.network.id, alert__expires_at__gt=now)
        .filter(Q(contact_id=me) | Q(ring_topic_id__isnull=False))
        .exclude(contact_id=me, contact_said=YesNo.NO, ring_topic_id=None)
        .select_related("alert", "rung_by")
        .order_by("alert__created_at", "alert_id")
    )
    found = []
    for row in rows:
        rings = is_to_ring(row, me)
        whose = concerned(row.alert)
        is_contact = row.contact_id == me and row.contact_said != YesNo.NO
        if whose is None or not (rings or is_contact):
            continue
        if me in apart_from(viewer=viewer, person_ids=[whose]):
            continue
        found.append(
            LookIn(
                alert_id=row.alert_id,
                name=_name_of(viewer, whose),
                is_to_ring=rings,
                is_quiet=does_anything_only_look_ended(viewer=viewer, person_id=whose),
                said_yes=is_contact and row.contact_said == YesNo.YES,
                rung_by=_name(row.rung_by) if rings else "",
            )
        )
    return [one for one in found if one.name]


TALK_FOR = timedelta(days=7)


def want_to_talk(*, viewer: Viewer, now: datetime) -> tuple[str, ...]:
    """Who of those who went would like to talk, for coordinators. Costs: three queries."""
    if not viewer.may(Right.COORDINATE):
        return ()
    asked = models.AlertEvent.objects.filter(
        network_id=viewer.network.id, verb="wants_talk", at__gt=now - TALK_FOR,
        alert__is_silent=False,
    ).exclude(actor_id=viewer.person_id)  # fmt: skip
    ids = {one for one in asked.values_list("actor_id", flat=True) if one is not None}
    return _names_of(viewer, ids - apart_from(viewer=viewer, person_ids=[own_id(viewer=viewer)]))


@dataclass(frozen=True, kw_only=True)
class Morning:
    """What somebody chose about the morning after."""

    hour: int | None
    address_id: UUID | None


def my_morning(*, viewer: Viewer) -> Morning:
    """The same for the viewer. Costs: one query."""
    row = models.AlertChoice.objects.filter(person_id=own_id(viewer=viewer)).first()
    if row is None:
        return Morning(hour=None, address_id=None)
    return Morning(hour=row.morning_hour, address_id=row.morning_address_id)


def _named(viewer: Viewer, ids: Collection[UUID]) -> tuple[Choice, ...]:
    rows = Person.objects.filter(network_id=viewer.network.id, id__in=list(ids), left_at=None)
    found = sorted(rows.values_list("id", "name"), key=lambda row: (row[1].casefold(), str(row[0])))
    return tuple(Choice(id=id, name=name) for id, name in found)


def _names_of(viewer: Viewer, ids: "Collection[UUID | None]") -> tuple[str, ...]:
    return tuple(one.name for one in _named(viewer, [id for id in ids if id is not None]))


def _name_of(viewer: Viewer, person_id: UUID) -> str:
    return next(iter(_names_of(viewer, [person_id])), "")


def _name(person: Person | None) -> str:
    return person.name if person is not None and person.left_at is None else ""
