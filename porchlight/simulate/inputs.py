"""What the simulation takes for true, each with its unit and where it is from, in one table."""

from dataclasses import dataclass, fields, replace

from porchlight.alerts.rules.chances import NIGHT_SHARE, PRIOR
from porchlight.alerts.rules.states import Why

ADVICE = "research/alerting.md"
BRISK = "Jonsson et al. 2020, doi 10.1016/j.resuscitation.2020.01.043"
TURNOUT = "Ganter et al. 2025, doi 10.1016/j.resuscitation.2025.110772"
PHASED = "van den Berg et al. 2026, doi 10.1371/journal.pone.0343762"
GUESS = "ours, a guess"


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """One set of them. Shares go from 0 to 1."""

    members_within_km: float = 30
    pod_people: float = 8
    street_metres: float = 80
    away_by_day: float = 0.4
    away_metres: float = 2000
    trained: float = 0.1
    dead_phones: float = 0.05
    pod_comes: float = PRIOR[Why.POD]
    near_comes: float = PRIOR[Why.NEAR]
    trained_comes: float = PRIOR[Why.TRAINED]
    night_share: float = NIGHT_SHARE
    half_reach_metres: float = 2000
    says_no: float = 0.3
    delivery_seconds: float = 8
    answer_seconds: float = 45
    answer_spread: float = 1.0
    night_slower: float = 1.4
    ready_seconds: float = 57
    foot_speed: float = 1.8
    wheels_speed: float = 3.5
    wheels_from_metres: float = 500
    speed_spread: float = 0.5
    arrives: float = 0.8
    takes_back: float = 0.5
    comes_again: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Said:
    """One input in words."""

    key: str
    says: str
    unit: str
    source: str


def _of(key: str, says: str, unit: str, source: str = GUESS) -> Said:
    return Said(key=key, says=says, unit=unit, source=source)


TABLE: tuple[Said, ...] = (
    _of(
        "members_within_km",
        "members who live within 1 km, in the core; in the dense place three times as many, "
        "in the sparse one a third",
        "people",
        f"the middle of the densities in {PHASED}; three times and a third: {GUESS}",
    ),
    _of("pod_people", "people in a pod, who live in one street", "people"),
    _of("street_metres", "how far homes of one pod lie from its middle (one sigma)", "m"),
    _of("away_by_day", "members who are elsewhere by day", "share"),
    _of("away_metres", "how far elsewhere is, on average", "m"),
    _of("trained", "members trained in first aid", "share"),
    _of("dead_phones", "phones that do not ring", "share"),
    _of("pod_comes", "comes when asked: pod", "share", f"{ADVICE} 7.5"),
    _of("near_comes", "comes when asked: nearby", "share", f"{ADVICE} 7.5"),
    _of("trained_comes", "comes when asked: trained for this", "share", f"{ADVICE} 7.5"),
    _of("night_share", "of these by night", "share", f"{GUESS}, as in rules/chances.py"),
    _of("half_reach_metres", "from so far away half as many come", "m"),
    _of("says_no", "of those who do not come: say so, rather than nothing", "share"),
    _of("delivery_seconds", "until a phone rings", "s", f"{ADVICE} 5.3: 5 to 10"),
    _of("answer_seconds", "from ringing to the answer, median", "s", f"{ADVICE} 7.5, half-life"),
    _of("answer_spread", "spread of that (sigma of its logarithm)", ""),
    _of("night_slower", "times as slow to answer and leave by night", "", f"2:22/1:42, {TURNOUT}"),
    _of(
        "ready_seconds",
        "from the answer to leaving",
        "s",
        f"1:42 from alert to leaving by day, less the answer; {TURNOUT}",
    ),
    _of("foot_speed", "speed on foot, straight line", "m/s", f"where most live; {BRISK}"),
    _of(
        "wheels_speed",
        "speed by bicycle or car, straight line",
        "m/s",
        f"956 m in 6.2 min, less 1:42 to leave; {BRISK}",
    ),
    _of("wheels_from_metres", "farther than this every second goes by bicycle or car", "m"),
    _of("speed_spread", "spread of speeds (sigma of their logarithm)", ""),
    _of("arrives", "arrives after saying «on my way»", "share", f"{ADVICE} 7.5"),
    _of("takes_back", "of those who do not arrive: say so on the way", "share"),
    _of("comes_again", "was told «enough», and comes when asked once more", "share"),
)  # fmt: skip
SHARES = frozenset(said.key for said in TABLE if said.unit == "share")


def shifted(inputs: Inputs, key: str, factor: float) -> Inputs:
    """The same with one input so many times as large; a share never beyond 1."""
    value = getattr(inputs, key) * factor
    return replace(inputs, **{key: min(value, 1.0) if key in SHARES else value})


KEYS = tuple(field.name for field in fields(Inputs))
