"""The guarded columns of this area, for a rotation of keys."""

from porchlight.kit.guarded import Guarded, Indexed
from porchlight.kit.viewer import Viewer
from porchlight.sharing.rules.desk import NOTE
from porchlight.sharing.rules.intake import ASKED, REACH, SAID
from porchlight.sharing.rules.needs import WORDS


def guarded_columns(*, viewer: Viewer | None = None) -> list[Guarded]:
    """Answers `guarded_columns`."""
    return [
        Guarded(table="sharing_needwords", column="words_guarded", purpose=WORDS, whose="need_id"),
        Guarded(table="sharing_desknote", column="words_guarded", purpose=NOTE, whose="network_id"),
        Guarded(table="sharing_intake", column="reach_guarded", purpose=REACH, whose="id"),
        Guarded(table="sharing_intake", column="said_guarded", purpose=SAID, whose="id"),
        Guarded(table="sharing_intake", column="asked_guarded", purpose=ASKED, whose="id"),
    ]


def indexed_columns(*, viewer: Viewer | None = None) -> list[Indexed]:
    """Answers `indexed_columns`. Six words are nowhere here, so theirs last until it is over."""
    return [Indexed(table="sharing_intake", column="code_index", until="expires_at")]
