"""One's own needs and promises, for one's own file."""

from typing import Any
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.own import own_id
from porchlight.sharing.models import (
    DeskNote,
    DigestChoice,
    Match,
    Need,
    NeedWords,
    Offer,
    Proposal,
)
from porchlight.sharing.rules.availability import blocks_of
from porchlight.sharing.rules.desk import NOTE
from porchlight.sharing.rules.needs import WORDS


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """What somebody asked for, promised and offered, and what they were asked, without anybody
    else's name.

    Answers `export_of`. Costs: seven queries.
    """
    if own_id(viewer=viewer) != person_id:
        raise NotHere
    here = {"network_id": viewer.network.id}
    own = Need.objects.filter(**here, asker_id=person_id).order_by("created_at", "id")
    words = {
        row.need_id: vault.reveal(row.words_guarded or b"", purpose=WORDS, whose=row.need_id)
        for row in NeedWords.objects.filter(**here, need__asker_id=person_id)
        if row.words_guarded is not None
    }
    promised = Match.objects.filter(**here, helper_id=person_id).select_related("need")
    offers = Offer.objects.filter(**here, helper_id=person_id)
    asked = Proposal.objects.filter(**here, helper_id=person_id).select_related("need")
    digest = DigestChoice.objects.filter(**here, person_id=person_id)
    notes = DeskNote.objects.filter(**here, by_id=person_id)
    return {
        "needs": {
            "i_asked_for": [_asked(row, words.get(row.id, "")) for row in own],
            "i_promised": [_promised(row) for row in promised.order_by("created_at", "id")],
            "i_offered": [_offered(row) for row in offers.order_by("created_at", "id")],
            "i_was_asked": [_put(row) for row in asked.order_by("at", "id")],
            "figures_by_mail_until": digest.values_list("expires_at", flat=True).first(),
            "my_notes_at_the_desk": [_note(row) for row in notes],
        }
    }


def _note(row: DeskNote) -> dict[str, Any]:
    words = vault.reveal(row.words_guarded, purpose=NOTE, whose=row.network_id)
    return {"at": row.at, "words": words}


def _asked(row: Need, words: str) -> dict[str, Any]:
    return {
        "at": row.created_at,
        "category": row.category,
        "line": row.line,
        "from": row.from_at,
        "until": row.until_at,
        "part_of_the_map": row.cell,
        "for_people": row.people,
        "helpers": row.helpers,
        "meeting": row.meeting,
        "takes": row.takes,
        "repeats": row.repeats,
        "has_a_link": row.shared_as is not None,
        "words_for_helpers": words,
        "state": row.state,
        "closed_at": row.closed_at,
    }


def _promised(row: Match) -> dict[str, Any]:
    return {
        "at": row.created_at,
        "category": row.need.category,
        "state": row.state,
        "agreed_at": row.confirmed_at,
        "i_said_it_is_done_at": row.helper_done_at,
        "thanked_at": row.thanked_at,
        "ended_at": row.ended_at,
    }


def _offered(row: Offer) -> dict[str, Any]:
    return {
        "at": row.created_at,
        "category": row.category,
        "parts_of_the_week": blocks_of(row.parts),
        "can": row.can,
        "times_a_week": row.a_week,
        "paused_until": row.paused_until,
        "until": row.expires_at,
    }


def _put(row: Proposal) -> dict[str, Any]:
    return {
        "at": row.at,
        "category": row.need.category,
        "because": row.reasons,
        "answered_at": row.answered_at,
    }
