"""The guarded columns of this area, for a rotation of keys."""

from porchlight.kit.guarded import Guarded
from porchlight.kit.viewer import Viewer
from porchlight.trust.rules.reports import ANSWER, WORDS


def guarded_columns(*, viewer: Viewer | None = None) -> list[Guarded]:
    """Answers `guarded_columns`."""
    return [
        Guarded(table="trust_report", column=column, purpose=purpose, whose="id")
        for column, purpose in (("words_guarded", WORDS), ("answer_guarded", ANSWER))
    ]
