"""Who tries names, words and codes learns nothing: same page, same size, same work, hit or miss."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from porchlight.kit import clock
from porchlight.people import models
from porchlight.people.actions.invites import make_invite, revoke_invite
from porchlight.people.queries.invites import own_invite
from porchlight.people.tests import cast
from tests.matrix import undone
from tests.world import Street, linden_and_harbour

HERE = "/n/linden/"
NEW_EACH_TIME = re.compile(rb"""value="[^"]*"|hx-headers[^=]*=('[^']*'|"[^"]*")|next=[^"]*""")


@dataclass(frozen=True)
class Seen:
    """What somebody outside can see or measure of one answer."""

    status: int
    page: bytes
    cookies: tuple[str, ...]
    queries: int
    hashes: int
    """How often the slow hash of passwords was worked out: it takes nearly all of the time."""


def seen(path: str, sent: dict[str, Any] | None) -> Seen:
    slow = []
    real = Argon2PasswordHasher.encode

    def counted(*given: Any, **more: Any) -> Any:
        slow.append(1)
        return real(*given, **more)

    verify = Argon2PasswordHasher.verify

    def counted_too(*given: Any, **more: Any) -> Any:
        slow.append(1)
        return verify(*given, **more)

    with (
        undone(),
        patch.object(Argon2PasswordHasher, "encode", counted),
        patch.object(Argon2PasswordHasher, "verify", counted_too),
        CaptureQueriesContext(connection) as queries,
    ):
        client = Client()
        answered = (
            client.get(path) if sent is None else client.post(path, sent | {"client_key": uuid4()})
        )
    page = NEW_EACH_TIME.sub(b"", answered.content).replace(path.encode(), b"")
    work = sum("SAVEPOINT" not in query["sql"] for query in queries)
    return Seen(answered.status_code, page, tuple(sorted(answered.cookies)), work, len(slow))


@pytest.fixture
def street(db: None, monkeypatch: pytest.MonkeyPatch) -> Street:
    monkeypatch.setattr("porchlight.kit.tries.LONGEST_PAUSE", timedelta(0))
    return linden_and_harbour()


def same(one: Seen, other: Seen, *, more_queries: int = 2) -> None:
    assert (one.status, one.page, one.cookies) == (other.status, other.page, other.cookies)
    assert one.hashes == other.hashes
    assert abs(one.queries - other.queries) <= more_queries


def test_a_wrong_name_looks_like_a_wrong_password(street: Street) -> None:
    wrong = {"password": "not the password at all"}
    known, unknown = [seen(f"{HERE}sign-in/", {"name": name, **wrong}) for name in ("Bo", "Zz")]
    same(known, unknown)
    assert known.status == 422 and known.hashes == 1


def test_the_six_words_tell_no_names(street: Street) -> None:
    typed = {"words": "zebra zebra zebra zebra zebra zebra", "new": "a long enough password"}
    known, unknown = [seen(f"{HERE}six-words/", {"name": name, **typed}) for name in ("Bo", "Zz")]
    same(known, unknown)
    assert known.status == 422


def test_asking_for_a_new_way_in_tells_no_names(street: Street) -> None:
    known, unknown = [seen(f"{HERE}lost/", {"name": name}) for name in ("Bo", "Zz")]
    same(known, unknown, more_queries=12)  # what is written down differs, and is seen by keepers
    assert known.status == unknown.status


def invite(street: Street, how: str) -> str:
    """The words of an invite that is over in this way."""
    viewer, now = cast.viewer(street.people["Bo"]), clock.now()
    made = make_invite(viewer=viewer, circle_id=street.pod.id, client_key=uuid4(), now=now)
    code = own_invite(viewer=viewer, invite_id=made.id, now=now).code
    rows = models.Invite.objects.filter(id=made.id)
    if how == "expired":
        rows.update(expires_at=now - timedelta(seconds=1))
    if how == "used":
        rows.update(used_at=now, used_by=street.people["Dee"])
    if how == "taken back":
        revoke_invite(viewer=viewer, invite_id=made.id, now=now)
    return code


@pytest.mark.parametrize("how", ["expired", "used", "taken back"])
def test_an_invite_that_is_over_looks_like_one_that_never_was(how: str, street: Street) -> None:
    code, never = invite(street, how), "-".join(["zebra"] * 6)
    over, wrong = [seen(f"{HERE}join/{one}/", None) for one in (code, never)]
    same(over, wrong)
    over, wrong = [seen("/join/", {"words": one}) for one in (code, never)]
    same(over, wrong)
    assert wrong.status == 422


def test_words_of_a_reset_tell_nothing(street: Street) -> None:
    typed = {"new": "a long enough password"}
    path = f"{HERE}new-way-in/"
    one, other = [
        seen(path, {"words": " ".join([word] * 6), **typed}) for word in ("zebra", "apple")
    ]
    same(one, other)
