"""What the documents say is what is there."""

import re
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
SOURCE = (REPOSITORY / "porchlight" / "settings.py").read_text("utf-8")
PLACES_OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:work|root)/\w|pypi\.org|registry\.npmjs")


def test_every_setting_is_documented() -> None:
    asked = set(re.findall(r"(?:text|whole|yes_no|one_of)\(\s*\"([A-Z_]+)\"", SOURCE))
    described = set(
        re.findall(r"`([A-Z][A-Z_]+)`", (REPOSITORY / "docs" / "settings.md").read_text("utf-8"))
    )
    assert asked - described == set()
    assert {name for name in described if name.startswith("PORCHLIGHT_")} - asked == set()


def test_nothing_names_a_place_of_one_machine_or_a_registry() -> None:
    kinds = {".py", ".md", ".txt", ".toml", ".json", ".html", ".css", ".js", ".sh", ".service", ""}
    skipped = {
        ".git",
        ".venv",
        "node_modules",
        "var",
        "vendor",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
    }
    wrong = []
    for file in REPOSITORY.rglob("*"):
        if (
            not file.is_file()
            or file.suffix not in kinds
            or skipped & set(file.relative_to(REPOSITORY).parts)
        ):
            continue
        if file == Path(__file__):
            continue
        for number, line in enumerate(file.read_text("utf-8", errors="replace").splitlines(), 1):
            if PLACES_OF_ONE_MACHINE.search(line):
                wrong.append(f"{file.relative_to(REPOSITORY)}:{number}: {line.strip()[:80]}")
    assert wrong == []
