"""A link to one need for a chat group or a wall, made and ended by whoever asks."""

import base64
import secrets
from datetime import datetime
from uuid import UUID

from porchlight.kit.errors import Refusal
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.sharing.actions.core import lock_own_need, write_down
from porchlight.sharing.rules.needs import Why
from porchlight.sharing.rules.states import WANTS_HELP

RANDOM_BYTES = 7
"""Twelve letters, 56 bits: nobody comes by one by trying, and a strip of paper has room for it."""


@one_transaction
def show_outside(*, viewer: Viewer, need_id: UUID, now: datetime) -> str:
    """Make the link; there already: the same one. Answers with the end of its address.

    Refuses: NotHere for anybody but the asker; what is over.
    """
    need = lock_own_need(viewer=viewer, need_id=need_id)
    if need.state not in WANTS_HELP:
        raise Refusal(Why.NOT_OPEN)
    if need.shared_as is None:
        drawn = base64.b32encode(secrets.token_bytes(RANDOM_BYTES)).decode()
        need.shared_as = drawn.rstrip("=").lower()
        need.save(update_fields=["shared_as"])
        write_down(need=need, verb="shown", actor_id=need.asker_id, now=now)
    return need.shared_as


@one_transaction
def end_link(*, viewer: Viewer, need_id: UUID, now: datetime) -> None:
    """From now on the link leads nowhere, wherever it hangs. None there: nothing changes.

    Refuses: NotHere for anybody but the asker.
    """
    need = lock_own_need(viewer=viewer, need_id=need_id)
    if need.shared_as is not None:
        need.shared_as = None
        need.save(update_fields=["shared_as"])
        write_down(need=need, verb="hidden", actor_id=need.asker_id, now=now)
