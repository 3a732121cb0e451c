"""The guarded columns of this area, for a rotation of keys."""

from porchlight.kit.guarded import Guarded
from porchlight.kit.viewer import Viewer


def guarded_columns(*, viewer: Viewer | None = None) -> list[Guarded]:
    """Answers `guarded_columns`."""
    found = [
        ("notices_text", "words_guarded", "notice-text", "id"),
        ("notices_delivery", "address_guarded", "notice-address", "notice_id"),
        ("notices_incomingtext", "address_guarded", "text-address", "id"),
        ("notices_incomingtext", "text_guarded", "text-words", "id"),
    ]
    return [Guarded(table=t, column=c, purpose=p, whose=w) for t, c, p, w in found]
