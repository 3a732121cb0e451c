"""One's own file: what was called, asked and written; never somebody else's, never a silent one."""

import json
from typing import Any
from uuid import uuid4

import pytest

from porchlight.alerts.actions.choices import choose, choose_safe_person
from porchlight.alerts.actions.together import add_task, take_task, write_update
from porchlight.alerts.models import AlertTask
from porchlight.alerts.queries.export import export_of
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.tests.scene import DOOR, NOTE, STORY, Scene, call, says, scene
from porchlight.kit import clock
from porchlight.kit.errors import NotHere
from porchlight.kit.moments import collected

pytestmark = pytest.mark.django_db


@pytest.fixture
def street() -> Scene:
    street = scene()
    alert = call(street, is_wide=True)
    says(street, alert, "Sofie")
    now = clock.now()
    write_update(
        viewer=street.viewer("Sofie"), alert_id=alert.id, words="I bring a blanket",
        client_key=uuid4(), now=now,
    )  # fmt: skip
    add_task(
        viewer=street.viewer("Lena"), alert_id=alert.id, client_key=uuid4(), now=now,
        key="street_door",
    )  # fmt: skip
    take_task(
        viewer=street.viewer("Sofie"), alert_id=alert.id,
        task_id=AlertTask.objects.get(alert=alert, key="street_door").id, now=now,
    )  # fmt: skip
    return street


def file_of(street: Scene, name: str) -> dict[str, Any]:
    found = export_of(viewer=street.viewer(name), person_id=street.id(name))
    told: dict[str, Any] = found["calls_for_help"]
    return told


def test_who_called_finds_their_words(street: Scene) -> None:
    choose(viewer=street.viewer("Lena"), may_text_place=True, is_wide=False)
    found = file_of(street, "Lena")
    [mine] = found["mine"]
    assert (mine["kind"], mine["place"], mine["story"], mine["note"]) == ("hurt", DOOR, STORY, NOTE)
    assert found["choices"] == {
        "place_may_go_by_text": True,
        "wider_is_ticked": False,
        "looked_after": True,
        "rung_in_quiet_hours": False,
        "most_rung_a_week": 7,
        "rung_at": [],
        "rests_until": None,
    }
    assert found["i_was_asked"] == []


def test_who_helped_finds_what_they_did_and_no_word_of_the_asker(street: Scene) -> None:
    found = file_of(street, "Sofie")
    [asked] = found["i_was_asked"]
    assert (asked["who_asked"], asked["answer"]) == ("Lena", "coming")
    [line] = found["lines_i_wrote"]
    assert line["words"] == "I bring a blanket"
    [task] = found["tasks_i_took"]
    assert task["what"] == "street_door"
    told = json.dumps(found, default=str)
    assert not any(secret in told for secret in (DOOR, STORY, NOTE))


def test_a_stranger_does_not_learn_who_asked(street: Scene) -> None:
    [asked] = file_of(street, "Nils")["i_was_asked"]
    assert asked["who_asked"] is None


def test_a_silent_call_is_in_nobody_s_file(street: Scene) -> None:
    before = file_of(street, "Lena")
    choose_safe_person(
        viewer=street.viewer("Lena"), person_id=street.id("Bea"), client_key=uuid4(),
        now=clock.now(),
    )  # fmt: skip
    silent = call(street, Kind.UNSAFE)
    says(street, silent, "Bea")
    assert file_of(street, "Lena") == before
    [asked] = file_of(street, "Bea")["i_was_asked"][-1:]
    assert (asked["who_asked"], asked["because_of"]) == (None, "known")
    assert "unsafe" not in json.dumps(file_of(street, "Bea"), default=str)


def test_nobody_gets_somebody_else_s_file(street: Scene) -> None:
    with pytest.raises(NotHere):
        export_of(viewer=street.viewer("Sofie"), person_id=street.id("Lena"))


def test_the_file_of_my_page_has_it(street: Scene) -> None:
    parts = collected("export_of", viewer=street.viewer("Lena"), person_id=street.id("Lena"))
    assert any("calls_for_help" in part for part in parts)
