"""What this install's gateway can do, and where it finds us."""

from django.conf import settings


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
