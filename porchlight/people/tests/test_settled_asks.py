"""What is settled asks nobody any more, and a tap that came too late does not read as a yes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.notices.actions import mark_answered
from porchlight.notices.models import Notice, Topic
from porchlight.people import models
from porchlight.people.actions import asks, buddies
from porchlight.people.actions.closing import close_old_asks
from porchlight.people.queries.invariants import settled_asks_ask_nobody
from porchlight.people.rules.asks import Why as AskWhy
from porchlight.people.rules.circles import Why
from porchlight.people.tests import cast

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=6)


def ask(who: models.Person, pod: models.Circle) -> models.MembershipAsk:
    return asks.ask_to_join(
        person_id=who.id, circle_id=pod.id, source="test", client_key=uuid4(), now=clock.now()
    )


def tap_yes(who: models.Person) -> Notice:
    notice = Notice.objects.get(recipient_id=who.id, wants_answer=True)
    mark_answered(viewer=cast.viewer(who), notice_id=notice.id, answer="yes", now=clock.now())
    notice.refresh_from_db()
    return notice


def is_broken() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(settled_asks_ask_nobody()[1])
        return bool(cursor.fetchall())


def test_a_tap_that_is_refused_is_seen_not_answered_and_says_why(client: Client) -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = cast.circle()
    cast.membership(bo, pod)
    ask(fay, pod)
    cast.membership(fay, cast.circle("Oak pod"))  # another pod was quicker
    notice = tap_yes(bo)
    assert (notice.answer, notice.answered_at) == ("", None)
    assert notice.seen_at is not None
    assert not models.Membership.objects.filter(person=fay, circle=pod).exists()
    shown = cast.signed_in(client, bo).get(reverse("notices:news", args=["linden"]))
    assert Why.THEY_HAVE_A_POD.value in shown.content.decode()


def test_a_tap_on_what_does_not_exist_for_them_says_that_it_is_over(client: Client) -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = cast.circle()
    cast.membership(bo, pod)
    ask(fay, pod)
    cast.block(bo, fay)
    assert tap_yes(bo).answer == ""
    shown = cast.signed_in(client, bo).get(reverse("notices:news", args=["linden"]))
    assert AskWhy.OVER.value in shown.content.decode()


def test_the_sweep_closes_what_a_crash_after_the_commit_left_open() -> None:
    # What runs after a commit does not run in this test: the same as a crash right then.
    bo, fay, eli = cast.bo(), cast.person("Fay"), cast.person("Eli")
    pod = cast.circle()
    cast.membership(bo, pod)
    cast.membership(eli, pod)
    waiting = ask(fay, pod)
    pair = buddies.ask_buddy(
        viewer=cast.viewer(bo), person_id=eli.id, client_key=uuid4(), now=clock.now()
    )
    asks.answer_ask(viewer=cast.viewer(bo), ask_id=waiting.id, yes=True, now=clock.now())
    buddies.answer_buddy(viewer=cast.viewer(eli), buddy_id=pair.id, yes=True, now=clock.now())
    lost = Topic.objects.filter(about__in=[waiting.id, pair.id], kind__endswith="_ask")
    assert [topic.closed_at for topic in lost] == [None, None]
    yesterday = clock.now() - timedelta(days=2)
    for rows in (models.MembershipAsk.objects, models.Buddy.objects):
        rows.update(answered_at=yesterday)
    assert is_broken()
    assert [close_old_asks(now=clock.now() + MINUTES) for _again in range(2)] == [2, 0]
    assert all(topic.closed_at is not None for topic in lost.all())
    assert not is_broken()


def test_an_open_ask_goes_on_asking() -> None:
    bo, fay = cast.bo(), cast.person("Fay")
    pod = cast.circle()
    cast.membership(bo, pod)
    waiting = ask(fay, pod)
    assert close_old_asks(now=clock.now() + MINUTES) == 0
    assert Topic.objects.get(about=waiting.id).closed_at is None
