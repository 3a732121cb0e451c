"""The link to a need for a chat group or a wall: what it shows, to whom, and until when."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from porchlight.alerts.tests.scene import Scene
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions.asking import take_back
from porchlight.sharing.actions.outside import end_link, show_outside
from porchlight.sharing.models import Need, SharingEvent
from porchlight.sharing.rules.needs import Why
from porchlight.sharing.tests.street import LINE, WORDS, agreed, asked, offered, street


@pytest.fixture
def linden(db: None) -> Scene:
    return street()


def shown(linden: Scene, need: Need) -> str:
    return show_outside(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())


def read(linden: Scene, link: str, name: str = "") -> Any:
    client = cast.signed_in(Client(), linden.people[name]) if name else Client()
    return client.get(f"/n/{linden.pod.network.slug}/asks/{link}/")


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_stranger_reads_what_and_when_and_nothing_else(linden: Scene) -> None:
    need = asked(linden, cell="881969541dfffff")
    said = text(read(linden, shown(linden, need)))
    assert LINE in said
    assert "Still open" in said
    for hidden in ("Lena", WORDS, "Sofie", need.cell, str(need.asker_id)):
        assert hidden not in said


def test_a_preview_in_a_chat_gives_nothing_away(linden: Scene) -> None:
    """Chats show a page's head: its title and description."""
    said = text(read(linden, shown(linden, asked(linden))))
    head = said[: said.index("</head>")]
    assert LINE not in head
    assert "A neighbour asks for something" in head
    assert 'property="og:' not in head


def test_the_page_follows_how_far_it_is(linden: Scene) -> None:
    need = asked(linden)
    link = shown(linden, need)
    offered(linden, need, "Sofie")
    assert "Still open" in text(read(linden, link))
    agreed(linden, need, "Nils")
    taken = text(read(linden, link))
    assert "Somebody comes" in taken
    assert "Nils" not in taken
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    assert "Not needed any more" in text(read(linden, link))


def test_over_by_the_clock_is_over_on_the_page(linden: Scene) -> None:
    need = asked(linden)
    link = shown(linden, need)
    Need.objects.filter(id=need.id).update(
        from_at=clock.now() - timedelta(days=2), until_at=clock.now() - timedelta(hours=1)
    )
    assert "Not needed any more" in text(read(linden, link))


def test_an_ended_link_and_one_that_never_was_are_the_same(linden: Scene) -> None:
    link = shown(linden, asked(linden))
    need = Need.objects.get(shared_as=link)
    end_link(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    ended, never = read(linden, link), read(linden, "abcdefghijkl")
    assert (ended.status_code, never.status_code) == (404, 404)
    nothing = re.compile(rf"{link}|abcdefghijkl|nonce=\"[^\"]+\"|value=\"[^\"]+\"|\"X-CSRF[^}}]+")
    assert nothing.sub("", ended.content.decode()) == nothing.sub("", never.content.decode())
    assert shown(linden, need) != link  # made anew, the old one stays dead
    assert read(linden, link).status_code == 404


def test_who_is_kept_apart_reads_nothing(linden: Scene) -> None:
    link = shown(linden, asked(linden))
    assert read(linden, link, "Nils").status_code == 200
    assert read(linden, link, "Xenia").status_code == 404


def test_who_left_is_not_asked_for_any_more(linden: Scene) -> None:
    link = shown(linden, asked(linden))
    linden.people["Lena"].left_at = clock.now()
    linden.people["Lena"].save()
    assert read(linden, link).status_code == 404


def test_only_whoever_asks_makes_or_ends_it(linden: Scene) -> None:
    need = asked(linden)
    shown(linden, need)
    for name in ("Sofie", "Nils", "Cora", "Xenia"):
        for deed in (show_outside, end_link):
            with pytest.raises(NotHere):
                deed(viewer=linden.viewer(name), need_id=need.id, now=clock.now())
    need.refresh_from_db()
    assert need.shared_as


def test_what_is_over_gets_no_link(linden: Scene) -> None:
    need = asked(linden)
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    with pytest.raises(Refusal) as no:
        shown(linden, need)
    assert no.value.why is Why.NOT_OPEN


def test_twice_is_one_link(linden: Scene) -> None:
    need = asked(linden)
    first = shown(linden, need)
    assert shown(linden, need) == first
    assert re.fullmatch(r"[a-z2-7]{12}", first)
    assert SharingEvent.objects.filter(need=need, verb="shown").count() == 1


def test_the_pages_of_whoever_asks(linden: Scene) -> None:
    need = asked(linden)
    client = cast.signed_in(Client(), linden.people["Lena"])
    here = f"/n/{linden.pod.network.slug}/board/{need.id}"
    assert client.get(f"{here}/poster/").status_code == 404  # no link yet
    form = {"client_key": str(need.id)}
    assert client.post(f"{here}/link/", form).status_code == 302
    need.refresh_from_db()
    assert f"/asks/{need.shared_as}/" in text(client.get(f"{here}/link/"))
    poster = text(client.get(f"{here}/poster/"))
    assert poster.count(f"/asks/{need.shared_as}/</span></span>") == 8
    assert LINE in poster
    assert WORDS not in poster
    assert client.post(f"{here}/link/", form | {"end": "1"}).status_code == 302
    need.refresh_from_db()
    assert need.shared_as is None
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    assert client.post(f"{here}/link/", form).status_code == 409
    assert broken_promises() == []


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_is_one_link() -> None:
    linden = street()
    need = asked(linden)
    links = at_once(*[lambda: shown(linden, need)] * 5)
    assert len(set(links)) == 1
