"""The guarded columns of this area, for a rotation of keys."""

from porchlight.alerts.rules.names import (
    CHECK_IN,
    ENDS_NUMBER,
    LOOKS_NUMBER,
    PURPOSES,
    TASK,
    UPDATE,
)
from porchlight.kit.guarded import Guarded
from porchlight.kit.viewer import Viewer


def guarded_columns(*, viewer: Viewer | None = None) -> list[Guarded]:
    """Answers `guarded_columns`."""
    words = [
        ("alerts_alertwords", f"{part}_guarded", purpose, "alert_id")
        for part, purpose in PURPOSES.items()
    ]
    lines = [
        ("alerts_alertupdate", "words_guarded", UPDATE, "id"),
        ("alerts_alerttask", "words_guarded", TASK, "id"),
        ("alerts_checkin", "words_guarded", CHECK_IN, "id"),
        ("alerts_endnumbers", "ends_guarded", ENDS_NUMBER, "person_id"),
        ("alerts_endnumbers", "looks_guarded", LOOKS_NUMBER, "person_id"),
        ("alerts_endnumbers", "hidden_guarded", ENDS_NUMBER, "person_id"),
    ]
    return [Guarded(table=t, column=c, purpose=p, whose=w, key=w) for t, c, p, w in words + lines]
