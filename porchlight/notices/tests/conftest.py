"""A street of plain recipients, and helpers that let the outbox run without waiting."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest

from porchlight.kit import clock
from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.channels.email import Letter
from porchlight.notices.rules import (
    Address,
    AnswerOption,
    QuietHours,
    Recipient,
    Urgency,
    Wording,
)
from porchlight.notices.tests.sink import Sink

LINDEN = Network(
    id=UUID(int=11), slug="linden", name="Linden Street", zone="Europe/Amsterdam",
    languages=("en", "es", "ar"),
)  # fmt: skip
HARBOUR = Network(
    id=UUID(int=12), slug="harbour", name="Harbour Side", zone="Europe/Amsterdam", languages=("en",)
)
ADA, BO, CY = UUID(int=21), UUID(int=22), UUID(int=23)
COME = Wording(
    title="Somebody asks for a hand",
    line="Can you come?",
    answers=(AnswerOption(key="yes", label="Yes"), AnswerOption(key="no", label="No")),
)


def demo(label: str, *, is_verified: bool = True) -> Address:
    return Address(id=uuid4(), channel="demo", value=f"demo:{label}", is_verified=is_verified)


def mail(value: str, *, is_verified: bool = True) -> Address:
    return Address(id=uuid4(), channel="email", value=value, is_verified=is_verified)


def phone(
    value: str = "+31612345678",
    *,
    is_verified: bool = True,
    may_text: bool = True,
    may_call: bool = True,
    is_stopped: bool = False,
) -> Address:
    return Address(
        id=uuid4(), channel="sms", value=value, is_verified=is_verified, may_text=may_text,
        may_call=may_call, is_stopped=is_stopped,
    )  # fmt: skip


def somebody(
    *addresses: Address,
    id: UUID | None = None,
    language: str = "en",
    quiet: QuietHours | None = None,
) -> Recipient:
    return Recipient(
        id=id or uuid4(), language=language, addresses=addresses, quiet=quiet, zone=LINDEN.zone
    )


def as_read(made: Letter) -> EmailMessage:
    """A mail as whoever receives it reads it."""
    mail = message_from_bytes(made.content, policy=policy.default)
    assert mail.defects == []
    assert (mail["Message-ID"], mail["To"].addresses[0].addr_spec) == (made.message_id, made.to)
    return mail


def viewer(person_id: UUID, *rights: str, network: Network = LINDEN) -> Viewer:
    return Viewer(network=network, person_id=person_id, rights=frozenset(rights))


def topic(now: datetime, *, network: Network = LINDEN, **facts: Any) -> UUID:
    return open_topic(
        network_id=network.id,
        about=facts.get("about"),
        kind=facts.get("kind", "ask"),
        now=now,
        expires_at=facts.get("expires_at", now + timedelta(days=1)),
    )


def told(
    *people: Recipient,
    now: datetime,
    topic_id: UUID | None = None,
    wording: Wording = COME,
    urgency: Urgency = Urgency.URGENT,
    minutes: int = 10,
    **facts: Any,
) -> list[UUID]:
    return tell(
        network_id=LINDEN.id,
        topic_id=topic_id or topic(now),
        recipients=people,
        wording=wording,
        urgency=urgency,
        path=facts.pop("path", "/n/linden/pod/"),
        now=now,
        expires_at=now + timedelta(minutes=minutes),
        **facts,
    )


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running
