"""Somebody rings: taken down once, met like any need, told by the desk, gone when it is over."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
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
from porchlight.people.actions.audit import note
from porchlight.people.actions.erasing import erase, forget_empty
from porchlight.people.queries.persons import everybody
from porchlight.people.rules.rights import Level, Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions import helping
from porchlight.sharing.actions.asking import take_back
from porchlight.sharing.actions.forgetting import forget_needs
from porchlight.sharing.actions.helping import answer_offer, say_done
from porchlight.sharing.actions.intake import (
    DEEDS,
    act_for,
    drop,
    forget_intakes,
    ring_back_later,
    show_reach,
    take_back_for,
    take_down,
)
from porchlight.sharing.forms.intake import CallForm
from porchlight.sharing.models import Intake, Match, Need, SharingEvent
from porchlight.sharing.queries.intake import ring_backs, through_desk
from porchlight.sharing.queries.one import need_page
from porchlight.sharing.rules.intake import (
    ALIKE,
    RING_BACK_STAYS,
    STAYS,
    Call,
    CameBy,
    Known,
    WhyNot,
    alike,
    asked_already,
)
from porchlight.sharing.rules.needs import Meeting, Why
from porchlight.sharing.rules.states import NeedState
from porchlight.sharing.tests.street import LINE, WANTED, asked, gives, offered, put, street
from porchlight.trust.models import Disclosure, Reading

CALL_PATH = "/n/linden/board/desk/call/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAME, NUMBER, SAID = "Mireille", "+31612345678", "Ik heb niks meer in huis, schat, echt niks"
CALL = Call(came_by=CameBy.PHONE, name=NAME, number=NUMBER, language="en", said=SAID)


@pytest.fixture
def linden(db: None) -> Scene:
    found = street()
    cast.mandate(found.people["Cora"], Role.DISPATCHER)
    return found


def taken(
    linden: Scene,
    *,
    by: str = "Cora",
    now: datetime | None = None,
    wanted: Any = WANTED,
    **more: Any,
) -> Need:
    return take_down(
        viewer=linden.viewer(by), call=replace(CALL, **more), wanted=wanted, client_key=uuid4(),
        now=now or clock.now(),
    )  # fmt: skip


def to_ring(linden: Scene, **more: Any) -> Intake:
    return ring_back_later(
        viewer=linden.viewer("Cora"), call=replace(CALL, said="", **more), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip


def why(deed: Any) -> Any:
    with pytest.raises(Refusal) as no:
        deed()
    return no.value.why


# ---------- the same thing twice ----------


def known(**more: Any) -> Known:
    facts: dict[str, Any] = {
        "category": "food", "line": LINE, "name": NAME, "number": NUMBER,
    }  # fmt: skip
    return Known(**(facts | more))


@pytest.mark.parametrize(
    ("call", "category", "line", "is_same"),
    [
        ({}, "food", "Something else", True),
        ({}, "ride", "Bread, milk", True),
        ({}, "ride", "To the clinic", False),
        ({"number": "+31687654321"}, "food", LINE, False),
        ({"number": ""}, "food", LINE, True),
        ({"number": "", "name": "MIREILLE"}, "food", LINE, True),
        ({"number": "", "name": "Somebody"}, "food", LINE, False),
        ({"number": "", "name": ""}, "food", LINE, False),
        ({"name": "Another"}, "food", LINE, True),
    ],
)
def test_what_was_asked_for_already(
    call: dict[str, Any], category: str, line: str, is_same: bool
) -> None:
    one = known()
    found = asked_already(replace(CALL, **call), category, line, [one])
    assert found == (one if is_same else None)


def test_without_a_number_nobody_nameless_is_taken_for_another() -> None:
    nameless = known(name="", number="")
    assert asked_already(replace(CALL, name="", number=""), "food", LINE, [nameless]) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_does_not_ask_who_came_first(line: str, other: str) -> None:
    assert alike(line, line)
    if sorted(line.casefold().split()) == sorted(other.casefold().split()):
        assert alike(line, other)


def test_likeness_has_a_limit() -> None:
    assert alike("Milk and bread", "bread, and MILK!")
    assert not alike("Milk and bread", "A hand with a wardrobe")
    assert 0 < ALIKE < 1


# ---------- from the call to the thanks ----------


def test_it_stands_on_the_board_like_any_other_and_says_nothing_of_who_rang(linden: Scene) -> None:
    need = taken(linden)
    guest = need.asker
    assert (guest.level, guest.language, guest.left_at) == (Level.GUEST, "en", None)
    assert not people.Login.objects.filter(person=guest).exists()
    row = Intake.objects.get()
    assert (row.need_id, row.guest_id, row.taken_by_id) == (need.id, guest.id, linden.id("Cora"))
    sofie = cast.signed_in(Client(), linden.people["Sofie"])
    for path in ("/n/linden/board/", f"/n/linden/board/{need.id}/"):
        shown = sofie.get(path).content.decode()
        assert LINE in shown
        for hidden in (NAME, NUMBER, SAID, WANTED.words, guest.name):
            assert hidden not in shown
    assert "They have no account here" in shown
    assert broken_promises() == []


def test_nothing_that_was_said_lies_open_in_the_database(linden: Scene) -> None:
    taken(linden)
    with connection.cursor() as cursor:
        for table in ("sharing_intake", "sharing_need", "people_person", "people_auditrow"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            [(everything,)] = cursor.fetchall()
            for hidden in (NAME, NUMBER, NUMBER[3:], "niks"):
                assert hidden not in everything, table
                assert hidden.encode().hex() not in everything, table


def test_from_the_call_to_the_thanks(linden: Scene) -> None:
    """The desk takes it down, a helper offers, the desk says yes for them, both say it is done."""
    cora = linden.viewer("Cora")
    need = taken(linden)
    match = offered(linden, need, "Sofie")
    now = clock.now()
    found = through_desk(viewer=cora, need_id=need.id, now=now)
    assert found is not None
    assert [one.name for one in found.page.promises] == ["Sofie"]
    act_for(viewer=cora, need_id=need.id, match_id=match.id, what="yes", now=now)
    match.refresh_from_db()
    assert match.state == "confirmed"
    page = need_page(viewer=linden.viewer("Sofie"), need_id=need.id, now=now)
    assert page.through_desk
    shown = cast.signed_in(Client(), linden.people["Sofie"]).get(f"/n/linden/board/{need.id}/")
    assert WANTED.words in shown.content.decode()
    assert NUMBER not in shown.content.decode()
    late = Need.objects.get(id=need.id).until_at + HOUR
    act_for(viewer=cora, need_id=need.id, match_id=match.id, what="done", now=late)
    say_done(viewer=linden.viewer("Sofie"), match_id=match.id, now=late)
    act_for(viewer=cora, need_id=need.id, match_id=match.id, what="thank", now=late)
    need.refresh_from_db()
    assert need.state == NeedState.MET
    assert Match.objects.get().thanked_at is not None
    acted = SharingEvent.objects.filter(need=need, verb__in=["desk_took", "desk_acted"])
    assert [one.actor_id for one in acted] == [linden.id("Cora")] * 4
    assert broken_promises() == []


def told(linden: Scene, name: str) -> list[str]:
    return list(
        Notice.objects.filter(recipient_id=linden.id(name))
        .order_by("told_at", "id")
        .values_list("path", flat=True)
    )


def test_what_whoever_rang_would_hear_the_desk_hears(linden: Scene) -> None:
    cast.mandate(linden.people["Carl"], Role.DISPATCHER)
    need = taken(linden)
    offered(linden, need, "Sofie")
    here = f"/n/linden/board/desk/{need.id}/"
    assert told(linden, "Cora") == told(linden, "Carl") == [here]
    assert not Notice.objects.filter(recipient_id=need.asker_id).exists()
    at_desk = people.Mandate.objects.filter(person_id=linden.id("Carl"), role=Role.DISPATCHER)
    at_desk.update(until_at=clock.now())
    helping.cannot(viewer=linden.viewer("Sofie"), match_id=Match.objects.get().id, now=clock.now())
    offered(linden, need, "Amir")
    assert (told(linden, "Cora"), told(linden, "Carl")) == ([here, here], [here])


def test_what_everybody_is_told_no_guest_is(linden: Scene) -> None:
    need, network = taken(linden), linden.viewer("Cora").network
    assert need.asker_id not in everybody(viewer=Viewer.system(network, "a test"))


def test_a_no_and_a_taking_back_reach_the_helper(linden: Scene) -> None:
    cora, now = linden.viewer("Cora"), clock.now()
    need = taken(linden)
    match = offered(linden, need, "Sofie")
    act_for(viewer=cora, need_id=need.id, match_id=match.id, what="no", now=now)
    assert Match.objects.get(id=match.id).state == "declined"
    other = offered(linden, need, "Amir")
    take_back_for(viewer=cora, need_id=need.id, now=now)
    assert Match.objects.get(id=other.id).state == "cancelled"
    assert Need.objects.get().state == NeedState.WITHDRAWN
    assert broken_promises() == []


def test_inside_a_home_two_come_and_with_somebody_under_18_too(linden: Scene) -> None:
    inside = taken(linden, wanted=replace(WANTED, meeting=Meeting.INSIDE))
    assert inside.seats == 2
    young = taken(linden, number="+31687654321", name="Kid", is_under_18=True)
    assert (young.seats, young.asker.is_under_18) == (2, True)


def test_those_who_offered_such_help_are_asked(linden: Scene) -> None:
    gives(linden, "Nils")
    assert put(taken(linden)) == 1


# ---------- no ----------


@pytest.mark.parametrize(
    ("more", "wanted", "no"),
    [
        ({"name": "", "number": ""}, {}, WhyNot.NOBODY),
        ({}, {"line": ""}, Why.NO_LINE),
        ({}, {"line": f"Bread for {NAME}"}, Why.NAMES_SOMEBODY),
        ({"name": "Ans de Boer"}, {"line": "Bread for mrs Boer"}, Why.NAMES_SOMEBODY),
        ({}, {"line": "Bread, ring 0612345678"}, Why.HAS_NUMBER),
        ({}, {"cell": "nowhere"}, Why.NO_PLACE),
    ],
)
def test_what_cannot_be_taken_down_leaves_nothing_behind(
    linden: Scene, more: dict[str, Any], wanted: dict[str, Any], no: Any
) -> None:
    assert why(lambda: taken(linden, wanted=replace(WANTED, **wanted), **more)) is no
    assert not Intake.objects.exists()
    assert not people.Person.objects.filter(level=Level.GUEST).exists()


def test_the_same_thing_again_is_asked_about_and_may_be_another(linden: Scene) -> None:
    first = taken(linden)
    assert why(lambda: taken(linden)) is WhyNot.ASKED_ALREADY
    assert Need.objects.get().id == first.id
    taken(linden, is_another=True)
    assert Need.objects.count() == 2
    take_back_for(viewer=linden.viewer("Cora"), need_id=first.id, now=clock.now())


def test_nobody_has_more_at_once_through_the_desk_than_others(linden: Scene) -> None:
    for each in "abcde":
        taken(linden, wanted=replace(WANTED, line=f"Thing {each * 9}"), is_another=True)
    sixth = replace(WANTED, line="Thing f")
    assert why(lambda: taken(linden, wanted=sixth, is_another=True)) is Why.TOO_MANY
    taken(linden, wanted=sixth, name="Another", number="+31687654321")


def test_a_form_sent_twice_is_one_need(linden: Scene) -> None:
    key, now = uuid4(), clock.now()
    sent = [
        take_down(viewer=linden.viewer("Cora"), call=CALL, wanted=WANTED, client_key=key, now=now)
        for _ in range(2)
    ]
    assert sent[0].id == sent[1].id
    assert people.Person.objects.filter(level=Level.GUEST).count() == 1
    [first, again] = [
        ring_back_later(viewer=linden.viewer("Cora"), call=CALL, client_key=sent[0].id, now=now)
        for _ in range(2)
    ]
    assert first.id == again.id


def test_kept_to_be_rung_back_and_then_taken_down_with_the_same_form(linden: Scene) -> None:
    key, now, cora = uuid4(), clock.now(), linden.viewer("Cora")
    row = ring_back_later(viewer=cora, call=CALL, client_key=key, now=now)
    need = take_down(viewer=cora, call=CALL, wanted=WANTED, client_key=key, now=now)
    assert (need.asker_id, Intake.objects.get().id) == (row.guest_id, row.id)
    assert ring_back_later(viewer=cora, call=CALL, client_key=key, now=now).need_id == need.id


def test_the_audit_does_not_know_who_asked(linden: Scene) -> None:
    before = list(people.AuditRow.objects.values_list("id", flat=True))
    taken(linden)
    drop(
        viewer=linden.viewer("Cora"), intake_id=to_ring(linden, number="+31687654321").id,
        now=clock.now(),
    )  # fmt: skip
    new = people.AuditRow.objects.exclude(id__in=before).values_list("verb", flat=True)
    assert list(new) == []


@pytest.mark.parametrize("name", ["Lena", "Sofie", "Nils", "Carl"])
def test_only_for_the_desk(linden: Scene, name: str) -> None:
    need, waiting = taken(linden), to_ring(linden, number="+31687654321")
    match = offered(linden, need, "Amir")
    viewer, now = linden.viewer(name), clock.now()
    for deed in (
        lambda: taken(linden, by=name),
        lambda: ring_back_later(viewer=viewer, call=CALL, client_key=uuid4(), now=now),
        lambda: drop(viewer=viewer, intake_id=waiting.id, now=now),
        lambda: show_reach(viewer=viewer, intake_id=waiting.id, now=now),
        lambda: act_for(viewer=viewer, need_id=need.id, match_id=match.id, what="yes", now=now),
        lambda: take_back_for(viewer=viewer, need_id=need.id, now=now),
        lambda: through_desk(viewer=viewer, need_id=need.id, now=now),
        lambda: ring_backs(viewer=viewer, now=now),
        lambda: answer_offer(viewer=viewer, match_id=match.id, is_yes=True, now=now),
        lambda: take_back(viewer=viewer, need_id=need.id, now=now),
    ):
        with pytest.raises(NotHere):
            deed()
    assert not Disclosure.objects.filter(what="need.reach").exists()


def test_the_desk_answers_for_nobody_who_has_an_account(linden: Scene) -> None:
    need = asked(linden)
    match = offered(linden, need, "Sofie")
    cora, now = linden.viewer("Cora"), clock.now()
    for what in DEEDS:
        with pytest.raises(NotHere):
            act_for(viewer=cora, need_id=need.id, match_id=match.id, what=what, now=now)
    with pytest.raises(NotHere):
        take_back_for(viewer=cora, need_id=need.id, now=now)
    assert through_desk(viewer=cora, need_id=need.id, now=now) is None


def test_a_promise_to_another_is_not_answered_through_a_guest(linden: Scene) -> None:
    need, other = taken(linden), asked(linden)
    match = offered(linden, other, "Sofie")
    with pytest.raises(NotHere):
        act_for(
            viewer=linden.viewer("Cora"), need_id=need.id, match_id=match.id, what="yes",
            now=clock.now(),
        )  # fmt: skip
    assert Match.objects.get(id=match.id).state == "offered"


def test_whoever_must_not_meet_a_helper_does_not_read_their_name_at_the_desk(
    linden: Scene,
) -> None:
    cast.mandate(linden.people["Xenia"], Role.DISPATCHER)
    need = taken(linden)
    offered(linden, need, "Lena")
    now = clock.now()
    seen = [through_desk(viewer=linden.viewer(one), need_id=need.id, now=now) for one in
            ("Cora", "Xenia")]  # fmt: skip
    assert [[one.name for one in found.page.promises] for found in seen if found] == [["Lena"], []]


# ---------- who it is ----------


def test_each_reading_is_written_down(linden: Scene) -> None:
    need = taken(linden)
    row = Intake.objects.get()
    found = show_reach(viewer=linden.viewer("Cora"), intake_id=row.id, now=clock.now())
    assert (found.name, found.number, found.said) == (NAME, NUMBER, SAID)
    [shown] = Disclosure.objects.filter(what="need.reach")
    assert (shown.owner_id, shown.reader_id) == (need.asker_id, linden.id("Cora"))
    assert Reading.objects.filter(disclosure=shown).count() == 1


def test_own_words_come_out_as_they_went_in(linden: Scene) -> None:
    said = "  Ayúdame,\n  por favor\t— ١٢٣ 🙏  "
    taken(linden, said=said)
    shown = show_reach(
        viewer=linden.viewer("Cora"), intake_id=Intake.objects.get().id, now=clock.now()
    )
    assert shown.said == said


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200))
def test_any_words_go_through_the_form_unchanged(said: str) -> None:
    field = CallForm.base_fields["said"]
    assert field.clean(said) == said


def test_to_be_rung_back_then_taken_down(linden: Scene) -> None:
    cora = linden.viewer("Cora")
    row = to_ring(linden)
    assert [one.id for one in ring_backs(viewer=cora, now=clock.now())] == [row.id]
    assert row.expires_at == row.created_at + RING_BACK_STAYS
    need = take_down(
        viewer=cora, call=replace(CALL, is_under_18=True), wanted=WANTED, client_key=uuid4(),
        now=clock.now(), intake_id=row.id,
    )  # fmt: skip
    assert (need.asker_id, need.asker.is_under_18, need.seats) == (row.guest_id, True, 2)
    assert ring_backs(viewer=cora, now=clock.now()) == []
    assert why(lambda: to_ring(linden, number="")) is WhyNot.NO_NUMBER
    with pytest.raises(NotHere):
        drop(viewer=cora, intake_id=row.id, now=clock.now())
    assert broken_promises() == []


def test_dropped_nothing_of_them_stays(linden: Scene) -> None:
    row = to_ring(linden)
    drop(viewer=linden.viewer("Cora"), intake_id=row.id, now=clock.now())
    assert not Intake.objects.exists()
    forget_empty(now=clock.now() + 2 * DAY)
    assert not people.Person.objects.filter(id=row.guest_id).exists()


# ---------- afterwards ----------


def test_a_day_after_it_is_over_nobody_knows_who_rang_and_a_month_later_that_somebody_did(
    linden: Scene,
) -> None:
    need = taken(linden)
    now = clock.now()
    take_back_for(viewer=linden.viewer("Cora"), need_id=need.id, now=now)
    assert forget_intakes(now=now + STAYS - HOUR) == 0
    with pytest.raises(NotHere):
        show_reach(
            viewer=linden.viewer("Cora"), intake_id=Intake.objects.get().id, now=now + STAYS + HOUR
        )
    assert forget_intakes(now=now + STAYS + HOUR) == 1
    assert people.Person.objects.filter(id=need.asker_id, erased_at=None).exists()
    later = now + 40 * DAY
    assert forget_needs(now=later) == 1
    forget_intakes(now=later)
    forget_empty(now=later + 2 * DAY)
    assert not people.Person.objects.filter(id=need.asker_id).exists()


def test_somebody_who_was_to_be_rung_back_goes_after_a_week(linden: Scene) -> None:
    row = to_ring(linden)
    late = clock.now() + RING_BACK_STAYS + HOUR
    assert forget_intakes(now=late) == 1
    forget_intakes(now=late + HOUR)
    assert people.Person.objects.get(id=row.guest_id).erased_at is not None


def test_whoever_took_it_down_may_erase_everything_and_it_stays(linden: Scene) -> None:
    need, cora = taken(linden), linden.viewer("Cora")
    note(network_id=cora.network.id, verb="people.left", now=clock.now(), actor_id=None)
    erase(network=cora.network, person_id=linden.id("Cora"), now=clock.now())
    row = Intake.objects.get()
    assert (row.need_id, row.taken_by_id, row.source) == (need.id, None, "erased")
    assert broken_promises() == []


def test_a_guest_who_is_in_a_circle_breaks_a_promise(linden: Scene) -> None:
    need = taken(linden)
    assert people.Membership.objects.filter(person_id=linden.id("Sofie")).update(
        person_id=need.asker_id
    )
    assert "guests_ask_for_something" in broken_promises()


# ---------- through the page ----------


FORM = {
    "came_by": "phone", "name": NAME, "number": "06 12345678", "language": "en", "said": SAID,
    "category": "food", "line": LINE, "when": "week", "part": "any", "people": "1", "helpers": "1",
    "meeting": "outside", "words": WANTED.words, "agreed": "on",
}  # fmt: skip


def desk_of(linden: Scene) -> Client:
    return cast.signed_in(Client(), linden.people["Cora"])


def sent(client: Client, path: str = CALL_PATH, **more: str) -> Any:
    return client.post(path, FORM | {"client_key": str(uuid4())} | more)


def test_taken_down_through_the_page(linden: Scene) -> None:
    client = desk_of(linden)
    answer = sent(client)
    need = Need.objects.get()
    assert answer["Location"] == f"/n/linden/board/desk/{need.id}/"
    page = client.get(answer["Location"]).content.decode()
    assert "They have no account" in page
    assert NAME not in page
    shown = client.get(f"/n/linden/board/desk/{need.id}/reach/").content.decode()
    for what in (NAME, f"tel:{NUMBER}", SAID):
        assert what in shown


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"agreed": ""}, "Ask them first whether this may be written down"),
        ({"number": "12"}, "phone number"),
        ({"name": "", "number": ""}, "Write down a name or a number"),
        ({"category": ""}, "Please fill this in"),
        ({"line": f"For {NAME}"}, "there is a name in it"),
        ({"when": "day", "day": ""}, "That time is over or too far ahead"),
    ],
)
def test_a_no_keeps_what_was_typed(linden: Scene, more: dict[str, str], sentence: str) -> None:
    answer = sent(desk_of(linden), **more)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert SAID in page
    assert WANTED.words in page
    assert not Need.objects.exists()


def test_asked_already_shows_the_tick_and_then_goes_through(linden: Scene) -> None:
    client = desk_of(linden)
    assert "is_another" not in client.get(CALL_PATH).content.decode()
    sent(client)
    page = sent(client).content.decode()
    assert "asked for already" in page
    assert 'name="is_another"' in page
    assert sent(client, is_another="on").status_code == 302
    assert Need.objects.count() == 2


def test_only_to_be_rung_back_through_the_page(linden: Scene) -> None:
    client = desk_of(linden)
    few = {"came_by": "phone", "name": NAME, "number": "0612345678", "language": "en", "later": "1"}
    answer = client.post(CALL_PATH, few | {"client_key": str(uuid4())})
    assert answer["Location"] == "/n/linden/board/desk/"
    row = Intake.objects.get()
    path = f"{CALL_PATH}{row.id}/"
    assert path in client.get("/n/linden/board/desk/").content.decode()
    page = client.get(path).content.decode()
    assert NAME in page
    assert f"tel:{NUMBER}" in page
    assert sent(client, path, said="  two  spaces\tand a tab ").status_code == 302
    shown = show_reach(viewer=linden.viewer("Cora"), intake_id=row.id, now=clock.now())
    assert shown.said == "  two  spaces\tand a tab "
    assert Need.objects.get().asker_id == row.guest_id
    assert client.get(path)["Location"] == f"/n/linden/board/desk/{Need.objects.get().id}/"
    wrong = client.post(CALL_PATH, few | {"number": "", "client_key": str(uuid4())})
    assert wrong.status_code == 422
    assert "To ring back you need their number" in wrong.content.decode()


def test_the_desk_answers_through_the_page(linden: Scene) -> None:
    client = desk_of(linden)
    need = taken(linden)
    match = offered(linden, need, "Sofie")
    path = f"/n/linden/board/desk/{need.id}/"
    page = client.get(path).content.decode()
    assert "Sofie" in page
    assert f"{path}promise/{match.id}/yes/" in page
    assert "Keep away from me" not in page
    assert client.post(f"{path}promise/{match.id}/yes/")["Location"] == path
    assert Match.objects.get().state == "confirmed"
    over = client.post(f"{path}promise/{match.id}/no/")
    assert over.status_code == 409
    assert "This is over" in over.content.decode()
    assert client.post(f"{path}promise/{match.id}/anything/").status_code == 404
    assert client.get(f"{path}take-back/").status_code == 200
    assert client.post(f"{path}take-back/")["Location"] == path
    assert "Taken back" in client.get(path).content.decode()


# ---------- twice at once ----------


@pytest.mark.django_db(transaction=True)
def test_two_at_the_desk_take_down_one_thing_and_one_is_told() -> None:
    linden = street()
    for name in ("Cora", "Carl"):
        cast.mandate(linden.people[name], Role.DISPATCHER)
    said = at_once(lambda: taken(linden).id, lambda: taken(linden, by="Carl").id)
    assert WhyNot.ASKED_ALREADY in [getattr(one, "why", one) for one in said]
    assert Need.objects.count() == 1
