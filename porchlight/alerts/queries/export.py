"""What alerts know about somebody, for themselves only."""

import base64
from typing import Any
from uuid import UUID

from porchlight.alerts import models
from porchlight.alerts.rules.names import PURPOSES, TASK, UPDATE
from porchlight.alerts.rules.states import KNOWN_TO_ASKER
from porchlight.kit import vault
from porchlight.kit.errors import NotHere
from porchlight.kit.export import File
from porchlight.kit.viewer import Viewer
from porchlight.people.queries.own import own_id

LEFT_OUT = (
    "Calls that went silently to people somebody chose, who these people are, ways home, "
    "numbers that end a thing and the morning after are in nobody's file: others may open it. Such "
    "calls are erased 30 days after they ended, ways home a day."
)
"""Stands in every file, so that it says nothing about anybody (SAFETY.md 4)."""


def export_of(*, viewer: Viewer, person_id: UUID) -> dict[str, Any]:
    """The viewer's own calls, what they were asked for and what they wrote there.

    Answers the moment `export_of`. Costs: seven queries.
    """
    if own_id(viewer=viewer) != person_id:
        raise NotHere
    return {
        "calls_for_help": {
            "left_out": LEFT_OUT,
            "mine": _raised(viewer),
            "i_was_asked": _asked(viewer),
            "lines_i_wrote": _lines(viewer),
            "tasks_i_took": _tasks(viewer),
            "choices": _choices(viewer),
            "doors_paused": _pauses(viewer),
        }
    }


def _mine(viewer: Viewer) -> dict[str, UUID]:
    return {"network_id": viewer.network.id, "person_id": own_id(viewer=viewer)}


def _raised(viewer: Viewer) -> list[dict[str, Any]]:
    rows = (
        models.Alert.objects.filter(
            network_id=viewer.network.id, raised_by_id=own_id(viewer=viewer), is_silent=False
        )
        .select_related("words")
        .order_by("created_at", "id")
    )
    return [
        {
            "kind": row.kind,
            "at": row.created_at,
            "for": row.for_whom,
            "state": row.state,
            "ended_at": row.ended_at,
            "ended_how": row.ended_how,
            "kept_until": row.expires_at,
            **_words(row),
        }
        for row in rows
    ]


def _words(row: models.Alert) -> dict[str, str | File]:
    """What is still kept of what was written; a picture as a file."""
    kept = getattr(row, "words", None)
    if kept is None:
        return {}
    found: dict[str, str | File] = {
        part: vault.reveal(guarded, purpose=purpose, whose=row.id)
        for part, purpose in PURPOSES.items()
        if (guarded := getattr(kept, f"{part}_guarded")) is not None
    }
    picture = found.get("picture")
    if isinstance(picture, str):
        found["picture"] = File(name="picture.jpg", content=base64.b64decode(picture))
    return found


def _asked(viewer: Viewer) -> list[dict[str, Any]]:
    """No names of who asked where the viewer was a stranger, and no word of what it was."""
    rows = (
        models.Invitation.objects.filter(**_mine(viewer))
        .select_related("alert", "alert__raised_by")
        .order_by("alert__created_at", "id")
    )
    return [
        {
            "at": row.alert.created_at,
            "who_asked": row.alert.raised_by.name
            if row.why in KNOWN_TO_ASKER and not row.alert.is_silent
            else None,
            "because_of": row.why if not row.alert.is_silent else "known",
            "answer": row.standing if row.standing != "removed" else "enough",
            "answered_at": row.answered_at,
            "arrived_at": row.arrived_at,
        }
        for row in rows
    ]


def _lines(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.AlertUpdate.objects.filter(**_mine(viewer)).order_by("created_at", "id")
    return [
        {
            "at": row.created_at,
            "words": vault.reveal(row.words_guarded, purpose=UPDATE, whose=row.id),
            "kept_until": row.expires_at,
        }
        for row in rows
    ]


def _tasks(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.AlertTask.objects.filter(
        network_id=viewer.network.id, taken_by_id=own_id(viewer=viewer)
    ).order_by("taken_at", "id")
    return [
        {
            "what": row.key
            if row.words_guarded is None
            else vault.reveal(row.words_guarded, purpose=TASK, whose=row.id),
            "taken_at": row.taken_at,
            "done_at": row.done_at,
        }
        for row in rows
    ]


def _choices(viewer: Viewer) -> dict[str, Any]:
    row = models.AlertChoice.objects.filter(**_mine(viewer)).first()
    return {
        "place_may_go_by_text": row is not None and row.may_text_place,
        "wider_is_ticked": row is not None and row.is_wide,
        "looked_after": row is None or row.is_looked_after,
        "rung_in_quiet_hours": row is not None and row.is_rung_in_quiet_hours,
        "most_rung_a_week": None if row is None else row.most_rung,
        "rung_at": [] if row is None else row.rung_at,
        "rests_until": None if row is None else row.rests_until,
    }


def _pauses(viewer: Viewer) -> list[dict[str, Any]]:
    rows = models.DoorPause.objects.filter(**_mine(viewer)).order_by("from_at", "id")
    return [{"from": row.from_at, "lifted_at": row.lifted_at} for row in rows]
