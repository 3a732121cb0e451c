"""A machine that is dead is noticed by another one, and two people are texted."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from porchlight import watching
from porchlight.alerts import models
from porchlight.alerts.tests.scene import call, scene
from porchlight.alerts.tests.test_check_ins import out
from porchlight.kit import clock
from porchlight.notices.tests.local_gateway import LocalGateway, second_gateway
from porchlight.watching import AGAIN_AFTER, MISSES, Watch, is_well, main, say_alive

NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
BOTH = ["+31611111111", "+31622222222"]
LATE = timedelta(minutes=5)


class Elsewhere:
    """A server of the tests' own: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.heard = threading.Event()
        here = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                here.asked.append(self.path)
                self.send_response(here.status)
                self.end_headers()
                here.heard.set()

            def log_message(self, format: str, *args: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    one = Elsewhere()
    thread = threading.Thread(target=one.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    one.server.shutdown()
    thread.join(5)
    one.server.server_close()


@pytest.fixture
def gateway(settings: Any) -> Iterator[LocalGateway]:
    with LocalGateway() as one:
        settings.GATEWAY = one.settings("json")
        yield one


def look(watch: Watch, minutes: float) -> bool:
    return asyncio.run(watch.look(NOW + timedelta(minutes=minutes)))


def texts(gateway: LocalGateway) -> list[tuple[str, str]]:
    return [(one.to, one.words) for one in gateway.taken]


def test_two_people_are_texted_once_and_when_it_is_back(
    elsewhere: Elsewhere, gateway: LocalGateway
) -> None:
    watch = Watch(url=elsewhere.url, numbers=BOTH)
    assert look(watch, 0)
    assert elsewhere.asked == ["/alive/"]
    elsewhere.status = 503
    for minute in range(1, MISSES):
        assert not look(watch, minute)
        assert texts(gateway) == []
    for minute in range(MISSES, MISSES + 5):
        look(watch, minute)
    dead = "127.0.0.1 does not answer: calls for help may not go out. Ring each other."
    assert texts(gateway) == [(number, dead) for number in BOTH]
    elsewhere.status = 200
    look(watch, 9)
    look(watch, 10)
    assert texts(gateway)[2:] == [(number, "127.0.0.1 answers again.") for number in BOTH]


def test_while_it_stays_dead_they_hear_it_every_six_hours(gateway: LocalGateway) -> None:
    watch = Watch(url="http://127.0.0.1:9", numbers=BOTH)  # where nobody listens
    for minute in range(MISSES):
        look(watch, minute)
    assert len(gateway.taken) == 2
    first = MISSES - 1
    look(watch, first + AGAIN_AFTER.total_seconds() / 60 - 1)
    assert len(gateway.taken) == 2
    look(watch, first + AGAIN_AFTER.total_seconds() / 60)
    assert len(gateway.taken) == 4


def test_a_text_that_no_gateway_takes_is_tried_again(gateway: LocalGateway) -> None:
    watch = Watch(url="http://127.0.0.1:9", numbers=BOTH, language="es")
    gateway.next_answers = ["500"]
    for minute in range(MISSES):
        look(watch, minute)
    assert [one.to for one in gateway.taken] == BOTH[1:]
    look(watch, 9)
    assert sorted(one.to for one in gateway.taken) == BOTH
    assert "no responde" in gateway.taken[0].words


def test_where_one_gateway_takes_no_text_the_other_does(
    gateway: LocalGateway, settings: Any
) -> None:
    gateway.always = "500"
    with second_gateway() as second:
        settings.GATEWAY_2 = second.settings()
        watch = Watch(url="http://127.0.0.1:9", numbers=BOTH)
        for minute in range(MISSES):
            look(watch, minute)
        assert [one.to for one in second.taken] == BOTH
    assert watch.waiting == {}


def test_one_answer_that_is_lost_wakes_nobody(elsewhere: Elsewhere, gateway: LocalGateway) -> None:
    watch = Watch(url=elsewhere.url, numbers=BOTH)
    for minute in range(12):
        elsewhere.status = 503 if minute % MISSES else 200
        look(watch, minute)
    assert texts(gateway) == []


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_once_for_a_cron(
    elsewhere: Elsewhere, gateway: LocalGateway, status: int, code: int
) -> None:
    elsewhere.status = status
    given = [elsewhere.url, "--once", "--text", BOTH[0], "--text", BOTH[1]]
    assert main(given) == code
    assert len(gateway.taken) == 2 * code


def test_without_a_gateway_it_says_so(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.GATEWAY = None
    assert main(["https://porch.example", "--text", BOTH[0]]) == 1
    assert "no gateway for texts" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["0612345678", "+31", "me", ""])
def test_a_number_that_is_none_is_refused(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["https://porch.example", "--text", wrong])
    assert "must look like" in capsys.readouterr().err


# ---------- from the machine itself ----------


@pytest.mark.django_db
def test_a_call_that_stands_still_or_a_way_nobody_looks_after_is_no_good_answer(
    client: Client,
) -> None:
    street = scene()
    assert is_well() and client.get("/alive/").status_code == 200
    alert = call(street)
    models.Alert.objects.update(step_at=clock.now() - LATE)
    assert not is_well()
    answer = client.get("/alive/")
    assert (answer.status_code, answer.content) == (503, b"late\n")
    models.Alert.objects.update(step_at=clock.now() + LATE)
    assert is_well()
    out(street)
    models.CheckIn.objects.update(step_at=clock.now() - LATE)
    assert not is_well()
    assert str(alert.id) not in str(answer.content)


@pytest.mark.django_db
def test_outside_is_asked_only_while_all_goes_on(
    elsewhere: Elsewhere, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALIVE_URL = f"{elsewhere.url}/a-long-secret"
    monkeypatch.setattr(watching, "EVERY", 0.01)
    stop, looks = threading.Event(), iter([True, False, False])

    def well() -> bool:
        try:
            return next(looks)
        except StopIteration:
            stop.set()
            raise

    monkeypatch.setattr(watching, "is_well", well)
    say_alive(stop)
    assert elsewhere.asked == ["/a-long-secret"]


def test_nobody_is_asked_where_no_address_is_set(settings: Any) -> None:
    settings.ALIVE_URL = ""
    say_alive(threading.Event())
