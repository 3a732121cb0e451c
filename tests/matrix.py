"""What the matrix of doors walks: visitors, states of things, and what a refusal leaves behind."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from porchlight.alerts.actions import ending
from porchlight.alerts.actions.answering import answer
from porchlight.alerts.actions.raising import raise_alert, stop_sending
from porchlight.alerts.rules.asking import Asking, PlaceAsked, Where
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.kit import clock
from porchlight.notices import actions as notices
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions import asks, buddies, invites, me, resets
from porchlight.people.actions.alert_keys import make_alert_key
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.trust.actions.disclosures import revoke
from porchlight.trust.models import Disclosure
from tests.doors_table import TABLE, Row
from tests.matrix_table import (
    AS_NOBODY,
    DEVICE_ROWS,
    MEMBER_ROWS,
    MEMBERS,
    STATE_VISITORS,
    STATES,
)
from tests.world import Street, furnished

NEW_EACH_TIME = re.compile(
    rb'(name="(?:csrfmiddlewaretoken|client_key)" value=")[^"]*|(X-CSRFToken[^}]*)'
)
"""What a form carries that is another each time."""
SOMETHING_ELSE = "00000000-0000-4000-8000-000000000000"
"""The id of nothing."""


def crowded() -> Street:
    """Linden Street with everybody of the matrix, signed in where they ever were."""
    street = furnished()
    street.people |= {name: cast.person(name) for name in ("Gus", "Cora", "Lee")}
    street.people["Eve"] = models.Person.objects.get(name="Eve")
    models.Login.objects.create(
        id=uuid4(), network=street.network, person=street.people["Eve"],
        handle=f"{street.network.id}:eve", password="!", recovery="!",
    )  # fmt: skip
    cast.membership(street.people["Eve"], street.group)
    other = cast.circle("Other pod", "pod")
    for name in ("Gus", "Cora", "Lee"):
        cast.membership(street.people[name], other)
    cast.mandate(street.people["Cora"], Role.COORDINATOR)
    return street


def browser_of(street: Street, visitor: str) -> Client:
    """The browser of one visitor of the matrix."""
    now = clock.now()
    if visitor == "left":
        client = street.client("Lee")
        me.leave_network(viewer=cast.viewer(street.people["Lee"]), now=now)
        return client
    if visitor == "expired":
        client = street.client("Ada")
        models.Session.objects.update(expire_date=now - timedelta(seconds=1))
        return client
    if visitor == "device":
        client = Client()
        viewer = cast.viewer(street.people["Bo"])
        key = make_alert_key(viewer=viewer, client_key=uuid4(), label="", cookie="", now=now)
        client.cookies[cookie_name()] = key
        return client
    return street.client(visitor)


# ---------- states of things ----------


def _ended(street: Street, how: EndedHow) -> None:
    viewer = cast.viewer(street.people["Bo"])
    ending.end(viewer=viewer, alert_id=_alert(street), how=how, now=clock.now())


def _alert(street: Street) -> UUID:
    return UUID(str(street.things["alert"]))


def alert_over(street: Street) -> None:
    _ended(street, EndedHow.ALL_CLEAR)


def alert_enough(street: Street) -> None:
    """Ada and others are on the way, as many as are wanted."""
    others = [cast.person(name, with_login=False) for name in ("Kim", "Liv", "Moe", "Nia")]
    for who in others:
        cast.membership(who, street.pod)
    now = clock.now()
    called = raise_alert(
        viewer=cast.viewer(street.people["Bo"]), asking=Asking(kind=Kind.FIRE, in_a_hurry=True),
        client_key=uuid4(), now=now,
    )  # fmt: skip
    for who in [street.people["Ada"], *others][: called.wanted]:
        answer(
            network_id=called.network_id, alert_id=called.id, person_id=who.id, said=Said.COMING,
            channel="page", now=now,
        )  # fmt: skip
    called.refresh_from_db()
    assert called.state == "enough", called.state
    street.things["alert"] = called.id


def alert_cancelled(street: Street) -> None:
    """Bo stopped it before anybody heard."""
    viewer, now = cast.viewer(street.people["Bo"]), clock.now()
    called = raise_alert(viewer=viewer, asking=Asking(kind=Kind.FIRE), client_key=uuid4(), now=now)
    stop_sending(viewer=viewer, alert_id=called.id, now=now)
    street.things["alert"] = called.id


def alert_verifying(street: Street) -> None:
    """Somebody is missing, and Ada is asked first."""
    asking = Asking(
        kind=Kind.MISSING, who="A boy of six", second_id=street.people["Ada"].id, in_a_hurry=True,
        place=PlaceAsked(where=Where.NONE),
    )  # fmt: skip
    called = raise_alert(
        viewer=cast.viewer(street.people["Bo"]), asking=asking, client_key=uuid4(), now=clock.now()
    )
    assert called.state == "verifying"
    street.things["alert"] = called.id


def ask_answered(street: Street) -> None:
    asks.answer_ask(
        viewer=cast.viewer(street.people["Ada"]), ask_id=UUID(str(street.things["ask"])), yes=False,
        now=clock.now(),
    )  # fmt: skip


def buddy_accepted(street: Street) -> None:
    buddies.answer_buddy(
        viewer=cast.viewer(street.people["Ada"]), buddy_id=UUID(str(street.things["buddy"])),
        yes=True, now=clock.now(),
    )  # fmt: skip


def invite_used(street: Street) -> None:
    models.Invite.objects.filter(id=street.things["invite"]).update(
        used_at=clock.now(), used_by=street.people["Dee"]
    )


def invite_expired(street: Street) -> None:
    models.Invite.objects.filter(id=street.things["invite"]).update(expires_at=clock.now())


def invite_taken_back(street: Street) -> None:
    invites.revoke_invite(
        viewer=cast.viewer(street.people["Bo"]), invite_id=UUID(str(street.things["invite"])),
        now=clock.now(),
    )  # fmt: skip


def disclosure_ended(street: Street) -> None:
    revoke(network_id=street.network.id, why_id=_why(street), now=clock.now())


def _why(street: Street) -> UUID:
    return Disclosure.objects.get(id=street.things["disclosure"]).why_id


def reset_stopped(street: Street) -> None:
    resets.cancel_reset(
        viewer=cast.viewer(street.people["Ada"]), request_id=UUID(str(street.things["reset"])),
        now=clock.now(),
    )  # fmt: skip


def notice_over(street: Street) -> None:
    for topic_id in set(Notice.objects.values_list("topic_id", flat=True)):
        notices.close_topic(network_id=street.network.id, topic_id=topic_id, now=clock.now())


MADE: dict[str, tuple[Callable[[Street], None], frozenset[str]]] = {
    "alert verifying": (alert_verifying, frozenset({"alert_id"})),
    "alert enough": (alert_enough, frozenset({"alert_id"})),
    "alert over": (alert_over, frozenset({"alert_id", "token"})),
    "alert cancelled": (alert_cancelled, frozenset({"alert_id"})),
    "ask answered": (ask_answered, frozenset({"ask_id"})),
    "buddies": (buddy_accepted, frozenset({"buddy_id"})),
    "invite used": (invite_used, frozenset({"invite_id"})),
    "invite expired": (invite_expired, frozenset({"invite_id"})),
    "invite taken back": (invite_taken_back, frozenset({"invite_id"})),
    "disclosure ended": (disclosure_ended, frozenset({"disclosure_id"})),
    "reset stopped": (reset_stopped, frozenset({"request_id"})),
    "notice over": (notice_over, frozenset({"notice_id", "token"})),
}
"""State: how it comes about, and which words of an address name a thing it changes."""


# ---------- what is answered ----------


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One address, opened in one way."""

    name: str
    method: str

    @property
    def line(self) -> str:
        return f"{self.name} {self.method}"

    @property
    def row(self) -> Row:
        return TABLE[self.name]

    def values(self, street: Street) -> dict[str, Any]:
        return self.row.values(street) if self.row.values else {}

    def names_a_thing(self, street: Street) -> bool:
        values = self.values(street)
        return any(isinstance(value, UUID) for value in values.values()) or "token" in values

    def address(self, street: Street, **other: str) -> str:
        return reverse(self.name.split()[0], kwargs=self.values(street) | other)

    def twin(self, street: Street) -> str:
        """The same address of a thing that does not exist."""
        values = self.values(street)
        nothing = {
            word: SOMETHING_ELSE if isinstance(value, UUID) else "no-such-thing-as-this"
            for word, value in values.items()
            if isinstance(value, UUID) or word in {"token", "thing"}
        }
        return reverse(self.name.split()[0], kwargs=values | nothing)

    def expected(self, visitor: str, street: Street, state: str = "") -> str:
        told = _told(STATES.get(state, {}).get(self.line, ""), STATE_VISITORS, visitor)
        told = told or _told(MEMBER_ROWS.get(self.line, ""), MEMBERS, visitor)
        told = told or _told(DEVICE_ROWS.get(self.line, ""), ("device",), visitor)
        if told:
            return told
        if visitor in AS_NOBODY:
            return self.row.expected(self.method, "nobody")
        if visitor in MEMBERS:
            as_bo = self.row.expected(self.method, "Bo")
            is_closed = self.row.expected(self.method, "nobody") == "sign-in"
            return "404" if self.names_a_thing(street) and is_closed else as_bo
        return self.row.expected(self.method, visitor)


def _told(row: str, columns: tuple[str, ...], visitor: str) -> str:
    """What a row of exceptions says about a visitor; empty where the rule holds."""
    if row.startswith("all "):
        return row.removeprefix("all ")
    answers = dict(zip(columns, row.split(), strict=bool(row)))
    return answers.get(visitor, ".").replace(".", "")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came back, as bytes and as one word of the table."""

    word: str
    body: bytes
    headers: tuple[tuple[str, str], ...]
    queries: int


def ask(client: Client, method: str, address: str, key: str) -> Answered:
    """Open an address, or send a form with a fresh key and a yes."""
    sent = {"client_key": key, "answer": "yes"}
    with CaptureQueriesContext(connection) as counted:
        answered = client.post(address, sent) if method == "POST" else client.get(address)
    place = answered.headers.get("Location", "")
    is_sign_in = answered.status_code == 302 and "sign-in" in place and "next=" in place
    if getattr(answered, "streaming", False):
        body = b"" if getattr(answered, "is_async", False) else b"".join(answered)
        answered.close()
    else:
        body = answered.content
    told = [(name, value) for name, value in answered.headers.items() if name != "Location"]
    told += [("Set-Cookie", name) for name in answered.cookies]
    return Answered(
        word="sign-in" if is_sign_in else str(answered.status_code),
        body=NEW_EACH_TIME.sub(rb"\1", body).replace(address.encode(), b"/here/"),
        headers=tuple(sorted(told)),
        queries=sum("SAVEPOINT" not in query["sql"] for query in counted),
    )


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# ---------- what it left behind ----------


def written() -> int:
    """How many rows this transaction has inserted, changed or deleted so far, undone or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)"
            " FROM pg_stat_xact_user_tables"
        )
        return int(cursor.fetchone()[0])


def fingerprints() -> dict[str, tuple[int, int]]:
    """How many rows each table has, and the newest transaction that wrote one of them."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        parts = [
            f"SELECT '{table}', count(*), coalesce(max(xmin::text::bigint), 0) FROM \"{table}\""
            for table in tables
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (rows, newest) for name, rows, newest in cursor.fetchall()}
