"""`porchlight bench ...`: how fast the program is, on data thrown away. `--json` for numbers.

Everything runs on one machine at once, so the numbers are small and honest; compare them with the
peers of the same run, not with other machines.
"""

import sys
from importlib import import_module

WHAT = {
    "pages": "how fast pages come, beside a bare page",
    "fanout": "one notice to very many phones, beside the bare client",
    "smtp": "one notice to very many mailboxes, beside the bare pool",
    "choose": "how fast people nearby are chosen out of a million members",
    "raise": "a press on Get help, to stored and to the first message",
    "crash": "kill -9 in the middle of a call to very many, until it goes on",
    "timers": "how late a thousand open calls take their next step",
    "backup": "a backup, a drill and a restore of a gigabyte",
    "board": "the board with a hundred thousand open needs",
    "match": "the best plan for needs and offers of a metropolis, beside greedy and scipy",
}
"""Each is a module here with `main(arguments)`."""
MODULES = {"raise": "raising", "backup": "backing_up"}
"""Where a word is not the name of its module."""


def main(arguments: list[str]) -> int:
    """Run one of them."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name not in WHAT:
        lines = [f"  {known:<10} {does}" for known, does in WHAT.items()]
        sys.stdout.write("\n".join(["usage: porchlight bench <what> [--json]", "", *lines, ""]))
        return 0 if name in {"-h", "--help"} else 2
    code: int = import_module(f"porchlight.bench.{MODULES.get(name, name)}").main(rest)
    return code
