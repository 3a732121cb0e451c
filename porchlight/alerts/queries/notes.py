"""A silent call as its asker reads it: how many have read it and who comes by, in neutral words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from porchlight.alerts import models
from porchlight.alerts.queries.pages import Helper, Part, alert_page
from porchlight.alerts.rules.states import ON_THE_WAY, Standing
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice


@dataclass(frozen=True, kw_only=True)
class NotePage:
    """What stands on it. No word of what it is about."""

    id: UUID
    is_sending: bool
    is_open: bool
    asked: int
    read: int
    coming: tuple[Helper, ...]
    from_afar: tuple[Helper, ...]


def note_page(*, viewer: Viewer, alert_id: UUID, now: datetime) -> NotePage:
    """The viewer's own silent call. Costs: at most ten queries.

    Refuses: NotHere for anybody else, and for calls that are not silent.
    """
    shown = alert_page(viewer=viewer, alert_id=alert_id, now=now)
    if shown.part is not Part.ASKER or not shown.is_silent:
        raise NotHere
    return NotePage(
        id=shown.id,
        is_sending=shown.is_sending,
        is_open=shown.is_running and not shown.looks_ended,
        asked=shown.asked,
        read=_read(shown.id),
        coming=tuple(one for one in shown.helpers if one.standing in ON_THE_WAY),
        from_afar=tuple(one for one in shown.helpers if one.standing is Standing.REMOTE),
    )


def _read(alert_id: UUID) -> int:
    """How many opened it or answered, on whatever channel."""
    asked = models.Invitation.objects.filter(alert_id=alert_id)
    answered = set(
        asked.exclude(standing=Standing.ASKED, answered_at=None).values_list("notice_id", flat=True)
    )
    seen = Notice.objects.filter(id__in=asked.values("notice_id")).filter(
        Q(seen_at__isnull=False) | Q(answered_at__isnull=False)
    )
    return len(answered | set(seen.values_list("id", flat=True)))
