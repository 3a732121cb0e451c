"""How the last backup, drill or rotation of keys ended."""

from datetime import datetime

from porchlight.kit.models import LastTry


def remember(*, what: str, says: str, is_good: bool, now: datetime) -> None:
    """Keep for the doctor how a try went. what: backup, drill or rotation."""
    kept = {"at": now, "is_good": is_good, "says": says[:300]}
    kept |= {"good_at": now} if is_good else {}
    LastTry.objects.update_or_create(what=what, defaults=kept)
