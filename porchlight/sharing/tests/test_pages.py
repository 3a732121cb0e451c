"""The board and the page of a need, through their addresses, as a browser without scripts."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from porchlight.alerts.tests.scene import Scene
from porchlight.kit import clock
from porchlight.notices.models import Text
from porchlight.notices.queries.words import words_of as notice_words
from porchlight.people.models import NetworkRule
from porchlight.people.tests import cast
from porchlight.sharing.actions.asking import take_back
from porchlight.sharing.actions.offers import ask_helpers
from porchlight.sharing.models import Match, Need
from porchlight.sharing.rules.needs import Meeting, Why
from porchlight.sharing.rules.states import MatchState, NeedState
from porchlight.sharing.tests.street import LINE, WORDS, agreed, asked, offered, street
from porchlight.trust.models import Reading

pytestmark = pytest.mark.django_db
SLUG = "linden"
MIDDLE = "881969541dfffff"


@pytest.fixture
def linden() -> Scene:
    return street()


def browser(found: Scene, name: str) -> Client:
    return cast.signed_in(Client(), found.people[name])


def at(name: str, *facts: Any) -> str:
    return reverse(f"sharing:{name}", args=[SLUG, *facts])


def page(client: Client, path: str, *, status: int = 200) -> str:
    """The words of a page, as somebody reads them."""
    answer = client.get(path)
    assert answer.status_code == status
    return words_in(answer.content.decode())


def words_in(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def form(**more: Any) -> dict[str, Any]:
    usual = {
        "client_key": uuid4(), "line": LINE, "when": "week", "part": "any", "people": 2,
        "helpers": 1, "meeting": "outside", "words": WORDS,
    }  # fmt: skip
    return usual | more


def press(client: Client, path: str, status: int = 302) -> str:
    """A button, as its form sends it: only «I can help» carries a key."""
    answer = client.post(path, {"client_key": uuid4()} if path.endswith("/help/") else {})
    assert answer.status_code == status
    return words_in(answer.content.decode())


def test_from_asking_to_thank_you(linden: Scene) -> None:
    lena, nils = browser(linden, "Lena"), browser(linden, "Nils")
    assert "Food and groceries" in page(lena, at("choose"))
    assert "For how many people" in page(lena, at("ask", "food"))
    sent = lena.post(at("ask", "food"), form(cell=MIDDLE))
    need = Need.objects.get()
    assert sent.headers["Location"] == at("one", need.id)
    assert WORDS in page(lena, at("one", need.id))

    board = page(nils, at("board"))
    assert LINE in board and "for 2 people" in board and "the middle" in board
    shown = page(nils, at("one", need.id))
    assert LINE in shown and WORDS not in shown and "Lena" not in shown
    press(nils, at("help", need.id))
    waiting = page(nils, at("one", need.id))
    assert "You offered to help" in waiting and WORDS not in waiting and "Lena" not in waiting
    assert "1 neighbour can help" in page(lena, at("mine"))

    match = Match.objects.get()
    assert "Nils" in page(lena, at("one", need.id))
    press(lena, at("act", need.id, match.id, "yes"))
    read = page(nils, at("one", need.id))
    assert WORDS in read and "Lena said: yes, please" in read
    assert Reading.objects.filter(disclosure__reader_id=linden.id("Nils")).count() == 1

    press(nils, at("act", need.id, match.id, "done"))
    assert "says that it is done" in page(lena, at("one", need.id))
    press(lena, at("act", need.id, match.id, "done"))
    need.refresh_from_db()
    assert need.state == NeedState.MET
    press(lena, at("act", need.id, match.id, "thank"))
    assert "Lena thanks you" in page(nils, at("one", need.id))
    assert LINE in page(nils, at("mine"))
    assert "Nothing waits for you" in page(nils, at("board"))


def test_what_is_wrong_is_said_and_what_was_typed_stays(linden: Scene) -> None:
    lena = browser(linden, "Lena")
    answer = lena.post(at("ask", "food"), form(line="Ring 0612345678", words="Blue door"))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert str(Why.HAS_NUMBER.value) in words_in(said)
    assert "Ring 0612345678" in said and "Blue door" in said
    for wrong in (
        {"line": ""}, {"line": "a" * 61}, {"people": 0}, {"helpers": 99}, {"when": "never"},
        {"when": "day"}, {"when": "day", "day": "2020-01-01"}, {"day": "nonsense"},
        {"part": "x"}, {"meeting": "x"}, {"cell": "x"}, {"client_key": "x"},
    ):  # fmt: skip
        assert lena.post(at("ask", "food"), form(**wrong)).status_code == 422, wrong
    assert not Need.objects.exists()


def test_turning_the_map_keeps_all_and_sends_nothing(linden: Scene) -> None:
    answer = browser(linden, "Lena").post(
        at("ask", "food"), form(turn="north", middle=MIDDLE, cell=MIDDLE, tells_pod="on")
    )
    said = answer.content.decode()
    assert answer.status_code == 200
    assert LINE in said and WORDS in said and f'value="{MIDDLE}" checked' in said
    assert not Need.objects.exists()


def test_dangerous_kinds_show_numbers_and_collect_nothing(linden: Scene) -> None:
    lena = browser(linden, "Lena")
    shown = lena.get(at("elsewhere")).content.decode()
    assert "tel:112" in shown
    assert "<textarea" not in shown
    assert lena.post(at("elsewhere"), form()).status_code == 405
    for about in ("violence", "papers", "health", "children"):
        assert lena.get(at("ask", about)).status_code == 404


def test_nothing_of_it_is_there_where_it_is_not_switched_on() -> None:
    ada = cast.ada()
    client, thing = cast.signed_in(Client(), ada), uuid4()
    for path in (at("board"), at("mine"), at("choose"), at("ask", "food"), at("one", thing)):
        assert client.get(path).status_code == 404
    for path in ("/n/linden/", "/n/linden/more/", "/n/linden/help/"):
        assert "/board/" not in client.get(path).content.decode()


def test_where_it_is_switched_off_meanwhile_the_two_can_still_end_it(linden: Scene) -> None:
    need = asked(linden)
    match = agreed(linden, need, "Nils")
    NetworkRule.objects.filter(key="areas.on").delete()
    lena = browser(linden, "Lena")
    assert lena.get(at("board")).status_code == 404
    assert LINE in page(lena, at("mine"))
    assert WORDS in page(browser(linden, "Nils"), at("one", need.id))
    press(browser(linden, "Nils"), at("act", need.id, match.id, "cannot"))
    press(lena, at("take-back", need.id))
    need.refresh_from_db()
    assert need.state == NeedState.WITHDRAWN


def test_a_pod_is_told_once_a_day_and_only_where_nobody_is_sure_who_it_is(linden: Scene) -> None:
    lena = browser(linden, "Lena")
    assert 'name="tells_pod"' in lena.get(at("ask", "food")).content.decode()
    asked(linden, tells_pod=True)
    assert 'name="tells_pod"' not in lena.get(at("ask", "food")).content.decode()
    ted = browser(linden, "Ted")  # in no pod
    assert 'name="tells_pod"' not in ted.get(at("ask", "food")).content.decode()


def test_home_more_and_get_help_lead_there(linden: Scene) -> None:
    client = browser(linden, "Lena")
    for path in ("/n/linden/", "/n/linden/more/", "/n/linden/help/"):
        assert "/n/linden/board/" in client.get(path).content.decode()


def test_words_are_in_nothing_that_is_sent(linden: Scene) -> None:
    """Bell, mail, text and push are made from the texts of notices (SAFETY.md 14)."""
    need = asked(linden, tells_pod=True)
    match = agreed(linden, need, "Nils")
    told = [notice_words(row.id, row.words_guarded) for row in Text.objects.all()]
    assert len(told) >= 3
    for secret in (WORDS, LINE, "Lena", "Nils", str(match.id)):
        assert secret not in repr(told)


def test_whoever_asks_reads_no_name_of_whom_they_keep_away_meanwhile(linden: Scene) -> None:
    need = asked(linden)
    offered(linden, need, "Nils")
    cast.block(linden.people["Nils"], linden.people["Lena"])
    assert "Nils" not in page(browser(linden, "Lena"), at("one", need.id))


def test_alone_at_a_strangers_home_one_waits_for_a_second(linden: Scene) -> None:
    need = asked(linden, meeting=Meeting.INSIDE)
    agreed(linden, need, "Nils")
    nils = browser(linden, "Nils")
    shown = page(nils, at("one", need.id))
    assert WORDS not in shown
    assert "It takes two" in shown
    agreed(linden, need, "Ted")
    assert WORDS in page(nils, at("one", need.id))


def test_what_is_over_is_there_only_for_the_two(linden: Scene) -> None:
    need = asked(linden)
    agreed(linden, need, "Nils")
    offered(linden, asked(linden, by="Sofie"), "Nils")
    take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    assert "Taken back" in page(browser(linden, "Lena"), at("one", need.id))
    assert "Not needed any more" in page(browser(linden, "Nils"), at("one", need.id))
    page(browser(linden, "Ted"), at("one", need.id), status=404)
    said = press(browser(linden, "Ted"), at("help", need.id), 409)
    assert str(Why.NOT_OPEN.value) in said


def test_a_no_is_a_sentence_and_nothing_changes(linden: Scene) -> None:
    need = asked(linden)
    said = press(browser(linden, "Lena"), at("help", need.id), 409)
    assert str(Why.OWN.value) in said
    match = offered(linden, need, "Nils")
    said = press(browser(linden, "Nils"), at("act", need.id, match.id, "done"), 409)
    assert str(Why.TOO_EARLY.value) in said
    assert "open for too long" not in said
    match.refresh_from_db()
    assert match.state == MatchState.OFFERED
    assert press(browser(linden, "Nils"), at("act", need.id, match.id, "nonsense"), 404)


def test_the_board_shows_kinds_parts_and_pages(linden: Scene) -> None:
    for number in range(3):
        asked(linden, by=("Lena", "Sofie", "Amir")[number], cell=MIDDLE if number else "")
    ted = browser(linden, "Ted")
    assert page(ted, at("board")).count("I can help") == 3
    assert page(ted, at("board") + f"?cell={MIDDLE}").count("Nobody yet") == 2
    assert "Nothing of this kind" in page(ted, at("board") + "?kind=ride")
    assert page(ted, at("board") + "?kind=nonsense&cell=x&sort=x&page=x").count("Nobody yet") == 3
    for number in range(51):
        Need.objects.create(
            **_copied(Need.objects.all()[0]), id=uuid4(), client_key=uuid4(), line=f"Bread {number}"
        )
    assert "Page 1 of 2" in page(ted, at("board"))
    assert "Page 2 of 2" in page(ted, at("board") + "?sort=soonest&page=2")


def _copied(need: Need) -> dict[str, Any]:
    left_out = {"id", "client_key", "line"}
    return {
        field.attname: getattr(need, field.attname)
        for field in Need._meta.concrete_fields
        if field.name not in left_out
    }


def say(client: Client, said: str, *, status: int = 200) -> str:
    """The page after somebody typed what they need."""
    answer = client.post(at("choose"), {"client_key": uuid4(), "said": said})
    assert answer.status_code == status
    return answer.content.decode()


def test_ones_own_words_lead_to_a_kind_and_nothing_is_kept(linden: Scene) -> None:
    lena = browser(linden, "Lena")
    shown = say(lena, "Milk and bread")
    assert "It may belong here" in shown
    buttons = re.findall(r'<form method="post" action="([^"]*/board/[^"]*)">', shown)
    assert buttons == [at("ask", "food")]
    assert '<input type="hidden" name="line" value="Milk and bread">' in shown
    opened = lena.post(buttons[0], {"turn": "begin", "line": "Milk and bread"})
    assert opened.status_code == 200
    assert 'value="Milk and bread"' in opened.content.decode()
    assert not Need.objects.exists()
    # All kinds stand below: nothing is decided.
    assert f'href="{at("ask", "repair")}"' in shown


def test_many_words_go_where_only_a_helper_reads_them(linden: Scene) -> None:
    lena = browser(linden, "Lena")
    said = "Milk and bread, and please ring at the green door twice, the bell is broken"
    shown = say(lena, said)
    assert f'<input type="hidden" name="words" value="{said}">' in shown
    assert 'name="line"' not in shown
    opened = lena.post(at("ask", "food"), {"turn": "begin", "words": said}).content.decode()
    assert f">\n{said}</textarea>" in opened


def test_words_about_danger_lead_to_people_to_ring_and_leave_the_screen(linden: Scene) -> None:
    shown = say(browser(linden, "Lena"), "My husband hits me")
    assert "About this we collect no story." in shown
    assert "Somebody hurts or threatens me" in shown
    assert "My husband hits me" not in shown


def test_words_that_say_nothing_are_not_guessed(linden: Scene) -> None:
    lena = browser(linden, "Lena")
    shown = say(lena, "Xyzzy <b>plugh</b>")
    assert "We do not know where that belongs" in shown
    assert "It may belong here" not in shown
    assert "<b>plugh" not in shown
    assert "Say in a few words what you need." in say(lena, "  ", status=422)


# ---------- what I can help with ----------


def offer_form(**more: Any) -> dict[str, Any]:
    return {"client_key": uuid4(), "hours": "always", "a_week": 2, "can": ["car"]} | more


def test_an_offer_is_made_changed_and_taken_off(linden: Scene) -> None:
    nils = browser(linden, "Nils")
    assert "What could you do now and then?" in page(nils, at("offers"))
    answer = nils.post(at("offer", "ride"), offer_form(hours="own", part=["2", "3"]))
    assert answer.headers["Location"] == at("offers")
    shown = page(nils, at("offers"))
    for words in ("A ride", "Monday 8–16", "At most twice a week", "I have a car"):
        assert words in shown
    assert at("offer", "ride") in nils.get(at("offers")).content.decode()
    opened = nils.get(at("offer", "ride")).content.decode()
    assert re.findall(r'name="part" value="(\d+)"[^>]*checked', opened) == ["2", "3"]
    # What one said once is the first answer for the next kind.
    another = nils.get(at("offer", "food")).content.decode()
    assert re.findall(r'name="part" value="(\d+)"[^>]*checked', another) == ["2", "3"]
    assert "Monday 8–16" not in page(browser(linden, "Sofie"), at("offers"))
    nils.post(at("stop-offer", "ride"))
    assert "What could you do now and then?" in page(nils, at("offers"))


def test_an_offer_without_hours_is_refused_and_keeps_what_was_ticked(linden: Scene) -> None:
    nils = browser(linden, "Nils")
    answer = nils.post(at("offer", "ride"), offer_form(hours="own"))
    assert answer.status_code == 422
    assert re.search(r'value="car"[^>]*checked', answer.content.decode())
    kid = browser(linden, "Kid").post(at("offer", "ride"), offer_form())
    assert kid.status_code == 422
    assert "Here a grown-up has to help." in words_in(kid.content.decode())
    assert nils.get(at("offer", "spying")).status_code == 404
    assert nils.post(at("stop-offer", "spying")).status_code == 404


def test_a_pause_is_said_and_ended_by_one_press(linden: Scene) -> None:
    nils = browser(linden, "Nils")
    nils.post(at("offer", "food"), offer_form())
    nils.post(at("pause-offers"), {"client_key": uuid4(), "weeks": "4"})
    assert "You are asked nothing until" in page(nils, at("offers"))
    need = asked(linden)
    assert ask_helpers(network_id=need.network_id, need_id=need.id, now=clock.now()) == 0
    for odd in ("99", "", "many"):
        nils.post(at("pause-offers"), {"client_key": uuid4(), "weeks": odd})
    assert "You are asked nothing until" in page(nils, at("offers"))
    nils.post(at("pause-offers"), {"client_key": uuid4(), "weeks": "0"})
    assert "Too much just now?" in page(nils, at("offers"))
    assert ask_helpers(network_id=need.network_id, need_id=need.id, now=clock.now()) == 1


def test_whoever_is_asked_reads_why_and_may_say_not_this_time(linden: Scene) -> None:
    nils, lena = browser(linden, "Nils"), browser(linden, "Lena")
    nils.post(at("offer", "food"), offer_form())
    need = asked(linden)
    ask_helpers(network_id=need.network_id, need_id=need.id, now=clock.now())
    shown = page(nils, at("mine"))
    assert "You are asked, because of what you offered" in shown
    assert "You offered this kind of help" in shown
    assert "Lena" not in shown
    assert "You are asked, because" in page(nils, at("one", need.id))
    assert "You are asked, because" not in page(browser(linden, "Ted"), at("one", need.id))
    assert "1 neighbour who offered such help was asked." in page(lena, at("one", need.id))
    assert "Nils" not in page(lena, at("one", need.id))
    nils.post(at("not-now", need.id), {"client_key": uuid4()})
    assert "You are asked" not in page(nils, at("mine"))
    assert "You are asked" not in page(nils, at("one", need.id))
    assert "I can help" in page(nils, at("one", need.id))


def test_what_it_takes_stands_on_the_card_and_in_the_form_again(linden: Scene) -> None:
    lena = browser(linden, "Lena")
    wrong = lena.post(at("ask", "carry"), form(takes=["stairs", "heavy"], line=""))
    assert len(re.findall(r'name="takes" value="(?:stairs|heavy)"[^>]*checked',
                          wrong.content.decode())) == 2  # fmt: skip
    turned = lena.post(at("ask", "carry"), form(takes=["stairs"], turn="north"))
    assert re.search(r'name="takes" value="stairs"[^>]*checked', turned.content.decode())
    lena.post(at("ask", "carry"), form(takes=["stairs"]))
    assert "Climbing stairs" in page(browser(linden, "Nils"), at("board"))
    odd = lena.post(at("ask", "carry"), form(takes=["wings"]))
    assert odd.status_code == 422


def test_asking_each_week_and_ending_it(linden: Scene) -> None:
    lena = browser(linden, "Lena")
    path = at("ask", "food")
    said = form(when="tomorrow", repeats="week", times="3")
    for wrong in ("1", "99", "x"):
        assert lena.post(path, said | {"times": wrong}).status_code == 422
    assert lena.post(path, said | {"repeats": "daily"}).status_code == 422
    assert lena.post(path, said).status_code == 302
    need = Need.objects.get()
    assert need.repeats == "FREQ=WEEKLY;INTERVAL=1;COUNT=3"
    assert "Every week · 2 more times after this one" in page(lena, at("one", need.id))
    assert "Only this time: ask for it again" in page(lena, at("take-back", need.id))
    assert lena.post(at("take-back", need.id), {"client_key": uuid4()}).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.again_at) == (NeedState.WITHDRAWN, None)
    lena.post(path, said | {"client_key": uuid4()})
    second = Need.objects.exclude(id=need.id).get()
    lena.post(at("take-back", second.id), {"client_key": uuid4(), "only_this_time": "on"})
    second.refresh_from_db()
    assert second.again_at is not None


def test_the_board_stands_in_the_menu_where_it_is_on_and_nowhere_else(linden: Scene) -> None:
    client = cast.signed_in(Client(), linden.people["Nils"])
    entry = '<a href="/n/linden/board/"{}><svg'
    assert entry.format("") in client.get("/n/linden/me/").content.decode()
    assert entry.format(' aria-current="page"') in client.get("/n/linden/board/").content.decode()
    NetworkRule.objects.filter(key="areas.on").delete()
    assert "/n/linden/board/" not in client.get("/n/linden/me/").content.decode()
