"""What the doctor says of the disk, the clocks and the kind of run, in each of their states."""

import pytest

from porchlight import doctor, settings
from porchlight.doctor import Finding

MB = 1_000_000


@pytest.mark.parametrize(
    ("free", "state"),
    [
        (0, "broken"),
        (199 * MB, "broken"),
        (200 * MB, "look"),
        (999 * MB, "look"),
        (1000 * MB, "ok"),
        (10**15, "ok"),
    ],
)
def test_a_full_disk_is_broken_and_a_nearly_full_one_a_thing_to_look_at(
    free: int, state: str
) -> None:
    found = doctor.room_of(free)
    assert (found.about, found.state) == ("disk", state)
    assert bool(found.do) == (state != "ok")


def said(apart: float, moved: bool) -> list[Finding]:
    found = list(doctor.clocks_of(apart, moved))
    assert {one.about for one in found} == {"clock"}
    return found


def test_clocks_that_differ_or_were_moved_are_named() -> None:
    assert [one.state for one in said(0.0, False)] == ["ok"]
    assert [one.state for one in said(2.0, False)] == ["ok"]
    [apart] = said(3.0, False)
    assert apart.state == "look" and "3 seconds" in apart.says and "NTP" in apart.do
    [moved] = said(0.0, True)
    assert moved.state == "look" and "kit_clockshift" in moved.do
    assert len(said(9.0, True)) == 2


def test_a_moved_clock_is_broken_where_people_rely_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IS_PRODUCTION", True)
    assert [one.state for one in said(0.0, True)] == ["broken"]


@pytest.mark.parametrize(
    ("production", "warned", "state", "word"),
    [
        (True, False, "ok", "Production"),
        (False, False, "ok", "Demo"),
        (False, True, "look", "others can reach"),
    ],
)
def test_the_kind_of_run_is_said(
    monkeypatch: pytest.MonkeyPatch, production: bool, warned: bool, state: str, word: str
) -> None:
    monkeypatch.setattr(settings, "IS_PRODUCTION", production)
    monkeypatch.setattr(settings, "PLAIN_HTTP_WARNING", warned)
    found = doctor.mode()
    assert (found.about, found.state) == ("mode", state)
    assert word in found.says
