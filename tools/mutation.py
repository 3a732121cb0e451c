"""Makes small mistakes in what is trusted most, one at a time, and counts how many the tests see.

    python -m tools.mutation [--only vouches] [--json mutants.json]

By hand, not part of a build: some minutes for each part. The mistakes are those of Cosmic Ray
(`pip install cosmic-ray` beside the program: another sign, another number, a «not» less...); each
is put into the running code of a process of its own that has everything loaded
already, and the tests named below run there until one fails. A mistake that lets the process hang
counts as seen. Only what stands in functions is changed: tables and constants at the top are
not, and annotations and docstrings do nothing.

`DATABASE_URL` names a server where a database for tests may be made.
"""

import argparse
import gc
import importlib
import io
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
PATIENCE = 60
"""Seconds until a process that was given a mistake is taken to hang."""
SKIPPED = ("core/VariableReplacer", "core/VariableInserter", "core/RemoveDecorator", "core/NoOp")
"""Names are not exchanged; a decorator is no part of a function's code."""


@dataclass(frozen=True)
class Part:
    """Files that are given mistakes, and the tests that should see them."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "vouches": Part(
        ("porchlight/trust/rules/vouches.py", "porchlight/trust/actions/vouches.py",
         "porchlight/trust/queries/vouches.py"),
        ("porchlight/trust/tests/test_rules.py", "porchlight/trust/tests/test_vouching.py",
         "porchlight/trust/tests/test_day_one.py"),
    ),
    "audit": Part(
        ("porchlight/people/rules/chain.py", "porchlight/people/actions/audit.py",
         "porchlight/people/actions/sealing.py"),
        ("porchlight/people/tests/test_chain.py",),
    ),
    "retention": Part(
        ("porchlight/kit/sweeping.py", "porchlight/people/actions/sweeping.py"),
        ("porchlight/people/tests/test_sweeping.py", "porchlight/home/tests/test_terms.py"),
    ),
    "tombstones": Part(
        ("porchlight/kit/tombstones.py",), ("porchlight/kit/tests/test_tombstones.py",)
    ),
    "vault": Part(("porchlight/kit/vault.py",), ("porchlight/kit/tests/test_vault.py",)),
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One mistake, and whether a test saw it."""

    file: str
    line: int
    mistake: str
    was: str
    became: str
    outcome: str
    """seen, hung, missed, or nothing: the code is the same."""


def functions_of(module: Any) -> Iterator[FunctionType]:
    """Every function written in this module, below its decorators, however it is kept."""
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == module.__file__:
            yield one


def codes(code: CodeType) -> Iterator[CodeType]:
    """Of every function in a compiled module."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from codes(one)


def put_in(module: Any, source: str) -> bool:
    """Exchange the code of functions that are different now; whether there was one."""
    new = {(one.co_qualname, one.co_firstlineno): one for one in codes(
        compile(source, module.__file__, "exec", dont_inherit=True)
    )}  # fmt: skip
    is_changed = False
    for function in list(functions_of(module)):
        old = function.__code__
        found = new.get((old.co_qualname, old.co_firstlineno))
        if found is not None and found != old and found.co_freevars == old.co_freevars:
            function.__code__ = found
            is_changed = True
    return is_changed


def mistakes(file: str) -> Iterator[tuple[str, int, str]]:
    """Name of the operator, line, and the whole source with one mistake in it."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    source = (REPOSITORY / file).read_text("utf-8")
    lines = source.splitlines()
    for name in sorted(operator_names()):
        if name.startswith(SKIPPED):
            continue
        operator, number = get_operator(name)(), 0
        while (changed := mutate_code(source, operator, number)) is not None:
            number += 1
            after = changed.splitlines()
            pairs = zip(lines, after, strict=False)
            line = next((at for at, (old, new) in enumerate(pairs, 1) if old != new), 0)
            if line and len(after) == len(lines):
                yield name, line, changed


def run_tests(tests: tuple[str, ...], *more: str) -> int:
    """Until one fails, without a word; 0: all passed."""
    import pytest

    silent = io.StringIO()
    with redirect_stdout(silent), redirect_stderr(silent):
        said = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--reuse-db", *more, *tests])
    if said not in {0, 1}:
        raise SystemExit(f"pytest could not run: {silent.getvalue()[-2000:]}")
    return int(said)


def let_go() -> None:
    """A process is split off now: no line to the database may belong to two."""
    from django.db import connections

    for one in connections.all():
        one.close()
        if getattr(one, "pool", None) is not None:
            one.close_pool()  # type: ignore[attr-defined]  # of PostgreSQL's


def tried(module: Any, source: str, tests: tuple[str, ...]) -> str:
    """Give a process of its own this mistake, and see whether a test fails there."""
    child = os.fork()
    if not child:
        code = 3
        try:
            signal.alarm(PATIENCE)
            code = run_tests(tests) if put_in(module, source) else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "hung" if os.WTERMSIG(status) == signal.SIGALRM else "seen"
    return {0: "missed", 1: "seen", 2: "nothing"}.get(os.WEXITSTATUS(status), "seen")


def try_all(part: Part) -> Iterator[Mutant]:
    """All mistakes of one part, in the order of the files."""
    if run_tests(part.tests):
        raise SystemExit("The tests fail without any mistake: mend that first.")
    for file in part.files:
        module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
        lines = (REPOSITORY / file).read_text("utf-8").splitlines()
        for name, line, source in mistakes(file):
            let_go()
            outcome = tried(module, source, part.tests)
            yield Mutant(
                file, line, name.removeprefix("core/"), lines[line - 1].strip(),
                source.splitlines()[line - 1].strip(), outcome,
            )  # fmt: skip


def main() -> None:
    """Print what was missed and a line for each part; with --json everything into a file."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--only", choices=sorted(PARTS), action="append")
    asked.add_argument("--json", type=Path)
    chosen = asked.parse_args()
    everything: list[Mutant] = []
    for name in chosen.only or PARTS:
        found = []
        for mutant in try_all(PARTS[name]):
            found.append(mutant)
            if mutant.outcome == "missed":
                sys.stdout.write(
                    f"missed {mutant.file}:{mutant.line} {mutant.mistake}\n"
                    f"    {mutant.was}\n    {mutant.became}\n"
                )
                sys.stdout.flush()
        count = Counter(one.outcome for one in found)
        made = sum(count.values()) - count["nothing"]
        seen = count["seen"] + count["hung"]
        sys.stdout.write(f"{name}: {seen} of {made} seen ({seen / max(1, made):.0%}), {count}\n")
        sys.stdout.flush()
        everything += found
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(one) for one in everything], indent=1))


if __name__ == "__main__":
    main()
