"""How many texts a gateway may be given now, where it takes only so many a second.

A bucket that fills at the gateway's pace and holds one second's worth: so no more than that goes at
once, and never more over time. Only one moment is kept of it, when the line will be free again.
Calls for help may use all of it; everything else leaves half, so that whoever calls for help while
a newsletter is on its way finds room at once. Source: research/alerting.md 1.4 (Courier's lanes).
"""

from datetime import datetime, timedelta

from porchlight.notices.rules.words import Lane

KEPT_PERCENT = 50
"""Of a second's worth, what ordinary texts leave for calls for help. Ours."""


def interval(per_ten_seconds: int) -> timedelta:
    """How long the line is busy with one segment; whole microseconds, never too short."""
    return timedelta(microseconds=-(-10_000_000 // per_ten_seconds))


def at_once(per_ten_seconds: int) -> int:
    """A second's worth; a slow modem takes one."""
    return max(1, per_ten_seconds // 10)


def room(*, free_at: datetime, now: datetime, per_ten_seconds: int, lane: Lane) -> int:
    """How many segments of this lane may go now.

    free_at: when the line has worked off what it was given. per_ten_seconds: the gateway's pace.
    """
    mine = _share(per_ten_seconds, lane)
    if not mine:  # one at a time: an ordinary text leaves every second place free
        return int(now >= free_at + interval(per_ten_seconds))
    under_way = -(-(free_at - now) // interval(per_ten_seconds)) if free_at > now else 0
    return max(0, mine - under_way)


def room_from(*, free_at: datetime, per_ten_seconds: int, lane: Lane) -> datetime:
    """When there is room for one more."""
    places = _share(per_ten_seconds, lane)
    return free_at - (places - 1) * interval(per_ten_seconds)


def taken_up(*, free_at: datetime, now: datetime, many: int, per_ten_seconds: int) -> datetime:
    """When the line is free again once so many segments more were given to it."""
    return max(free_at, now) + many * interval(per_ten_seconds)


def _share(per_ten_seconds: int, lane: Lane) -> int:
    """Places of a second's worth that this lane may use; none: only what is left over."""
    places = at_once(per_ten_seconds)
    kept = 0 if lane is Lane.URGENT else -(-places * KEPT_PERCENT // 100)
    return places - kept
