"""What this install's gateway can do, and where it finds us."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from porchlight.notices.models import GatewayCursor, Outcome
from porchlight.notices.rules import Channel

AN_HOUR = timedelta(hours=1)


def can_text() -> bool:
    """Whether texts go out from here at all."""
    return settings.GATEWAY is not None


def can_call() -> bool:
    """Whether this install can ring phones: its gateway must be able to ask us what to say."""
    gateway = settings.GATEWAY
    return bool(gateway and gateway.calls_from and not settings.PUBLIC_IS_LOOPBACK)


def from_outside(path: str) -> str:
    """The address at which a gateway finds this path; signatures are made over exactly this."""
    return f"{settings.PUBLIC_URL}{path}"


def our_number() -> str:
    """The number people text; empty when there is none to show."""
    gateway = settings.GATEWAY
    return gateway.sender if gateway and not gateway.sender.startswith("MG") else ""


def gateway_cursor() -> str:
    """How far a gateway's news were read; empty: from the beginning. Costs: one query."""
    row = GatewayCursor.objects.filter(gateway="json").first()
    return row.cursor if row else ""


def refused_lately(now: datetime) -> str:
    """What the gateway last answered when it did not take us in the last hour, such as «401».

    For the doctor. Costs: one query.
    """
    found = (
        Outcome.objects.filter(
            at__gt=now - AN_HOUR,
            attempt__delivery__channel__in=[Channel.SMS, Channel.VOICE],
            state="failed_temp",
        )
        .filter(Q(detail__startswith="401") | Q(detail__startswith="403"))
        .order_by("-id")
        .values_list("detail", flat=True)
        .first()
    )
    return found or ""
