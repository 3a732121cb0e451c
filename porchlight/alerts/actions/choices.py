"""What somebody decides beforehand: safe people, and how their own calls work."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.core import KEPT_LIFE, keep_step_true, lock_alert, stop_few
from porchlight.alerts.queries.around import around
from porchlight.alerts.queries.resting import planned_tonight
from porchlight.alerts.rules.resting import FEWEST, MOST, lately, tonight_begins
from porchlight.alerts.rules.states import RUNNING
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.turns import wait_for_turn
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_persons
from porchlight.people.queries.own import own_id
from porchlight.people.rules.hours import end_of_tonight
from porchlight.people.rules.rights import Right

MOST_SAFE = 5
A_DAY = timedelta(days=1)


@one_transaction
def choose_safe_person(*, viewer: Viewer, person_id: UUID, client_key: UUID, now: datetime) -> None:
    """Somebody of one's pod or buddies is to hear of it when one does not feel safe.

    Chosen already: nothing changes. Nobody is told of being chosen, and no audit line says so: it
    could be read by somebody at home.
    Refuses: TOO_MANY_SAFE; NotHere for anybody who is not near, or lives in the same household.
    """
    me = own_id(viewer=viewer)
    lock_persons(network_id=viewer.network.id, person_ids=[me])
    rows = models.SafePerson.objects
    if first_made(rows, network_id=viewer.network.id, source=viewer.source, client_key=client_key):
        return
    mine = rows.filter(network_id=viewer.network.id, person_id=me)
    if mine.filter(chosen_id=person_id).exists():
        return
    near = around(viewer=Viewer.system(viewer.network, "safe people"), person_id=me)
    if person_id not in (near.pod | near.buddies) - near.never - near.household:
        raise NotHere
    taken = set(mine.values_list("seat", flat=True))
    seat = next((number for number in range(1, MOST_SAFE + 1) if number not in taken), None)
    if seat is None:
        raise Refusal(WhyNot.TOO_MANY_SAFE)
    rows.create(
        network_id=viewer.network.id,
        source=viewer.source,
        client_key=client_key,
        created_at=now,
        person_id=me,
        chosen_id=person_id,
        seat=seat,
    )


@one_transaction
def drop_safe_person(*, viewer: Viewer, person_id: UUID) -> None:
    """Take somebody off the list. Nobody is told."""
    models.SafePerson.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), chosen_id=person_id
    ).delete()


@one_transaction
def choose(
    *, viewer: Viewer, may_text_place: bool, is_wide: bool, is_looked_after: bool | None = None
) -> None:
    """How one's own calls work from now on; a call that runs keeps what it began with.

    is_looked_after: on the way to somebody else and home again; None: as it is.
    """
    me = own_id(viewer=viewer)
    looked = {} if is_looked_after is None else {"is_looked_after": is_looked_after}
    models.AlertChoice.objects.update_or_create(
        person_id=me,
        defaults={
            "network_id": viewer.network.id,
            "may_text_place": may_text_place,
            "is_wide": is_wide,
            **looked,
        },
    )


@one_transaction
def choose_rest(
    *,
    viewer: Viewer,
    is_rung_in_quiet_hours: bool,
    most_rung: int,
    rests_tonight: bool,
    now: datetime,
) -> None:
    """When somebody who coordinates may be rung as such; no reason is asked.

    most_rung: calls a week. rests_tonight: not before eight in the morning; False: at once again.
    Refuses: MOST_RUNG; NotHere for anybody who does not coordinate.
    """
    if not viewer.may(Right.COORDINATE):
        raise NotHere
    if not FEWEST <= most_rung <= MOST:
        raise Refusal(WhyNot.MOST_RUNG)
    until = end_of_tonight(now, viewer.network.zoneinfo) if rests_tonight else None
    models.AlertChoice.objects.update_or_create(
        person_id=own_id(viewer=viewer),
        defaults={
            "network_id": viewer.network.id,
            "is_rung_in_quiet_hours": is_rung_in_quiet_hours,
            "most_rung": most_rung,
            "rests_until": until,
        },
    )


@one_transaction
def note_rung(*, network_id: UUID, person_ids: Collection[UUID], now: datetime) -> None:
    """Count that these coordinators are rung: nobody more often a week than they said."""
    for person_id in sorted(person_ids):
        models.AlertChoice.objects.get_or_create(
            person_id=person_id, defaults={"network_id": network_id}
        )
        row = models.AlertChoice.objects.select_for_update().get(person_id=person_id)
        row.rung_at = [one.isoformat() for one in (*lately(row.rung_at, now), now)]
        row.save(update_fields=["rung_at"])


@one_transaction
def close_tonight(*, viewer: Viewer, now: datetime) -> None:
    """Nobody coordinates tonight: from six in the evening, or now, until eight in the morning calls
    go to pods and buddies only, and whoever calls is told so (SAFETY.md 11). Closed already:
    nothing changes.

    Refuses: NotHere for anybody who does not coordinate.
    """
    if not viewer.may(Right.COORDINATE):
        raise NotHere
    wait_for_turn(name=f"tonight:{viewer.network.id}")
    if planned_tonight(viewer=viewer, now=now) is not None:
        return
    until = end_of_tonight(now, viewer.network.zoneinfo)
    models.ClosedTonight.objects.create(
        network_id=viewer.network.id,
        from_at=tonight_begins(now, until),
        until_at=until,
        expires_at=until + A_DAY,
    )
    note(
        network_id=viewer.network.id, verb="alerts.close_tonight", now=now,
        actor_id=viewer.person_id,
    )  # fmt: skip


@one_transaction
def open_tonight(*, viewer: Viewer, now: datetime) -> None:
    """Somebody coordinates after all. Open already: nothing changes.

    Calls that run go on at once where they stopped. Refuses: NotHere for anybody who does not
    coordinate.
    """
    if not viewer.may(Right.COORDINATE):
        raise NotHere
    wait_for_turn(name=f"tonight:{viewer.network.id}")
    rows = models.ClosedTonight.objects.filter(
        network_id=viewer.network.id, opened_at=None, until_at__gt=now
    )
    if not rows.update(opened_at=now):
        return
    running = models.Alert.objects.filter(network_id=viewer.network.id, state__in=RUNNING)
    for alert_id in sorted(running.values_list("id", flat=True)):
        alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
        if alert.few_topic_id is None:  # nobody was rung for it
            stop_few(alert=alert, now=now)
        keep_step_true(alert=alert, now=now)
    note(
        network_id=viewer.network.id, verb="alerts.open_tonight", now=now, actor_id=viewer.person_id
    )


@one_transaction
def lift_door_pause(*, viewer: Viewer, person_id: UUID, now: datetime) -> None:
    """A coordinator has talked with somebody: they are shown doors again.

    Refuses: NotHere for anybody who does not coordinate, and for oneself.
    """
    if not viewer.may(Right.COORDINATE) or person_id == viewer.person_id:
        raise NotHere
    changed = models.DoorPause.objects.filter(
        network_id=viewer.network.id, person_id=person_id, lifted_at=None
    ).update(lifted_at=now, lifted_by=viewer.person_id, expires_at=now + KEPT_LIFE)
    if changed:
        note(
            network_id=viewer.network.id,
            verb="alerts.lift_door_pause",
            now=now,
            actor_id=viewer.person_id,
            thing_id=person_id,
        )
