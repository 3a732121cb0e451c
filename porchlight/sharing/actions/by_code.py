"""Somebody asks without an account, and comes back with six words.

What they wrote goes to the desk first; on the board stands only what somebody there put on it. The
words themselves are not kept: a keyed fingerprint of what stands for them is.
"""

import json
from datetime import datetime
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.marks import gettext_noop
from porchlight.kit.tables import first_made
from porchlight.kit.transactions import one_transaction
from porchlight.kit.viewer import Viewer
from porchlight.people.actions.lockdown import refuse_while_locked
from porchlight.people.actions.locking import lock_network
from porchlight.people.queries.network_rules import is_on, number
from porchlight.sharing.actions.asking import take_back
from porchlight.sharing.actions.core import tell_desk
from porchlight.sharing.actions.intake import DEEDS, begin_intake, erase_waiting
from porchlight.sharing.models import Intake
from porchlight.sharing.queries.by_code import (
    ByCode,
    opened_by_proof,
    takes_asks,
    waiting_from_outside,
)
from porchlight.sharing.rules.by_code import OutsideAsk, is_tag
from porchlight.sharing.rules.caps import MOST_FROM_OUTSIDE
from porchlight.sharing.rules.intake import (
    ASKED,
    CODE,
    SAID,
    Call,
    WhyNot,
)

SOMEBODY_ASKS = gettext_noop("Somebody without an account asks for something")
LOOK = gettext_noop("Look at it, and put it on the board.")


@one_transaction
def ask_by_code(
    *, viewer: Viewer, call: Call, asked: OutsideAsk, tag: str, client_key: UUID, now: datetime
) -> Intake:
    """Keep for the desk what somebody without an account asks for. The same form twice is one.

    tag: what stands for their six words (`rules.by_code.tag_of`).
    Refuses: DESK_IS_FULL; NEW_WORDS where the tag is none or was used; while everything is locked;
    NotHere where nobody sits at the desk or the people here take none.
    Tells: the desk, when nothing else of the kind waits already: a flood rings once.
    """
    network, nobody = viewer.network, Viewer(network=viewer.network)
    if not is_on(network_id=network.id, area="sharing", now=now):
        raise NotHere
    lock_network(network_id=network.id)
    made = first_made(
        Intake.objects, network_id=network.id, source=nobody.source, client_key=client_key
    )
    if made is not None:
        return made
    refuse_while_locked(network_id=network.id, now=now)
    if not takes_asks(viewer=viewer, now=now):
        raise NotHere
    others = waiting_from_outside(viewer=viewer, now=now)
    if others >= number(network_id=network.id, key=MOST_FROM_OUTSIDE, now=now):
        raise Refusal(WhyNot.DESK_IS_FULL)
    if not is_tag(tag) or _is_used(tag):
        raise Refusal(WhyNot.NEW_WORDS)
    row = begin_intake(viewer=nobody, call=call, taken_by_id=None, client_key=client_key, now=now)
    row.code_index = vault.index(tag, purpose=CODE)
    row.said_guarded = vault.guard(call.said, purpose=SAID, whose=row.id) if call.said else None
    kept = json.dumps(asked.as_kept(), ensure_ascii=False)
    row.asked_guarded = vault.guard(kept, purpose=ASKED, whose=row.id)
    row.save()
    if not others:
        tell_desk(
            network_id=network.id, about=row.id, title=SOMEBODY_ASKS, line=LOOK,
            page="sharing:desk", now=now,
        )  # fmt: skip
    return row


@one_transaction
def act_by_code(*, viewer: Viewer, proof: str, match_id: UUID, what: str, now: datetime) -> None:
    """Say yes or no to an offer of help, that it is done, or thank you.

    proof: of the page that was opened with six words. what: one of `DEEDS`.
    Refuses: what the deed refuses; NotHere where the proof opens nothing (any more).
    """
    DEEDS[what](viewer=_own(viewer, proof, now).viewer, match_id=match_id, now=now)


@one_transaction
def take_back_by_code(*, viewer: Viewer, proof: str, now: datetime) -> None:
    """They do not need it any more. What nobody has looked at yet goes at once.

    Refuses: NotHere where the proof opens nothing (any more).
    """
    lock_network(network_id=viewer.network.id)  # before the desk makes a need of it meanwhile
    found = _own(viewer, proof, now)
    if found.page is not None:
        take_back(viewer=found.viewer, need_id=found.page.card.id, now=now)
        return
    erase_waiting(viewer=viewer, intake_id=found.intake_id, now=now)


def _own(viewer: Viewer, proof: str, now: datetime) -> ByCode:
    found = opened_by_proof(viewer=viewer, proof=proof, now=now)
    if found is None:
        raise NotHere
    return found


def _is_used(tag: str) -> bool:
    return Intake.objects.filter(code_index__in=vault.indexes(tag, purpose=CODE)).exists()
