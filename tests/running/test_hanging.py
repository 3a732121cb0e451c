"""Asked to stop while a mail server hangs and a bell is open: gone in ten seconds, nothing lost."""

import http.client
import re
import signal
import time
from urllib.parse import urlencode

import pytest

from porchlight.notices.tests.sink import Sink
from tests.running.conftest import STOP_SECONDS, House, within

pytestmark = pytest.mark.running

TELL = """
from datetime import timedelta
from uuid import uuid4
from porchlight.kit import clock
from porchlight.notices.actions import open_topic, tell
from porchlight.notices.rules import Address, Recipient, Urgency, Wording
from porchlight.people.models import Network
network, now = Network.objects.order_by("slug")[0], clock.now()
later = now + timedelta(hours=1)
topic = open_topic(network_id=network.id, about=None, kind="test", now=now, expires_at=later)
mail = Address(id=uuid4(), channel="email", value="fay@linden.example", is_verified=True)
someone = Recipient(id=uuid4(), language="en", addresses=(mail,))
tell(network_id=network.id, topic_id=topic, recipients=[someone],
     wording=Wording(title="Tree day", line="On Sunday"), urgency=Urgency.URGENT,
     path=f"/n/{network.slug}/", now=now, expires_at=later)
"""
OUTCOMES = """
from porchlight.notices.models import Outcome
found = Outcome.objects.filter(attempt__delivery__channel="email").order_by("at")
print("found", *(f"{one.state}:{one.detail}" for one in found))
"""


def ask(house: House, method: str, path: str, cookies: str = "", body: str = "") -> "Answer":
    line = http.client.HTTPConnection("127.0.0.1", house.port, timeout=10)
    headers = {"Host": f"localhost:{house.port}", "Cookie": cookies}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    line.request(method, path, body=body or None, headers=headers)
    return Answer(line, line.getresponse())


class Answer:
    """What came back, and the line it came on, which may stay open."""

    def __init__(self, line: http.client.HTTPConnection, head: http.client.HTTPResponse) -> None:
        self.line, self.head = line, head

    @property
    def cookies(self) -> str:
        lines = self.head.headers.get_all("Set-Cookie") or []
        return "; ".join(line.split(";")[0] for line in lines)


def open_bell(house: House) -> Answer:
    """Sofie's bell, as a page of hers holds it open."""
    first = ask(house, "GET", "/")
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', first.head.read().decode())
    assert token is not None
    words = urlencode({"csrfmiddlewaretoken": token[1], "who": "first-aider"})
    signed_in = ask(house, "POST", "/demo/be/", first.cookies, words)
    assert signed_in.head.status == 302
    home = signed_in.head.headers["Location"]
    for answer in (first, signed_in):
        answer.line.close()
    bell = ask(house, "GET", f"{home}news/live", signed_in.cookies)
    assert bell.head.status == 200
    assert bell.head.headers["Content-Type"].startswith("text/event-stream")
    return bell


def test_a_mail_server_that_never_answers_and_an_open_bell_hold_up_no_stop(demo: House) -> None:
    with Sink() as post:
        demo.settings["PORCHLIGHT_SMTP_URL"] = post.url
        post.hangs = True
        process = demo.up()
        bell = open_bell(demo)
        assert demo.run("manage", "shell", "--command", TELL).returncode == 0
        assert within(20, lambda: post.connections > 0)
        assert within(5, lambda: post.under_way > 0)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_SECONDS) == 0
        took = time.monotonic() - asked
        assert took < STOP_SECONDS
        assert demo.processes() == {}
        bell.line.close()
        assert post.mails == []

        post.hangs = False
        demo.up()
        assert post.wait_for(1, 30)
        assert post.sent_to.keys() == {"fay@linden.example"}
        said = demo.run("manage", "shell", "--command", OUTCOMES).stdout
    assert "found in_doubt:stopped handed:250" in said
