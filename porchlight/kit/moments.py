"""How a low area lets higher ones answer, without knowing them.

The lists stand in `porchlight/moments.py`: one ordered list of dotted names a moment.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string


@cache
def answers_to(name: str) -> tuple[Callable[..., Any], ...]:
    """The functions that answer a moment, in order. An unknown moment is a programming error."""
    lists: dict[str, list[str]] = import_module("porchlight.moments").MOMENTS
    if name not in lists:
        raise LookupError(f"There is no moment «{name}» in porchlight/moments.py.")
    return tuple(import_string(dotted) for dotted in lists[name])


def happened(name: str, /, **facts: Any) -> None:
    """Tell everyone who answers, in order, as one: if one refuses, nothing happened."""
    answers = answers_to(name)
    with transaction.atomic():
        for answer in answers:
            answer(**facts)


def collected(name: str, /, **facts: Any) -> list[Any]:
    """Ask everyone and bring all answers home, in order."""
    return [answer(**facts) for answer in answers_to(name)]


def asked(name: str, /, **facts: Any) -> Any | None:
    """Ask one after the other; the first answer that is not None wins."""
    for answer in answers_to(name):
        said = answer(**facts)
        if said is not None:
            return said
    return None
