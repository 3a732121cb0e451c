"""Which doors take or answer JSON, found in the code of their views.

From each view through every function and class of ours that it names: whether one of them reads
JSON, answers it or says its kind. So a door becomes one by what it does, not by being on a list.
"""

import inspect
import re
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from django.urls import URLPattern

from tests.test_doors import DOORS

OUR_OWN = {
    "porchlight.notices.queries.words.words_of",
    "porchlight.people.queries.push._mark",
    "porchlight.people.views.ways_in.taken_out",
    "porchlight.sharing.queries.by_code._opened",
    "porchlight.sharing.queries.by_code.opened_by_proof",
    "porchlight.sharing.queries.intake._kept",
    "porchlight.sharing.queries.intake.read_reach",
}
"""These read what we wrote and locked away ourselves."""
BEFORE_MANY = {
    "porchlight.people.views.ways_in.is_themself",
    "porchlight.people.views.ways_in.fresh_form",
}
"""The page that asks for the password takes a passkey too, in front of many doors: in the schema it
stands before `people:places-file`."""
FOR_MACHINES = {"browser:health"}
"""No JSON, but no person asks there either."""
KIND = re.compile(r"[\w.+-]+/[\w.+-]*json")


def json_doors() -> set[str]:
    """Their names in the table of doors."""
    return {name for name, pattern in DOORS.items() if _reads_or_answers(pattern.callback)}


def methods_of(name: str) -> set[str]:
    return set(DOORS[name].callback.door.methods) - {"HEAD"}


def path_of(pattern: URLPattern) -> str:
    """The address as OpenAPI writes it."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))


def _reads_or_answers(view: Any) -> bool:
    todo, met = list(_functions(view)), set()
    while todo:
        one = todo.pop()
        name = f"{one.__module__}.{one.__qualname__}"
        if one in met or name in OUR_OWN | BEFORE_MANY or not name.startswith("porchlight."):
            continue
        met.add(one)
        names, words = _named(one.__code__)
        if {"json", "loads"} <= names or "JsonResponse" in names or any(map(KIND.fullmatch, words)):
            return True
        for thing in _things(one, names):
            todo.extend(_functions(thing))
    return False


def _named(code: CodeType) -> tuple[set[str], set[str]]:
    """The names and the words in a piece of code, with those of the functions inside it."""
    names, words = set(code.co_names), {one for one in code.co_consts if isinstance(one, str)}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            more, said = _named(inner)
            names, words = names | more, words | said
    return names, words


def _things(one: FunctionType, names: set[str]) -> Iterator[Any]:
    """What a function can get at: by its name, through a module, or in its closure."""
    for cell in one.__closure__ or ():
        yield cell.cell_contents
    for name in names & one.__globals__.keys():
        thing = one.__globals__[name]
        if isinstance(thing, ModuleType) and thing.__name__.startswith("porchlight."):
            yield from (getattr(thing, inner, None) for inner in names)
        else:
            yield thing


def _functions(thing: Any) -> Iterator[FunctionType]:
    if isinstance(thing, dict):
        for inner in thing.values():
            yield from _functions(inner)
    elif inspect.isclass(thing):
        for inner in vars(thing).values():
            plain = getattr(inner, "__func__", None) or getattr(inner, "fget", None) or inner
            if isinstance(plain, FunctionType):
                yield plain
    elif isinstance(thing, FunctionType):
        yield thing
        yield from _functions(getattr(thing, "__wrapped__", None))
