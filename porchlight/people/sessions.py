"""Sessions whose cookie value is nowhere in the database: the row's key is a hash of it."""

import hashlib
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models.functions import Now

from porchlight.people.models.persons import Session

HASHED = 40  # letters: fits the column and keeps 160 bits


def hashed(key: str) -> str:
    """What stands in the row for a cookie's value."""
    return hashlib.sha256(key.encode()).hexdigest()[:HASHED]


class SessionStore(DatabaseStore):
    """Django's database sessions, looked up by hash, and bound to a login: all can be ended."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = Session.objects.filter(
            session_key=hashed(self.session_key or ""), expire_date__gt=Now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(hashed(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.session_key = hashed(row.session_key)
        row.login_id = data.get(SESSION_KEY)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key if session_key is not None else self.session_key
        if key is not None:
            super().delete(hashed(key))
