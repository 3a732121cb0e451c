"""What the documents say is what is there."""

import argparse
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import load_command_class

from porchlight import cli

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
        ".peers",
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


def commands_in(document: str) -> list[list[str]]:
    """Every `deploy/as-porchlight ...` and `porchlight ...` that a document says to type."""
    words = (REPOSITORY / document).read_text("utf-8")
    typed = re.findall(
        r"(?:^|`)(?:deploy/as-porchlight|(?:\.venv/bin/)?porchlight) ([a-z][^`\n]*)", words, re.M
    )
    plain = [re.split(r"\s[<>|]|\s+#|\s\[", line)[0] for line in typed]
    return [shlex.split(line) for line in plain]


DOCUMENTS = ("docs/operate.md", "docs/gateways.md", "docs/settings.md", "docs/benchmarks.md")
TYPED = sorted({" ".join(words) for document in DOCUMENTS for words in commands_in(document)})
OF_POSTGRES = {"psql", "pg_dump", "pg_restore"}


def test_the_documents_tell_people_what_to_type() -> None:
    assert {"new-network", "doctor", "demo --remove"} <= set(TYPED)


@pytest.mark.parametrize("typed", TYPED)
def test_what_the_documents_tell_people_to_type_is_understood(
    typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command is there and takes these words: it is parsed, and stopped before it does them."""
    name, *rest = typed.split()
    if name in OF_POSTGRES:
        script = (REPOSITORY / "deploy" / "as-porchlight").read_text("utf-8")
        assert re.search(rf"(?:^|\| ){name}(?: \||\))", script.replace("    ", "", 1), re.M)
        return
    assert name in cli.COMMANDS, f"there is no command «{name}»"
    own = name.replace("-", "_")
    for file in REPOSITORY.glob(f"porchlight/*/management/commands/{own}.py"):
        command = load_command_class(f"porchlight.{file.parts[-4]}", own)
        command.create_parser("porchlight", name).parse_args(rest)
        return

    class Understood(Exception):
        pass

    parse = argparse.ArgumentParser.parse_args

    def parsed(self: argparse.ArgumentParser, *given: object, **more: object) -> object:
        parse(self, *given, **more)
        raise Understood

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parsed)
    with pytest.raises(Understood):
        cli.COMMANDS[name].run(rest)


# ---------- what a server is given to start and to pass on with ----------


def tried(*command: str) -> str:
    """What a tool finds wrong with a file of ours; "" for nothing."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    said = (done.stdout + done.stderr).strip()
    is_quiet_when_right = command[0] != "caddy"
    return said or str(done.returncode) if done.returncode or (is_quiet_when_right and said) else ""


def needs(tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not on this machine, so nothing can judge its file")


@pytest.mark.parametrize(
    "name", sorted(file.name for file in (REPOSITORY / "deploy").glob("*.service"))
)
def test_systemd_understands_the_unit(name: str, tmp_path: Path) -> None:
    needs("systemd-analyze")
    words = (REPOSITORY / "deploy" / name).read_text("utf-8")
    # The program and its account are not where a server has them: stand-ins that are here.
    words = re.sub(r"/opt/porchlight/\.venv/bin/\w+", "/bin/true", words)
    words = re.sub(r"/opt/porchlight", "/", words)
    unit = tmp_path / name.replace("@.", "@urgent.")
    unit.write_text(words, "utf-8")
    assert tried("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(unit)) == ""


def test_nginx_understands_its_file(tmp_path: Path) -> None:
    needs("nginx")
    needs("openssl")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=street.example", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    words = (REPOSITORY / "deploy" / "nginx.conf").read_text("utf-8")
    words = words.replace("/etc/letsencrypt/live/street.example", str(tmp_path))
    whole = tmp_path / "whole.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{words}\n}}\n", "utf-8")
    assert tried("nginx", "-t", "-q", "-c", str(whole), "-e", str(tmp_path / "log")) == ""


def test_caddy_understands_its_file() -> None:
    needs("caddy")
    file = REPOSITORY / "deploy" / "Caddyfile"
    assert tried("caddy", "validate", "--adapter", "caddyfile", "--config", str(file)) == ""
