"""A few figures each week, for whoever wants them by mail."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = 9
"""On Monday, there."""
LAST_DAY = 1
"""Until the end of Tuesday, where the machine was off on Monday; later it is not of this week."""
LASTS = timedelta(days=365)
"""Chosen once it ends by itself: nobody gets mail for ever because of one press."""
OLD = timedelta(days=7)


def week_due(now: datetime, zone: ZoneInfo) -> str:
    """The week whose figures are due now, as «2026-W49»; empty at every other time."""
    local = now.astimezone(zone)
    if local.weekday() > LAST_DAY or (local.weekday() == 0 and local.hour < HOUR):
        return ""
    year, week, _day = local.isocalendar()
    return f"{year}-W{week:02}"
