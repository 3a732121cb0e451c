"""Whether somebody erased everything a short while ago."""

from datetime import datetime, timedelta

from porchlight.kit.viewer import Viewer
from porchlight.people.models import Person

A_WHILE = timedelta(hours=3)
"""Longer than from one sweep to the next, also where one was late."""


def was_somebody_erased(*, now: datetime, viewer: Viewer | None = None) -> bool:
    """Whether rows of somebody still lie in the database's files, in tables of every area."""
    return Person.objects.filter(erased_at__gt=now - A_WHILE).exists()
