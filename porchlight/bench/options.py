"""The words behind `porchlight bench <what>`."""

import argparse
from collections.abc import Mapping, Sequence

Bounds = Mapping[str, tuple[int, int, int]]
"""Of each number the usual one, the least and the most."""


def chosen(
    what: str,
    arguments: Sequence[str],
    *,
    about: str | None,
    bounds: Bounds,
    helps: Mapping[str, str] | None = None,
    flags: Mapping[str, str] | None = None,
) -> argparse.Namespace:
    """What somebody typed: numbers within their bounds, flags, and `--json`. Else it ends here.

    helps: what is said of a number instead of its bounds. flags: what each of them does.
    """
    parser = argparse.ArgumentParser(
        prog=f"porchlight bench {what}",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    for name, (usual, least, most) in bounds.items():
        says = (helps or {}).get(name, f"{least} to {most}")
        parser.add_argument(f"--{name}", type=int, default=usual, help=says)
    for name, does in (flags or {}).items():
        parser.add_argument(f"--{name}", action="store_true", help=does)
    found = parser.parse_args(arguments)
    for name, (_usual, least, most) in bounds.items():
        if not least <= getattr(found, name) <= most:
            parser.error(f"--{name} goes from {least} to {most}.")
    return found
