"""The guarded columns of this area, for a rotation of keys."""

from porchlight.kit import vault
from porchlight.kit.guarded import Guarded, Indexed
from porchlight.kit.viewer import Viewer
from porchlight.notices.queries.words import index_of


def guarded_columns(*, viewer: Viewer | None = None) -> list[Guarded]:
    """Answers `guarded_columns`."""
    found = [
        ("notices_text", "words_guarded", "notice-text", "id"),
        ("notices_delivery", "address_guarded", "notice-address", "notice_id"),
        ("notices_incomingtext", "address_guarded", "text-address", "id"),
        ("notices_incomingtext", "text_guarded", "text-words", "id"),
    ]
    return [Guarded(table=t, column=c, purpose=p, whose=w) for t, c, p, w in found]


def indexed_columns(*, viewer: Viewer | None = None) -> list[Indexed]:
    """Answers `indexed_columns`. A link that was sent out stays as it is until it is over."""
    words = {(one.table, one.column): one for one in guarded_columns()}
    addresses = [
        Indexed(
            table=table,
            column="address_index",
            words=words[table, "address_guarded"],
            beside="channel",
            anew=lambda value, channel: index_of(channel, value),
        )
        for table in ("notices_delivery", "notices_incomingtext")
    ]
    texts = Indexed(
        table="notices_text",
        column="fingerprint",
        words=words["notices_text", "words_guarded"],
        anew=lambda kept, _: vault.index(kept, purpose="notice-text"),
    )
    links = Indexed(table="notices_notice", column="link_index", until="expires_at")
    return [*addresses, texts, links]
