"""`porchlight simulate alerts`: our own rules on made-up people, the same each time."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from math import inf
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from porchlight import cli, simulate
from porchlight.alerts.rules.chances import NIGHT_SHARE, PRIOR
from porchlight.alerts.rules.choosing import TRAINED_FIRST
from porchlight.alerts.rules.enough import to_say_so
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import Why
from porchlight.alerts.rules.steps import MOST_A_WAVE, MOST_BEYOND
from porchlight.simulate import figures
from porchlight.simulate.alerts import KINDS, MIX
from porchlight.simulate.answers import Call
from porchlight.simulate.inputs import KEYS, SHARES, TABLE, Inputs, shifted
from porchlight.simulate.ours import Invited, OurCall, playbook, pod_only
from porchlight.simulate.policies import POLICIES, everyone, nearest_three, seven_replaced
from porchlight.simulate.town import DENSITIES, Person, town_of

REPOSITORY = Path(__file__).parent.parent
FEWEST = len(MIX)
SVG = "{http://www.w3.org/2000/svg}"


AS_IT_IS = Inputs()


def one_call(
    number: int, place: str, at_night: bool, kind: Kind, inputs: Inputs = AS_IT_IS
) -> Call:
    return Call(
        number=number,
        seed=5,
        inputs=inputs,
        town=town_of(inputs, place, seed="5"),
        kind=kind,
        at_night=at_night,
    )


calls = st.builds(
    one_call,
    st.integers(0, 10_000),
    st.sampled_from(sorted(DENSITIES)),
    st.booleans(),
    st.sampled_from(KINDS),
)


# ---------- inputs ----------


def test_each_input_stands_in_the_table_once_with_its_source() -> None:
    assert [said.key for said in TABLE] == list(KEYS)
    assert all(said.says and said.source for said in TABLE)


def test_what_the_rules_begin_with_is_what_is_taken_for_true() -> None:
    inputs = Inputs()
    assert (inputs.pod_comes, inputs.near_comes) == (PRIOR[Why.POD], PRIOR[Why.NEAR])
    assert (inputs.trained_comes, inputs.night_share) == (PRIOR[Why.TRAINED], NIGHT_SHARE)


@pytest.mark.parametrize("key", KEYS)
def test_half_as_large_again_is_never_more_than_everybody(key: str) -> None:
    less, more = (getattr(shifted(Inputs(), key, factor), key) for factor in (0.5, 1.5))
    assert less < getattr(Inputs(), key) < more
    assert more <= 1 or key not in SHARES


# ---------- every way of asking ----------


@settings(max_examples=60, deadline=None)
@given(calls)
def test_nobody_is_asked_twice_and_never_whoever_asks(call: Call) -> None:
    for policy in POLICIES:
        outcome = policy.run(call, playbook(call.kind).wanted)
        assert len(outcome.people) == len(set(outcome.people))
        assert call.asker.number not in outcome.people
        assert outcome.disturbed <= len(outcome.people)
        assert len(outcome.there_at) <= len(outcome.out_at) <= len(outcome.people) * 2
        assert outcome.has_enough == (outcome.enough_at is not None)


@settings(max_examples=40, deadline=None)
@given(calls)
def test_ways_that_ask_the_nearest_ask_the_same_people_first(call: Call) -> None:
    all_near = everyone(call, 3).people
    assert nearest_three(call, 3).people == all_near[:3]
    seven = seven_replaced(call, 3).people
    assert seven == all_near[: len(seven)]
    assert min(7, len(all_near)) <= len(seven)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 500), st.sampled_from(["pod_comes", "near_comes", "arrives"]))
def test_where_people_come_more_often_no_fewer_arrive(number: int, key: str) -> None:
    place, at_night, kind = MIX[number % len(MIX)]
    as_it_is, more = (
        everyone(one_call(number, place, at_night, kind, inputs), 3)
        for inputs in (Inputs(), shifted(Inputs(), key, 1.5))
    )
    assert more.people == as_it_is.people
    assert len(more.out_at) >= len(as_it_is.out_at)
    assert set(as_it_is.there_at) <= set(more.there_at)


# ---------- ours ----------


class Watched(OurCall):
    """Ours, with every wave and every answer looked at."""

    waves: list[int]

    def _ask(self, people: list[tuple[Person, Why]]) -> None:
        self.waves = [*getattr(self, "waves", []), len(people)]
        super()._ask(people)

    def _heard(self, what: str, who: Invited) -> None:
        super()._heard(what, who)
        on_the_way = self._on_the_way()
        assert on_the_way.people <= self.playbook.most
        assert on_the_way.coming <= to_say_so(self.playbook.wanted)


@settings(max_examples=60, deadline=None)
@given(calls)
def test_ours_keeps_within_its_caps(call: Call) -> None:
    own = playbook(call.kind)
    watched = Watched(call, own.wanted, own, is_wide=True)
    outcome = watched.run()
    pod, first, *later = watched.waves
    assert pod == len(call.town.pods[call.asker.pod]) - 1
    assert first <= own.near_first + TRAINED_FIRST
    assert all(wave <= MOST_A_WAVE for wave in later)
    assert later.count(0) <= 1  # nobody was left to find: then it does not look again
    beyond = [who for who in watched.invited.values() if who.why is not Why.POD]
    assert len(beyond) <= MOST_BEYOND
    assert len(outcome.there_at) <= own.most


@settings(max_examples=30, deadline=None)
@given(calls)
def test_without_wider_only_the_pod_is_asked(call: Call) -> None:
    pod = {one.number for one in call.town.pods[call.asker.pod]} - {call.asker.number}
    assert set(pod_only(call, playbook(call.kind).wanted).people) == pod


def test_where_nobody_answers_ours_asks_on_to_the_end_of_its_plan() -> None:
    silent = replace(Inputs(), pod_comes=0.0, near_comes=0.0, trained_comes=0.0, says_no=0.0)
    call = one_call(1, "dense", False, KINDS[0], silent)
    own = playbook(call.kind)
    watched = Watched(call, own.wanted, own, is_wide=True)
    outcome = watched.run()
    assert sum(watched.waves[1:]) == MOST_BEYOND
    assert watched.few_at is not None
    assert (outcome.out_at, outcome.there_at) == ([], [])


def test_where_everybody_comes_at_once_nobody_further_is_asked() -> None:
    keen = replace(Inputs(), pod_comes=1.0, half_reach_metres=1e9, dead_phones=0.0, arrives=1.0)
    keen = replace(keen, answer_seconds=5.0, answer_spread=0.0, away_by_day=0.0)
    call = one_call(2, "core", False, KINDS[0], keen)
    own = playbook(call.kind)
    assert len(call.town.pods[call.asker.pod]) > to_say_so(own.wanted)
    watched = Watched(call, own.wanted, own, is_wide=True)
    outcome = watched.run()
    assert len(watched.waves) == 2
    assert outcome.has_enough


# ---------- figures ----------


@pytest.mark.parametrize(
    ("values", "percent", "is_now"),
    [([1], 50, 1), ([1, 2, 3], 50, 2), ([1, 2, 3, 4], 50, 2), ([1, inf], 90, inf), ([3, 1], 0, 1)],
)
def test_the_nearest_rank(values: list[float], percent: float, is_now: float) -> None:
    assert figures.ranked(values, percent) == is_now


@pytest.mark.parametrize(
    ("points", "on_it"),
    [
        ({"a": (1, 1)}, {"a"}),
        ({"a": (1, 2), "b": (2, 1)}, {"a", "b"}),
        ({"a": (1, 1), "b": (1, 2)}, {"a"}),
        ({"a": (1, 1), "b": (1, 1)}, {"a", "b"}),
        ({"a": (inf, 1), "b": (2, 2), "c": (2, inf)}, {"a", "b"}),
    ],
)
def test_who_is_on_the_front(points: dict[str, tuple[float, float]], on_it: set[str]) -> None:
    assert figures.front(points) == on_it


@given(st.dictionaries(st.text(), st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=1))
def test_somebody_is_always_on_the_front(points: dict[str, tuple[float, float]]) -> None:
    on_it = figures.front(points)
    assert on_it
    for other in set(points) - on_it:
        assert any(
            points[one][0] <= points[other][0] and points[one][1] <= points[other][1]
            for one in on_it
        )


# ---------- the command ----------


def said_by(*words: str, hash_seed: str = "0") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "porchlight.cli", "simulate", "alerts", *words],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        timeout=120,
    )
    return done.stdout


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    words = ("--json", "--quick", "--calls", str(FEWEST))
    first = said_by(*words, hash_seed="1")
    assert said_by(*words, hash_seed="2") == first
    assert said_by(*words, "--seed", "7") != first


def test_it_tells_draws_and_tries_every_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--json", "--calls", str(FEWEST), "--svg", str(tmp_path)]
    assert simulate.main(["alerts", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {row["key"] for row in told["sensitivity"]} == set(KEYS)
    assert len(told["sensitivity"]) == 2 * len(KEYS)
    assert list(told["policies"]) == [policy.key for policy in POLICIES]
    assert {(part["place"], part["at_night"]) for part in told["by_place"]} == {
        mix[:2] for mix in MIX
    }
    assert told["aim"].keys() >= {"people_ratio", "time_ratio", "on_front", "is_met"}
    for one in told["policies"].values():
        low, high = one["intervals"]["disturbed_per_call"]
        assert low <= one["disturbed_per_call"] <= high
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["simulation-front.svg", "simulation-sensitivity.svg"]
    for name in names:
        drawn = ElementTree.parse(tmp_path / name).getroot()
        said = [drawn.find(f"{SVG}{tag}") for tag in ("title", "desc")]
        assert all(one is not None and one.text for one in said)
        labels = [one.attrib["id"] for one in said if one is not None]
        assert drawn.attrib["aria-labelledby"].split() == labels


def test_the_table_for_people_names_every_way(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["simulate", "alerts", "--quick", "--calls", str(FEWEST)]) == 0
    told = capsys.readouterr().out
    assert all(policy.says in told for policy in POLICIES)
    assert "Ours beside everyone" in told


@pytest.mark.parametrize(
    ("words", "names"),
    [("--calls 1", "--calls"), ("--calls many", "--calls"), ("--svg /no/where", "--svg")],
)
def test_a_run_is_bounded(words: str, names: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        simulate.main(["alerts", *words.split()])
    assert names in capsys.readouterr().err


def test_without_a_word_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate.main([]) == 2
    assert "alerts" in capsys.readouterr().out


def test_the_document_names_every_input_as_it_is_and_shows_both_pictures() -> None:
    words = (REPOSITORY / "docs" / "simulation.md").read_text("utf-8")
    inputs = Inputs()
    rows = [
        f"| {said.says} | {getattr(inputs, said.key):g} | {said.unit} | {said.source} |"
        for said in TABLE
    ]
    assert [row for row in rows if row not in words] == []
    shown = re.findall(r"!\[[^\]]+\]\((pictures/[^)]+)\)", words)
    assert shown == ["pictures/simulation-front.svg", "pictures/simulation-sensitivity.svg"]
    for picture in shown:
        ElementTree.parse(REPOSITORY / "docs" / picture)
