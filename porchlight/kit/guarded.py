"""Where guarded words lie: every area lists its columns, so that a rotation of keys misses none."""

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
