"""Somebody asks without an account: kept for the desk, opened by six words, then gone."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.contrib.staticfiles.finders import find
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts.tests.scene import Scene
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.viewer import Viewer
from porchlight.notices.models import Notice
from porchlight.people import models as people
from porchlight.people.actions.erasing import forget_empty
from porchlight.people.actions.network_rules import set_rule
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.codes import WORDS as ALL_WORDS
from porchlight.people.rules.codes import code_of
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions.by_code import act_by_code, ask_by_code, take_back_by_code
from porchlight.sharing.actions.helping import say_done
from porchlight.sharing.actions.intake import drop, forget_intakes, show_reach, take_down
from porchlight.sharing.models import Intake, Need
from porchlight.sharing.queries.by_code import opened_by_proof, opened_by_tag, proof_of
from porchlight.sharing.queries.intake import ring_backs
from porchlight.sharing.rules.by_code import PROOF_HOLDS, OutsideAsk, day_meant, is_tag, tag_of
from porchlight.sharing.rules.caps import MOST_FROM_OUTSIDE
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.intake import RING_BACK_STAYS, Call, CameBy, WhyNot
from porchlight.sharing.rules.needs import Meeting
from porchlight.sharing.rules.states import NeedState
from porchlight.sharing.rules.times import When
from porchlight.sharing.tests.street import WANTED, offered, street

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODE = "yolk-young-youth-zebra-zero-zinnia"
SAID, NUMBER = "By the old bakery", "+31612345678"
CALL = Call(came_by=CameBy.WEB, name="Noor", number=NUMBER, language="en", said=SAID)
ASKED = OutsideAsk(
    category=Category.FOOD, line="Soup for tonight", when=When.WEEK, day="", part="any", people=2,
    meeting=Meeting.OUTSIDE, words="Green door, ring twice",
)  # fmt: skip
HERE = "/n/linden/ask/"
TYPED = {
    "line": "Soup for tonight", "when": "week", "part": "any", "people": "2", "meeting": "outside",
    "words": "Green door, ring twice", "said": SAID, "language": "en", "agreed": "on",
}  # fmt: skip


@pytest.fixture
def linden(db: None) -> Scene:
    found = street()
    cast.mandate(found.people["Cora"], Role.DISPATCHER)
    return found


def outside(linden: Scene) -> Viewer:
    return Viewer(network=as_network(linden.pod.network))


def asked(linden: Scene, *, code: str = CODE, now: datetime | None = None, **more: Any) -> Intake:
    return ask_by_code(
        viewer=outside(linden), call=replace(CALL, **more), asked=ASKED, tag=tag_of(code),
        client_key=uuid4(), now=now or clock.now(),
    )  # fmt: skip


def on_board(linden: Scene, row: Intake, *, now: datetime | None = None) -> Need:
    """Cora at the desk looks at it and puts it on the board."""
    return take_down(
        viewer=linden.viewer("Cora"), call=CALL, wanted=WANTED, intake_id=row.id,
        client_key=uuid4(), now=now or clock.now(),
    )  # fmt: skip


def proof(linden: Scene, row: Intake, *, now: datetime | None = None) -> str:
    return proof_of(viewer=outside(linden), intake_id=row.id, now=now or clock.now())


# ---------- what stands for the words ----------


@given(st.lists(st.sampled_from(ALL_WORDS), min_size=6, max_size=6))
def test_words_typed_in_any_way_are_the_same_words(words: list[str]) -> None:
    tag = tag_of("-".join(words))
    assert is_tag(tag)
    typings = (" ".join(words), "  ".join(words).upper(), ", ".join(word[:4] for word in words))
    assert {tag_of(typed) for typed in typings} == {tag}
    assert tag_of(" ".join(words[:5])) != tag


def test_the_tag_is_what_it_was() -> None:
    """Changed, nobody's words would open anything any more; the browser makes the same."""
    assert tag_of(CODE) == "51823ec5ad43a1edeb74730cc96e3f06ab9cb11e56500fe4435839b86ff22bca"


def test_the_browser_has_the_same_words() -> None:
    kept = find("browser/six-words.json")
    assert kept and tuple(json.loads(Path(kept).read_text("ascii"))) == ALL_WORDS


@pytest.mark.parametrize("given", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n"])
def test_what_is_no_tag(given: str) -> None:
    assert not is_tag(given)


@pytest.mark.parametrize(
    ("when", "day", "becomes"),
    [(When.TODAY, None, (When.DAY, "2026-03-02")), (When.TOMORROW, None, (When.DAY, "2026-03-03")),
     (When.DAY, date(2026, 3, 9), (When.DAY, "2026-03-09")), (When.WEEK, None, (When.WEEK, ""))],
)  # fmt: skip
def test_today_is_the_day_it_was_said(
    when: When, day: date | None, becomes: tuple[When, str]
) -> None:
    """Half past eleven at night in London is the next day in Amsterdam."""
    late = datetime.fromisoformat("2026-03-01T23:30:00+00:00")
    assert day_meant(when, day, now=late, zone=ZoneInfo("Europe/Amsterdam")) == becomes


# ---------- from asking to thanks ----------


def test_from_the_words_to_the_thanks(linden: Scene) -> None:
    row = asked(linden)
    me = outside(linden)
    found = opened_by_tag(viewer=me, tag=tag_of(CODE), now=clock.now())
    assert found is not None and found.page is None and found.line == "Soup for tonight"
    assert not Need.objects.exists(), "nobody reads it before the desk does"

    [waits] = ring_backs(viewer=linden.viewer("Cora"), now=clock.now())
    assert waits.is_from_page
    reach = show_reach(viewer=linden.viewer("Cora"), intake_id=row.id, now=clock.now())
    assert (reach.said, reach.asked["words"]) == (SAID, "Green door, ring twice")
    need = on_board(linden, row)
    row.refresh_from_db()
    assert row.asked_guarded is None and row.code_index is not None

    match = offered(linden, need, "Nils")
    found = opened_by_tag(viewer=me, tag=tag_of(CODE), now=clock.now())
    assert found is not None and found.page is not None
    assert [one.name for one in found.page.promises] == ["Nils"]
    assert [one.person_id for one in found.page.promises] == [None]
    for what in ("yes", "done", "thank"):
        if what == "thank":
            say_done(viewer=linden.viewer("Nils"), match_id=match.id, now=clock.now())
        act_by_code(
            viewer=me, proof=proof(linden, row), match_id=match.id, what=what, now=clock.now()
        )
    match.refresh_from_db()
    assert match.state == "done" and match.thanked_at is not None
    assert broken_promises() == []


def test_the_desk_hears_once_of_many(linden: Scene) -> None:
    asked(linden)
    asked(linden, code=code_of(range(6)))
    told = Notice.objects.filter(recipient_id=linden.people["Cora"].id, purpose="told")
    assert told.count() == 1


def test_nothing_of_it_lies_open_in_the_database(linden: Scene) -> None:
    asked(linden)
    with connection.cursor() as cursor:
        cursor.execute("SELECT i::text, p::text FROM sharing_intake i, people_person p")
        kept = str(cursor.fetchall())
    words = [*CODE.split("-"), "Soup", "Green", "bakery", "Noor", NUMBER, tag_of(CODE)]
    assert [word for word in words if word in kept] == []


# ---------- what opens nothing ----------


def test_words_open_their_own_ask_in_their_own_network_while_it_lasts(linden: Scene) -> None:
    now = clock.now()
    row = asked(linden, now=now)
    me, tag = outside(linden), tag_of(CODE)
    elsewhere = Viewer(network=as_network(cast.network(slug="elsewhere")))
    assert opened_by_tag(viewer=me, tag=tag, now=now) is not None
    assert opened_by_tag(viewer=elsewhere, tag=tag, now=now) is None
    assert opened_by_tag(viewer=me, tag=tag_of("zebra zone zoo"), now=now) is None
    assert opened_by_tag(viewer=me, tag=tag, now=now + RING_BACK_STAYS) is None
    drop(viewer=linden.viewer("Cora"), intake_id=row.id, now=now)
    assert opened_by_tag(viewer=me, tag=tag, now=now) is None


def test_a_proof_holds_for_half_an_hour_for_its_own_ask(linden: Scene) -> None:
    now = clock.now()
    row = asked(linden, now=now)
    me, shown = outside(linden), proof(linden, row, now=now)
    elsewhere = Viewer(network=as_network(cast.network(slug="elsewhere")))
    assert opened_by_proof(viewer=me, proof=shown, now=now + PROOF_HOLDS - DAY / 86400)
    assert opened_by_proof(viewer=me, proof=shown, now=now + PROOF_HOLDS) is None
    assert opened_by_proof(viewer=me, proof=shown, now=now - HOUR) is None
    assert opened_by_proof(viewer=elsewhere, proof=shown, now=now) is None
    for forged in ("", "x", "é", shown[:-4], shown[:20] + "A" * (len(shown) - 20), "a" * 4096):
        assert opened_by_proof(viewer=me, proof=forged, now=now) is None, forged


def test_a_proof_of_what_the_desk_took_down_by_phone_opens_nothing(linden: Scene) -> None:
    need = take_down(
        viewer=linden.viewer("Cora"), call=replace(CALL, came_by=CameBy.PHONE), wanted=WANTED,
        client_key=uuid4(), now=clock.now(),
    )  # fmt: skip
    shown = proof(linden, Intake.objects.get(need=need))
    assert opened_by_proof(viewer=outside(linden), proof=shown, now=clock.now()) is None


def test_nobody_answers_an_offer_to_another(linden: Scene) -> None:
    mine, theirs = asked(linden), asked(linden, code=code_of(range(6)), number="", name="")
    match = offered(linden, on_board(linden, theirs), "Nils")
    with pytest.raises(NotHere):
        act_by_code(
            viewer=outside(linden), proof=proof(linden, mine), match_id=match.id, what="yes",
            now=clock.now(),
        )  # fmt: skip
    match.refresh_from_db()
    assert match.state == "offered"


# ---------- what cannot be asked ----------


def refused(linden: Scene, **more: Any) -> Any:
    before = people.Person.objects.count()
    with pytest.raises(Refusal) as no:
        asked(linden, **more)
    assert people.Person.objects.count() == before
    return no.value.why


def allow(linden: Scene, many: int) -> None:
    now = clock.now()
    set_rule(
        viewer=Viewer.system(as_network(linden.pod.network), "test"), key=MOST_FROM_OUTSIDE,
        value=many, reason="We said so", decided_by=None, from_at=now, client_key=uuid4(), now=now,
    )  # fmt: skip


def test_words_that_were_used_or_are_none_are_not_taken(linden: Scene) -> None:
    asked(linden)
    assert refused(linden) is WhyNot.NEW_WORDS
    with pytest.raises(Refusal):
        ask_by_code(
            viewer=outside(linden), call=CALL, asked=ASKED, tag="", client_key=uuid4(),
            now=clock.now(),
        )  # fmt: skip


def test_no_more_wait_at_once_than_the_people_here_want(linden: Scene) -> None:
    allow(linden, 1)
    row = asked(linden)
    assert refused(linden, code=code_of(range(6))) is WhyNot.DESK_IS_FULL
    on_board(linden, row)
    asked(linden, code=code_of(range(6)))


def test_closed_where_they_want_none_or_nobody_sits_at_the_desk(linden: Scene) -> None:
    allow(linden, 0)
    with pytest.raises(NotHere):
        asked(linden)
    allow(linden, 1)
    people.Mandate.objects.all().delete()
    with pytest.raises(NotHere):
        asked(linden)


def test_a_form_sent_twice_is_one_ask(linden: Scene) -> None:
    key = uuid4()
    rows = [
        ask_by_code(
            viewer=outside(linden), call=CALL, asked=ASKED, tag=tag_of(CODE), client_key=key,
            now=clock.now(),
        )
        for _ in range(2)
    ]  # fmt: skip
    assert rows[0].id == rows[1].id and Intake.objects.count() == 1


# ---------- afterwards ----------


def test_taken_back_before_the_desk_looked_nothing_stays(linden: Scene) -> None:
    row = asked(linden)
    guest = row.guest_id
    take_back_by_code(viewer=outside(linden), proof=proof(linden, row), now=clock.now())
    assert not Intake.objects.exists()
    forget_empty(now=clock.now() + 2 * DAY)
    assert not people.Person.objects.filter(id=guest).exists()


def test_taken_back_from_the_board_its_helper_hears(linden: Scene) -> None:
    row = asked(linden)
    need = on_board(linden, row)
    offered(linden, need, "Nils")
    take_back_by_code(viewer=outside(linden), proof=proof(linden, row), now=clock.now())
    need.refresh_from_db()
    assert need.state == NeedState.WITHDRAWN
    assert Notice.objects.filter(recipient_id=linden.people["Nils"].id).exists()
    found = opened_by_tag(viewer=outside(linden), tag=tag_of(CODE), now=clock.now())
    assert found is not None and found.page is not None and not found.page.is_open
    assert broken_promises() == []


def test_nobody_looked_for_a_week_and_it_is_gone(linden: Scene) -> None:
    now = clock.now()
    asked(linden, now=now)
    assert forget_intakes(now=now + RING_BACK_STAYS) == 1
    forget_intakes(now=now + RING_BACK_STAYS + HOUR)
    forget_empty(now=now + RING_BACK_STAYS + 2 * DAY)
    assert not people.Person.objects.filter(level="guest").exists()


@pytest.mark.django_db(transaction=True)
def test_taken_back_and_put_on_the_board_at_once(transactional_db: None) -> None:
    """Either it is gone and the desk hears so, or it stands there and is taken back."""
    linden = street()
    cast.mandate(linden.people["Cora"], Role.DISPATCHER)
    row = asked(linden)
    shown = proof(linden, row)

    def take_it_back() -> None:
        take_back_by_code(viewer=outside(linden), proof=shown, now=clock.now())

    def put_it_there() -> None:
        on_board(linden, row)

    ended = at_once(take_it_back, put_it_there)
    needs = list(Need.objects.values_list("state", flat=True))
    assert needs in ([], [NeedState.WITHDRAWN]), (needs, ended)
    assert broken_promises() == []


# ---------- through the pages ----------


def words_of(client: Client) -> list[str]:
    html = client.get(f"{HERE}words/").content.decode()
    return re.findall(r"<b>([a-z]+)</b>", html)


def places_of(client: Client) -> list[int]:
    html = client.get(f"{HERE}words/").content.decode()
    found = re.search(r'data-places="(\d),(\d)"', html)
    assert found
    return [int(one) for one in found.groups()]


def sent(client: Client, **more: str) -> Any:
    assert client.post(f"{HERE}for/food/", TYPED | {"client_key": str(uuid4())}).status_code == 302
    return client.post(f"{HERE}words/", {"client_key": str(uuid4())} | more)


def test_through_the_pages_without_scripts(linden: Scene) -> None:
    client = Client()
    client.post(f"{HERE}for/food/", TYPED | {"client_key": str(uuid4())})
    words, places = words_of(client), places_of(client)
    wrong = client.post(f"{HERE}words/", {"client_key": str(uuid4()), "words": "zoo zoo"})
    assert wrong.status_code == 422 and words_of(client) == words
    back = " ".join(words[place] for place in places)
    done = client.post(f"{HERE}words/", {"client_key": str(uuid4()), "words": back})
    assert done.status_code == 302 and done["Location"] == f"{HERE}sent/"
    assert client.get(f"{HERE}words/").status_code == 302, "shown once"
    row = Intake.objects.get()
    assert row.came_by == CameBy.WEB and row.taken_by_id is None

    other = Client()
    opened = other.post(f"{HERE}back/", {"words": " ".join(words), "client_key": str(uuid4())})
    assert opened.status_code == 200 and b"Soup for tonight" in opened.content
    assert not [one for one in other.cookies if one not in {"porch-form"}]


def test_what_the_browser_made_is_never_asked_for(linden: Scene) -> None:
    client = Client()
    assert sent(client, tag=tag_of(CODE)).status_code == 302
    opened = Client().post(f"{HERE}back/", {"tag": tag_of(CODE), "client_key": str(uuid4())})
    assert opened.status_code == 200 and b"Soup for tonight" in opened.content


def test_words_that_are_used_already_are_changed_for_others(linden: Scene) -> None:
    """By the same places, so that what the page asks to be typed back stays true."""
    asked(linden)
    client = Client()
    answer = sent(client, tag=tag_of(CODE))
    assert answer.status_code == 422 and "These words cannot be used." in answer.content.decode()
    words, places = words_of(client), places_of(client)
    back = " ".join(words[place] for place in places)
    done = client.post(f"{HERE}words/", {"client_key": str(uuid4()), "words": back})
    assert done.status_code == 302 and Intake.objects.count() == 2


def shape(response: Any) -> tuple[int, str, int]:
    """Status, words and size, without the token against forgery and the form's own key."""
    html = re.sub(r"\w{64}|[0-9a-f-]{36}", "", response.content.decode())
    return response.status_code, html, len(response.content)


def test_wrong_over_and_foreign_words_get_the_same_page(linden: Scene) -> None:
    """In words, status and size."""
    asked(linden)
    assert Intake.objects.update(expires_at=clock.now() - HOUR) == 1
    kinds = {
        "over": CODE, "wrong": "zoo zoo zoo zoo zoo zoo", "one word": "zoo", "no letter": "1 2 3",
        "not of the list": "qwert yuiop asdfg hjkl zxcv bnm", "nothing": "",
    }  # fmt: skip
    shapes = {
        name: shape(Client().post(f"{HERE}back/", {"words": typed, "client_key": str(uuid4())}))
        for name, typed in kinds.items()
    }
    assert len(set(shapes.values())) == 1
    status, html, _ = shapes["wrong"]
    assert status == 422 and "These words open nothing" in html and "zoo" not in html


def test_acting_and_taking_back_through_the_page(linden: Scene) -> None:
    row = asked(linden)
    need = on_board(linden, row)
    match = offered(linden, need, "Nils")
    client = Client()
    page = client.post(f"{HERE}back/", {"tag": tag_of(CODE), "client_key": str(uuid4())})
    found = re.search(r'name="proof" value="([^"]+)"', page.content.decode())
    assert found and b"Nils" in page.content and b"/keep-away" not in page.content
    act = f"{HERE}back/{need.id}/{match.id}/yes/"
    assert client.post(act, {"proof": found[1]}).status_code == 200
    match.refresh_from_db()
    assert match.state == "confirmed"
    again = client.post(act, {"proof": found[1]})
    assert again.status_code in {200, 409}
    gone = client.post(f"{HERE}back/", {"proof": found[1], "take-back": "1"})
    need.refresh_from_db()
    assert gone.status_code == 200 and need.state == NeedState.WITHDRAWN


def test_the_desk_finds_the_form_filled_in(linden: Scene) -> None:
    row = asked(linden, number="", name="")
    cora = cast.signed_in(Client(), linden.people["Cora"])
    path = f"/n/linden/board/desk/call/{row.id}/"
    html = cora.get(path).content.decode()
    assert "Asked on our page" in html and 'value="Soup for tonight"' in html
    assert "Green door, ring twice" in html and SAID in html
    filled = TYPED | {"came_by": "phone", "category": "food", "helpers": "1", "takes": []}
    done = cora.post(path, filled | {"client_key": str(uuid4()), "cell": ""})
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.need is not None and row.came_by == CameBy.WEB


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"agreed": ""}, "Tick that you know who reads it"), ({"line": ""}, "what you need"),
     ({"line": "Call 0612345678"}, "Everybody here can read this line"),
     ({"number": "12"}, "phone number"), ({"when": "day"}, "day")],
)  # fmt: skip
def test_a_no_keeps_what_was_typed(linden: Scene, typed: dict[str, str], sentence: str) -> None:
    client = Client()
    answer = client.post(f"{HERE}for/food/", TYPED | {"client_key": str(uuid4())} | typed)
    html = answer.content.decode()
    assert answer.status_code == 422 and sentence in html
    assert "Green door, ring twice" in html and not Intake.objects.exists()


def test_about_what_is_dangerous_numbers_come_first(linden: Scene) -> None:
    said = {"said": "My husband beats me and I am afraid"}
    client = Client()
    client.post(f"{HERE}for/food/", TYPED | {"client_key": str(uuid4())} | said)
    html = client.get(f"{HERE}words/").content.decode()
    assert "If it is about this, ring first" in html and "beats" not in html


def test_where_it_is_off_there_is_no_page(db: None) -> None:
    cast.network()
    for path in ("", "words/", "sent/", "back/", "for/food/"):
        assert Client().get(f"{HERE}{path}").status_code == 404, path


def test_two_of_one_kind_do_not_share_a_guest(linden: Scene) -> None:
    first, second = asked(linden), asked(linden, code=code_of(range(6)))
    assert isinstance(first.guest_id, UUID) and first.guest_id != second.guest_id
