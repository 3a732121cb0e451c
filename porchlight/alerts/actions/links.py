"""Answers through a link: one device, and the door once (SAFETY.md 7)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.actions.answering import answer
from porchlight.alerts.actions.core import lock_alert
from porchlight.alerts.actions.placing import ring_task
from porchlight.alerts.queries.rows import invitation_of, is_running
from porchlight.alerts.rules.links import device_hash
from porchlight.alerts.rules.names import DOOR
from porchlight.alerts.rules.states import ON_THE_WAY, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.notices import actions as notices
from porchlight.trust.actions.disclosures import open_guarded
from porchlight.trust.queries.disclosures import may_open


class LinkDoor(StrEnum):
    """What «Show me where» came to."""

    SHOWN = "shown"
    """The door, this one time."""
    MEETING = "meeting"
    """No door yet: where people wait. It can be asked for again."""
    RUNG = "rung"
    """It was shown before, or this is another device: somebody rings the person."""
    NOT_YOURS = "not_yours"
    """Another device, and nothing more is said."""


@one_transaction
def answer_by_link(
    *, viewer: Viewer, alert_id: UUID, token: str, device: str, said: Said, now: datetime
) -> None:
    """Take an answer from whoever holds the link, on the first device that answers with it.

    viewer: whom the link was sent to. device: what the cookie of this device holds; it is made
    on the first answer.
    Refuses: OTHER_DEVICE; NotHere for a link that leads to nothing; Why.OVER of notices.
    Tells: as `answering.answer` does.
    """
    # Notices first, as when somebody taps in the list of news: always the same order of locks.
    notices.answer_by_link(token=token, answer=said, now=now)
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    invitation = invitation_of(alert, viewer.person_id)
    if not _is_device(invitation, device):
        raise Refusal(WhyNot.OTHER_DEVICE)
    models.Invitation.objects.filter(id=invitation.id).update(
        link_device=device_hash(device), channel="link"
    )
    if not _stands(invitation, said) and is_running(alert) and viewer.person_id is not None:
        answer(
            network_id=alert.network_id,
            alert_id=alert.id,
            person_id=viewer.person_id,
            said=said,
            channel="link",
            now=now,
        )


def _stands(invitation: models.Invitation, said: Said) -> bool:
    """Whether they stand as they just said, or where that left them."""
    wanted = {
        Said.COMING: {*ON_THE_WAY, Standing.ENOUGH, Standing.HOME},
        Said.CANT: {Standing.CANT},
        Said.REMOTE: {Standing.REMOTE, *ON_THE_WAY},
    }[said]
    return invitation.standing in wanted | {Standing.REMOVED}


@one_transaction
def show_door_by_link(*, viewer: Viewer, alert_id: UUID, device: str, now: datetime) -> LinkDoor:
    """«Show me where»: counts as the one time where the door may be shown; logged as a reading.

    Where it was shown before, or on another device, somebody at the scene is asked to ring the
    person the link was sent to: their number, not whoever holds the link.
    Refuses: NotHere for somebody who is not on the way.
    """
    alert = lock_alert(network_id=viewer.network.id, alert_id=alert_id)
    invitation = invitation_of(alert, viewer.person_id)
    if invitation.standing not in ON_THE_WAY or not is_running(alert):
        raise NotHere
    may = may_open(viewer=viewer, what=DOOR, thing_id=alert.id, now=now)
    is_first = _is_device(invitation, device)
    if not is_first and not may:
        return LinkDoor.NOT_YOURS
    if is_first:  # they may have answered elsewhere: then this device is the first one now
        models.Invitation.objects.filter(id=invitation.id).update(link_device=device_hash(device))
    if not may:
        return LinkDoor.MEETING
    if not is_first or invitation.link_shown_at is not None:
        ring_task(alert=alert, person_id=invitation.person_id, now=now)
        return LinkDoor.RUNG
    open_guarded(viewer=viewer, what=DOOR, thing_id=alert.id, how="link", now=now)
    models.Invitation.objects.filter(id=invitation.id).update(link_shown_at=now)
    return LinkDoor.SHOWN


def _is_device(invitation: models.Invitation, device: str) -> bool:
    """Whether this is the device that answered first; any is, where none did yet."""
    return invitation.link_device is None or bytes(invitation.link_device) == device_hash(device)
