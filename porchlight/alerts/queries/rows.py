"""Small questions about one alert that its actions ask. Never shown by themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from porchlight.alerts import models
from porchlight.alerts.queries.around import apart_from, place_for_alert
from porchlight.alerts.rules.asking import PlaceAsked, Where
from porchlight.alerts.rules.enough import OnTheWay
from porchlight.alerts.rules.kinds import ROLES, Kind, Playbook
from porchlight.alerts.rules.names import PURPOSES, WHY, WHY_QUIET, WHY_SILENT
from porchlight.alerts.rules.states import ON_THE_WAY, RUNNING, Standing
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit import vault
from porchlight.kit.cells import is_cell
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.viewer import Scope, Viewer
from porchlight.people.queries.lockdown import Locked
from porchlight.people.queries.signing_in import as_network
from porchlight.people.queries.training import confirmed_roles
from porchlight.people.rules.rights import Right


def system_of(alert: models.Alert) -> Viewer:
    """The program itself, at work on this alert."""
    return Viewer.system(as_network(alert.network), "an alert")


def is_running(alert: models.Alert) -> bool:
    return alert.state in RUNNING


def is_only_a_key(viewer: Viewer, alert: models.Alert) -> bool:
    """A phone that is not signed in acts in its own call only (SAFETY.md 8)."""
    return viewer.scope is Scope.ALERT_KEY and viewer.person_id != alert.raised_by_id


def concerned_by(alert: models.Alert) -> frozenset[UUID]:
    """The asker and the person concerned, who decide.

    A child who is looked for does not: people find them, and somebody else may hold their phone
    (SAFETY.md 24: an adult may answer that they are safe). Costs: at most one query.
    """
    if alert.subject_id is None:
        return frozenset({alert.raised_by_id})
    if alert.kind == Kind.MISSING and alert.subject is not None and alert.subject.is_under_18:
        return frozenset({alert.raised_by_id})
    return frozenset({alert.raised_by_id, alert.subject_id})


def may_coordinate(*, viewer: Viewer, alert: models.Alert) -> bool:
    """Whether this viewer coordinates here: never what is silent, nor calls of people they are kept
    apart from or who sent them away. Costs: at most two queries."""
    if not viewer.may(Right.COORDINATE) or alert.is_silent or viewer.person_id is None:
        return False
    if viewer.person_id in apart_at(viewer=viewer, alert=alert):
        return False
    return viewer.person_id not in removed_from(viewer=viewer, alert=alert)


def removed_from(*, viewer: Viewer, alert: models.Alert) -> frozenset[UUID]:
    """Whom the asker sent away: they have no say here, whatever else they may. Costs: one query."""
    rows = models.Invitation.objects.filter(alert=alert, standing=Standing.REMOVED)
    return frozenset(rows.values_list("person_id", flat=True))


def apart_at(*, viewer: Viewer, alert: models.Alert) -> frozenset[UUID]:
    """Everybody who is kept apart from who asked or whom it is about. Costs: one query."""
    concerned = [one for one in (alert.raised_by_id, alert.subject_id) if one]
    return apart_from(viewer=viewer, person_ids=concerned)


def invitation_of(alert: models.Alert, person_id: UUID | None) -> models.Invitation:
    """How this person was asked. Refuses: NotHere for anybody who was not."""
    if person_id is None:
        raise NotHere
    row = models.Invitation.objects.filter(alert=alert, person_id=person_id).first()
    if row is None:
        raise NotHere
    return row


def is_kept_apart(alert: models.Alert, person_id: UUID) -> bool:
    """Whether somebody is kept apart from who asked or whom it is about. Costs: one query."""
    return person_id in apart_at(viewer=system_of(alert), alert=alert)


def are_doors_paused(*, viewer: Viewer, person_id: UUID) -> bool:
    """Whether somebody is shown no door until a coordinator has talked with them.

    Costs: one query.
    """
    return models.DoorPause.objects.filter(
        network_id=viewer.network.id, person_id=person_id, lifted_at=None
    ).exists()


def is_allowed(allowed_at: datetime | None, locked: Locked | None) -> bool:
    """Whether somebody said «yes, this person»; in a lock of everything only since it began."""
    return allowed_at is not None and (locked is None or allowed_at >= locked.from_at)


def coming_to(alert: models.Alert) -> OnTheWay:
    """Who is on the way, as counts. Costs: one query."""
    standings = list(
        models.Invitation.objects.filter(alert=alert, standing__in=list(ON_THE_WAY)).values_list(
            "standing", flat=True
        )
    )
    arrived = standings.count(Standing.ARRIVED)
    return OnTheWay(
        arrived=arrived,
        coming=len(standings) - arrived,
        wanted=alert.wanted,
        most=Playbook.of(alert.playbook).most,
    )


def free_seat(alert: models.Alert) -> int | None:
    """The lowest place at the scene that nobody holds; never beyond the most there may be.

    Costs: one query.
    """
    taken = set(
        models.Invitation.objects.filter(alert=alert, seat__isnull=False).values_list(
            "seat", flat=True
        )
    )
    most = Playbook.of(alert.playbook).most
    return next((seat for seat in range(1, most + 1) if seat not in taken), None)


def is_missed(alert: models.Alert, person_id: UUID, now: datetime) -> bool:
    """Whether somebody is trained for just this, and none of those coming is. Costs: three
    queries."""
    roles = frozenset(ROLES[Kind(alert.kind)])
    if not roles:
        return False
    system = system_of(alert)
    coming = models.Invitation.objects.filter(alert=alert, standing__in=list(ON_THE_WAY))
    people = {person_id, *coming.values_list("person_id", flat=True)}
    today = now.astimezone(system.network.zoneinfo).date()
    known = confirmed_roles(viewer=system, person_ids=people, on=today)
    return bool(roles & known.pop(person_id)) and not any(roles & has for has in known.values())


def path_of(network: Network, alert: models.Alert) -> str:
    """Where a notice about this alert leads. Says nothing of what it is about."""
    return f"/n/{network.slug}/alerts/{alert.id}/"


def last_word_at(alert: models.Alert) -> datetime:
    """Nothing about the alert is sent from this moment on."""
    return min(alert.expires_at, alert.closes_at + timedelta(hours=1))


def next_number() -> int:
    """Counts every alert of the install; only its two letters are ever shown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('alerts_number')")
        return int(cursor.fetchone()[0])


def left_out_of(alert: models.Alert) -> frozenset[UUID]:
    """Whom the asker unticked: they hear of it in no wave."""
    return frozenset(UUID(one) for one in alert.left_out)


def cell_of(alert: models.Alert) -> str:
    """The part of the map it is in, or nothing. For choosing; shown through a Disclosure only."""
    row = models.AlertWords.objects.filter(alert=alert).first()
    if row is None or row.cell_guarded is None:
        return ""
    return vault.reveal(row.cell_guarded, purpose=PURPOSES["cell"], whose=alert.id)


def resolved(alert: models.Alert, place: PlaceAsked) -> PlaceAsked:
    """The place in words and a part of the map. No home saved: no place, and nobody is held up.

    A cell that no map has is left out rather than refused: a call must not fail for it.
    """
    if place.where in {Where.HOME, Where.PLACE, Where.NEAR}:
        system = Viewer.system(as_network(alert.network), "the asker's own place")
        found = place_for_alert(
            viewer=system,
            person_id=alert.raised_by_id,
            place_id=place.place_id if place.where is Where.PLACE else None,
        )
        if found is None and place.where is Where.PLACE:
            raise Refusal(WhyNot.NO_SUCH_PLACE)
        if found is None:
            return PlaceAsked(where=Where.NONE, meeting=place.meeting)
        if place.where is Where.NEAR:
            return PlaceAsked(where=Where.NEAR, meeting=place.meeting, cell=found.cell)
        return PlaceAsked(
            where=place.where,
            address=found.address,
            door_note=found.door_note,
            meeting=place.meeting,
            cell=found.cell,
        )
    cell = place.cell if is_cell(place.cell) else ""
    if place.where is Where.NONE:
        return PlaceAsked(where=Where.NONE, meeting=place.meeting)
    return PlaceAsked(
        where=place.where,
        address=place.address if place.where is Where.TYPED else "",
        door_note=place.door_note,
        meeting=place.meeting,
        cell=cell,
    )


def why_of(alert: models.Alert, *, viewer: Viewer | None = None) -> str:
    """For the program: why what is the asker's is shown, as their own page may say it."""
    if alert.looks_ended_at is not None:
        return WHY_QUIET
    return WHY_SILENT if alert.is_silent else WHY
