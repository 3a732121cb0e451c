"""The demo's page of phones: what each made-up person received.

Who looks makes no difference, signed in or not: the door and these reads exist only in a demo.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber
from django.utils.translation import override

from porchlight.kit import moments, vault
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import DemoPhone, DemoPhoneMessage, IncomingText, Notice
from porchlight.notices.queries.calls import keys_of, said_of
from porchlight.notices.queries.words import indexes_of, link_of, words_of
from porchlight.notices.rules import AnswerOption, Words
from porchlight.notices.rules.texting import fit

PHONES_SHOWN = 6
MESSAGES_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class DemoMessage:
    """One message on a made-up phone, in or out."""

    title: str
    line: str
    language: str
    at: datetime
    is_own: bool
    """Written on this phone."""
    notice_id: UUID | None = None
    answers: tuple[AnswerOption, ...] = ()
    """Only of the newest question: that is what a text from this phone answers."""
    answered: str = ""
    as_text: str = ""
    """Word for word what a phone would get by SMS."""
    as_call: tuple[str, ...] = ()
    """What a voice would say, line by line; nothing where a call would not be made."""


@dataclass(frozen=True, kw_only=True)
class PhoneShown:
    """A phone with its newest messages first."""

    id: UUID
    label: str
    zone: ZoneInfo
    """Of its network: its times are shown as people there read them."""
    messages: Sequence[DemoMessage]


@dataclass(frozen=True, kw_only=True)
class DemoPhones:
    """The page: whom to choose from, and the phones chosen."""

    groups: Sequence[str]
    names: Sequence[tuple[UUID, str]]
    shown: Sequence[PhoneShown]


def short_label(label: str) -> str:
    """«demo:Lena» is Lena's phone."""
    return label.removeprefix("demo:").strip()


def demo_phone(*, viewer: Viewer | None, phone_id: UUID) -> tuple[UUID, str]:
    """The network and the address of one made-up phone."""
    _only_demo()
    found = DemoPhone.objects.filter(id=phone_id).values_list("network_id", "label").first()
    if found is None:
        raise NotHere
    return found


def demo_phones(
    *, viewer: Viewer | None, group: str, phone_id: UUID | None, now: datetime
) -> DemoPhones:
    """Phones of one group, or one phone, or those that heard last. Costs: three queries,
    and one for each network of the phones shown."""
    _only_demo()
    rows = list(DemoPhone.objects.annotate(last=Max("messages__id")).order_by("label", "id"))
    groups = sorted({name for row in rows for name in row.groups})
    chosen = [row for row in rows if not group or group in row.groups]
    names = [(row.id, short_label(row.label)) for row in chosen]
    if phone_id is not None:
        chosen = [row for row in rows if row.id == phone_id]
    else:
        chosen = sorted(chosen, key=lambda row: -(row.last or 0))[:PHONES_SHOWN]
    zones = {
        network_id: ZoneInfo(moments.asked("network_zone", network_id=network_id) or "UTC")
        for network_id in {row.network_id for row in chosen}
    }
    received = _received(chosen, now)
    written = _written(chosen)
    return DemoPhones(
        groups=groups,
        names=names,
        shown=[
            PhoneShown(
                id=row.id,
                label=short_label(row.label),
                zone=zones[row.network_id],
                messages=sorted(
                    [*received[row.id], *written[row.id]],
                    key=lambda message: message.at,
                    reverse=True,
                ),
            )
            for row in chosen
        ],
    )


def _received(phones: Iterable[DemoPhone], now: datetime) -> dict[UUID, list[DemoMessage]]:
    rows = (
        DemoPhoneMessage.objects.filter(phone_id__in=[phone.id for phone in phones])
        .annotate(
            place=Window(RowNumber(), partition_by=[F("phone_id")], order_by=[F("id").desc()])
        )
        .filter(place__lte=MESSAGES_SHOWN)
        .select_related("delivery__notice__text", "delivery__notice__topic")
        .order_by("phone_id", "-id")
    )
    found: dict[UUID, list[DemoMessage]] = defaultdict(list)
    has_question: set[UUID] = set()
    for row in rows:
        notice = row.delivery.notice
        words = words_of(notice.text_id, notice.text.words_guarded)
        is_newest = notice.wants_answer and row.phone_id not in has_question
        if notice.wants_answer:
            has_question.add(row.phone_id)
        is_open = notice.topic.closed_at is None and notice.expires_at > now
        found[row.phone_id].append(
            DemoMessage(
                title=words.title,
                line=words.line,
                language=notice.text.language,
                at=row.arrived_at,
                is_own=False,
                notice_id=None if notice.purpose == "code" else notice.id,
                answers=words.answers if is_newest and is_open and not notice.answer else (),
                answered=words.label_of(notice.answer),
                as_text=fit(
                    words,
                    link_of(notice.id, notice.purpose, notice.wants_answer),
                ),
                as_call=_as_call(notice, words),
            )
        )
    return found


def _as_call(notice: Notice, words: Words) -> tuple[str, ...]:
    if not notice.wants_answer:
        return ()
    with override(notice.text.language):
        return (said_of(words, notice.purpose), *keys_of(words.answers))


def _written(phones: Iterable[DemoPhone]) -> dict[UUID, list[DemoMessage]]:
    by_index = {
        (phone.network_id, one): phone.id
        for phone in phones
        for one in indexes_of("demo", phone.label)
    }
    rows = (
        IncomingText.objects.filter(
            channel="demo", address_index__in=[fingerprint for _, fingerprint in by_index]
        )
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=[F("network_id"), F("address_index")],
                order_by=[F("arrived_at").desc(), F("id").desc()],
            )
        )
        .filter(place__lte=MESSAGES_SHOWN)
        .order_by("-arrived_at", "id")
    )
    found: dict[UUID, list[DemoMessage]] = defaultdict(list)
    for row in rows:
        phone_id = by_index.get((row.network_id, bytes(row.address_index)))
        if phone_id is not None:
            found[phone_id].append(
                DemoMessage(
                    title=vault.reveal(row.text_guarded, purpose="text-words", whose=row.id),
                    line="",
                    language="",
                    at=row.arrived_at,
                    is_own=True,
                )
            )
    return found


def _only_demo() -> None:
    if not settings.IS_DEMO:
        raise NotHere
