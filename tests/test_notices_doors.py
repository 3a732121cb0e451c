"""The pages, as visitors open them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from porchlight.kit import clock
from porchlight.notices.actions import (
    arrive_on_demo_phones,
    open_topic,
    place_demo_phone,
    receive_text,
    tell,
)
from porchlight.notices.models import IncomingText, Notice
from porchlight.notices.rules import Address, Recipient, Urgency
from porchlight.notices.tests.conftest import COME, demo
from porchlight.notices.tests.test_outbox import send
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db


def ask(person: Any, *addresses: Address, now: datetime, path: str = "") -> UUID:
    """Somebody of the cast is asked something."""
    slug = person.network.slug
    topic_id = open_topic(
        network_id=person.network_id, about=None, kind="test-ask", now=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    [notice_id] = tell(
        network_id=person.network_id, topic_id=topic_id, wording=COME, urgency=Urgency.URGENT,
        recipients=[Recipient(id=person.id, language="en", addresses=addresses)],
        path=path or f"/n/{slug}/news/", now=now, expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    return notice_id


def browser(person: Any) -> Client:
    return cast.signed_in(Client(), person)


def page(person: Any, name: str = "notices:news") -> HttpResponse:
    return browser(person).get(reverse(name, args=["linden"]))  # type: ignore[return-value]


def test_bo_reads_what_needs_him_and_answers_with_one_tap() -> None:
    bo = cast.bo()
    notice_id = ask(bo, now=clock.now())
    client = browser(bo)
    shown = client.get(reverse("notices:news", args=["linden"]))
    assert "Somebody asks for a hand" in shown.text
    assert "Needs you" in shown.text
    answered = client.post(reverse("notices:answer", args=["linden", notice_id]), {"answer": "yes"})
    assert answered.status_code == 302
    assert Notice.objects.get().answer == "yes"
    assert "Needs you" not in client.get(reverse("notices:news", args=["linden"])).text


def test_htmx_gets_only_the_list_back() -> None:
    bo = cast.bo()
    notice_id = ask(bo, now=clock.now())
    shown = browser(bo).post(
        reverse("notices:answer", args=["linden", notice_id]),
        {"answer": "no"},
        headers={"HX-Request": "true"},
    )
    assert shown.status_code == 200
    assert "<html" not in shown.text
    assert 'id="news"' in shown.text


def test_opening_a_notice_marks_it_seen_and_goes_there() -> None:
    bo = cast.bo()
    notice_id = ask(bo, now=clock.now(), path="/n/linden/pod/")
    address = reverse("notices:open", args=["linden", notice_id])
    ahead = browser(bo).get(address, headers={"Sec-Purpose": "prefetch"})
    assert (ahead.status_code, Notice.objects.get().seen_at) == (503, None)
    opened = browser(bo).get(address)
    assert (opened.status_code, opened["Location"]) == (302, "/n/linden/pod/")
    assert Notice.objects.get().seen_at is not None


def test_the_bell_says_how_many_are_new() -> None:
    bo = cast.bo()
    ask(bo, now=clock.now())
    ask(bo, now=clock.now())
    assert "News: 2 new" in page(bo).text
    assert "News: nothing new" in page(cast.ada()).text


@pytest.mark.parametrize("name", ["notices:open", "notices:answer"])
def test_nobody_else_opens_or_answers_bos_notice(name: str) -> None:
    notice_id = ask(cast.bo(), now=clock.now())
    address = reverse(name, args=["linden", notice_id])
    for person in (cast.ada(), cast.cy()):
        assert browser(person).post(address, {"answer": "yes"}).status_code == 404
    assert (
        "sign-in" in Client().post(address)["Location"] or Client().post(address).status_code == 302
    )
    assert Notice.objects.get().seen_at is None


def test_an_answer_to_something_over_is_a_plain_sentence() -> None:
    bo = cast.bo()
    notice_id = ask(bo, now=clock.now() - timedelta(hours=2))
    said = browser(bo).post(
        reverse("notices:answer", args=["linden", notice_id]), {"answer": "yes"}
    )
    assert said.status_code == 409
    assert "This is over" in said.text


def test_the_list_costs_the_same_with_one_notice_and_with_twenty() -> None:
    counts = []
    for person, number in ((cast.ada(), 1), (cast.bo(), 20)):
        for _ in range(number):
            ask(person, now=clock.now())
        client = browser(person)
        address = reverse("notices:news", args=["linden"])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_keepers_read_the_inbox_and_others_do_not_find_it() -> None:
    ada = cast.ada()
    text_id = receive_text(
        network_id=ada.network_id, channel="demo", provider_id="p1", address_value="demo:Lena",
        text="<b>knee</b>", now=clock.now(),
    )  # fmt: skip
    assert "&lt;b&gt;knee&lt;/b&gt;" in page(ada, "notices:inbox").text
    assert page(cast.bo(), "notices:inbox").status_code == 404
    assert page(cast.cy(), "notices:inbox").status_code == 404
    browser(ada).post(reverse("notices:handled", args=["linden", text_id]))
    assert IncomingText.objects.get().handled_by == ada.id
    assert "Nothing waits" in page(ada, "notices:inbox").text


def phone_of(person: Any, label: str) -> UUID:
    return place_demo_phone(network_id=person.network_id, label=label, groups=["Corner pod"])


def test_a_newcomer_reads_a_made_up_phone_and_answers_as_it(transactional_db: None) -> None:
    from porchlight.notices.tests.working import until, working

    bo = cast.bo()
    phone_id = phone_of(bo, "demo:Bo")
    address = demo("Bo")
    with working():
        ask(bo, address, now=clock.now())
        until(lambda: "Somebody asks for a hand" in Client().get(reverse("notices:phones")).text)
    key = str(uuid4())
    for _ in range(2):
        sent = Client().post(
            reverse("notices:write", args=[phone_id]), {"text": "1", "client_key": key}
        )
        assert sent.status_code == 302
    assert Notice.objects.get().answer == "yes"
    assert IncomingText.objects.count() == 1
    shown = Client().get(sent["Location"]).text
    assert "Written here:" in shown
    assert 'value="1"' not in shown


def test_phones_are_picked_by_group_and_by_name() -> None:
    bo = cast.bo()
    phone_of(bo, "demo:Bo")
    other = place_demo_phone(network_id=bo.network_id, label="demo:Lena", groups=["Far pod"])
    address = reverse("notices:phones")
    by_group = Client().get(address, {"group": "Far pod"})
    assert "phone-" + str(other) in by_group.text
    assert by_group.text.count('<section class="card ringer"') == 1
    assert Client().get(address, {"phone": str(other)}).text.count("<h2 id") == 1
    assert Client().get(address, {"phone": "nonsense"}).status_code == 200


def test_the_page_of_phones_costs_the_same_with_one_message_and_with_twenty() -> None:
    bo = cast.bo()
    address = demo("Bo")
    counts = []
    for number in (1, 20):
        for _ in range(number):
            ask(bo, address, now=clock.now())
            arrive(clock.now())
        with CaptureQueriesContext(connection) as asked:
            Client().get(reverse("notices:phones"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def arrive(now: datetime) -> None:
    """Put what is due on the phones without a worker."""
    from porchlight.notices.tests.test_outbox import begin, finish, take

    parcels = begin(take(now), now)
    arrive_on_demo_phones(parcels=parcels)
    finish(parcels, "handed", now)


def test_phones_are_not_there_outside_a_demo(settings: Any) -> None:
    phone_id = phone_of(cast.bo(), "demo:Bo")
    settings.IS_DEMO = False
    assert Client().get(reverse("notices:phones")).status_code == 404
    assert (
        Client().post(reverse("notices:write", args=[phone_id]), {"text": "1"}).status_code == 404
    )


def test_an_empty_text_is_no_text() -> None:
    phone_id = phone_of(cast.bo(), "demo:Bo")
    Client().post(
        reverse("notices:write", args=[phone_id]), {"text": " \u200b ", "client_key": uuid4()}
    )
    assert not IncomingText.objects.exists()
    assert send(clock.now()) == []


def test_phones_show_times_of_their_own_network() -> None:
    """14:00 in UTC is four in the afternoon of a summer's day in Amsterdam."""
    from datetime import UTC, datetime

    from porchlight.notices.models import DemoPhoneMessage

    bo = cast.bo()
    ask(bo, demo("Bo"), now=clock.now())
    arrive(clock.now())
    at = datetime(2026, 7, 4, 14, 0, tzinfo=UTC)
    DemoPhoneMessage.objects.update(arrived_at=at)
    shown = Client().get(reverse("notices:phones")).text
    assert "16:00" in shown and "14:00" not in shown
