"""The words of an alert: written guarded, changed while it runs, erased first."""

from datetime import datetime
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.apart import step_out_for
from porchlight.alerts.actions.core import (
    KEPT_LIFE,
    lock_alert,
    write_audit,
    write_down,
)
from porchlight.alerts.actions.placing import tell_new_place
from porchlight.alerts.queries.around import apart_from, around
from porchlight.alerts.queries.rows import concerned_by, is_running, resolved, system_of
from porchlight.alerts.rules.asking import Asking, PlaceAsked, Whom
from porchlight.alerts.rules.kinds import SILENT, Kind
from porchlight.alerts.rules.names import PURPOSES
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.locking import lock_persons

WORDED = (models.AlertWords, models.AlertUpdate, models.AlertTask)
"""Where words of an alert stand."""
PLACE_PARTS = frozenset({"place", "door_note", "meeting", "cell"})
"""What says where. Whoever is on the way hears when one of these changes."""
SEEN_BY_ALL = frozenset({"meeting", "cell"})
"""What of it is read by those, too, who are shown no door."""


@one_transaction
def put_words(*, alert: models.Alert, asking: Asking, now: datetime) -> None:
    """Write down everything the asker said, guarded. Refuses: NO_SUCH_PLACE."""
    place = resolved(alert, asking.place)
    models.AlertWords.objects.create(
        alert=alert,
        network_id=alert.network_id,
        # Of who is missing nothing stays behind a day, whether or not a sweep was late.
        expires_at=alert.closes_at if alert.kind == Kind.MISSING else alert.expires_at,
        **_guarded(
            alert.id,
            place=place.address,
            door_note=place.door_note,
            meeting=place.meeting,
            cell=place.cell,
            story=asking.story,
            note=asking.note,
            who=asking.who if asking.kind is Kind.MISSING else "",
            picture=asking.picture if asking.kind is Kind.MISSING else "",
        ),
    )


def _guarded(alert_id: UUID, **words: str) -> dict[str, bytes | None]:
    return {
        f"{part}_guarded": vault.guard(said, purpose=PURPOSES[part], whose=alert_id)
        if said
        else None
        for part, said in words.items()
    }


@one_transaction
def say_more(
    *,
    viewer: Viewer,
    alert_id: UUID,
    now: datetime,
    story: str | None = None,
    note: str | None = None,
    meeting: str | None = None,
    door_note: str | None = None,
    place: PlaceAsked | None = None,
    kind: Kind | None = None,
    whom: Whom | None = None,
) -> None:
    """Say more after sending, or say it better. None leaves a part as it is; said twice it is one.

    Only the asker. Kinds that are silent or for somebody missing cannot be changed into or out of,
    and whom these are for stays.
    Refuses: TOO_OLD when it is over; NO_SUCH_PLACE; NotHere where it is for nobody of the pod.
    Tells: where the place is another one now, those on the way, as far as they may know it.
    """
    if whom is not None and whom.subject_id is not None and viewer.person_id is not None:
        # Whoever keeps somebody away from them at this moment comes before or after us.
        both = {viewer.person_id, whom.subject_id}
        lock_persons(network_id=viewer.network.id, person_ids=both)
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if viewer.person_id is None or viewer.person_id != alert.raised_by_id:
        raise NotHere
    if not is_running(alert):
        raise Refusal(WhyNot.TOO_OLD)
    given = {"story": story, "note": note, "meeting": meeting, "door_note": door_note}
    words = {part: said for part, said in given.items() if said is not None}
    if place is not None:
        found = resolved(alert, place)
        words |= {
            "place": found.address,
            "door_note": found.door_note,
            "meeting": found.meeting,
            "cell": found.cell,
        }
    fixed = SILENT | {Kind.MISSING}
    is_other_kind = kind not in {None, alert.kind, *fixed} and alert.kind not in fixed
    new = _new_in(alert, words)
    is_for_another = whom is not None and alert.kind not in fixed and _is_new(alert, whom)
    if not is_other_kind and not new and not is_for_another:
        return
    models.AlertWords.objects.filter(alert=alert).update(**_guarded(alert.id, **words))
    if is_other_kind:
        models.Alert.objects.filter(id=alert.id).update(kind=kind)
    write_down(alert=alert, verb="said_more", now=now, actor_id=viewer.person_id)
    if whom is not None and is_for_another:
        _name(alert, whom, now)
    if new & PLACE_PARTS:
        tell_new_place(alert=alert, for_all=bool(new & SEEN_BY_ALL), now=now)


def _is_new(alert: models.Alert, whom: Whom) -> bool:
    return (alert.for_whom, alert.subject_id) != (whom.kind, whom.subject_id)


def _name(alert: models.Alert, whom: Whom, now: datetime) -> None:
    """It is for somebody else than was said. Whom they are kept apart from comes no more."""
    if whom.subject_id is not None:
        system = system_of(alert)
        near = around(viewer=system, person_id=alert.raised_by_id)
        apart = apart_from(viewer=system, person_ids=[alert.raised_by_id])
        if whom.subject_id not in near.pod - apart:
            raise NotHere
    alert.for_whom, alert.subject_id = whom.kind, whom.subject_id
    alert.save(update_fields=["for_whom", "subject_id"])
    if whom.subject_id is not None:
        step_out_for(alert=alert, person_id=whom.subject_id, now=now)


def _new_in(alert: models.Alert, words: dict[str, str]) -> frozenset[str]:
    """Which parts of this are not written there already."""
    row = models.AlertWords.objects.filter(alert=alert).first()
    return frozenset(
        part for part, said in words.items() if row is None or _written(row, part) != said
    )


def _written(row: models.AlertWords, part: str) -> str:
    guarded = getattr(row, f"{part}_guarded")
    return vault.reveal(guarded, purpose=PURPOSES[part], whose=row.alert_id) if guarded else ""


@one_transaction
def keep_words(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """The asker or the person concerned wants the words kept to the 30th day after the end.

    Refuses: NotHere for anybody else, and when nothing is left to keep.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if viewer.person_id is None or viewer.person_id not in concerned_by(alert):
        raise NotHere
    if alert.ended_at is None:
        raise Refusal(WhyNot.TOO_OLD)
    until = alert.ended_at + KEPT_LIFE
    left = [model.objects.filter(alert=alert, expires_at__gt=now) for model in WORDED]
    if not any(rows.exists() for rows in left):
        raise NotHere
    changed = [rows.filter(expires_at__lt=until).update(expires_at=until) for rows in left]
    if any(changed):  # tapped twice it was asked once
        write_audit(alert=alert, verb="keep_words", now=now, actor_id=viewer.person_id)


@one_transaction
def erase_words(*, viewer: Viewer, alert_id: UUID, now: datetime) -> None:
    """The asker wants the words gone now. Only after the end."""
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    if viewer.person_id is None or viewer.person_id not in concerned_by(alert):
        raise NotHere
    if is_running(alert):
        raise Refusal(WhyNot.TOO_OLD)
    gone = [model.objects.filter(alert=alert).delete()[0] for model in WORDED]
    if any(gone):  # tapped twice it was asked once
        write_audit(alert=alert, verb="erase_words", now=now, actor_id=viewer.person_id)
