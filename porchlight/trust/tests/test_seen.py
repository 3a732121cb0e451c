"""«Who may see my address and words»: its page, its way there, and the same in one's own file."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.kit.viewer import Scope
from porchlight.people import models
from porchlight.people.tests import cast
from porchlight.trust.actions.disclosures import stop_showing
from porchlight.trust.models import Disclosure
from porchlight.trust.queries.seen import ROWS_A_PAGE, export_of, seen_page
from porchlight.trust.tests.test_disclosures import DAY, HOUR, THING, end, looking, read, show

pytestmark = pytest.mark.django_db
ADDRESS = "/n/linden/me/seen/"


def fresh(who: models.Person) -> Client:
    """Their browser, just after they typed their password."""
    browser = cast.signed_in(Client(), who)
    said = browser.post(ADDRESS, {"client_key": uuid4(), "password": cast.PASSWORD})
    assert said.status_code == 302
    return browser


def words_of(browser: Client, address: str = ADDRESS) -> str:
    shown = browser.get(address)
    assert shown.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown.content.decode()))


def stop_address(owner: models.Person) -> str:
    shown = Disclosure.objects.filter(owner=owner, revoked_at=None).get()
    return reverse("trust:stop-showing", args=[owner.network.slug, shown.id])


def test_the_page_asks_for_the_password_and_shows_nothing_before(client: Client) -> None:
    ada, bo = cast.ada(), cast.person("Bartholomew")
    show(ada, bo)
    browser = cast.signed_in(client, ada)
    assert "Bartholomew" not in browser.get(ADDRESS).content.decode()
    wrong = browser.post(ADDRESS, {"client_key": uuid4(), "password": "wrong"})
    assert (wrong.status_code, "Bartholomew" in wrong.content.decode()) == (422, False)
    assert "Bartholomew" in words_of(fresh(ada))


def test_ten_minutes_later_it_asks_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    browser = fresh(ada)
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "May see it now" not in words_of(browser)
    assert browser.post(stop_address(ada)).status_code == 302
    assert read(bo, later), "a password typed long ago ends nothing"


def test_one_finds_the_page_from_ones_own(client: Client) -> None:
    browser = cast.signed_in(client, cast.bo())
    assert f'href="{ADDRESS}"' in browser.get("/n/linden/me/").content.decode()


def test_nothing_shown_says_so() -> None:
    words = words_of(fresh(cast.bo()))
    assert "Nobody" in words
    assert "May see it now" not in words


def test_what_may_be_read_comes_first_with_its_readings_and_then_what_is_over() -> None:
    ada, bo, eli, gus = cast.ada(), cast.bo(), cast.person("Eli"), cast.person("Gus")
    now = clock.now() - HOUR
    show(ada, bo, eli, gus, now=now)
    for minutes in (0, 15, 30):
        read(bo, now + timedelta(minutes=minutes))
    read(gus, now, how="text")
    end(ada, reader_ids=[gus.id])
    words = words_of(fresh(ada))
    current, over = words.split("No longer")
    assert "Read it 3 times" in current
    assert "Has not read it yet." in current
    assert "in a text we sent" in over
    assert ("Gus" in current, "Bo" in over) == (False, False)
    assert "Where I was, and what I wrote for whoever comes" in current


def test_one_tap_ends_it_and_a_second_one_changes_nothing() -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    browser, address = fresh(ada), stop_address(ada)
    assert read(bo)
    assert browser.post(address).status_code == 302
    assert not read(bo)
    assert "Stop showing" not in words_of(browser)
    ended = Disclosure.objects.get().revoked_at
    assert browser.post(address).status_code == 302
    assert Disclosure.objects.get().revoked_at == ended


def test_nobody_else_ends_it_or_sees_it(client: Client) -> None:
    ada, bo, cy = cast.ada(), cast.bo(), cast.cy()
    show(ada, bo)
    address = stop_address(ada)
    assert fresh(bo).post(address).status_code == 404
    assert "Ada" not in words_of(fresh(bo)).replace("Ada Street", "")
    assert cast.signed_in(client, cy).post(address).status_code == 404
    row = Disclosure.objects.get()
    for viewer in (looking(bo), looking(ada, Scope.LINK), looking(ada, Scope.ALERT_KEY)):
        with pytest.raises(NotHere):
            stop_showing(viewer=viewer, disclosure_id=row.id, now=clock.now())
        if viewer.person_id == ada.id:
            with pytest.raises(NotHere):
                seen_page(viewer=viewer, number="1", now=clock.now())
    assert Disclosure.objects.get().revoked_at is None


def test_somebody_who_left_long_ago_has_no_name() -> None:
    ada, bo = cast.ada(), cast.bo()
    show(ada, bo)
    models.Person.objects.filter(id=bo.id).update(name="", left_at=clock.now())
    assert "Somebody who left" in words_of(fresh(ada))


def test_long_lists_come_in_pages_at_the_same_cost(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    ada, now = cast.ada(), clock.now()
    for number in range(ROWS_A_PAGE + 5):
        who = cast.person(f"N{number:02}", with_login=False)
        show(ada, who, now=now + timedelta(seconds=number))
        if number < 3:
            end(ada, reader_ids=[who.id], now=now + HOUR)
        if number in {0, ROWS_A_PAGE + 4}:
            with django_assert_num_queries(5):
                seen_page(viewer=looking(ada), number="1", now=now + HOUR)
    first = seen_page(viewer=looking(ada), number="nonsense", now=now + HOUR)
    second = seen_page(viewer=looking(ada), number="2", now=now + HOUR)
    assert (len(first.now), len(first.over)) == (ROWS_A_PAGE, 0)
    assert [line.opened.name for line in second.now] == ["N04", "N03"]
    assert [line.opened.name for line in second.over] == ["N02", "N01", "N00"]


def test_ones_own_file_holds_what_is_shown_and_the_readings() -> None:
    ada, bo, now = cast.ada(), cast.bo(), clock.now()
    show(ada, bo, now=now, until_at=now + HOUR)
    show(bo, ada, thing_id=UUID(int=8), now=now)
    read(bo, now)
    browser = fresh(ada)
    got = browser.get(reverse("people:export", args=["linden"]))
    with zipfile.ZipFile(io.BytesIO(got.content)) as together:
        file = json.loads(together.read("everything.json"))
    [line] = file["who_may_see_my_words"]
    assert (line["what"], line["to"], line["stopped_at"]) == ("alert.door", "Bo", None)
    assert [one["how"] for one in line["read"]] == ["page"]
    assert str(THING) not in str(line)
    with pytest.raises(NotHere):
        export_of(viewer=looking(bo), person_id=ada.id)
    end(ada, now=now + HOUR / 2)
    [line] = export_of(viewer=looking(ada), person_id=ada.id)["who_may_see_my_words"]
    assert line["until"] == line["stopped_at"] == now + HOUR / 2 < now + DAY
