"""What somebody asked for without an account, as they read it with their six words."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.mandates import holders
from porchlight.people.queries.network_rules import number
from porchlight.people.rules.rights import Right
from porchlight.sharing.models import Intake
from porchlight.sharing.queries.intake import own_of_guest
from porchlight.sharing.queries.one import NeedPage, need_page
from porchlight.sharing.rules.by_code import PROOF, PROOF_HOLDS
from porchlight.sharing.rules.caps import MOST_FROM_OUTSIDE
from porchlight.sharing.rules.intake import ASKED, CODE, CameBy


@dataclass(frozen=True, kw_only=True)
class ByCode:
    """One ask, opened with its six words."""

    intake_id: UUID
    viewer: Viewer
    """Whoever asked, for this ask alone."""
    since: datetime
    line: str = field(repr=False)
    """What they asked for, in the words everybody reads."""
    page: NeedPage | None
    """None: the desk has not looked at it yet."""


def takes_asks(*, viewer: Viewer, now: datetime) -> bool:
    """Whether somebody without an account may ask here: somebody sits at the desk, and the people
    here did not close it. Costs: at most three queries."""
    return bool(
        number(network_id=viewer.network.id, key=MOST_FROM_OUTSIDE, now=now)
        and holders(viewer=viewer, right=Right.DISPATCH, now=now)
    )


def waiting_from_outside(*, viewer: Viewer, now: datetime) -> int:
    """How many asks of people without an account nobody has looked at yet. Costs: one query."""
    rows = Intake.objects.filter(network_id=viewer.network.id, need=None, came_by=CameBy.WEB)
    return rows.filter(expires_at__gt=now).count()


def opened_by_tag(*, viewer: Viewer, tag: str, now: datetime) -> ByCode | None:
    """The ask whose six words these are. None says the same of words that were never made, are
    over, or belong elsewhere. Costs: one query where there is none; at most eight more."""
    found = Intake.objects.filter(code_index__in=vault.indexes(tag, purpose=CODE))
    return _opened(viewer, found.filter(network_id=viewer.network.id).first(), now)


def opened_by_proof(*, viewer: Viewer, proof: str, now: datetime) -> ByCode | None:
    """The same from what the page carries that they opened; None once it is too old, or not ours.

    Costs: as `opened_by_tag`.
    """
    try:
        raw = urlsafe_b64decode(proof.encode("ascii", "replace"))
        kept = json.loads(vault.reveal(raw, purpose=PROOF, whose=viewer.network.id))
    except (vault.VaultTrouble, ValueError):
        return None
    if not now - PROOF_HOLDS < datetime.fromisoformat(kept["at"]) <= now:
        return None
    rows = Intake.objects.filter(network_id=viewer.network.id, id=kept["intake"])
    return _opened(viewer, rows.filter(code_index__isnull=False).first(), now)


def proof_of(*, viewer: Viewer, intake_id: UUID, now: datetime) -> str:
    """What the forms of an opened page carry, so that the words need not be typed for each press
    and no cookie stays on the device."""
    kept = json.dumps({"intake": str(intake_id), "at": now.isoformat()})
    raw = vault.guard(kept, purpose=PROOF, whose=viewer.network.id)
    return urlsafe_b64encode(raw).decode()


def _opened(viewer: Viewer, row: Intake | None, now: datetime) -> ByCode | None:
    if row is None or row.expires_at <= now:
        return None
    guest = own_of_guest(viewer=viewer, guest_id=row.guest_id)
    found = need_page(viewer=guest, need_id=row.need_id, now=now) if row.need_id else None
    if found:  # a guest has no page of theirs to keep somebody away on
        nobody = [replace(one, person_id=None) for one in found.promises]
        found = replace(found, promises=nobody)
    asked = row.asked_guarded
    kept = json.loads(vault.reveal(asked, purpose=ASKED, whose=row.id)) if asked else {}
    return ByCode(
        intake_id=row.id,
        viewer=guest,
        since=row.created_at,
        line=found.card.line if found else kept.get("line", ""),
        page=found,
    )
