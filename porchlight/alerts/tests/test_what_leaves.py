"""What really leaves for phones and carriers, searched for door, story, note, name and kind.

The words of every channel, for every kind of call and every notice of its life.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as here
from django.db import transaction
from django.test import Client
from django.utils.translation import gettext, override

from porchlight.alerts import models
from porchlight.alerts.actions import choices, missing, raising, steering, together, wording
from porchlight.alerts.actions.answering import arrive
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.actions.deaths import end_with_death
from porchlight.alerts.rules.asking import ForWhom, PlaceAsked, Where, Whom
from porchlight.alerts.rules.kinds import KIND_WORDS, SHORT_WORDS, Kind
from porchlight.alerts.rules.states import EndedHow, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import (
    CELL,
    DOOR,
    MEETING,
    PHONES,
    SECRETS,
    Scene,
    asked,
    call,
    ended,
    says,
    scene,
)
from porchlight.alerts.tests.test_one_message import TELLING
from porchlight.alerts.tests.test_texts import deliver, text
from porchlight.kit import clock, vault
from porchlight.kit.errors import Refusal
from porchlight.notices.actions import arrive_on_demo_phones
from porchlight.notices.channels.email import letter
from porchlight.notices.channels.sms import again
from porchlight.notices.channels.sms import wording as text_of
from porchlight.notices.channels.web_push import headers_of, words_for
from porchlight.notices.models import Delivery, DemoPhone
from porchlight.notices.queries import demo_phones
from porchlight.notices.queries.calls import spoken
from porchlight.notices.queries.words import words_of
from porchlight.notices.rules import Parcel, Urgency
from porchlight.notices.rules.push import payload
from porchlight.notices.tests.conftest import as_read
from porchlight.notices.views.calls import _read_out
from porchlight.people import models as people
from porchlight.people.queries.reaching import ADDRESS_PURPOSE
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.trust.actions.lockdown import lock_everything

WHO = "Small, red coat, at the pond"
MORE = "He does not answer any more"
TASK = "Bring crutches to the back yard"
LINE = "Come in by the garden gate"
DOOR_NOTE = "Ring twice, third bell"
NEW_DOOR = "Nine Harbour Road, at the back"
TYPED = (WHO, MORE, TASK, LINE, DOOR_NOTE, NEW_DOOR)
WAYS = {"sms", "voice", "email", "web_push", "demo"}
LANGUAGES = ("en", "es", "ar")


@dataclass(frozen=True)
class Left:
    """One message as it left."""

    channel: str
    purpose: str
    words: str


@pytest.fixture
def street(db: None, settings: Any) -> Iterator[Scene]:
    """Everybody can be reached in every way, by addresses that name nobody, in three languages."""
    settings.PUBLIC_URL, settings.PUBLIC_IS_LOOPBACK = "https://street.example", False
    settings.GATEWAY = SimpleNamespace(
        kind="twilio", secret="x" * 20, sender="+31201234567", calls_from="+31201234567"
    )
    made = scene()
    for number, (name, who) in enumerate(sorted(made.people.items())):
        made.phone(name)
        language = LANGUAGES[number % len(LANGUAGES)]
        people.Person.objects.filter(id=who.id).update(language=language)
        for rank, (channel, value) in enumerate(
            [("email", f"p{number}@x.example"), ("web_push", f"push {number}"),
             ("demo", f"demo:{number}")],
            start=5,
        ):  # fmt: skip
            people.Address.objects.create(
                network=who.network, person=who, source="test", client_key=uuid4(),
                created_at=clock.now(), channel=channel, rank=rank, verified_at=clock.now(),
                value_guarded=vault.guard(value, purpose=ADDRESS_PURPOSE, whose=who.id),
                value_index=vault.index(value, purpose=ADDRESS_PURPOSE),
            )  # fmt: skip
    for name in ("Sofie", "Bea", "Amir"):
        choose_safe_person(
            viewer=made.viewer("Lena"), person_id=made.id(name), client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip
    made.people["Kim"] = cast.person("Kim")
    cast.mandate(made.people["Kim"], Role.KEEPER)
    yield made


class Outbox:
    """Every delivery there ever was, each read while its words still stand there."""

    def __init__(self) -> None:
        self.read: dict[int, Left] = {}

    def look(self) -> None:
        """Read what is new, stopped ones too, in the words its channel would hand over."""
        rows = Delivery.objects.exclude(channel="page").exclude(id__in=list(self.read))
        for row in rows.select_related("notice__text", "notice__topic"):
            parcel = parcel_of(row)
            self.read[row.id] = Left(row.channel, parcel.purpose, said(row, parcel))

    @property
    def left(self) -> list[Left]:
        return list(self.read.values())

    @property
    def purposes(self) -> set[str]:
        return {re.sub(r"-[0-9a-f-]*\d[0-9a-f-]*$", "", one.purpose) for one in self.left}


def said(row: Delivery, parcel: Parcel) -> str:
    if row.channel == "email":
        made = letter(parcel)
        mail = as_read(made)
        heads = "\n".join(f"{name}: {value}" for name, value in mail.items())
        return f"{heads}\n{made.content.decode()}\n{mail.get_content()}"
    if row.channel == "sms":
        return f"{text_of(parcel)}\n{text_of(parcel, again(parcel.language))}"
    if row.channel == "voice":
        found = spoken(delivery_id=row.id, now=clock.now())
        assert found is not None
        return unescape(_read_out(found, row.id).content.decode())
    if row.channel == "web_push":
        plain = json.dumps(json.loads(payload(words_for(parcel))), ensure_ascii=False)
        return f"{plain}\n{headers_of(parcel)}"
    before = Counter(on_demo_phone(parcel.address))
    arrive_on_demo_phones(parcels=[parcel])
    return "\n".join(Counter(on_demo_phone(parcel.address)) - before)


def on_demo_phone(label: str) -> list[str]:
    phone = DemoPhone.objects.filter(label=label).first()
    if phone is None:
        return []
    shown = demo_phones(viewer=None, group="", phone_id=phone.id, now=clock.now())
    return [str(one) for page in shown.shown for one in page.messages]


def parcel_of(row: Delivery) -> Parcel:
    """What a worker would have in its hands just before the call."""
    notice = row.notice
    return Parcel(
        delivery_id=row.id, attempt_id=1, network_id=row.network_id, notice_id=notice.id,
        topic_id=notice.topic_id, about=notice.topic.about, recipient_id=notice.recipient_id,
        purpose=notice.purpose, urgency=Urgency(notice.urgency), language=row.language,
        path=notice.path,
        address=vault.reveal(
            bytes(row.address_guarded or b""), purpose="notice-address", whose=notice.id
        ),
        words=words_of(notice.text_id, notice.text.words_guarded), begun_at=clock.now(),
        expires_at=row.expires_at, wants_answer=notice.wants_answer,
    )  # fmt: skip


def life(street: Scene, kind: Kind, *, is_wide: bool, outbox: Outbox) -> models.Alert:
    """A call as long as it runs, with everything somebody may be told in between."""
    alert = begun(street, kind, is_wide=is_wide, outbox=outbox)
    outbox.look()
    lena = street.viewer("Lena")
    answered(street, alert)
    outbox.look()
    added(street, alert)
    coming = models.Invitation.objects.filter(alert=alert, standing=Standing.COMING)
    names = list(coming.order_by("person__name").values_list("person__name", flat=True))
    about: dict[str, Any] = {"alert_id": alert.id, "now": clock.now()}
    arrive(viewer=street.viewer(names[0]), **about)
    with suppress(Refusal):  # nobody is near, or it is silent
        steering.go_wider(viewer=lena, **about) if is_wide else None
    place = PlaceAsked(where=Where.TYPED, address=NEW_DOOR, meeting=MEETING, cell=CELL)
    wording.say_more(viewer=lena, story=MORE, door_note=DOOR_NOTE, **about)
    wording.say_more(viewer=lena, place=place, **about)
    outbox.look()
    steering.remove(viewer=lena, person_id=street.id(names[-1]), **about)
    says(street, alert, names[1], Said.CANT)
    with suppress(Refusal):  # everybody was asked
        steering.want_more(viewer=lena, **about)
    wording.say_more(viewer=lena, whom=Whom(kind=ForWhom.POD, subject_id=street.id("Jan")), **about)
    outbox.look()
    lock_everything(viewer=street.viewer("Kim"), now=clock.now())
    outbox.look()
    return alert


def answered(street: Scene, alert: models.Alert) -> None:
    """Everybody says they come, by every way there is; nobody knows yet who is not needed."""
    helpers = sorted(asked(alert) - {"Hank"})
    for name, channel in zip(helpers, ["sms", "page", "voice", "demo", "sms"], strict=False):
        says(street, alert, name, channel=channel)
    for name in helpers[5:]:
        says(street, alert, name, channel="sms")


def added(street: Scene, alert: models.Alert) -> None:
    """Words of people among themselves."""
    lena, now = street.viewer("Lena"), clock.now()
    facts: dict[str, Any] = {"alert_id": alert.id, "client_key": uuid4(), "now": now}
    together.write_update(viewer=lena, words=LINE, **facts)
    together.add_task(viewer=lena, words=TASK, **facts)


def begun(
    street: Scene, kind: Kind, *, is_wide: bool = False, outbox: Outbox | None = None
) -> models.Alert:
    if kind is not Kind.MISSING:
        return call(street, kind, is_wide=is_wide)
    about: dict[str, Any] = {"for_whom": ForWhom.POD, "subject_id": street.id("Omar")}
    alert = call(street, kind, who=WHO, second_id=street.id("Hank"), is_wide=is_wide, **about)
    lena = street.viewer("Lena")
    missing.ask_another(viewer=lena, alert_id=alert.id, person_id=street.id("Bea"), now=clock.now())
    if outbox is not None:
        outbox.look()
    missing.confirm_missing(
        viewer=street.viewer("Hank"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    return alert


def ends(street: Scene, alert: models.Alert, outbox: Outbox) -> None:
    """In all the ways there are, one after the other: each end is taken back again."""
    for how in EndedHow:
        with transaction.atomic():
            ended(street, alert, how)
            outbox.look()
            transaction.set_rollback(True)
    if not alert.is_silent:
        with transaction.atomic():  # said by two coordinators
            for name in ("Cora", "Carl"):
                end_with_death(viewer=street.viewer(name), alert_id=alert.id, now=clock.now())
            outbox.look()
            transaction.set_rollback(True)


def kind_words() -> set[str]:
    found = set()
    for language in LANGUAGES:
        with override(language):
            found |= {gettext(said) for said in (*KIND_WORDS.values(), *SHORT_WORDS.values())}
    return found


NAMES = ("Lena", "Sofie", "Amir", "Rosa", "Hana", "Omar", "Jan", "Bea", "Nils", "Nora", "Ted",
         "Cora", "Carl", "Hank", "Xenia", "Kid", "Kim")  # fmt: skip


RANDOM = re.compile(
    r"(?<=/a/)[a-z2-7]{10}(?=/)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{32,}"
)
"""What is made up: of a link, a push's tag, its proof. Letters of it may happen to be a word."""


def telling(left: Left) -> list[str]:
    """What of a message gives something away."""
    said = RANDOM.sub("…", left.words)
    low = said.casefold()
    stems = {stem for stems in TELLING.values() for stem in stems if stem not in {"ill", "address"}}
    hidden = {*SECRETS, MEETING, *TYPED, "Lena", *PHONES.values()}
    found = {word for word in {*hidden, *kind_words(), *stems} if word.casefold() in low}
    return sorted(found | {name for name in NAMES if re.search(rf"\b{name}\b", said, re.I)})


def told_too_much(outbox: Outbox) -> dict[tuple[str, str], list[str]]:
    return {(one.channel, one.purpose): found for one in outbox.left if (found := telling(one))}


ALWAYS = {"asked", "over", "enough-for-you", "ring", "new-place"}
TOLD = ALWAYS | {"first", "enough", "locked", "ring-late", "ring-them"}
MUST_LEAVE: dict[Kind, set[str]] = {
    Kind.UNSAFE: ALWAYS,
    Kind.MISSING: TOLD | {"silent", "safe"},
}
"""What must have left in such a life, so that it was searched at all."""


@pytest.mark.parametrize(
    "is_wide",
    [pytest.param(False, marks=pytest.mark.faults, id="narrow"), pytest.param(True, id="wide")],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_that_leaves_says_who_where_or_what(
    street: Scene, kind: Kind, is_wide: bool
) -> None:
    """From the press to every end there is, on every way."""
    outbox = Outbox()
    ends(street, life(street, kind, is_wide=is_wide, outbox=outbox), outbox)
    assert told_too_much(outbox) == {}
    assert {one.channel for one in outbox.left if one.words} == WAYS
    assert outbox.purposes >= MUST_LEAVE.get(kind, TOLD)


SOME_KINDS = [
    kind
    if kind in {Kind.HURT, Kind.UNSAFE}
    else pytest.param(kind, marks=pytest.mark.faults, id=str(kind))
    for kind in Kind
]
"""All of them in the long suite."""


@pytest.mark.parametrize("kind", SOME_KINDS)
def test_only_texts_hold_the_place_and_only_by_choice(street: Scene, kind: Kind) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    outbox = Outbox()
    ends(street, life(street, kind, is_wide=True, outbox=outbox), outbox)
    for one in outbox.left:
        allowed = {"place_text": {DOOR, NEW_DOOR}, "meeting_text": {MEETING}}
        may = allowed.get(one.purpose, set()) if one.channel in {"sms", "demo"} else set()
        assert set(telling(one)) <= may, (one.channel, one.purpose)
    assert ("sms", "place_text") in {(one.channel, one.purpose) for one in outbox.left}
    if kind is not Kind.UNSAFE:
        assert {one.purpose for one in outbox.left if MEETING in one.words} == {"meeting_text"}


@pytest.mark.parametrize("is_stopped", [False, True], ids=["sending", "cancelled"])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_call_that_is_still_held_back_or_was_stopped_says_nothing_either(
    street: Scene, kind: Kind, is_stopped: bool
) -> None:
    who: dict[str, Any] = (
        {"who": WHO, "second_id": street.id("Hank")} if kind is Kind.MISSING else {}
    )
    alert = call(street, kind, in_a_hurry=False, is_wide=True, **who)
    if is_stopped:
        raising.stop_sending(viewer=street.viewer("Lena"), alert_id=alert.id, now=clock.now())
    outbox = Outbox()
    outbox.look()
    assert {one.channel for one in outbox.left} >= {"sms", "email", "web_push", "voice"}
    assert told_too_much(outbox) == {}


@pytest.mark.parametrize("is_true", [True, False, None], ids=["true", "not true", "nothing yet"])
def test_what_the_second_person_is_asked_and_told_says_nothing(
    street: Scene, is_true: bool | None
) -> None:
    alert = call(street, Kind.MISSING, who=WHO, second_id=street.id("Sofie"))
    deliver()
    if is_true is not None:
        text(street, "Sofie", "1" if is_true else "2")
    else:
        text(street, "Sofie", "Who is it?")
    outbox = Outbox()
    outbox.look()
    assert outbox.purposes >= {"asked", "reply"}
    assert told_too_much(outbox) == {}
    alert.refresh_from_db()
    assert alert.state == {True: "open", False: "ended", None: "verifying"}[is_true]


TEXTS = ("1", "1 8", "2", "3", "ok", "who is it?", "1 of us fell", "0", "ayuda", "1", "QQ 1")


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        pytest.param(Kind.HURT, True, id="hurt, place by text"),
        pytest.param(Kind.UNSAFE, False, id="unsafe, no place by text"),
        pytest.param(Kind.HURT, False, id="hurt, no place by text", marks=pytest.mark.faults),
        pytest.param(Kind.UNSAFE, True, id="unsafe, place by text", marks=pytest.mark.faults),
    ],
)
def test_replies_to_texts_say_nothing_but_what_was_chosen(
    street: Scene, kind: Kind, may: bool
) -> None:
    """Whatever the phones of those who were asked, and Lena's own, write."""
    choices.choose(viewer=street.viewer("Lena"), may_text_place=may, is_wide=False)
    outbox = Outbox()
    for one_more in (kind, Kind.FIRE):  # with two calls the phone is asked which is meant
        call(street, one_more)
        deliver()
        for name in ("Sofie", "Bea", "Amir", "Lena"):
            for words in TEXTS:
                text(street, name, words)
                outbox.look()
    assert outbox.purposes >= {"asked", "reply"}
    # Where two are needed the first one hears by text where to wait, and nobody hears the door.
    where = "meeting_text" if kind is Kind.UNSAFE else "place_text"
    assert (where in outbox.purposes) is may
    for one in outbox.left:
        allowed = {"place_text": {DOOR}, "meeting_text": {MEETING}} if may else {}
        assert set(telling(one)) <= allowed.get(one.purpose, set()), (one.channel, one.purpose)


def test_this_search_finds_what_it_looks_for(street: Scene) -> None:
    for word in (
        DOOR,
        "lena",
        "Fire, water or gas",
        gettext("Please come"),
        "herida",
        PHONES["Lena"],
        *TYPED,
        *NAMES,
    ):
        assert telling(Left("sms", "asked", f"Hello {word}."))
    assert telling(Left("sms", "asked", "People are wanted. Do not be late.")) == []
    link = "Come: http://localhost:8000/a/%s/"
    assert telling(Left("sms", "asked", link % "qgasxlena7")) == []
    assert telling(Left("sms", "asked", link % "qgas-lena7"))
    tag = "Topic: " + "qLena-am".ljust(32, "x")
    assert telling(Left("web_push", "asked", tag)) == []
    assert telling(Left("web_push", "asked", tag[:-1]))
    assert {*street.people} == {*NAMES}


# ---------- the words for a chat group ----------


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.UNSAFE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_a_chat_group_name_nobody_no_place_and_no_kind(
    street: Scene, kind: Kind, language: str
) -> None:
    alert = begun(street, kind)
    people.Person.objects.filter(id=street.id("Lena")).update(language=language)
    lena = street.people["Lena"]
    lena.refresh_from_db()
    page = cast.signed_in(Client(), lena).get(f"/n/linden/alerts/{alert.id}/")
    shared = page.context["share_words"]
    assert f"{here.PUBLIC_URL}/n/linden/alerts/{alert.id}/" in shared
    assert telling(Left("chat", "share", shared)) == []
    for name in street.people:
        assert name not in shared.replace(f"/n/linden/alerts/{alert.id}/", "")
    assert clock.now() - alert.created_at < timedelta(minutes=5)
