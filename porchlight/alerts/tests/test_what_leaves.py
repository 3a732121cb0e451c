"""What really leaves for phones and carriers, searched for door, story, note, name and kind.

The words of every channel, for every kind of call and every notice of its life.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as here
from django.test import Client
from django.utils.translation import gettext, override

from porchlight.alerts import models
from porchlight.alerts.actions import choices, ending, missing, steering, wording
from porchlight.alerts.actions.answering import arrive
from porchlight.alerts.actions.choices import choose_safe_person
from porchlight.alerts.rules.kinds import KIND_WORDS, SHORT_WORDS, Kind
from porchlight.alerts.rules.states import EndedHow, Standing
from porchlight.alerts.rules.texts import Said
from porchlight.alerts.tests.scene import (
    DOOR,
    MEETING,
    PHONES,
    SECRETS,
    Scene,
    asked,
    call,
    says,
    scene,
)
from porchlight.alerts.tests.test_one_message import TELLING
from porchlight.kit import clock, vault
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
from porchlight.notices.views.calls import _read_out
from porchlight.people import models as people
from porchlight.people.queries.reaching import ADDRESS_PURPOSE

WHO = "Small, red coat, at the pond"
MORE = "He does not answer any more"
TASK = "Bring crutches to the back yard"
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
    yield made


def leaving() -> list[Left]:
    """Every delivery there is, stopped ones too, in the words its channel would hand over."""
    found = []
    for row in Delivery.objects.exclude(channel="page").select_related("notice__text"):
        parcel = parcel_of(row)
        found.append(Left(row.channel, parcel.purpose, said(row, parcel)))
    return found


def said(row: Delivery, parcel: Parcel) -> str:
    if row.channel == "email":
        mail = letter(parcel)
        return f"{mail.as_bytes().decode()}\n{mail.get_content()}"
    if row.channel == "sms":
        return f"{text_of(parcel)}\n{text_of(parcel, again(parcel.language))}"
    if row.channel == "voice":
        found = spoken(delivery_id=row.id, now=clock.now())
        assert found is not None
        return _read_out(found, row.id).content.decode()
    if row.channel == "web_push":
        plain = json.dumps(json.loads(payload(words_for(parcel))), ensure_ascii=False)
        return f"{plain}\n{headers_of(parcel)}"
    arrive_on_demo_phones(parcels=[parcel])
    phone = DemoPhone.objects.get(label=parcel.address)
    shown = demo_phones(viewer=None, group="", phone_id=phone.id, now=clock.now())
    return "\n".join(str(one) for page in shown.shown for one in page.messages)


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


def life(street: Scene, kind: Kind) -> list[Left]:
    """From the call to the end, with everything somebody may be told in between."""
    alert = begun(street, kind)
    left = leaving()
    lena, now = street.viewer("Lena"), clock.now()
    helpers = sorted(asked(alert) - {"Hank"})
    for name, channel in zip(helpers, ["sms", "page", "voice", "page", "page"], strict=False):
        says(street, alert, name, channel=channel)
    for name in helpers[5:]:
        says(street, alert, name)
    if kind not in {Kind.UNSAFE}:
        steering.go_wider(viewer=lena, alert_id=alert.id, now=now)
    coming = models.Invitation.objects.filter(alert=alert, standing=Standing.COMING)
    names = list(coming.order_by("person__name").values_list("person__name", flat=True))
    arrive(viewer=street.viewer(names[0]), alert_id=alert.id, now=now)
    wording.say_more(viewer=lena, alert_id=alert.id, story=MORE, now=now)
    steering.remove(viewer=lena, alert_id=alert.id, person_id=street.id(names[-1]), now=now)
    says(street, alert, names[1], Said.CANT)
    steering.want_more(viewer=lena, alert_id=alert.id, now=now)
    left += leaving()
    ending.end(viewer=lena, alert_id=alert.id, how=EndedHow.ALL_CLEAR, now=clock.now())
    return left + leaving()


def begun(street: Scene, kind: Kind) -> models.Alert:
    if kind is not Kind.MISSING:
        return call(street, kind)
    alert = call(street, kind, who=WHO, second_id=street.id("Hank"))
    missing.confirm_missing(
        viewer=street.viewer("Hank"), alert_id=alert.id, is_true=True, now=clock.now()
    )
    return alert


def kind_words() -> set[str]:
    found = set()
    for language in LANGUAGES:
        with override(language):
            found |= {gettext(said) for said in (*KIND_WORDS.values(), *SHORT_WORDS.values())}
    return found


def telling(left: Left, secrets: tuple[str, ...] = ()) -> list[str]:
    """What of a message gives something away."""
    low = left.words.casefold()
    stems = {stem for stems in TELLING.values() for stem in stems if stem not in {"ill", "address"}}
    hidden = {*SECRETS, MEETING, WHO, MORE, TASK, "Lena", *PHONES.values(), *secrets}
    return sorted(word for word in {*hidden, *kind_words(), *stems} if word.casefold() in low)


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_that_leaves_says_who_where_or_what(street: Scene, kind: Kind) -> None:
    left = life(street, kind)
    assert {one.channel for one in left} == WAYS
    assert {one.purpose.split("-")[0] for one in left} >= {"asked", "over"}
    if kind is not Kind.UNSAFE:
        assert {one.purpose.split("-")[0] for one in left} >= {"first"} or kind is Kind.MISSING
    for one in left:
        assert (one.channel, one.purpose, telling(one)) == (one.channel, one.purpose, [])


def test_only_the_second_text_holds_the_place_and_only_by_choice(street: Scene) -> None:
    choices.choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    left = life(street, Kind.HURT)
    telling_ones = {(one.channel, one.purpose.split("-")[0]) for one in left if telling(one)}
    assert telling_ones == {("sms", "place_text")}
    for one in left:
        assert set(telling(one)) <= {DOOR}


def test_this_search_finds_what_it_looks_for(street: Scene) -> None:
    for word in (
        DOOR,
        "lena",
        "Fire, water or gas",
        gettext("Please come"),
        "herida",
        PHONES["Lena"],
    ):
        assert telling(Left("sms", "asked", f"Hello {word}."))


# ---------- the words for a chat group ----------


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.UNSAFE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_words_for_a_chat_group_name_nobody_no_place_and_no_kind(
    street: Scene, kind: Kind, language: str
) -> None:
    from porchlight.people.tests import cast

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
