"""How a low area lets higher ones answer, without knowing them.

The lists stand in `porchlight/moments.py`: one ordered list of dotted names a moment.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


@cache
def answers_to(name: str) -> tuple[Callable[..., Any], ...]:
    """The functions that answer a moment, in their order. Unknown moments are a programming error."""
    lists: dict[str, list[str]] = import_module("porchlight.moments").MOMENTS
    return tuple(_function(dotted) for dotted in lists[name])


def _function(dotted: str) -> Callable[..., Any]:
    module, _, name = dotted.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def happened(name: str, **facts: Any) -> None:
    """Tell everyone who answers, in order, in the caller's transaction. If one refuses, nothing happened."""
    for answer in answers_to(name):
        answer(**facts)


def collected(name: str, **facts: Any) -> list[Any]:
    """Ask everyone and bring all answers home, in order."""
    return [answer(**facts) for answer in answers_to(name)]


def asked(name: str, **facts: Any) -> Any | None:
    """Ask one after the other; the first answer that is not None wins."""
    for answer in answers_to(name):
        said = answer(**facts)
        if said is not None:
            return said
    return None
