"""Asking, promising, agreeing, keeping it or not: who may do what, who hears, who reads where."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from porchlight.alerts.tests.scene import Scene
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.notices.models import Notice
from porchlight.notices.queries.words import words_of as notice_words
from porchlight.people.actions.blocks import block
from porchlight.people.actions.deaths import close_account
from porchlight.people.actions.erasing import erase_me
from porchlight.people.actions.me import leave_network
from porchlight.people.models import Person
from porchlight.people.queries.signing_in import as_network
from porchlight.people.rules.rights import Level
from porchlight.people.tests import cast
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions import asking, forgetting, helping
from porchlight.sharing.models import Match, Need, NeedWords, SharingEvent
from porchlight.sharing.queries.board import Board, board
from porchlight.sharing.queries.one import mine, need_page, words_of
from porchlight.sharing.rules.needs import (
    DONE_BY_ONE_AFTER,
    LAPSES_AFTER,
    REMINDED_AFTER,
    SHOWN,
    SHOWN_AFTER,
    Meeting,
    Why,
)
from porchlight.sharing.rules.states import MatchState, NeedState
from porchlight.sharing.rules.times import When
from porchlight.sharing.tasks import follow_sharing
from porchlight.sharing.tests.street import LINE, WANTED, WORDS, agreed, asked, offered, street
from porchlight.trust.actions.disclosures import stop_showing
from porchlight.trust.models import Disclosure

pytestmark = pytest.mark.django_db
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def linden() -> Iterator[Scene]:
    """The street; afterwards every promise of the area still holds."""
    found = street()
    yield found
    assert broken_promises("sharing", "trust") == []


def seen(found: Scene, name: str, **more: Any) -> Board:
    facts: dict[str, Any] = {"category": "", "cell": "", "is_soonest": False, "number": "1"}
    return board(viewer=found.viewer(name), now=clock.now(), **(facts | more))


def titles(found: Scene, name: str) -> list[str]:
    """What somebody was told, oldest first."""
    rows = Notice.objects.filter(recipient_id=found.id(name), topic__kind="sharing")
    texts = [row.text for row in rows.select_related("text").order_by("told_at", "id")]
    return [notice_words(text.id, text.words_guarded).title for text in texts]


def readers(need: Need) -> set[Any]:
    rows = Disclosure.objects.filter(thing_id=need.id, what=SHOWN, revoked_at=None)
    return set(rows.values_list("reader_id", flat=True))


# ---------- asking ----------


def test_what_is_asked_stands_on_the_board_without_a_name(linden: Scene) -> None:
    need = asked(linden, tells_pod=True)
    shown = seen(linden, "Nils").cards
    assert [card.id for card in shown] == [need.id]
    assert shown[0].line == LINE
    assert "Lena" not in repr(shown)
    assert WORDS not in repr(shown)
    assert seen(linden, "Lena").cards == []  # one's own stands in one's own list
    assert [line.id for line in mine(viewer=linden.viewer("Lena"), now=clock.now()).asked] == [
        need.id
    ]
    assert titles(linden, "Sofie") == ["Somebody of your pod asks for something"]
    assert titles(linden, "Nils") == []


def test_the_pod_hears_only_if_whoever_asks_wants_it(linden: Scene) -> None:
    asked(linden)
    assert titles(linden, "Sofie") == []


def test_the_same_form_twice_is_one_need(linden: Scene) -> None:
    key, now = uuid4(), clock.now()
    facts: dict[str, Any] = {"viewer": linden.viewer("Lena"), "wanted": WANTED, "now": now}
    assert asking.ask_for(**facts, client_key=key).id == asking.ask_for(**facts, client_key=key).id
    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"line": " "}, Why.NO_LINE),
        ({"line": "a" * 61}, Why.TOO_LONG),
        ({"line": "Ring 0612345678"}, Why.HAS_NUMBER),
        ({"line": "Bread for Lena"}, Why.NAMES_SOMEBODY),
        ({"line": "Bread, ask Amir"}, Why.NAMES_SOMEBODY),
        ({"when": When.DAY, "day": None}, Why.NO_TIME),
        ({"cell": "nonsense"}, Why.NO_PLACE),
        ({"cell": "881f1d4887fffff"}, Why.NO_PLACE),  # another country
    ],
)
def test_what_cannot_be_asked_is_said_plainly(
    linden: Scene, more: dict[str, Any], why: Why
) -> None:
    with pytest.raises(Refusal) as no, transaction.atomic():
        asked(linden, **more)
    assert no.value.why is why
    assert not Need.objects.exists()


def test_a_network_says_how_much_one_may_ask_for_at_once(linden: Scene) -> None:
    for _time in range(5):
        asked(linden)
    with pytest.raises(Refusal) as no, transaction.atomic():
        asked(linden)
    assert no.value.why is Why.TOO_MANY
    asking.take_back(
        viewer=linden.viewer("Lena"), need_id=Need.objects.all()[0].id, now=clock.now()
    )
    asked(linden)


def test_nothing_can_be_asked_where_it_is_not_switched_on() -> None:
    cy = cast.cy()
    with pytest.raises(NotHere):
        asking.ask_for(viewer=cast.viewer(cy), wanted=WANTED, client_key=uuid4(), now=clock.now())


def test_taking_it_back_tells_whoever_promised(linden: Scene) -> None:
    need = asked(linden)
    offered(linden, need, "Sofie")
    agreed(linden, need, "Nils")
    for _twice in range(2):
        asking.take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    need.refresh_from_db()
    assert need.state == NeedState.WITHDRAWN
    assert set(Match.objects.values_list("state", flat=True)) == {"cancelled"}
    assert readers(need) == set()
    assert titles(linden, "Nils")[-1] == titles(linden, "Sofie")[-1]
    assert titles(linden, "Nils").count("Your help is not needed any more") == 1


def test_nobody_takes_back_what_is_not_theirs(linden: Scene) -> None:
    need = asked(linden)
    with pytest.raises(NotHere), transaction.atomic():
        asking.take_back(viewer=linden.viewer("Nils"), need_id=need.id, now=clock.now())


# ---------- promising and agreeing ----------


def test_where_to_come_is_read_after_a_yes_and_not_before(linden: Scene) -> None:
    need = asked(linden)
    match = offered(linden, need, "Nils")
    assert readers(need) == set()
    page = need_page(viewer=linden.viewer("Nils"), need_id=need.id, now=clock.now())
    assert page.promise is not None
    assert page.promise.name == ""
    assert page.meeting == ""
    helping.answer_offer(
        viewer=linden.viewer("Lena"), match_id=match.id, is_yes=True, now=clock.now()
    )
    assert readers(need) == {linden.id("Nils")}
    page = need_page(viewer=linden.viewer("Nils"), need_id=need.id, now=clock.now())
    assert page.promise is not None
    assert page.promise.name == "Lena"
    assert words_of(viewer=linden.viewer("Nils"), need_id=need.id) == WORDS
    assert titles(linden, "Nils") == ["Your help is wanted"]
    assert titles(linden, "Lena") == ["Somebody can help"]


def test_offering_twice_is_one_promise(linden: Scene) -> None:
    need = asked(linden)
    assert offered(linden, need, "Nils").id == offered(linden, need, "Nils").id
    assert titles(linden, "Lena") == ["Somebody can help"]


def test_who_heard_not_this_time_reads_that_enough_help(linden: Scene) -> None:
    need = asked(linden)
    match = offered(linden, need, "Nils")
    helping.answer_offer(
        viewer=linden.viewer("Lena"), match_id=match.id, is_yes=False, now=clock.now()
    )
    with pytest.raises(Refusal) as no, transaction.atomic():
        offered(linden, need, "Nils")
    assert no.value.why is Why.ENOUGH
    assert titles(linden, "Nils") == ["Your help is not needed any more"]


@pytest.mark.parametrize(
    ("name", "why"), [("Lena", Why.OWN), ("Kid", Why.UNDER_18), ("Nils", None)]
)
def test_who_may_offer(linden: Scene, name: str, why: Why | None) -> None:
    need = asked(linden)
    if why is None:
        assert offered(linden, need, name).state == MatchState.OFFERED
        return
    with pytest.raises(Refusal) as no, transaction.atomic():
        offered(linden, need, name)
    assert no.value.why is why


def test_a_newcomer_helps_people_of_their_own_pod_only(linden: Scene) -> None:
    """Nobody goes to a stranger's door before neighbours said that they know them."""
    newer = cast.person("Nina", level=Level.NEWCOMER)
    linden.people["Nina"] = newer
    need = asked(linden)
    with pytest.raises(Refusal) as no, transaction.atomic():
        offered(linden, need, "Nina")
    assert no.value.why is Why.NOT_KNOWN
    cast.membership(newer, linden.pod)
    assert offered(linden, need, "Nina").state == MatchState.OFFERED


def test_a_yes_to_somebody_kept_away_meanwhile_is_none(linden: Scene) -> None:
    need = asked(linden)
    match = offered(linden, need, "Nils")
    made = cast.block(linden.people["Nils"], linden.people["Lena"])
    with pytest.raises(Refusal) as no, transaction.atomic():
        helping.answer_offer(
            viewer=linden.viewer("Lena"), match_id=match.id, is_yes=True, now=clock.now()
        )
    assert no.value.why is Why.NOT_ANY_MORE
    made.delete()  # made behind the action's back, so that the promise is still live


def test_nobody_promises_more_than_the_network_allows(linden: Scene) -> None:
    for _time in range(3):
        offered(linden, asked(linden), "Nils")
    last = asked(linden)
    with pytest.raises(Refusal) as no, transaction.atomic():
        offered(linden, last, "Nils")
    assert no.value.why is Why.HELPS_MANY


def test_two_who_are_kept_apart_never_meet_here(linden: Scene) -> None:
    need = asked(linden)
    assert seen(linden, "Xenia").cards == []
    assert seen(linden, "Xenia").all == 0
    with pytest.raises(NotHere), transaction.atomic():
        offered(linden, need, "Xenia")
    with pytest.raises(NotHere):
        need_page(viewer=linden.viewer("Xenia"), need_id=need.id, now=clock.now())
    other = asked(linden, by="Xenia")
    assert seen(linden, "Lena").cards == []
    with pytest.raises(NotHere), transaction.atomic():
        offered(linden, other, "Lena")


def test_keeping_a_helper_away_looks_as_if_enough_came(linden: Scene) -> None:
    """Told, and shown, as «not needed any more»: they cannot tell that they are kept away."""
    need, other = asked(linden), asked(linden, by="Sofie")
    match, twin = agreed(linden, need, "Nils"), agreed(linden, other, "Ted")
    assert readers(need) == {linden.id("Nils")}
    block(
        viewer=linden.viewer("Lena"), person_id=linden.id("Nils"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    helping.not_them(viewer=linden.viewer("Sofie"), match_id=twin.id, now=clock.now())
    match.refresh_from_db()
    assert match.state == MatchState.CANCELLED
    assert readers(need) == set()
    assert titles(linden, "Nils") == titles(linden, "Ted")
    kept, unwanted = (
        need_page(viewer=linden.viewer(name), need_id=one.id, now=clock.now()).promise
        for name, one in (("Nils", need), ("Ted", other))
    )
    assert kept is not None and unwanted is not None
    assert (kept.words, kept.state) == (unwanted.words, unwanted.state)
    assert kept.name == ""
    for name in ("Nils", "Ted"):
        assert len(mine(viewer=linden.viewer(name), now=clock.now()).promised) == 1
    assert need.id not in {card.id for card in seen(linden, "Nils").cards}


def test_keeping_whom_one_helps_away_lets_go(linden: Scene) -> None:
    need = asked(linden)
    agreed(linden, need, "Nils")
    block(
        viewer=linden.viewer("Nils"), person_id=linden.id("Lena"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    assert titles(linden, "Lena")[-1] == "Somebody couldn't make it"
    assert readers(need) == set()


def test_two_helpers_who_keep_each_other_away_do_not_come_together(linden: Scene) -> None:
    need = asked(linden, helpers=2)
    cast.block(linden.people["Nils"], linden.people["Ted"])
    agreed(linden, need, "Nils")
    with pytest.raises(Refusal) as no, transaction.atomic():
        agreed(linden, need, "Ted")
    assert no.value.why is Why.NOT_ANY_MORE


def test_keeping_another_helper_away_lets_go_of_the_place(linden: Scene) -> None:
    team, need = cast.circle("Choir", "committee"), asked(linden, helpers=2)
    for name in ("Nils", "Ted"):
        cast.membership(linden.people[name], team)
        agreed(linden, need, name)
    block(
        viewer=linden.viewer("Nils"), person_id=linden.id("Ted"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    assert readers(need) == {linden.id("Ted")}
    assert titles(linden, "Lena")[-1] == "Somebody couldn't make it"


def test_inside_a_home_nobody_from_outside_the_pod_comes_alone(linden: Scene) -> None:
    need = asked(linden, meeting=Meeting.INSIDE)
    agreed(linden, need, "Nils")
    assert readers(need) == set()
    second = agreed(linden, need, "Ted")
    assert readers(need) == {linden.id("Nils"), linden.id("Ted")}
    helping.cannot(viewer=linden.viewer("Ted"), match_id=second.id, now=clock.now())
    assert readers(need) == set()


def test_inside_a_home_somebody_of_the_pod_may_come_alone(linden: Scene) -> None:
    need = asked(linden, meeting=Meeting.INSIDE)
    agreed(linden, need, "Sofie")
    assert readers(need) == {linden.id("Sofie")}


def test_nobody_comes_alone_to_somebody_under_18(linden: Scene) -> None:
    need = asked(linden, by="Kid")
    agreed(linden, need, "Sofie")
    assert readers(need) == set()
    agreed(linden, need, "Amir")
    assert readers(need) == {linden.id("Sofie"), linden.id("Amir")}


def test_not_more_are_agreed_than_are_asked_for(linden: Scene) -> None:
    need = asked(linden)
    first, second = offered(linden, need, "Nils"), offered(linden, need, "Sofie")
    helping.answer_offer(
        viewer=linden.viewer("Lena"), match_id=first.id, is_yes=True, now=clock.now()
    )
    with pytest.raises(Refusal) as no, transaction.atomic():
        helping.answer_offer(
            viewer=linden.viewer("Lena"), match_id=second.id, is_yes=True, now=clock.now()
        )
    assert no.value.why is Why.ENOUGH_AGREED
    assert need.id not in {card.id for card in seen(linden, "Amir").cards}
    with pytest.raises(Refusal) as no, transaction.atomic():
        offered(linden, need, "Amir")
    assert no.value.why is Why.ENOUGH


@pytest.mark.parametrize("act", ["cannot", "not_them", "say_done", "thank"])
def test_a_promise_is_nobody_elses(linden: Scene, act: str) -> None:
    match = agreed(linden, asked(linden), "Nils")
    with pytest.raises(NotHere), transaction.atomic():
        getattr(helping, act)(viewer=linden.viewer("Sofie"), match_id=match.id, now=clock.now())
    with pytest.raises(NotHere), transaction.atomic():
        helping.answer_offer(
            viewer=linden.viewer("Nils"), match_id=match.id, is_yes=True, now=clock.now()
        )


# ---------- keeping it, or not ----------


def test_done_by_both_is_met_and_thanked(linden: Scene) -> None:
    need = asked(linden)
    match = agreed(linden, need, "Nils")
    helping.say_done(viewer=linden.viewer("Nils"), match_id=match.id, now=clock.now())
    need.refresh_from_db()
    assert need.state == NeedState.OPEN
    assert titles(linden, "Lena")[-1] == "Is it done?"
    helping.say_done(viewer=linden.viewer("Lena"), match_id=match.id, now=clock.now())
    need.refresh_from_db()
    assert (need.state, need.taken, need.done) == (NeedState.MET, 1, 1)
    assert readers(need) == {linden.id("Nils")}  # for the way home
    for _twice in range(2):
        helping.thank(viewer=linden.viewer("Lena"), match_id=match.id, now=clock.now())
    assert titles(linden, "Nils").count("Somebody thanks you") == 1
    follow_sharing(now=clock.now() + SHOWN_AFTER + A_MINUTE)
    assert readers(need) == set()


def test_a_part_of_the_help_is_a_part(linden: Scene) -> None:
    need = asked(linden, helpers=2)
    for name in ("Nils", "Ted"):
        match = agreed(linden, need, name)
        for who in ("Lena", name):
            helping.say_done(viewer=linden.viewer(who), match_id=match.id, now=clock.now())
        need.refresh_from_db()
    events = list(SharingEvent.objects.order_by("id").values_list("verb", flat=True))
    assert need.state == NeedState.MET
    assert events[-1] == "met"
    assert Match.objects.filter(state=MatchState.DONE).count() == 2


def test_the_rest_of_it_still_waits(linden: Scene) -> None:
    need = asked(linden, helpers=2)
    match = agreed(linden, need, "Nils")
    for who in ("Lena", "Nils"):
        helping.say_done(viewer=linden.viewer(who), match_id=match.id, now=clock.now())
    need.refresh_from_db()
    assert need.state == NeedState.PARTLY_MET
    assert [card.id for card in seen(linden, "Ted").cards] == [need.id]


def test_whoever_cannot_make_it_frees_the_place(linden: Scene) -> None:
    need = asked(linden)
    match = agreed(linden, need, "Nils")
    for _twice in range(2):
        helping.cannot(viewer=linden.viewer("Nils"), match_id=match.id, now=clock.now())
    assert titles(linden, "Lena").count("Somebody couldn't make it") == 1
    assert readers(need) == set()
    agreed(linden, need, "Sofie")
    assert readers(need) == {linden.id("Sofie")}


def test_whoever_asked_may_not_want_this_help_after_all(linden: Scene) -> None:
    need = asked(linden)
    match = agreed(linden, need, "Nils")
    helping.not_them(viewer=linden.viewer("Lena"), match_id=match.id, now=clock.now())
    assert readers(need) == set()
    assert titles(linden, "Nils")[-1] == "Your help is not needed any more"


def test_thanks_and_done_come_when_it_is_agreed_and_done(linden: Scene) -> None:
    match = offered(linden, asked(linden), "Nils")
    for act, who in ((helping.say_done, "Nils"), (helping.thank, "Lena")):
        with pytest.raises(Refusal) as no, transaction.atomic():
            act(viewer=linden.viewer(who), match_id=match.id, now=clock.now())
        assert no.value.why is Why.TOO_EARLY


# ---------- nothing goes quiet ----------


def test_an_offer_nobody_answers_lapses(linden: Scene) -> None:
    need = asked(linden)
    match = offered(linden, need, "Nils")
    now = clock.now()
    assert follow_sharing(now=now + REMINDED_AFTER - A_MINUTE) == 0
    for _twice in range(2):
        follow_sharing(now=now + REMINDED_AFTER + A_MINUTE)
    assert titles(linden, "Lena") == ["Somebody can help", "Somebody waits for your answer"]
    for _twice in range(2):
        follow_sharing(now=now + LAPSES_AFTER + A_MINUTE)
    match.refresh_from_db()
    assert match.state == MatchState.LAPSED
    assert titles(linden, "Nils") == ["Nobody answered your offer"]
    assert titles(linden, "Lena")[2:] == ["An offer of help is over: nobody answered it"]
    page = need_page(viewer=linden.viewer("Nils"), need_id=need.id, now=clock.now())
    assert page.may_offer  # they may offer it again


def test_done_by_one_is_done_three_days_later(linden: Scene) -> None:
    need = asked(linden, when=When.FORTNIGHT)
    match = agreed(linden, need, "Nils")
    now = clock.now()
    helping.say_done(viewer=linden.viewer("Nils"), match_id=match.id, now=now)
    follow_sharing(now=now + DONE_BY_ONE_AFTER - A_MINUTE)
    need.refresh_from_db()
    assert need.state == NeedState.OPEN
    follow_sharing(now=now + DONE_BY_ONE_AFTER + A_MINUTE)
    need.refresh_from_db()
    assert need.state == NeedState.MET


def test_who_is_still_there_when_one_is_done_is_not_sent_away(linden: Scene) -> None:
    """One is asked for, two come because it is inside: both did it, both are thanked."""
    need = asked(linden, meeting=Meeting.INSIDE)
    first, second = agreed(linden, need, "Nils"), agreed(linden, need, "Ted")
    assert [card.taken for card in seen(linden, "Nils").cards] == [1]  # never «2 of 1»
    for who in ("Lena", "Nils"):
        helping.say_done(viewer=linden.viewer(who), match_id=first.id, now=clock.now())
    need.refresh_from_db()
    assert need.state == NeedState.PARTLY_MET
    # Whoever came from outside the pod is not there alone any more.
    assert linden.id("Ted") not in readers(need)
    for who in ("Lena", "Ted"):
        helping.say_done(viewer=linden.viewer(who), match_id=second.id, now=clock.now())
    need.refresh_from_db()
    assert need.state == NeedState.MET
    assert "Your help is not needed any more" not in titles(linden, "Ted")


def test_what_a_helper_did_stays_done_when_the_rest_is_taken_back(linden: Scene) -> None:
    need = asked(linden, helpers=2)
    match = agreed(linden, need, "Nils")
    helping.say_done(viewer=linden.viewer("Nils"), match_id=match.id, now=clock.now())
    asking.take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    match.refresh_from_db()
    assert match.state == MatchState.DONE
    assert titles(linden, "Nils") == ["Your help is wanted"]


def test_that_it_did_not_happen_can_be_said(linden: Scene) -> None:
    need = asked(linden)
    match = agreed(linden, need, "Nils")
    helping.say_done(viewer=linden.viewer("Nils"), match_id=match.id, now=clock.now())
    helping.not_them(viewer=linden.viewer("Lena"), match_id=match.id, now=clock.now())
    match.refresh_from_db()
    need.refresh_from_db()
    assert (match.state, need.state) == (MatchState.LAPSED, NeedState.OPEN)
    assert titles(linden, "Nils")[-1] == "Somebody says that it did not happen"


def test_whom_it_was_shut_by_hand_reads_it_no_more(linden: Scene) -> None:
    need = asked(linden, helpers=3)
    agreed(linden, need, "Nils")
    shown = Disclosure.objects.get(thing_id=need.id, reader_id=linden.id("Nils"))
    stop_showing(viewer=linden.viewer("Lena"), disclosure_id=shown.id, now=clock.now())
    agreed(linden, need, "Ted")  # every change shows it anew, but not to them
    assert readers(need) == {linden.id("Ted")}


def test_a_helper_who_is_put_right_to_under_18_is_not_agreed(linden: Scene) -> None:
    need = asked(linden)
    match = offered(linden, need, "Nils")
    Person.objects.filter(id=linden.id("Nils")).update(is_under_18=True)
    with pytest.raises(Refusal) as no, transaction.atomic():
        helping.answer_offer(
            viewer=linden.viewer("Lena"), match_id=match.id, is_yes=True, now=clock.now()
        )
    assert no.value.why is Why.NOT_ANY_MORE


def test_an_asker_who_is_put_right_to_under_18_meets_nobody_alone(linden: Scene) -> None:
    need = asked(linden)
    agreed(linden, need, "Nils")
    Person.objects.filter(id=linden.id("Lena")).update(is_under_18=True)
    page = need_page(viewer=linden.viewer("Nils"), need_id=need.id, now=clock.now())
    assert page.waits_for_second
    agreed(linden, need, "Sofie")  # there is room for a second one now
    page = need_page(viewer=linden.viewer("Nils"), need_id=need.id, now=clock.now())
    assert not page.waits_for_second


def test_an_old_page_offers_anew_after_the_offer_was_taken_back(linden: Scene) -> None:
    need, key = asked(linden), uuid4()
    facts: dict[str, Any] = {
        "viewer": linden.viewer("Nils"),
        "need_id": need.id,
        "now": clock.now(),
    }
    first = helping.offer_help(**facts, client_key=key)
    helping.cannot(viewer=linden.viewer("Nils"), match_id=first.id, now=clock.now())
    assert helping.offer_help(**facts, client_key=key).id != first.id


def test_whoever_was_not_wanted_after_all_does_not_offer_again(linden: Scene) -> None:
    need = asked(linden)
    match = agreed(linden, need, "Nils")
    helping.not_them(viewer=linden.viewer("Lena"), match_id=match.id, now=clock.now())
    assert seen(linden, "Nils").cards == []
    with pytest.raises(Refusal) as no, transaction.atomic():
        offered(linden, need, "Nils")
    assert no.value.why is Why.ENOUGH


def test_agreed_and_nobody_says_anything(linden: Scene) -> None:
    """Both are asked each day; then it lapses, and the need is over a day later."""
    need = asked(linden)
    match = agreed(linden, need, "Nils")
    moment = need.until_at + A_MINUTE
    while match.state == MatchState.CONFIRMED:
        follow_sharing(now=moment)
        match.refresh_from_db()
        moment += timedelta(hours=6)
    assert match.state == MatchState.LAPSED
    assert moment <= need.until_at + DONE_BY_ONE_AFTER + timedelta(days=1)
    assert titles(linden, "Nils").count("Did it happen?") == 3
    follow_sharing(now=moment + timedelta(days=2))
    need.refresh_from_db()
    assert need.state == NeedState.EXPIRED
    assert titles(linden, "Lena")[-1] == "The time for it is over"


def test_what_nobody_came_for_leaves_the_board_by_itself(linden: Scene) -> None:
    need = asked(linden)
    follow_sharing(now=need.until_at + timedelta(days=1) + A_MINUTE)
    need.refresh_from_db()
    assert need.state == NeedState.EXPIRED
    assert titles(linden, "Lena") == ["The time for it is over"]


# ---------- afterwards ----------


def test_words_go_after_three_days_and_the_rest_after_a_month(linden: Scene) -> None:
    need = asked(linden)
    asking.take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    now = clock.now()
    assert forgetting.forget_words(now=now + timedelta(hours=71)) == 0
    assert forgetting.forget_words(now=now + timedelta(hours=73)) == 1
    assert forgetting.forget_needs(now=now + timedelta(days=29)) == 0
    assert forgetting.forget_needs(now=now + timedelta(days=31)) == 1
    assert not SharingEvent.objects.exists()


def test_whoever_leaves_takes_back_and_lets_go(linden: Scene) -> None:
    own, others = asked(linden), asked(linden, by="Sofie")
    agreed(linden, own, "Nils")
    agreed(linden, others, "Lena")
    leave_network(viewer=linden.viewer("Lena"), now=clock.now())
    own.refresh_from_db()
    others.refresh_from_db()
    assert own.state == NeedState.WITHDRAWN
    assert (others.state, others.taken) == (NeedState.OPEN, 0)
    assert titles(linden, "Sofie")[-1] == "Somebody couldn't make it"
    assert titles(linden, "Nils")[-1] == "Your help is not needed any more"


def test_whoever_dies_is_asked_and_thanked_no_more(linden: Scene) -> None:
    """SAFETY.md 12: quietly, and whoever waited hears only that somebody couldn't make it."""
    own, others = asked(linden), asked(linden, by="Sofie")
    agreed(linden, own, "Nils")
    agreed(linden, others, "Lena")
    network = as_network(linden.pod.network)
    close_account(network=network, person_id=linden.id("Lena"), now=clock.now())
    own.refresh_from_db()
    others.refresh_from_db()
    assert own.state == NeedState.WITHDRAWN
    assert (others.state, others.taken) == (NeedState.OPEN, 0)
    assert titles(linden, "Nils") == ["Your help is wanted"]
    assert titles(linden, "Sofie")[-1] == "Somebody couldn't make it"


def test_whoever_erases_everything_leaves_nothing(linden: Scene) -> None:
    own, others = asked(linden), asked(linden, by="Sofie")
    lena = linden.id("Lena")
    match = agreed(linden, others, "Lena")
    for who in ("Lena", "Sofie"):
        helping.say_done(viewer=linden.viewer(who), match_id=match.id, now=clock.now())
    erase_me(viewer=linden.viewer("Lena"), now=clock.now())
    assert not Need.objects.filter(id=own.id).exists()
    assert not Match.objects.filter(helper_id=lena).exists()
    assert not SharingEvent.objects.filter(actor_id=lena).exists()
    others.refresh_from_db()
    assert (others.state, others.done) == (NeedState.MET, 1)
    assert not Need.objects.filter(source__contains=str(lena)).exists()
    assert not NeedWords.objects.filter(need_id=own.id).exists()


# ---------- what the database holds by itself ----------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE sharing_need SET state = 'open'",
        "UPDATE sharing_need SET line = 'other'",
        "UPDATE sharing_need SET taken = 9",
        "UPDATE sharing_match SET state = 'offered'",
        "UPDATE sharing_match SET helper_id = need_id",
        "UPDATE sharing_sharingevent SET verb = 'other'",
        "UPDATE sharing_need SET next_step_at = now()",
    ],
)
def test_the_database_refuses_what_cannot_be(linden: Scene, sql: str) -> None:
    need = asked(linden)
    agreed(linden, need, "Nils")
    asking.take_back(viewer=linden.viewer("Lena"), need_id=need.id, now=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_two_live_promises_of_one_helper_cannot_be(linden: Scene) -> None:
    need = asked(linden)
    match = offered(linden, need, "Nils")
    match.id, match.client_key = uuid4(), uuid4()
    with pytest.raises(DatabaseError), transaction.atomic():
        match.save(force_insert=True)
