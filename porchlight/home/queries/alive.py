"""Whether what lives hang on goes on in time."""

from datetime import datetime

from porchlight.alerts.queries.steps import late_steps
from porchlight.notices.queries.due import late_deliveries


def goes_on(now: datetime) -> bool:
    """No call for help, no way somebody looks after and no urgent message waits longer than it
    should. It says nothing about anybody. Costs: three queries, in indexes of what is due."""
    return not late_steps(now) and not late_deliveries(now)
