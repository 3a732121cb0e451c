"""The rules in force for a kind of call."""

from datetime import datetime

from porchlight.alerts.rules.kinds import RULE_KEYS, Kind, Playbook, playbook_of
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.network_rules import numbers


def playbook_now(*, viewer: Viewer, kind: Kind, now: datetime) -> Playbook:
    """What a call of this kind would run by, were it raised now. Costs: one query."""
    keys = [rule.key for rule in RULE_KEYS]
    return playbook_of(kind, numbers(network_id=viewer.network.id, keys=keys, now=now))
