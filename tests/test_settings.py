"""Settings that cannot be meant stop the start with one sentence that names them."""

import os
import subprocess
import sys

import pytest

OURS = ("PORCHLIGHT_", "DATABASE_URL", "DJANGO_", "HOST", "PORT")


def started(**given: str) -> "subprocess.CompletedProcess[str]":
    """Read the settings as a fresh program does."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    known = {"PORCHLIGHT_MODE": "test", "PORCHLIGHT_VAR": os.environ["PORCHLIGHT_VAR"]}
    return subprocess.run(
        [sys.executable, "-c", "import porchlight.settings"],
        env=clean | known | given, capture_output=True, text=True, check=False,
    )  # fmt: skip


PRODUCTION = {"PORCHLIGHT_MODE": "production", "PORCHLIGHT_PUBLIC_URL": "https://street.example"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORCHLIGHT_SMTP_URL", "smtp://a:99999"),
        ("PORCHLIGHT_SMTP_URL", "smtp://a:0"),
        ("PORCHLIGHT_SMTP_URL", "smtp://who:hush@mail.example:port"),
        ("PORCHLIGHT_SMTP_URL", "smtp://mail.exam ple:25"),
        ("PORCHLIGHT_SMTP_URL", "smtp://[x"),
        ("PORCHLIGHT_SMTP_URL", "http://mail.example"),
        ("DATABASE_URL", "postgresql://h:abc/x"),
        ("DATABASE_URL", "postgresql://who:hush@[x/street"),
        ("DATABASE_URL", "postgresql://h/"),
        ("DATABASE_URL", "postgresql://who:hush@h/x?frobnicate=yes"),
        ("PORCHLIGHT_PUBLIC_URL", "https://[x"),
        ("PORCHLIGHT_PUBLIC_URL", "https://x.y:abc"),
        ("PORCHLIGHT_PUBLIC_URL", "https://x.y?z"),
        ("PORCHLIGHT_PUBLIC_URL", "https://x.y#z"),
        ("PORCHLIGHT_PUBLIC_URL", "https://x.y/z"),
        ("PORCHLIGHT_PUBLIC_URL", "https://who:hush@x.y"),
        ("PORCHLIGHT_PUBLIC_URL", "x.y"),
        ("PORCHLIGHT_QUICK_EXIT_URL", "javascript:alert(1)"),
        ("PORCHLIGHT_QUICK_EXIT_URL", "https://"),
        ("PORCHLIGHT_LOG", "blah"),
        ("PORCHLIGHT_SECRET_KEY", "a" * 50),
        ("PORCHLIGHT_SECRET_KEY", "secret"),
        ("PORT", "9" * 5000),
        ("PORT", "banana"),
    ],
)
def test_nonsense_is_named_in_one_sentence_that_keeps_passwords(name: str, value: str) -> None:
    refused = started(**PRODUCTION | {name: value})
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert name in refused.stderr
    assert "hush" not in refused.stderr


@pytest.mark.parametrize(
    "given",
    [
        {},
        PRODUCTION,
        {"HOST": "::1"},
        {"PORCHLIGHT_LOG": "debug"},
        {"PORCHLIGHT_SMTP_URL": "smtps://who:p%40ss@mail.example:465"},
        {"PORCHLIGHT_PUBLIC_URL": "https://[2001:db8::1]:8443/"},
        {"DATABASE_URL": "postgresql:///street?host=/run/postgresql&sslmode=require"},
        {"DATABASE_URL": "postgresql://who:hush@h:5433/street?target_session_attrs=read-write"},
        PRODUCTION | {"PORCHLIGHT_SECRET_KEY": "8f3a" * 5 + "0b1c9d7e" * 4},
    ],
)  # fmt: skip
def test_what_makes_sense_starts_without_a_word(given: dict[str, str]) -> None:
    ready = started(**given)
    assert (ready.returncode, ready.stderr) == (0, "")
