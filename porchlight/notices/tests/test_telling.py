"""Putting notices into the outbox."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.actions import close_topic, send_code, tell
from porchlight.notices.actions import test_addresses as send_test
from porchlight.notices.models import Delivery, Notice, Text, Topic
from porchlight.notices.queries import news, unread_count
from porchlight.notices.rules import Urgency, Why, Wording
from porchlight.notices.tests.conftest import (
    ADA,
    BO,
    COME,
    CY,
    HARBOUR,
    LINDEN,
    demo,
    mail,
    somebody,
    told,
    topic,
    viewer,
)


def test_everyone_told_has_one_notice_and_a_delivery_for_each_way(now: datetime) -> None:
    ids = told(somebody(mail("ada@x.example"), demo("Ada"), id=ADA), somebody(id=BO), now=now)
    assert len(set(ids)) == 2
    ways = Delivery.objects.order_by("notice__recipient_id", "rank").values_list(
        "channel", flat=True
    )
    assert list(ways) == ["page", "email", "demo", "page"]


def test_telling_again_tells_nobody_twice_and_answers_with_the_first_notice(now: datetime) -> None:
    about = topic(now)
    ada, bo = somebody(demo("Ada"), id=ADA), somebody(demo("Bo"), id=BO)
    [first] = told(ada, now=now, topic_id=about)
    again = told(ada, bo, ada, now=now, topic_id=about)
    assert again[0] == again[2] == first
    assert Notice.objects.count() == 2
    assert Delivery.objects.count() == 4


def test_another_purpose_of_the_same_topic_is_told(now: datetime) -> None:
    about, ada = topic(now), somebody(id=ADA)
    assert told(ada, now=now, topic_id=about) != told(
        ada, now=now, topic_id=about, purpose="stand-down"
    )


def test_a_notice_is_written_in_the_language_of_its_reader_once_for_each(now: datetime) -> None:
    wording = Wording(title="Hello %(who)s", facts={"who": "Lena"})
    readers = [somebody(language=language) for language in ("en", "es", "ar", "en", "ar")]
    told(*readers, now=now, wording=wording)
    assert sorted(Text.objects.values_list("language", flat=True)) == ["ar", "en", "es"]
    shown = news(viewer=viewer(readers[0].id), page=1, now=now).object_list
    assert [item.title for item in shown] == ["Hello Lena"]


def test_nothing_is_told_when_what_it_tells_is_undone(now: datetime) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        told(somebody(demo("Ada")), now=now)
        raise Undone
    assert Notice.objects.count() == Delivery.objects.count() == 0


def test_a_closed_topic_tells_nobody(now: datetime) -> None:
    about = topic(now)
    close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    with pytest.raises(Refusal) as refusal:
        told(somebody(), now=now, topic_id=about)
    assert refusal.value.why is Why.OVER


def test_a_topic_of_another_network_does_not_exist(now: datetime) -> None:
    about = topic(now, network=HARBOUR)
    with pytest.raises(NotHere):
        told(somebody(), now=now, topic_id=about)
    close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    assert Topic.objects.get(id=about).closed_at is None


def test_the_database_refuses_a_notice_in_another_network_than_its_topic(now: datetime) -> None:
    [notice_id] = told(somebody(), now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(id=notice_id).update(network_id=HARBOUR.id)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_notice_cannot_lead_to_another_site(now: datetime) -> None:
    with pytest.raises(ValueError, match="this site"):
        told(somebody(), now=now, path="//evil.example/")


def test_closing_stops_what_was_not_handed_over_and_closing_again_changes_nothing(
    now: datetime,
) -> None:
    about = topic(now)
    told(somebody(demo("Ada")), now=now, topic_id=about)
    close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    close_topic(network_id=LINDEN.id, topic_id=about, now=now + timedelta(hours=1))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Topic.objects.get(id=about).closed_at == now


def test_addresses_and_words_are_not_readable_in_the_database(now: datetime) -> None:
    told(somebody(mail("ada@secret.example")), now=now, wording=Wording(title="Quiet words"))
    with connection.cursor() as cursor:
        for table in ("notices_delivery", "notices_text", "notices_notice"):
            cursor.execute(
                f"SELECT row::text, convert_from(decode('', 'hex'), 'UTF8') FROM {table} row"
            )
            kept = str(cursor.fetchall())
            for words in (b"secret.example", b"Quiet words"):
                assert words.decode() not in kept
                assert words.hex() not in kept


def test_ten_thousand_people_are_told_with_a_fixed_number_of_statements(now: datetime) -> None:
    few = [somebody(demo(str(number))) for number in range(3)]
    many = [somebody(demo(str(number))) for number in range(10_000)]
    counts = []
    for people in (few, many):
        about = topic(now)
        with CaptureQueriesContext(connection) as asked:
            told(*people, now=now, topic_id=about)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Delivery.objects.count() == 2 * 10_003


def test_a_code_is_kept_locked_and_is_nobodys_news(now: datetime) -> None:
    address = mail("ada@x.example", is_verified=False)
    send_code(
        network_id=LINDEN.id, address=address, language="en", code="314159", now=now,
        expires_at=now + timedelta(minutes=15),
    )  # fmt: skip
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.lane) == ("email", "urgent")
    assert b"314159" not in bytes(Text.objects.get().words_guarded)
    assert unread_count(viewer=viewer(ADA), now=now) == 0


def test_a_test_goes_to_every_verified_address_at_once(now: datetime) -> None:
    ada = somebody(mail("ada@x.example"), demo("Ada"), demo("new", is_verified=False), id=ADA)
    send_test(viewer=viewer(ADA), recipient=ada, now=now)
    ways = Delivery.objects.filter(due_at__lte=now).order_by("rank")
    assert [delivery.channel for delivery in ways] == ["page", "email", "demo"]


def test_a_test_is_refused_without_addresses_twice_a_minute_and_for_somebody_else(
    now: datetime,
) -> None:
    ada = somebody(demo("Ada"), id=ADA)
    with pytest.raises(Refusal) as refusal:
        send_test(viewer=viewer(ADA), recipient=somebody(id=ADA), now=now)
    assert refusal.value.why is Why.NO_ADDRESS
    with pytest.raises(NotHere):
        send_test(viewer=viewer(BO), recipient=ada, now=now)
    send_test(viewer=viewer(ADA), recipient=ada, now=now)
    with pytest.raises(Refusal) as refusal:
        send_test(viewer=viewer(ADA), recipient=ada, now=now + timedelta(seconds=59))
    assert refusal.value.why is Why.JUST_TESTED
    send_test(viewer=viewer(ADA), recipient=ada, now=now + timedelta(seconds=61))


def test_cy_sees_nothing_of_what_linden_was_told(now: datetime) -> None:
    told(somebody(id=CY), now=now)
    assert unread_count(viewer=viewer(CY), now=now) == 1
    assert unread_count(viewer=viewer(CY, network=HARBOUR), now=now) == 0


def test_facts_are_filled_in_and_percent_signs_survive(now: datetime) -> None:
    reader = somebody(id=ADA)
    told(reader, now=now, wording=Wording(title="100% ready", line="%(n)s left", facts={}))
    shown = news(viewer=viewer(ADA), page=1, now=now).object_list
    assert (shown[0].title, shown[0].line) == ("100% ready", "%(n)s left")


def test_an_unknown_topic_is_refused(now: datetime) -> None:
    facts: dict[str, Any] = {"recipients": [], "wording": COME, "urgency": Urgency.URGENT}
    with pytest.raises(NotHere):
        tell(
            network_id=LINDEN.id, topic_id=uuid4(), path="/", now=now, expires_at=now, **facts
        )  # fmt: skip


def test_telling_nobody_is_quiet(now: datetime) -> None:
    assert told(now=now) == []


def test_rows_that_break_while_they_are_written_break_as_any_other_statement(now: datetime) -> None:
    """Doors and workers try again after the errors of Django only."""
    with pytest.raises(DataError), transaction.atomic():
        told(somebody(mail("ada@x.example")), now=now, purpose="p" * 200)
    assert not Notice.objects.exists()


def test_ids_come_back_in_the_order_of_the_people(now: datetime) -> None:
    people = [somebody() for _ in range(5)]
    ids = told(*people, now=now)
    owners: dict[UUID, UUID] = dict(Notice.objects.values_list("id", "recipient_id"))
    assert [owners[notice_id] for notice_id in ids] == [person.id for person in people]
