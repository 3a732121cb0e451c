"""The guarded columns of this area, for a rotation of keys."""

from porchlight.kit.guarded import Guarded
from porchlight.kit.viewer import Viewer
from porchlight.sharing.rules.desk import NOTE
from porchlight.sharing.rules.intake import REACH, SAID
from porchlight.sharing.rules.needs import WORDS


def guarded_columns(*, viewer: Viewer | None = None) -> list[Guarded]:
    """Answers `guarded_columns`."""
    return [
        Guarded(table="sharing_needwords", column="words_guarded", purpose=WORDS, whose="need_id"),
        Guarded(table="sharing_desknote", column="words_guarded", purpose=NOTE, whose="network_id"),
        Guarded(table="sharing_intake", column="reach_guarded", purpose=REACH, whose="id"),
        Guarded(table="sharing_intake", column="said_guarded", purpose=SAID, whose="id"),
    ]
