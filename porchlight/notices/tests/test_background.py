"""The background worker: the ordinary lane, and the sweep beside it."""

import threading
from datetime import timedelta

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from porchlight.kit import clock
from porchlight.notices.models import DemoPhoneMessage, Topic
from porchlight.notices.rules import Urgency
from porchlight.notices.tasks import run_worker, sweep
from porchlight.notices.tests.conftest import demo, somebody, told, topic
from porchlight.notices.tests.working import until

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sweep_erases_only_what_is_over() -> None:
    now = clock.now()
    told(somebody(demo("Ada")), now=now, topic_id=topic(now, expires_at=now - timedelta(seconds=1)))
    told(somebody(demo("Bo")), now=now)
    sweep(timestamp=0)
    assert Topic.objects.count() == 1


def test_the_background_worker_sends_ordinary_notices_and_does_tasks_until_it_is_stopped() -> None:
    now = clock.now()
    topic(now, expires_at=now)
    app.configure_task("notices.sweep").defer(timestamp=0)
    told(somebody(demo("Bo")), now=now, urgency=Urgency.ORDINARY)
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=["background", stop])
    worker.start()
    try:
        until(lambda: DemoPhoneMessage.objects.exists())
        until(lambda: ProcrastinateJob.objects.filter(status="succeeded").exists())
    finally:
        stop.set()
        worker.join(15)
    assert not worker.is_alive()
    assert Topic.objects.count() == 1
