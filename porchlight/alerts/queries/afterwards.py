"""What comes after a call, as each of those it concerns sees it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.queries.around import apart_from, around, coordinators, never_asked
from porchlight.alerts.queries.pages import AlertPage, Part
from porchlight.alerts.queries.resting import rung_now
from porchlight.alerts.queries.rows import apart_at, system_of
from porchlight.alerts.rules.afterwards import SAID_SO, How, YesNo
from porchlight.alerts.rules.states import KNOWN_TO_ASKER, EndedHow, Standing
from porchlight.kit.viewer import Scope, Viewer
from porchlight.notices.queries.reach import told_under
from porchlight.notices.rules import Address
from porchlight.people.models import Person
from porchlight.people.queries.neighbours import Choice, household_of
from porchlight.people.queries.own import own_id
from porchlight.people.queries.reaching import recipients

BEEN_THERE = (Standing.ARRIVED, Standing.HOME)
ASKED_TO_RING = "please-ring"


@dataclass(frozen=True, kw_only=True)
class Afterwards:
    """What stands on the page of a call that is over."""

    may_name: tuple[Choice, ...] = ()
    """For whom it was for: who could look in on them."""
    contact: str = ""
    contact_said: str = ""
    is_contact: bool = False
    """The viewer was asked to look in."""
    whose: str = ""
    """On whom the viewer looks in, or whom they are asked to ring."""
    is_to_ring: bool = False
    rung_by: str = ""
    was_there: bool = False
    """The viewer was: a few words for them."""
    asked_to_talk: bool = False
    may_ask_to_talk: bool = False
    want_to_talk: tuple[str, ...] = ()
    """For coordinators: who of those who were there would like to talk."""
    morning_at: datetime | None = None


def concerned(alert: models.Alert) -> UUID | None:
    """Whom a call was for, where that is somebody here."""
    return alert.raised_by_id if alert.for_whom == "me" else alert.subject_id


def could_look_in(alert: models.Alert, whose: UUID, *, viewer: Viewer) -> frozenset[UUID]:
    """Pod, buddies and who came; adults, nobody kept apart from them. viewer: the program.

    Costs: eight queries.
    """
    near = around(viewer=viewer, person_id=whose)
    came = frozenset(
        models.Invitation.objects.filter(alert=alert, standing__in=BEEN_THERE).values_list(
            "person_id", flat=True
        )
    )
    found = near.pod | near.buddies | came
    return found - near.never - never_asked(viewer=viewer, person_ids=came) - {whose}


def afterwards(*, viewer: Viewer, page: AlertPage) -> Afterwards | None:
    """For a page of a call that is over; None while it runs, and where nobody has anything to do.

    Nothing after «someone died», nor on a phone that is not signed in.
    Costs: at most fourteen queries for whom it was for, four for others.
    """
    if page.ended_at is None or page.ended_how not in SAID_SO | {EndedHow.TOO_OLD}:
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
    to_ring = row is not None and is_to_ring(row, me)
    is_contact = row is not None and row.contact_id == me and row.contact_said != YesNo.NO
    return Afterwards(
        may_name=_named(viewer, could_look_in(alert, whose, viewer=system_of(alert)))
        if whose == me
        else (),
        contact=_name(row.contact) if row and me in {whose, row.contact_id} else "",
        contact_said=row.contact_said if row else "",
        is_contact=is_contact,
        whose=_name_of(viewer, whose) if whose and (is_contact or to_ring) else "",
        is_to_ring=to_ring,
        rung_by=_name(row.rung_by) if row and to_ring else "",
        was_there=was_there,
        asked_to_talk=me in asked,
        may_ask_to_talk=was_there and not alert.is_silent,
        want_to_talk=_names_of(viewer, asked) if page.part is Part.COORDINATOR else (),
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
    if alert.is_silent:
        away |= household_of(viewer=system, person_ids=[whose])
    if row.contact_id and row.contact_said == YesNo.YES and row.contact_id not in away:
        return frozenset({row.contact_id}) - never_asked(viewer=system, person_ids=[row.contact_id])
    came = frozenset(
        models.Invitation.objects.filter(
            alert=alert, standing__in=BEEN_THERE, why__in=list(KNOWN_TO_ASKER)
        ).values_list("person_id", flat=True)
    )
    came -= away | never_asked(viewer=system, person_ids=came)
    if came or alert.is_silent:
        return came
    called = rung_now(viewer=system, now=now) or coordinators(viewer=system, now=now)
    return called - away - apart_at(viewer=system, alert=alert)


def due_afterwards(now: datetime, most: int) -> list[tuple[UUID, UUID]]:
    """Network and call where somebody is to be asked how they are. Costs: two queries."""
    found: list[tuple[UUID, UUID]] = []
    for column in ("morning_at", "debrief_at"):
        rows = models.Alert.objects.filter(**{f"{column}__lte": now}).order_by(column)
        found += rows.values_list("network_id", "id")[:most]
    return list(dict.fromkeys(found))


def my_ways(*, viewer: Viewer) -> list[Address]:
    """Ways of one's own that work, in one's own order. Costs: one query."""
    whom = recipients(viewer=viewer, person_ids=[own_id(viewer=viewer)])
    return [way for one in whom for way in one.addresses if way.is_usable]


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


def is_well(row: models.Handover) -> bool:
    """They said the morning after that they are all right."""
    return row.said_how == How.WELL


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
