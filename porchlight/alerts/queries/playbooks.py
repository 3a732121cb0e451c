"""The rules in force for a kind of call."""

from datetime import datetime

from porchlight.alerts.rules.kinds import RULE_KEYS, Kind, Playbook, playbook_of
from porchlight.kit.viewer import Viewer
from porchlight.people.models import NetworkRule
from porchlight.people.rules.network_rules import KEYS, holds


def playbook_now(*, viewer: Viewer, kind: Kind, now: datetime) -> Playbook:
    """What a call of this kind would run by, were it raised now. Costs: one query."""
    wanted = [rule.key for rule in RULE_KEYS]
    stored = dict(
        NetworkRule.objects.filter(network_id=viewer.network.id, key__in=wanted, from_at__lte=now)
        .order_by("version")
        .values_list("key", "value")
    )
    rules = {key: holds(key, stored[key]) if key in stored else KEYS[key].default for key in wanted}
    return playbook_of(kind, {key: int(value) for key, value in rules.items()})  # type: ignore[arg-type]  # numbers all
