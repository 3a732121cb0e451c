"""The guarded columns of this area, for a rotation of keys."""

from porchlight.kit.guarded import Guarded
from porchlight.kit.viewer import Viewer
from porchlight.people.queries import alert_keys, asking, devices, invites, places, reaching


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
