"""The desk: each open need in one list, more people asked, a note for the next; never a name."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from porchlight.alerts.tests.scene import Scene
from porchlight.kit import clock
from porchlight.kit.errors import NotHere, Refusal
from porchlight.people import models as people
from porchlight.people.rules.rights import Role
from porchlight.people.tests import cast
from porchlight.people.tests.at_once import at_once
from porchlight.people.tests.promises import broken_promises
from porchlight.sharing.actions.desk import ask_more, leave_note
from porchlight.sharing.actions.forgetting import erase_sharing, forget_desk_notes
from porchlight.sharing.actions.offers import not_now
from porchlight.sharing.models import DeskNote, Need, SharingEvent
from porchlight.sharing.queries.desk import desk, note_of, on_desk
from porchlight.sharing.rules.desk import (
    LONGEST_NOTE,
    NOTE_STAYS,
    Because,
    Standing,
    Waits,
    WhyNot,
    rises,
    why_on_desk,
)
from porchlight.sharing.tests.street import WORDS, agreed, asked, gives, offered, put, street

NOW = datetime.fromisoformat("2026-11-30T12:00:00+00:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


# ---------- in which list ----------


def standing(**more: Any) -> Standing:
    facts: dict[str, Any] = {
        "asked_at": NOW - 2 * HOUR, "until_at": NOW + 5 * DAY, "free": 1, "offered_at": None,
        "asked": 0,
    }  # fmt: skip
    return Standing(**(facts | more))


@pytest.mark.parametrize(
    ("facts", "waits", "because"),
    [
        ({}, Waits.US, Because.NOBODY_ASKED),
        ({"asked": 3}, Waits.THEM, Because.ASKED),
        ({"offered_at": NOW - HOUR}, Waits.THEM, Because.OFFERED),
        ({"offered_at": NOW - HOUR, "asked": 3, "asked_at": NOW - 9 * DAY}, Waits.THEM,
         Because.OFFERED),
        ({"offered_at": NOW - DAY}, Waits.QUIET, Because.NOT_ANSWERED),
        ({"free": 0}, Waits.THEM, Because.AGREED),
        ({"free": 0, "asked_at": NOW - 9 * DAY}, Waits.THEM, Because.AGREED),
        ({"free": 0, "until_at": NOW}, Waits.QUIET, Because.NOBODY_SAID),
        ({"asked_at": NOW - 3 * DAY}, Waits.QUIET, Because.NOBODY_CAME),
        ({"asked_at": NOW - 3 * DAY, "asked": 3}, Waits.QUIET, Because.NOBODY_CAME),
        ({"asked_at": NOW - 3 * DAY + HOUR, "asked": 3}, Waits.THEM, Because.ASKED),
    ],
)  # fmt: skip
def test_each_stands_in_one_list(facts: dict[str, Any], waits: Waits, because: Because) -> None:
    assert why_on_desk(standing(**facts), now=NOW) == (waits, because)


@given(days=st.integers(0, 60), more=st.integers(1, 60), left=st.integers(0, 30))
def test_what_waits_longer_never_stands_lower(days: int, more: int, left: int) -> None:
    until = NOW + left * DAY
    shorter = standing(asked_at=NOW - days * DAY, until_at=until)
    longer = standing(asked_at=NOW - (days + more) * DAY, until_at=until)
    assert rises(longer, now=NOW) >= rises(shorter, now=NOW)


# ---------- the page ----------


@pytest.fixture
def linden(db: None) -> Scene:
    found = street()
    cast.mandate(found.people["Cora"], Role.DISPATCHER)
    return found


def at_desk(linden: Scene, name: str = "Cora") -> Any:
    return desk(viewer=linden.viewer(name), now=clock.now())


def lines(rows: Any) -> list[str]:
    return [row.card.line for row in rows]


def test_what_waits_for_whom(linden: Scene) -> None:
    asked(linden, line="Nobody knows of it yet")
    gives(linden, "Nils")
    put(asked(linden, line="One was asked"))
    offered(linden, asked(linden, line="One offered"), "Sofie")
    agreed(linden, asked(linden, line="Agreed on"), "Amir")
    old = asked(linden, line="Old and unglamorous")
    Need.objects.filter(id=old.id).update(created_at=clock.now() - 4 * DAY)
    found = at_desk(linden)
    assert lines(found.us) == ["Nobody knows of it yet"]
    assert lines(found.quiet) == ["Old and unglamorous"]
    assert set(lines(found.them)) == {"One was asked", "One offered", "Agreed on"}
    assert (found.promising, found.at_their_cap) == (2, 0)
    assert (found.at_desk, found.wanted_at_desk) == (1, 2)


def test_with_many_promises_somebody_is_at_their_cap(linden: Scene) -> None:
    for number in range(3):
        offered(linden, asked(linden, line=f"Thing {'abc'[number]}"), "Sofie")
    found = at_desk(linden)
    assert (found.promising, found.at_their_cap) == (1, 1)


@pytest.mark.parametrize("name", ["Lena", "Sofie", "Nils", "Carl"])
def test_only_for_the_desk(linden: Scene, name: str) -> None:
    need = asked(linden)
    viewer, now = linden.viewer(name), clock.now()
    for deed in (
        lambda: desk(viewer=viewer, now=now),
        lambda: on_desk(viewer=viewer, need_id=need.id, now=now),
        lambda: note_of(viewer=viewer, now=now),
        lambda: ask_more(viewer=viewer, need_id=need.id, now=now),
        lambda: leave_note(viewer=viewer, words="x", read_at=None, now=now),
    ):
        with pytest.raises(NotHere):
            deed()


def test_who_must_not_meet_the_asker_sees_nothing_of_it_at_the_desk_either(linden: Scene) -> None:
    cast.mandate(linden.people["Xenia"], Role.DISPATCHER)
    need, xenia = asked(linden), linden.viewer("Xenia")
    assert len(at_desk(linden).us) == 1
    assert at_desk(linden, "Xenia").us == []
    for deed in (on_desk, ask_more):
        with pytest.raises(NotHere):
            deed(viewer=xenia, need_id=need.id, now=clock.now())


def test_the_pages_name_nobody(linden: Scene) -> None:
    gives(linden, "Nils")
    gives(linden, "Sofie")
    need = asked(linden)
    offered(linden, need, "Amir")
    cora = cast.signed_in(Client(), linden.people["Cora"])
    pages = [cora.get("/n/linden/board/desk/"), cora.get(f"/n/linden/board/desk/{need.id}/")]
    for answer in pages:
        assert answer.status_code == 200
        said = answer.content.decode()
        for hidden in ("Lena", "Nils", "Sofie", "Amir", WORDS, str(linden.id("Nils"))):
            assert hidden not in said
    assert "Has time then" in pages[1].content.decode()


def test_more_are_asked_though_others_have_not_answered(linden: Scene) -> None:
    for name in ("Sofie", "Amir", "Rosa", "Nils", "Nora"):
        gives(linden, name)
    need = asked(linden)
    assert put(need) == 3
    assert put(need) == 0
    cora, now = linden.viewer("Cora"), clock.now()
    assert len(on_desk(viewer=cora, need_id=need.id, now=now).suggested) == 2
    assert ask_more(viewer=cora, need_id=need.id, now=now) == 2
    assert need.proposals.count() == 5
    with pytest.raises(Refusal) as no:
        ask_more(viewer=cora, need_id=need.id, now=now)
    assert no.value.why is WhyNot.NOBODY_ELSE
    [event] = SharingEvent.objects.filter(need=need, verb="desk_asked")
    assert event.actor_id == linden.id("Cora")
    not_now(viewer=linden.viewer("Nils"), need_id=need.id, now=now)
    assert broken_promises() == []


def test_what_is_over_is_not_at_the_desk(linden: Scene) -> None:
    need = asked(linden)
    Need.objects.filter(id=need.id).update(
        state="withdrawn", closed_at=clock.now(), next_step_at=None, asks_at=None
    )
    assert at_desk(linden).us == []
    for deed in (on_desk, ask_more):
        with pytest.raises(NotHere):
            deed(viewer=linden.viewer("Cora"), need_id=need.id, now=clock.now())


# ---------- the note ----------


def leave(
    linden: Scene, words: str, *, name: str = "Cora", read_at: datetime | None = None
) -> None:
    leave_note(viewer=linden.viewer(name), words=words, read_at=read_at, now=clock.now())


def test_a_note_is_read_by_the_next(linden: Scene) -> None:
    cast.mandate(linden.people["Carl"], Role.DISPATCHER)
    leave(linden, "The van is back on Friday")
    note = note_of(viewer=linden.viewer("Carl"), now=clock.now())
    assert (note.words, note.by) == ("The van is back on Friday", "Cora")
    row = DeskNote.objects.get()
    assert b"van" not in bytes(row.words_guarded)
    assert row.expires_at == row.at + NOTE_STAYS


def test_nobody_writes_over_a_note_they_have_not_read(linden: Scene) -> None:
    cast.mandate(linden.people["Carl"], Role.DISPATCHER)
    leave(linden, "The first")
    with pytest.raises(Refusal) as no:
        leave(linden, "The second", name="Carl")
    assert no.value.why is WhyNot.NEW_NOTE
    leave(linden, "The second", name="Carl", read_at=DeskNote.objects.get().at)
    assert note_of(viewer=linden.viewer("Cora"), now=clock.now()).words == "The second"
    leave(linden, " ", read_at=DeskNote.objects.get().at)
    assert not DeskNote.objects.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("x" * (LONGEST_NOTE + 1), WhyNot.LONG_NOTE),
        ("Ring 06 12 34 56 78 back", WhyNot.SAYS_WHO),
        ("Cora still waits for bread", WhyNot.SAYS_WHO),
    ],
)
def test_a_note_says_nothing_of_people(linden: Scene, words: str, why: WhyNot) -> None:
    with pytest.raises(Refusal) as no:
        leave(linden, words)
    assert no.value.why is why
    assert not DeskNote.objects.exists()


def test_a_note_goes_with_time_and_with_whoever_wrote_it(linden: Scene) -> None:
    leave(linden, "The van is back on Friday")
    later = clock.now() + NOTE_STAYS + HOUR
    assert note_of(viewer=linden.viewer("Cora"), now=later).words == ""
    assert forget_desk_notes(now=later) == 1
    leave(linden, "The van is back on Friday")
    people.Person.objects.filter(id=linden.id("Cora")).update(left_at=clock.now())
    erase_sharing(
        person_id=linden.id("Cora"), network=linden.viewer("Lena").network, now=clock.now()
    )
    assert not DeskNote.objects.exists()


def test_through_the_page_what_was_typed_stays_when_another_note_came(linden: Scene) -> None:
    cora = cast.signed_in(Client(), linden.people["Cora"])
    path = "/n/linden/board/desk/"
    cora.get(path)
    leave(linden, "Came in between")
    form = {"client_key": str(uuid4()), "words": "My own words", "read_at": ""}
    answer = cora.post(path, form)
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Came in between" in said
    assert "My own words" in said
    assert DeskNote.objects.get().at.isoformat() in said
    form["read_at"] = DeskNote.objects.get().at.isoformat()
    assert cora.post(path, form).status_code == 302
    form["words"] = "y" * (LONGEST_NOTE + 1)
    assert cora.post(path, form).status_code == 422


def test_the_desk_costs_the_same_for_one_and_twenty(
    linden: Scene, django_assert_num_queries: Any
) -> None:
    asked(linden)
    viewer, now = linden.viewer("Cora"), clock.now()
    with django_assert_num_queries(6):
        desk(viewer=viewer, now=now)
    for number in range(20):
        asked(
            linden, by=["Sofie", "Amir", "Rosa", "Nils"][number % 4], line="Bread " + "x" * number
        )
    with django_assert_num_queries(6):
        assert len(desk(viewer=viewer, now=now).us) == 21


@pytest.mark.django_db(transaction=True)
def test_two_notes_at_once_and_one_is_told() -> None:
    linden = street()
    for name in ("Cora", "Carl"):
        cast.mandate(linden.people[name], Role.DISPATCHER)
    said = at_once(
        lambda: leave(linden, "From the first"),
        lambda: leave(linden, "From the second", name="Carl"),
    )
    assert sorted(str(one) for one in said) == sorted(["None", str(WhyNot.NEW_NOTE)])
    assert DeskNote.objects.count() == 1
