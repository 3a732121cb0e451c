"""What the matrix of doors walks: visitors, states of things, and what a refusal leaves behind."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, connections, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from porchlight.alerts.actions import ending
from porchlight.alerts.actions.answering import answer
from porchlight.alerts.actions.raising import raise_alert, stop_sending
from porchlight.alerts.queries.rows import coming_to
from porchlight.alerts.rules.asking import Asking, PlaceAsked, Where
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.alerts.rules.texts import Said
from porchlight.home.actions.ending import say_it_ends
from porchlight.kit import clock
from porchlight.notices import actions as notices
from porchlight.notices.models import Notice
from porchlight.people import models
from porchlight.people.actions import asks, buddies, invites, me, resets
from porchlight.people.actions.alert_keys import end_alert_key, make_alert_key
from porchlight.people.actions.places import delete_place
from porchlight.people.queries.alert_keys import cookie_name
from porchlight.people.rules.lockdown import SHUT_DOORS
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.trust.actions.deaths import say_died
from porchlight.trust.actions.disclosures import revoke
from porchlight.trust.actions.lockdown import lock_everything
from porchlight.trust.models import Disclosure
from tests.doors_table import TABLE, Row
from tests.matrix_table import (
    AS_NOBODY,
    DEVICE_ROWS,
    MEMBER_ROWS,
    MEMBERS,
    STATE_AS,
    STATE_VISITORS,
    STATES,
)
from tests.world import Street, _called, furnished

NEW_EACH_TIME = re.compile(
    rb'(name="(?:csrfmiddlewaretoken|client_key)" value=")[^"]*|(X-CSRFToken[^}]*)'
)
"""What a form carries that is another each time."""
SOMETHING_ELSE = "00000000-0000-4000-8000-000000000000"
"""The id of nothing."""

ROLES = {"Cora": Role.COORDINATOR, "Tom": Role.TREASURER, "Dina": Role.DISPATCHER}
KEEPERS = ("Ada", "Fred")


def crowded() -> Street:
    """Linden Street with everybody of the matrix, signed in where they ever were."""
    street = furnished()
    elsewhere = ("Gus", "Cora", "Tom", "Dina", "Lee")
    street.people |= {name: cast.person(name) for name in (*elsewhere, "Hal")}
    street.people["Yara"] = cast.person("Yara", is_under_18=True)
    for name in ("Eve", "Fred"):
        street.people[name] = models.Person.objects.get(name=name)
        models.Login.objects.create(
            id=uuid4(), network=street.network, person=street.people[name],
            handle=f"{street.network.id}:{name.lower()}", password="!", recovery="!",
        )  # fmt: skip
    cast.membership(street.people["Eve"], street.group)
    other, home = cast.circle("Other pod", "pod"), cast.circle("The blue door", "household")
    for name in elsewhere:
        cast.membership(street.people[name], other)
    for name, role in ROLES.items():
        cast.mandate(street.people[name], role)
    for name in ("Yara", "Hal"):
        cast.membership(street.people[name], street.pod)
    for name in ("Bo", "Hal"):
        cast.membership(street.people[name], home)
    _ended(street, EndedHow.ALL_CLEAR)
    street.things |= _called(street)  # once more: now that all of his pod are there
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
    """Ada and others are on the way, so many that those wanted arrive."""
    names = ("Kim", "Liv", "Moe", "Nia", "Oda", "Pia")
    others = [cast.person(name, with_login=False) for name in names]
    for who in others:
        cast.membership(who, street.pod)
    now = clock.now()
    called = raise_alert(
        viewer=cast.viewer(street.people["Bo"]), asking=Asking(kind=Kind.FIRE, in_a_hurry=True),
        client_key=uuid4(), now=now,
    )  # fmt: skip
    for who in [street.people["Ada"], *others][: coming_to(called).missing]:
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


def locked(street: Street) -> None:
    """By Ada alone."""
    assert lock_everything(viewer=cast.viewer(street.people["Ada"]), now=clock.now())


def network_ends(street: Street) -> None:
    """In a week: Ada and Fred said so."""
    for name in KEEPERS:
        say_it_ends(viewer=cast.viewer(street.people[name]), now=clock.now())
    assert models.Network.objects.get(id=street.network.id).ends_at


def bo_died(street: Street) -> None:
    """Ada and Fred said so."""
    bo = street.people["Bo"]
    for name in KEEPERS:
        say_died(viewer=cast.viewer(street.people[name]), person_id=bo.id, now=clock.now())
    bo.refresh_from_db()
    assert bo.died_at


def roles_over(street: Street) -> None:
    for name in ("Ada", "Bo", *ROLES):
        cast.recall(street.people[name])


def place_deleted(street: Street) -> None:
    delete_place(
        viewer=cast.viewer(street.people["Bo"]), place_id=UUID(str(street.things["place"])),
        now=clock.now(),
    )  # fmt: skip


def alert_keys_ended(street: Street) -> None:
    """All of Bo's, also that of the device."""
    viewer = cast.viewer(street.people["Bo"])
    for key in models.AlertKey.objects.filter(person=street.people["Bo"]):
        end_alert_key(viewer=viewer, key_id=key.id, now=clock.now())


IN_ANY_STATE = ("nobody", "Cy", *STATE_VISITORS)


@dataclass(frozen=True, kw_only=True)
class State:
    """How a state comes about, which addresses it could change, and for whom."""

    make: Callable[[Street], None]
    words: frozenset[str] = frozenset()
    """Words of an address that name a thing it changes."""
    names: frozenset[str] = frozenset()
    """Addresses it changes that name no thing."""
    visitors: tuple[str, ...] = IN_ANY_STATE
    everywhere: tuple[str, ...] = ()
    """Visitors for whom it could change any address."""

    def asks(self, visitor: str, asks: list["Ask"], street: Street) -> list["Ask"]:
        """Which of these addresses this visitor tries."""
        if visitor in self.everywhere:
            return asks
        return [one for one in asks if self.touches(one, street)]

    def touches(self, one: "Ask", street: Street) -> bool:
        return one.name in self.names or bool(self.words & set(one.values(street)))


MADE: dict[str, State] = {
    "alert verifying": State(make=alert_verifying, words=frozenset({"alert_id"})),
    "alert enough": State(make=alert_enough, words=frozenset({"alert_id"})),
    "alert over": State(make=alert_over, words=frozenset({"alert_id", "token"})),
    "alert cancelled": State(make=alert_cancelled, words=frozenset({"alert_id"})),
    "ask answered": State(make=ask_answered, words=frozenset({"ask_id"})),
    "buddies": State(make=buddy_accepted, words=frozenset({"buddy_id"})),
    "invite used": State(make=invite_used, words=frozenset({"invite_id"})),
    "invite expired": State(make=invite_expired, words=frozenset({"invite_id"})),
    "invite taken back": State(make=invite_taken_back, words=frozenset({"invite_id"})),
    "disclosure ended": State(make=disclosure_ended, words=frozenset({"disclosure_id"})),
    "reset stopped": State(make=reset_stopped, words=frozenset({"request_id"})),
    "notice over": State(make=notice_over, words=frozenset({"notice_id", "token"})),
    "locked": State(
        make=locked,
        words=frozenset({"alert_id", "disclosure_id"}),
        names=frozenset(
            name for name in TABLE if name.split()[0] in SHUT_DOORS or "lock" in name
        ) | {"people:sign-in 2", "people:this-phone", "people:reset-stop", "alerts:help"},
        visitors=("nobody", "Cy", "Bo", "Ada", "Cora", "device", "Hal"),
    ),
    "network ends": State(
        make=network_ends,
        names=frozenset(name for name in TABLE if name.startswith("home:"))
        | {"people:export", "people:join 2", "people:invites", "alerts:help"},
        visitors=("nobody", "Dee", "Bo", "Ada"),
    ),
    "Bo died": State(
        make=bo_died,
        words=frozenset(
            {"alert_id", "token", "person_id", "circle_id", "ask_id", "buddy_id", "invite_id",
             "mandate_id", "training_id", "disclosure_id", "block_id"}
        ),
        names=frozenset({"trust:deaths", "people:pod"}),
        visitors=("Dee", "Bo", "Ada", "Cora", "device", "Yara"),
        everywhere=("Bo",),
    ),
    "roles over": State(
        make=roles_over,
        words=frozenset({"mandate_id"}),
        names=frozenset(name for name, row in TABLE.items() if row.unproven)
        | {"alerts:one", "alerts:live", "alerts:allow", "alerts:end", "alerts:pauses",
           "alerts:lift", "alerts:tonight", "people:roles"},
        visitors=("Ada", "Bo", "Cora", "Tom", "Dina"),
    ),
    "place deleted": State(make=place_deleted, words=frozenset({"place_id"})),
    "alert keys ended": State(
        make=alert_keys_ended, words=frozenset({"key_id"}), everywhere=("device",)
    ),
}  # fmt: skip


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
        visitor = STATE_AS.get((state, visitor), visitor)
        if visitor == "Ada recalled":
            told, visitor = told or ("404" if self.row.unproven else ""), "Ada"
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
    reset_queries()  # Django's list of them has an end
    with CaptureQueriesContext(connection) as counted, kept():
        answered = client.post(address, sent) if method == "POST" else client.get(address)
    place = answered.headers.get("Location", "")
    is_sign_in = answered.status_code == 302 and "sign-in" in place and "next=" in place
    if getattr(answered, "streaming", False):
        body = b"" if getattr(answered, "is_async", False) else b"".join(answered)
        with kept():
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
def kept() -> Iterator[None]:
    """A stream that opens gives its connection back: here it is the one of the transaction."""
    with patch.object(connections[DEFAULT_DB_ALIAS], "close"):
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside did not happen. What acts inside is as if nothing were around it: a
    no spoils nothing but itself (`kit.transactions`)."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as TestCase marks its own
    with around:
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
