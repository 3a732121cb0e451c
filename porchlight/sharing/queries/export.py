"""One's own needs and promises, for one's own file."""

from typing import Any
from uuid import UUID

from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.own import own_id
from porchlight.sharing.models import Match, Need, NeedWords
from porchlight.sharing.rules.needs import WORDS


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """What somebody asked for and what they promised, without anybody else's name.

    Answers `export_of`. Costs: three queries.
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
    return {
        "needs": {
            "i_asked_for": [_asked(row, words.get(row.id, "")) for row in own],
            "i_promised": [_promised(row) for row in promised.order_by("created_at", "id")],
        }
    }


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
