"""Writing down a rule that the neighbours decided."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext

from porchlight.kit.errors import Refusal
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Scope, Viewer
from porchlight.kit.words import clean_line
from porchlight.people import models
from porchlight.people.actions.audit import note
from porchlight.people.actions.locking import lock_network
from porchlight.people.rules.network_rules import KEYS, Value, Why, why_not_set
from porchlight.people.rules.rights import Right

LONGEST_REASON = 300
SLOW_FORM = timedelta(hours=1)
"""A form that was open for a while still means «now»."""


@one_transaction
def set_rule(
    *,
    viewer: Viewer,
    key: str,
    value: Value,
    reason: str,
    decided_by: UUID | None,
    from_at: datetime,
    client_key: UUID,
    now: datetime,
) -> models.NetworkRule:
    """Let a rule hold from a moment on, as a new version; the old ones stay readable.

    viewer: a keeper, or the program when a network is founded.
    decided_by: the decision or minutes it comes from.
    Refuses: KEEPERS_ONLY, UNKNOWN, OUT_OF_CAPS, NO_REASON, IN_THE_PAST.
    """
    if viewer.scope is not Scope.SYSTEM and not viewer.may(Right.KEEP):
        raise Refusal(Why.KEEPERS_ONLY)
    why = why_not_set(key, value)
    if why is not None:
        raise Refusal(why, says=gettext(KEYS[key].says) if key in KEYS else "")
    if not clean_line(reason):
        raise Refusal(Why.NO_REASON)
    if from_at < now - SLOW_FORM:
        raise Refusal(Why.IN_THE_PAST)
    lock_network(network_id=viewer.network.id)
    rows = models.NetworkRule.objects
    source = viewer.source if viewer.is_someone else "system"
    made = first_made(rows, network_id=viewer.network.id, source=source, client_key=client_key)
    if made is not None:
        return made
    last = rows.filter(network_id=viewer.network.id, key=key).order_by("-version").first()
    made = rows.create(
        network_id=viewer.network.id,
        source=source,
        client_key=client_key,
        created_at=now,
        key=key,
        version=last.version + 1 if last else 1,
        value=value,
        from_at=from_at,
        reason=clean_line(reason)[:LONGEST_REASON],
        decided_by=decided_by,
    )
    note(
        network_id=viewer.network.id,
        verb="people.rule_set",
        now=now,
        actor_id=viewer.person_id,
        thing_id=made.id,
        key=key,
        version=made.version,
    )
    return made
