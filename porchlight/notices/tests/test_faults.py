"""Killing workers at work: nothing is lost, and only what was under way is doubted."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.conf import settings as here
from django.db import connection

from porchlight.kit import clock
from porchlight.notices.actions import close_topic
from porchlight.notices.models import Attempt, Delivery, DemoPhoneMessage, Outcome
from porchlight.notices.rules import Urgency
from porchlight.notices.tasks import tell_widely
from porchlight.notices.tests.conftest import (
    COME,
    LINDEN,
    demo,
    mail,
    phone,
    somebody,
    told,
    topic,
)
from porchlight.notices.tests.local_gateway import LocalGateway
from porchlight.notices.tests.sink import Sink
from porchlight.notices.tests.test_outbox import broken_promises
from porchlight.notices.tests.working import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

WORKER = (
    "import django, sys, threading; django.setup();"
    "from porchlight.notices.tasks import run_worker;"
    "run_worker(sys.argv[1], threading.Event())"
)
MAILS_AT_ONCE = 16
TEXTS_AT_ONCE = 64


@pytest.fixture
def now(transactional_db: None) -> datetime:
    return clock.now()


@contextmanager
def worker(
    post: Sink | LocalGateway, *, lane: str = "urgent"
) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process of its own on the database of this test; killed without a word."""
    words = here.DATABASE_PARAMETERS | {"dbname": connection.settings_dict["NAME"]}
    query = "&".join(
        f"{key}={quote(str(value), safe='')}"
        for key, value in words.items()
        if key not in {"dbname", "user", "password"}
    )
    who = ":".join(
        quote(str(words[key]), safe="") for key in ("user", "password") if words.get(key)
    )
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{who + '@' if who else ''}/{words['dbname']}?{query}",
        **(
            post.environment()
            if isinstance(post, LocalGateway)
            else {"PORCHLIGHT_SMTP_URL": post.url}
        ),
    }
    process = subprocess.Popen([sys.executable, "-c", WORKER, lane], env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(10)


@pytest.mark.parametrize("mails_before_the_kill", [1, 20, 60])
def test_a_worker_killed_in_the_middle_loses_nothing_and_doubts_only_what_was_under_way(
    now: datetime, mails_before_the_kill: int
) -> None:
    people = [somebody(mail(f"p{n}@x.example"), demo(f"{n}")) for n in range(120)]
    with Sink(seconds_a_mail=0.02) as post:
        told(*people, now=now, urgency=Urgency.CRITICAL)
        with worker(post) as killed:
            assert post.wait_for(mails_before_the_kill, 40)
            killed.send_signal(signal.SIGKILL)
            killed.wait(10)
        under_way = Attempt.objects.exclude(id__in=Outcome.objects.values("attempt_id")).count()
        clock.move(timedelta(seconds=11))
        with worker(post):
            until(lambda: not Delivery.objects.exclude(state="handed").exists(), seconds=60)
    twice = [address for address, mails in post.sent_to.items() if len(mails) > 1]
    assert len(post.sent_to) == 120
    assert len(twice) <= MAILS_AT_ONCE
    for address in twice:
        assert len({mail["Message-ID"] for mail in post.sent_to[address]}) == 1
    assert DemoPhoneMessage.objects.count() == 120
    assert Outcome.objects.filter(state="in_doubt").count() == under_way
    assert Outcome.objects.filter(state="in_doubt", attempt__delivery__channel="email").count() <= (
        MAILS_AT_ONCE
    )
    assert broken_promises() == []


@pytest.mark.parametrize(("texts_before_the_kill", "knows"), [(1, True), (40, True), (40, False)])
def test_a_worker_killed_among_texts_sends_none_a_third_time_and_marks_what_it_repeats(
    now: datetime, texts_before_the_kill: int, knows: bool
) -> None:
    """The gateway is asked what it took; one that knows nothing gets each once more, marked."""
    people = [somebody(phone(f"+31612{n:06}", may_call=False)) for n in range(200)]
    with LocalGateway() as gateway:
        gateway.knows, gateway.seconds_a_text = knows, 0.05
        told(*people, now=now, urgency=Urgency.CRITICAL)
        with worker(gateway) as killed:
            assert gateway.wait_for(texts_before_the_kill, 40)
            killed.send_signal(signal.SIGKILL)
            killed.wait(10)
        under_way = Attempt.objects.exclude(id__in=Outcome.objects.values("attempt_id")).filter(
            delivery__channel="sms"
        )
        doubted = under_way.count()
        clock.move(timedelta(seconds=11))
        with worker(gateway):
            until(lambda: not Delivery.objects.exclude(state="handed").exists(), seconds=60)
    sent_to = gateway.sent_to()
    twice = [texts for texts in sent_to.values() if len(texts) > 1]
    assert len(sent_to) == 200
    assert 0 < doubted <= TEXTS_AT_ONCE
    assert len(twice) <= (0 if knows else doubted)
    for first, again in twice:
        assert (first.startswith("(again)"), again.startswith("(again)")) == (False, True)
    assert gateway.asked == doubted
    assert broken_promises() == []


def test_a_worker_that_loses_the_database_comes_back(now: datetime) -> None:
    with Sink() as post, worker(post) as running:
        told(somebody(mail("before@x.example")), now=now)
        assert post.wait_for(1, 40)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        told(somebody(mail("after@x.example")), now=clock.now())
        assert post.wait_for(2, 40)
        assert running.poll() is None


def test_a_call_goes_out_while_a_newsletter_of_a_hundred_thousand_is_on_its_way(
    now: datetime,
) -> None:
    people = [somebody(phone(f"+316{n:08}", may_call=False)) for n in range(100_000)]
    pod = [somebody(phone(f"+4479460{n:05}", may_call=False)) for n in range(4)]
    numbers = {person.addresses[0].value for person in pod}
    with LocalGateway() as gateway:
        newsletter = topic(now)
        tell_widely(
            network_id=LINDEN.id, topic_id=newsletter, recipients=people, wording=COME,
            urgency=Urgency.ORDINARY, path="/n/linden/pod/", now=now,
            expires_at=now + timedelta(days=1),
        )  # fmt: skip
        with worker(gateway, lane="background"), worker(gateway, lane="urgent"):
            assert gateway.wait_for(50, 60)
            told(*pod, now=clock.now(), urgency=Urgency.CRITICAL)
            until(lambda: numbers <= set(gateway.sent_to()), seconds=60)
            behind = len(gateway.taken)
            close_topic(network_id=LINDEN.id, topic_id=newsletter, now=clock.now())
    print(f"noted: {behind} of 100,000 were out when all four had it")
    assert behind < 100_000
    assert all(len(gateway.sent_to()[number]) == 1 for number in numbers)
    assert broken_promises() == []
