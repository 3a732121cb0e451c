"""Sessions whose cookie value is nowhere in the database: the row's key is a hash of it."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import F
from django.db.models.functions import Now

from porchlight.people.models.persons import Session
from porchlight.people.rules.factors import is_proven, is_worth_noting

DEVICE = ("device_id", "began_at", "label_guarded", "expire_date")
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

    def save(self, must_create: bool = False) -> None:
        """Write what the session holds; the device's name and day beside it stay as they are.

        A session ends thirty days after it began, however often it is written meanwhile. One that
        was ended meanwhile, from here or elsewhere, stays away: what the request did is done, and
        the next page asks to sign in.
        """
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        row = self.create_model_instance(dict(self.items()))
        is_short = "_session_expiry" in self
        ends: Any = F("began_at") + timedelta(seconds=self.get_session_cookie_age())
        Session.objects.filter(session_key=row.session_key).update(
            session_data=row.session_data,
            expire_date=row.expire_date if is_short else ends,
            login_id=row.login_id,
        )

    def cycle_key(self) -> None:
        """A new cookie for the same device: it keeps its name, and the day it was signed in."""
        held = Session.objects.filter(session_key=hashed(self.session_key or ""))
        device = held.filter(login__isnull=False).values(*DEVICE).first()
        super().cycle_key()
        if device:
            Session.objects.filter(session_key=hashed(self.session_key or "")).update(**device)

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        row.session_key = hashed(row.session_key)
        row.login_id = data.get(SESSION_KEY)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key if session_key is not None else self.session_key
        if key is not None:
            super().delete(hashed(key))


# ---------- a second factor, shown in this session ----------

PROVEN, USED, OF_THE_DEMO = "proven_at", "proven_used", "proven_demo"
Held = Any
"""What a request carries as its session."""


def prove(session: Held, now: datetime, *, is_demo: bool = False) -> None:
    """Somebody showed a second factor; in the try-out the one press counts as one."""
    session.cycle_key()  # what was read from this browser before must not have the rights now
    session[PROVEN] = session[USED] = now.isoformat()
    if is_demo:
        session[OF_THE_DEMO] = True


def is_session_proven(session: Held, now: datetime) -> bool:
    """Whether a second factor shown in this session still counts."""
    if settings.IS_DEMO and session.get(OF_THE_DEMO):
        return True
    return is_proven(proven_at=_moment(session, PROVEN), used_at=_moment(session, USED), now=now)


def note_use(session: Held, now: datetime) -> None:
    """A page was opened by somebody: the hour of rest begins anew, written each five minutes."""
    if is_worth_noting(used_at=_moment(session, USED), now=now):
        session[USED] = now.isoformat()


def _moment(session: Held, name: str) -> datetime | None:
    said = session.get(name)
    return datetime.fromisoformat(said) if isinstance(said, str) else None
