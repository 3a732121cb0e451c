"""Telling very many people in slices."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from porchlight.kit.errors import Refusal
from porchlight.notices.actions import close_topic
from porchlight.notices.models import Delivery, Notice
from porchlight.notices.rules import Recipient, Urgency, Why
from porchlight.notices.tasks import tell_widely, wide
from porchlight.notices.tests.conftest import COME, LINDEN, demo, somebody, topic


def told_widely(people: list[Recipient], about: UUID, now: datetime, **facts: Any) -> list[UUID]:
    return tell_widely(
        network_id=LINDEN.id, topic_id=about, recipients=people, wording=COME,
        urgency=Urgency.ORDINARY, path="/n/linden/", now=now,
        expires_at=now + timedelta(hours=1), **facts,
    )  # fmt: skip


@pytest.mark.parametrize("many", [0, 1, 3, 4, 5, 11, 13])
def test_everybody_is_told_once_in_slices(
    now: datetime, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "FIRST", 3)
    monkeypatch.setattr(wide, "SLICE", 4)
    people = [somebody(demo(f"{number}")) for number in range(many)]
    ids = told_widely(people, topic(now), now)
    assert [Notice.objects.get(id=id).recipient_id for id in ids] == [p.id for p in people]
    assert Delivery.objects.filter(channel="demo").count() == many


def test_after_a_crash_it_goes_on_where_it_stopped(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "FIRST", 2)
    people, about = [somebody(demo(f"{number}")) for number in range(9)], topic(now)
    begun = told_widely(people[:5], about, now)
    ids = told_widely(people, about, now)
    assert ids[:5] == begun
    assert Notice.objects.count() == len(set(ids)) == 9


def test_closing_stops_the_slices_that_were_not_written(now: datetime) -> None:
    about = topic(now)
    close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    with pytest.raises(Refusal) as refused:
        told_widely([somebody()], about, now)
    assert refused.value.why is Why.OVER


@pytest.mark.django_db(transaction=True)
def test_the_first_ones_are_on_their_way_before_the_last_are_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from porchlight.kit import clock

    monkeypatch.setattr(wide, "FIRST", 2)
    monkeypatch.setattr(wide, "SLICE", 3)
    now = clock.now()
    about = topic(now)
    with CaptureQueriesContext(connection) as asked:
        told_widely([somebody() for _ in range(8)], about, now)
    said = [query["sql"] for query in asked.captured_queries]
    commits = [place for place, sql in enumerate(said) if sql == "COMMIT"]
    wakes = [place for place, sql in enumerate(said) if "pg_notify" in sql]
    assert len(commits) == len(wakes) == 3
    assert all(wake < commit for wake, commit in zip(wakes, commits, strict=True))
    assert wakes[1] > commits[0]


def test_no_index_but_the_keys_own_begins_with_the_network(db: None) -> None:
    """Where nothing is known of a table yet, the database may look a key of (network, id) up in any
    index that begins with the network, and then reads every row of it for each row that is written:
    ten thousand notices took six seconds, and the next ten thousand eighteen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND indexdef LIKE '%%(network_id, %%' AND indexdef NOT LIKE '%%(network_id, id)'",
            [["notices_topic", "notices_text", "notices_notice", "notices_delivery",
              "notices_attempt"]],
        )  # fmt: skip
        assert cursor.fetchall() == []
