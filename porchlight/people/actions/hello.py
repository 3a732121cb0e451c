"""Saying hello to one's pod, today."""

from datetime import datetime, time, timedelta
from uuid import UUID

from porchlight.kit.errors import Refusal
from porchlight.kit.live import announce
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people import models
from porchlight.people.queries.own import own_id
from porchlight.people.rules.circles import Kind, Why

# No audit here: who was about on which day is nobody's business tomorrow.


@one_transaction
def say_hello(*, viewer: Viewer, now: datetime) -> None:
    """Light one's window for the pod until midnight here. Twice is the same as once.

    Refuses: NOT_IN for somebody without a pod.
    """
    me = own_id(viewer=viewer)
    pod = models.Membership.objects.filter(
        network_id=viewer.network.id, person_id=me, kind=Kind.POD, until_at=None
    ).first()
    if pod is None:
        raise Refusal(Why.NOT_IN)
    today = now.astimezone(viewer.network.zoneinfo).date()
    tomorrow = datetime.combine(today + timedelta(days=1), time.min, tzinfo=viewer.network.zoneinfo)
    models.Hello.objects.bulk_create(
        [models.Hello(network_id=viewer.network.id, person_id=me, day=today, expires_at=tomorrow)],
        ignore_conflicts=True,
    )
    announce(f"circle:{pod.circle_id}")


@one_transaction
def take_hello_back(*, viewer: Viewer, now: datetime) -> None:
    """Turn one's light off again. Nobody is told."""
    today = now.astimezone(viewer.network.zoneinfo).date()
    models.Hello.objects.filter(
        network_id=viewer.network.id, person_id=own_id(viewer=viewer), day=today
    ).delete()


@one_transaction
def forget_old_hellos(*, now: datetime, network_id: UUID | None = None) -> int:
    """Forget every hello whose day is over. For the sweep."""
    rows = models.Hello.objects.filter(expires_at__lte=now)
    gone, _ = (rows if network_id is None else rows.filter(network_id=network_id)).delete()
    return gone
