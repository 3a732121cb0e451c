"""The week's figures by mail: who gets them, when, and that they say nothing of anybody."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from porchlight.alerts.tests.scene import Scene
from porchlight.kit import clock
from porchlight.notices.models import Delivery, Notice
from porchlight.notices.queries.words import words_of
from porchlight.people import models as people
from porchlight.people.actions.addresses import add_email
from porchlight.people.tests.at_once import at_once
from porchlight.sharing.actions.asking import take_back
from porchlight.sharing.actions.digest import choose_digest, send_digest
from porchlight.sharing.actions.forgetting import leave_sharing
from porchlight.sharing.models import DigestChoice, Need
from porchlight.sharing.queries.digest import wants_digest
from porchlight.sharing.rules.digest import LASTS, week_due
from porchlight.sharing.rules.times import When
from porchlight.sharing.tasks import send_digests
from porchlight.sharing.tests.street import LINE, agreed, asked, street

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
A_WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("there", "week"),
    [
        ("2026-11-30T08:59", ""),  # Monday, too early
        ("2026-11-30T09:00", "2026-W49"),
        ("2026-12-01T23:59", "2026-W49"),
        ("2026-12-02T00:00", ""),
        ("2026-12-06T12:00", ""),
        ("2027-01-04T09:00", "2027-W01"),
        ("2026-12-28T09:00", "2026-W53"),
        ("2026-10-26T09:00", "2026-W44"),  # the day after the clock went back
    ],
)
def test_on_monday_morning_there(there: str, week: str) -> None:
    now = datetime.fromisoformat(there).replace(tzinfo=AMSTERDAM)
    assert week_due(now, AMSTERDAM) == week


@pytest.fixture
def linden(db: None) -> Scene:
    return street()


def monday(after: datetime) -> datetime:
    """The next Monday at ten, there."""
    local = after.astimezone(AMSTERDAM)
    days = (7 - local.weekday()) % 7 or 7
    return (local + timedelta(days=days)).replace(hour=10, minute=0)


def wants(linden: Scene, name: str, *, is_wanted: bool = True) -> None:
    choose_digest(viewer=linden.viewer(name), wants=is_wanted, now=clock.now())


def told() -> dict[str, str]:
    """Whom the figures were told, and how they read."""
    names = dict(people.Person.objects.values_list("id", "name"))
    rows = Notice.objects.filter(topic__kind="digest").select_related("text")
    return {
        names[row.recipient_id]: str(words_of(row.text_id, row.text.words_guarded)) for row in rows
    }


def test_whoever_chose_it_reads_how_much_waits(linden: Scene) -> None:
    now = clock.now()
    for name in ("Nils", "Rosa"):
        wants(linden, name)
    asked(linden, when=When.FORTNIGHT)
    asked(linden, when=When.FORTNIGHT, line="Old and unglamorous")
    Need.objects.filter(line="Old and unglamorous").update(created_at=now - timedelta(days=9))
    agreed(linden, asked(linden, when=When.FORTNIGHT, line="Agreed on"), "Amir")
    assert send_digests(now=monday(now)) == 2
    found = told()
    assert set(found) == {"Nils", "Rosa"}
    for words in found.values():
        assert "Waiting for somebody: 2. For more than a week: 1." in words
        assert "Old" not in words
        assert LINE not in words
        assert "Lena" not in words


def test_once_a_week_also_where_it_is_sent_twice(linden: Scene) -> None:
    wants(linden, "Nils")
    asked(linden, when=When.FORTNIGHT)
    first = monday(clock.now())
    assert send_digests(now=first) == 1
    assert send_digests(now=first + timedelta(hours=9)) == 0
    assert send_digests(now=first + timedelta(days=3)) == 0
    asked(linden, when=When.FORTNIGHT, now=first)
    assert send_digests(now=first + A_WEEK) == 1


def test_nothing_waits_and_nothing_is_sent(linden: Scene) -> None:
    wants(linden, "Nils")
    need = asked(linden)
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    assert send_digests(now=monday(clock.now())) == 0
    assert told() == {}


def test_by_mail_and_bell_never_by_text(linden: Scene, mail_goes_out: None) -> None:
    linden.phone("Nils")
    add_email(
        viewer=linden.viewer("Nils"), email="nils@example.org", client_key=linden.id("Nils"),
        now=clock.now(),
    )  # fmt: skip
    people.Address.objects.filter(channel="email").update(verified_at=clock.now())
    wants(linden, "Nils")
    asked(linden, when=When.FORTNIGHT)
    send_digests(now=monday(clock.now()))
    ways = Delivery.objects.filter(notice__topic__kind="digest").values_list("channel", flat=True)
    assert set(ways) == {"page", "email"}


def test_it_ends_when_one_says_so_leaves_or_forgets_it(linden: Scene) -> None:
    wants(linden, "Nils")
    wants(linden, "Nils")
    assert DigestChoice.objects.count() == 1
    assert wants_digest(viewer=linden.viewer("Nils"), now=clock.now())
    assert not wants_digest(viewer=linden.viewer("Nils"), now=clock.now() + LASTS)
    wants(linden, "Nils", is_wanted=False)
    wants(linden, "Nils", is_wanted=False)
    assert not DigestChoice.objects.exists()
    wants(linden, "Rosa")
    network = linden.viewer("Rosa").network
    leave_sharing(person_id=linden.id("Rosa"), network=network, now=clock.now())
    assert not DigestChoice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_it_once() -> None:
    linden = street()
    wants(linden, "Nils")
    asked(linden, when=When.FORTNIGHT)
    now, network_id = monday(clock.now()), linden.pod.network_id
    said = at_once(*[lambda: send_digest(network_id=network_id, now=now)] * 4)
    assert sorted(map(str, said)) == ["0", "0", "0", "1"]
    assert len(told()) == 1
