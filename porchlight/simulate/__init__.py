"""`porchlight simulate ...`: what the rules would do in a made-up town. `--json` for numbers.

Nothing is read from a database and nobody real is in it, so it can be asked before anybody relies
on the program.
"""

import sys
from importlib import import_module

WHAT = {"alerts": "who would come to a call for help, and how many are disturbed for it"}
"""Each is a module here with `main(arguments)`."""


def main(arguments: list[str]) -> int:
    """Run one of them."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name not in WHAT:
        lines = [f"  {known:<10} {does}" for known, does in WHAT.items()]
        sys.stdout.write("\n".join(["usage: porchlight simulate <what> [--json]", "", *lines, ""]))
        return 0 if name in {"-h", "--help"} else 2
    code: int = import_module(f"porchlight.simulate.{name}").main(rest)
    return code
