"""The real workers with the real channels, against PostgreSQL and an honest mail server."""

import threading
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings as here
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from porchlight.kit import clock, live
from porchlight.notices.actions import close_topic, mark_seen, outbox, send_code
from porchlight.notices.models import (
    AddressHealth,
    Attempt,
    Delivery,
    DemoPhoneMessage,
    Outcome,
)
from porchlight.notices.queries import test_my_phone as phone_test
from porchlight.notices.rules import Lane, Urgency, bell_key
from porchlight.notices.tests.conftest import (
    ADA,
    LINDEN,
    demo,
    mail,
    somebody,
    told,
    topic,
    viewer,
)
from porchlight.notices.tests.sink import Sink
from porchlight.notices.tests.working import until, working

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


@pytest.fixture
def post(sink: Sink, settings: Any) -> Sink:
    settings.MAIL_SERVER = sink.server
    return sink


def is_settled(channel: str, state: str = "handed", rank: int | None = None) -> bool:
    rows = Delivery.objects.filter(channel=channel)
    rows = rows if rank is None else rows.filter(rank=rank)
    return rows.exists() and not rows.exclude(state=state).exists()


def has_failed(times: int) -> bool:
    return Outcome.objects.filter(state="failed_temp").count() >= times


def test_a_critical_notice_arrives_by_mail_on_the_phone_and_at_the_bell(
    now: datetime, post: Sink
) -> None:
    with working():
        told(somebody(mail("ada@x.example"), demo("Ada")), now=now, urgency=Urgency.CRITICAL)
        until(lambda: not Delivery.objects.exclude(state="handed").exists())
    assert len(post.sent_to["ada@x.example"]) == 1
    assert DemoPhoneMessage.objects.count() == 1
    assert Attempt.objects.count() == Outcome.objects.count() == 3


def test_open_pages_hear_the_bell_ring(now: datetime) -> None:
    with psycopg.connect(
        **here.DATABASE_PARAMETERS | {"dbname": connection.settings_dict["NAME"]}, autocommit=True
    ) as page:
        page.execute(f"LISTEN {live.CHANNEL}")
        with working():
            told(somebody(id=ADA), now=now)
            heard = [notice.payload for notice in page.notifies(timeout=15, stop_after=1)]
    assert heard == [bell_key(ADA)]


def test_a_server_that_says_later_gets_the_mail_again(now: datetime, post: Sink) -> None:
    post.at_rcpt = ["450 try later"]
    with working():
        told(somebody(mail("ada@x.example")), now=now)
        until(lambda: is_settled("email"))
    assert len(post.mails) == 1
    assert list(Outcome.objects.order_by("id").filter(detail__contains="rcpt").values_list(
        "state", "detail"
    )) == [("failed_temp", "450 at rcpt")]  # fmt: skip


def test_a_mailbox_that_is_gone_hands_on_to_the_phone(now: datetime, post: Sink) -> None:
    post.at_rcpt = ["550 no such person"]
    with working():
        told(somebody(mail("gone@x.example"), demo("Ada")), now=now)
        until(lambda: is_settled("demo"))
    assert is_settled("email", "failed_perm")
    assert post.mails == []


def test_words_that_are_refused_are_not_sent_again(now: datetime, post: Sink) -> None:
    post.at_data = ["554 no", "554 no"]
    with working():
        told(somebody(mail("ada@x.example")), now=now)
        until(lambda: is_settled("email", "failed_perm"))
    assert post.at_data == ["554 no"]


def test_a_line_that_drops_after_the_words_sends_them_again_with_the_same_reference(
    now: datetime, post: Sink
) -> None:
    post.drops_after_data = 1
    with working():
        told(somebody(mail("ada@x.example")), now=now)
        until(lambda: is_settled("email"))
    first, again = post.mails
    assert first["Message-ID"] == again["Message-ID"]
    assert first.get_content() == again.get_content()
    assert Outcome.objects.filter(state="in_doubt").count() == 1


def test_a_mail_server_that_hangs_does_not_hold_up_phones_or_the_bell(
    now: datetime, post: Sink
) -> None:
    post.hangs = True
    with working(time_out=0.3):
        told(somebody(mail("ada@x.example"), demo("Ada")), now=now, urgency=Urgency.CRITICAL)
        until(lambda: is_settled("demo") and is_settled("page"))
        until(lambda: Outcome.objects.filter(state="in_doubt", detail="time-out at data").exists())
        post.hangs = False
        post.released.set()
        until(lambda: is_settled("email"))
    assert len({mail["Message-ID"] for mail in post.mails}) == 1


def test_without_a_mail_server_the_next_address_is_tried_at_once(
    now: datetime, settings: Any
) -> None:
    settings.MAIL_SERVER = None
    address = mail("ada@x.example")
    with working():
        told(somebody(address, demo("Ada")), now=now)
        until(lambda: is_settled("demo"))
    assert is_settled("email", "failed_perm")
    assert not AddressHealth.objects.filter(address_id=address.id).exists(), "it is not its fault"


@pytest.mark.parametrize(
    ("lane", "urgency"), [("urgent", Urgency.URGENT), ("ordinary", Urgency.ORDINARY)]
)
def test_a_mail_server_that_was_away_for_minutes_delivers_when_it_is_back(
    now: datetime, settings: Any, lane: str, urgency: Urgency
) -> None:
    with Sink() as away:
        settings.MAIL_SERVER = away.server
    address = mail("ada@x.example")
    told(somebody(address, id=ADA), now=now, urgency=urgency, minutes=60)
    with working(lane):
        for tries in range(1, 7):
            until(partial(has_failed, tries))
            assert not phone_test(viewer=viewer(ADA), addresses=[address]).none_works
            clock.move(timedelta(seconds=91))
        with Sink() as back:
            settings.MAIL_SERVER = back.server
            clock.move(timedelta(minutes=8))
            until(lambda: is_settled("email"))
            assert len(back.mails) == 1
    health = AddressHealth.objects.get(address_id=address.id)
    assert health.failed_at is None and health.worked_at is not None


def test_an_urgent_notice_climbs_as_time_passes_until_somebody_saw_it(
    now: datetime, post: Sink
) -> None:
    ada = somebody(mail("ada@x.example"), demo("Ada"), demo("Ada's tablet"), id=ADA)
    with working():
        [notice_id] = told(ada, now=now)
        assert post.wait_for(1)
        assert not DemoPhoneMessage.objects.exists()
        clock.move(timedelta(seconds=31))
        until(lambda: DemoPhoneMessage.objects.count() == 1)
        mark_seen(viewer=viewer(ADA), notice_id=notice_id, now=clock.now())
        clock.move(timedelta(seconds=31))
        until(lambda: not Delivery.objects.filter(state="queued").exists())
    assert DemoPhoneMessage.objects.get().phone.label == "demo:Ada"


def test_two_workers_never_send_one_delivery_twice(now: datetime, post: Sink) -> None:
    people = [somebody(mail(f"p{number}@x.example"), demo(f"{number}")) for number in range(120)]
    with working(workers=2):
        told(*people, now=now, urgency=Urgency.CRITICAL)
        until(lambda: not Delivery.objects.exclude(state="handed").exists(), seconds=40)
    assert {len(mails) for mails in post.sent_to.values()} == {1}
    assert len(post.sent_to) == DemoPhoneMessage.objects.count() == 120
    assert Attempt.objects.count() == 360
    workers = set(Attempt.objects.values_list("worker", flat=True))
    assert len(workers) == 2


def test_closing_stops_the_tail(now: datetime, settings: Any) -> None:
    about = topic(now)
    with Sink(seconds_a_mail=0.1) as post:
        settings.MAIL_SERVER = post.server
        with working():
            told(*(somebody(mail(f"p{n}@x.example")) for n in range(150)), now=now, topic_id=about)
            assert post.wait_for(5)
            close_topic(network_id=LINDEN.id, topic_id=about, now=clock.now())
            begun = Attempt.objects.filter(delivery__channel="email").count()
            until(lambda: not Delivery.objects.filter(state__in=["queued", "claimed"]).exists())
    sent = Attempt.objects.filter(delivery__channel="email").count()
    # What was between its last look and its attempt when the topic closed may still have gone out.
    assert len(post.mails) == sent <= begun + 1
    mails = Delivery.objects.filter(channel="email")
    assert mails.filter(state="cancelled").count() == 150 - sent


def test_closing_at_the_moment_of_a_claim_leaves_it_to_the_look_before_the_call(
    now: datetime,
) -> None:
    about, worker = topic(now), uuid4()
    told(somebody(demo("Ada")), now=now, topic_id=about)
    taken: list[int] = []
    has_claimed = threading.Event()

    def claim() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            facts: dict[str, Any] = {"channel": "demo", "worker": worker, "limit": 9, "now": now}
            taken.extend(outbox.claim(lane=Lane.URGENT, **facts))
            has_claimed.set()
            until(lambda: is_waited_for(cursor))
        connection.close()

    claiming = threading.Thread(target=claim)
    claiming.start()
    assert has_claimed.wait(10)
    close_topic(network_id=LINDEN.id, topic_id=about, now=now)
    claiming.join(10)
    assert len(taken) == 1
    assert outbox.begin(delivery_ids=taken, worker=worker, now=now) == []
    assert is_settled("demo", "cancelled")


def is_waited_for(cursor: CursorWrapper) -> bool:
    """Whether somebody waits for a row that this transaction holds."""
    cursor.execute(
        "SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    return cursor.fetchone() is not None


def test_mail_reuses_its_connections(now: datetime, post: Sink) -> None:
    with working():
        told(*(somebody(mail(f"p{number}@x.example")) for number in range(60)), now=now)
        assert post.wait_for(60)
        until(lambda: is_settled("email"))
    assert post.connections <= 16


def test_a_code_is_the_only_mail_with_words(now: datetime, post: Sink) -> None:
    with working():
        send_code(
            network_id=LINDEN.id, address=mail("ada@x.example", is_verified=False), language="en",
            code="314159", now=now, expires_at=now + timedelta(minutes=15),
        )  # fmt: skip
        told(somebody(mail("bo@x.example")), now=now)
        assert post.wait_for(2)
        until(lambda: is_settled("email"))
    code, open_notice = post.sent_to["ada@x.example"][0], post.sent_to["bo@x.example"][0]
    assert "314159" in code.get_content()
    assert "Somebody" not in open_notice.get_content()
    assert code["Subject"] == open_notice["Subject"]


def test_the_lanes_do_not_do_each_others_work(now: datetime) -> None:
    with working("ordinary"):
        told(somebody(demo("urgent")), now=now)
        told(somebody(demo("ordinary")), now=now, urgency=Urgency.ORDINARY)
        until(lambda: DemoPhoneMessage.objects.exists())
    assert DemoPhoneMessage.objects.get().phone.label == "demo:ordinary"


def test_demo_phones_exist_only_in_a_demo(now: datetime, settings: Any) -> None:
    settings.IS_DEMO = False
    with working():
        told(somebody(demo("Ada")), now=now)
        until(lambda: is_settled("demo", "failed_perm"))
    assert not DemoPhoneMessage.objects.exists()


def test_the_bell_key_of_an_open_page_is_only_an_id() -> None:
    person = uuid4()
    assert UUID(bell_key(person).removeprefix("bell:")) == person
