"""Where guarded words lie, and the fingerprints to find them by: every area lists its columns, so
that a rotation of keys misses none."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """One column of guarded words, with what `kit.vault` bound them to."""

    table: str
    column: str
    purpose: str
    whose: str
    """The column that holds the owner's id."""
    key: str = "id"
    """The primary key of the table."""


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """One column of `vault.index`. With nothing to make it anew from, its rows are waited for."""

    table: str
    column: str
    words: Guarded | None = None
    """Guarded words of the same row, from which it is made anew."""
    beside: str = ""
    """A plain column that making it needs too."""
    anew: Callable[[str, str], bytes] | None = None
    """Makes it from the words and what stands beside."""
    until: str = ""
    """The column that says until when somebody may look for it."""
