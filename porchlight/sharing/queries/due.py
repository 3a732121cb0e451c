"""Which needs and promises have a step that is due, for the task that takes it."""

from datetime import datetime
from uuid import UUID

from porchlight.sharing.models import Match, Need

BATCH = 100


def due_matches(now: datetime) -> list[tuple[UUID, UUID, UUID]]:
    """Network, need and promise, the longest due first, at most a hundred. Costs: one query."""
    due = Match.objects.filter(next_step_at__lte=now).order_by("next_step_at", "id")
    return list(due.values_list("network_id", "need_id", "id")[:BATCH])


def due_asks(now: datetime) -> list[tuple[UUID, UUID]]:
    """Network and need that is to be put before those who offered such help, the longest due first,
    at most a hundred. Costs: one query."""
    due = Need.objects.filter(asks_at__lte=now).order_by("asks_at", "id")
    return list(due.values_list("network_id", "id")[:BATCH])


def due_again(now: datetime) -> list[tuple[UUID, UUID]]:
    """Network and need that is to be asked for the next time, at most a hundred. Costs: one
    query."""
    due = Need.objects.filter(again_at__lte=now).order_by("again_at", "id")
    return list(due.values_list("network_id", "id")[:BATCH])


def due_needs(now: datetime) -> list[tuple[UUID, UUID]]:
    """Network and need, the longest due first, at most a hundred. Costs: one query."""
    due = Need.objects.filter(next_step_at__lte=now).order_by("next_step_at", "id")
    return list(due.values_list("network_id", "id")[:BATCH])
