"""The promises of the floor plan that import-linter and ruff cannot see.

Each test collects every broken promise before it fails, so one run shows the whole list.
"""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

from porchlight import processes, watching
from porchlight.alerts import tasks as alert_tasks
from porchlight.people import tasks as people_tasks

REPOSITORY = Path(__file__).parent.parent
PROGRAM = REPOSITORY / "porchlight"
ROOMS = {"rules", "models", "queries", "actions", "forms", "views", "api", "tasks"}
ROOMS |= {"channels", "urls", "management", "migrations", "templates", "tests", "apps"}
WEB_DOORS = {"people": {"middleware", "sessions"}}  # what the web server itself asks people
JUNK = {
    "common",
    "helpers",
    "managers",
    "misc",
    "mixins",
    "receivers",
    "services",
    "signals",
    "utils",
}
WRITES = {
    "save",
    "create",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
READS = {"select_related", "prefetch_related", "annotate", "aggregate"}
LONGEST_FUNCTION = 60


def read_floors() -> list[set[str]]:
    """The floors of the import-linter contract, lowest first."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return [set(layer.split(" | ")) for layer in reversed(layers)]


FLOORS = read_floors()
FLOOR = {area: height for height, floor in enumerate(FLOORS) for area in floor}
NOT_AREAS = {
    "urls",
    "asgi",
    "settings",
    "home",
    "moments",
    "pieces",
    "retention",
    "checks",
    "browser",
}
NOT_AREAS |= {"kit", "cli", "supervisor", "doctor", "bench", "simulate", "processes", "watching"}
AREAS = sorted(name for name in FLOOR if name not in NOT_AREAS)
HOUSED = [*AREAS, "home"]
SOURCES = {
    path.relative_to(PROGRAM): ast.parse(path.read_text())
    for path in sorted(PROGRAM.rglob("*.py"))
    if not {"migrations", "tests"} & set(path.parts)
}


def room_of(path: Path) -> str:
    """`sharing/actions.py` and `sharing/actions/loans.py` are both `actions`."""
    return path.stem if len(path.parts) == 2 else path.parts[1]


def in_rooms(*rooms: str) -> list[tuple[Path, ast.Module]]:
    return [
        (path, tree)
        for path, tree in SOURCES.items()
        if path.parts[0] in HOUSED and len(path.parts) > 1 and room_of(path) in rooms
    ]


def public_functions(*rooms: str) -> list[tuple[str, ast.FunctionDef]]:
    return [
        (f"{path}:{node.name}", node)
        for path, tree in in_rooms(*rooms)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def calls_outside(*rooms: str, names: set[str]) -> list[str]:
    return [
        f"{path}:{node.lineno} .{node.func.attr}()"
        for path, tree in in_rooms(*ROOMS - set(rooms))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
        and "objects" in ast.unparse(node.func)
    ]


def links_between_areas() -> list[tuple[str, str, str, bool]]:
    """(field, from area, to area, leaves a reverse name) per foreign key."""
    return [
        (str(field), model._meta.app_label, target._meta.app_label, not relation.hidden)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and (relation := field.remote_field)
        for target in [field.related_model]
        if isinstance(target, type)
        and issubclass(target, models.Model)
        and {model._meta.app_label, target._meta.app_label} <= FLOOR.keys()
        and model._meta.app_label != target._meta.app_label
    ]


def test_foreign_keys_point_down() -> None:
    assert [f for f, here, there, _ in links_between_areas() if FLOOR[there] >= FLOOR[here]] == []


def test_foreign_keys_between_areas_leave_no_reverse_name() -> None:
    assert [field for field, _, _, named in links_between_areas() if named] == []


def test_templates_and_links_point_down() -> None:
    names = re.compile(r"{%\s*(?:include|extends|url)\s+[\"'](\w+)[/:]")
    wrong = [
        f"{page.relative_to(PROGRAM)} -> {there}"
        for page in PROGRAM.rglob("templates/**/*.*")
        for there in names.findall(page.read_text())
        for here in [page.relative_to(PROGRAM).parts[0]]
        if there in FLOOR and there != here and FLOOR[there] >= FLOOR[here]
    ]
    assert wrong == []


def test_only_actions_write() -> None:
    assert calls_outside("actions", names=WRITES) == []


def test_only_queries_and_actions_read() -> None:
    assert (
        calls_outside("queries", "actions", "models", names=READS | {"filter", "exclude", "get"})
        == []
    )


def test_saving_a_row_does_nothing_else() -> None:
    wrong = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in in_rooms("models")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert wrong == []


def test_an_action_is_one_documented_transaction_with_named_facts() -> None:
    wrong = [
        name
        for name, node in public_functions("actions")
        if not any("transaction" in ast.unparse(decorator) for decorator in node.decorator_list)
        or node.args.args
        or not ast.get_docstring(node)
    ]
    assert wrong == []


def test_every_query_of_people_and_their_things_knows_who_is_looking() -> None:
    """They take `viewer`, the network itself, or the login that is at the door."""
    known = {"viewer", "network", "network_id", "login", "slug", "user_id", "topic_id"}
    wrong = [
        name
        for name, node in public_functions("queries")
        if not known & {argument.arg for argument in [*node.args.kwonlyargs, *node.args.args]}
        and node.args.kwonlyargs
    ]
    assert wrong == []


def test_what_runs_beside_each_lane_is_there() -> None:
    there = {lane: [import_string(one) for one in work] for lane, work in processes.BESIDE.items()}
    assert there == {
        "urgent": [alert_tasks.step_through_calls, watching.say_alive],
        "background": [people_tasks.seal_each_second],
    }


def test_functions_fit_on_a_screen() -> None:
    wrong = [
        f"{path}:{node.name} {node.end_lineno - node.lineno + 1}"
        for path, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert wrong == []


def test_there_are_no_junk_drawers() -> None:
    assert [str(path) for path in SOURCES if JUNK & {path.stem, *path.parts}] == []


@pytest.mark.parametrize("area", HOUSED)
def test_every_area_has_the_same_rooms(area: str) -> None:
    entries = [path for path in (PROGRAM / area).iterdir() if not path.name.startswith("_")]
    found = {path.stem for path in entries if path.suffix in {"", ".py"}}
    assert found - ROOMS - WEB_DOORS.get(area, set()) == set()


def test_every_table_belongs_to_one_network() -> None:
    """Promise 9. The few tables of the program itself are named here."""
    of_the_program = {"people.Network", "people.Session", "kit.ClockShift", "kit.KeyCheck"}
    of_the_program |= {"notices.GatewayCursor", "kit.LastTry"}
    of_the_program |= {"notices.TextCost"}
    of_the_program |= {f"notices.Provider{name}" for name in ("Count", "Health", "Pace", "Share")}
    wrong = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOOR
        and model._meta.label not in of_the_program
        and not any(
            getattr(field, "attname", "") == "network_id" for field in model._meta.get_fields()
        )
    ]
    assert wrong == []


def test_a_reference_to_another_row_cannot_cross_networks() -> None:
    """A foreign key between rows of networks has its composite twin, or leads to its own parent."""
    from porchlight.kit.tables import SameNetwork

    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in FLOOR:
            continue
        held = {c.field for c in model._meta.constraints if isinstance(c, SameNetwork)}
        for field in model._meta.get_fields():
            if (
                not field.concrete
                or not isinstance(field, models.ForeignKey)
                or field.attname == "network_id"
            ):
                continue
            if not field.db_constraint and field.attname not in held:
                wrong.append(f"{model._meta.label}.{field.name}")
    assert wrong == []


def test_names_of_other_hosts_stand_in_no_page_and_no_script() -> None:
    pattern = re.compile(r"""(?:src|href|action|url\()\s*=?\s*["'(]?(?:https?:)?//""")
    files = [*PROGRAM.rglob("templates/**/*.html"), *(PROGRAM / "browser/static").rglob("*.css")]
    assert [
        str(file.relative_to(PROGRAM)) for file in files if pattern.search(file.read_text())
    ] == []
