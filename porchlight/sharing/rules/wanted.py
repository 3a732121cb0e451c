"""What somebody typed and chose when they ask for something."""

from dataclasses import dataclass, field
from datetime import date

from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.needs import Meeting
from porchlight.sharing.rules.offers import Ability
from porchlight.sharing.rules.repeats import USUAL_TIMES, Repeat
from porchlight.sharing.rules.times import Part, When


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One thing somebody asks for. `words` are for agreed helpers only."""

    category: Category
    line: str
    when: When
    part: Part = Part.ANY
    day: date | None = None
    cell: str = ""
    people: int = 1
    helpers: int = 1
    meeting: Meeting = Meeting.OUTSIDE
    takes: frozenset[Ability] = frozenset()
    words: str = field(default="", repr=False)
    tells_pod: bool = False
    repeats: Repeat = Repeat.ONCE
    times: int = USUAL_TIMES
    """How often in all, where it is not once."""
