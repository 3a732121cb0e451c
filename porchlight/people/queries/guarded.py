"""The guarded columns of this area, for a rotation of keys."""

import json

from porchlight.kit import vault
from porchlight.kit.guarded import Guarded, Indexed
from porchlight.kit.viewer import Viewer
from porchlight.notices.rules import Channel
from porchlight.people.queries import (
    alert_keys,
    asking,
    devices,
    invites,
    places,
    push,
    reaching,
)


def guarded_columns(*, viewer: Viewer | None = None) -> list[Guarded]:
    """Answers `guarded_columns`."""
    person, own = "person_id", "id"
    found = [
        ("people_address", "value_guarded", reaching.ADDRESS_PURPOSE, person),
        ("people_address", "label_guarded", reaching.LABEL_PURPOSE, person),
        ("people_alertkey", "label_guarded", alert_keys.LABEL, person),
        ("people_invite", "code_guarded", invites.INVITE_CODE, own),
        ("people_joinrequest", "name_guarded", asking.REQUEST_WORDS, own),
        ("people_joinrequest", "words_guarded", asking.REQUEST_WORDS, own),
        ("people_place", "label_guarded", places.LABEL, person),
        ("people_place", "address_guarded", places.ADDRESS, person),
        ("people_place", "door_note_guarded", places.DOOR_NOTE, person),
        ("people_place", "pin_guarded", places.PIN, person),
        ("people_place", "cells_guarded", places.CELLS, person),
    ]
    device = Guarded(
        table="people_session",
        column="label_guarded",
        purpose=devices.DEVICE_LABEL,
        whose="login_id",
        key="session_key",
    )
    return [*(Guarded(table=t, column=c, purpose=p, whose=w) for t, c, p, w in found), device]


def indexed_columns(*, viewer: Viewer | None = None) -> list[Indexed]:
    """Answers `indexed_columns`. Tokens of places are made anew by `actions.places`."""
    words = {(one.table, one.column): one for one in guarded_columns()}
    return [
        Indexed(
            table="people_address",
            column="value_index",
            words=words["people_address", "value_guarded"],
            beside="channel",
            anew=_address,
        ),
        Indexed(
            table="people_invite",
            column="code_index",
            words=words["people_invite", "code_guarded"],
            anew=lambda code, _: vault.index(code, purpose=invites.INVITE_CODE),
            until="expires_at",
        ),
        Indexed(table="people_address", column="code_index", until="code_expires_at"),
        Indexed(table="people_codesent", column="value_index", until="expires_at"),
        Indexed(table="people_joinrequest", column="code_index", until="expires_at"),
        Indexed(table="people_resetrequest", column="code_index", until="expires_at"),
    ]


def _address(value: str, channel: str) -> bytes:
    if channel == Channel.WEB_PUSH:
        return vault.index(json.loads(value)["endpoint"], purpose=push.ENDPOINT)
    return reaching.address_index(value)
