"""Settings that cannot be meant stop the start with one sentence that names them."""

import ast
import os
import secrets
import socket
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from porchlight import processes, settings

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
        ("PORCHLIGHT_GATEWAY", "pigeon"),
        ("PORCHLIGHT_PRIVATE_ADDRESSES", "somewhere"),
        ("PORCHLIGHT_PRIVATE_ADDRESSES", "10.0.0.1/8"),
        ("PORCHLIGHT_SMTP_URL", "smtp://a:99999"),
        ("PORCHLIGHT_SMTP_URL", "smtp://a:0"),
        ("PORCHLIGHT_SMTP_URL", "smtp://who:hush@mail.example:port"),
        ("PORCHLIGHT_SMTP_URL", "smtp://mail.exam ple:25"),
        ("PORCHLIGHT_SMTP_URL", "smtp://[x"),
        ("PORCHLIGHT_SMTP_URL", "http://mail.example"),
        ("DATABASE_URL", "postgresql://h:abc/x"),
        ("DATABASE_URL", "postgresql://who:hush@[x/street"),
        ("DATABASE_URL", "postgresql://h/"),
        ("DATABASE_URL", "postgresql://h:99999/x"),
        ("DATABASE_URL", "postgresql://who:hush@h:5432,i:abc/x"),
        ("DATABASE_URL", "postgresql://who:hush@h/x y"),
        ("DATABASE_URL", "host=h password=hush dbname=x"),
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
        ("PORCHLIGHT_VAPID_KEY", "hush"),
        ("PORCHLIGHT_VAPID_KEY", "A" * 43),
        ("PORCHLIGHT_ALIVE_URL", "ftp://alive.example"),
        ("PORCHLIGHT_ALIVE_URL", "https://"),
        ("PORCHLIGHT_PUSH_HOSTS", "com"),
        ("PORCHLIGHT_PUSH_HOSTS", "https://push.example"),
        ("PORCHLIGHT_PUSH_HOSTS", "push.example, *"),
        ("PORCHLIGHT_PUSH_HOSTS", "127.0.0.1"),
        ("PORCHLIGHT_PUSH_HOSTS", "http://127.0.0.1:9000"),
        ("PORCHLIGHT_PHONE_NUMBERS", "0612345678"),
        ("PORCHLIGHT_PHONE_NUMBERS", "+31 6 12345678"),
        ("PORCHLIGHT_SECRET_KEY", "a" * 50),
        ("PORCHLIGHT_SECRET_KEY", "secret"),
        ("PORT", "9" * 5000),
        ("PORCHLIGHT_SMS_PRICE", "0.08"),
        ("PORCHLIGHT_SMS_PRICE", "8 cents"),
        ("PORCHLIGHT_SMS_PRICE", "0 EUR"),
        ("PORCHLIGHT_SMS_PRICE", "0.00001 EUR"),
        ("PORCHLIGHT_SMS_BUDGET", "20 EUR"),
        ("PORCHLIGHT_SMS_KEPT", "101"),
        ("PORCHLIGHT_GATEWAY_PER_SECOND", "0"),
        ("PORCHLIGHT_GATEWAY_PER_SECOND", "0.05"),
        ("PORCHLIGHT_GATEWAY_PER_SECOND", "ten"),
        ("PORCHLIGHT_GATEWAY_PER_SECOND", "1001"),
        ("PORCHLIGHT_GATEWAY_PER_SECOND", "-1"),
        ("PORCHLIGHT_GATEWAY_2_PER_SECOND", "1,5"),
        ("PORT", "banana"),
    ],
)
def test_nonsense_is_named_in_one_sentence_that_keeps_passwords(name: str, value: str) -> None:
    refused = started(**PRODUCTION | {name: value})
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert name in refused.stderr
    assert "hush" not in refused.stderr


GATEWAY = {
    "PORCHLIGHT_GATEWAY": "json", "PORCHLIGHT_GATEWAY_URL": "https://gateway.example",
    "PORCHLIGHT_GATEWAY_SECRET": "hush-hush-hush-hush", "PORCHLIGHT_GATEWAY_FROM": "+31612345678",
}  # fmt: skip
TWILIO = {key: value for key, value in GATEWAY.items() if not key.endswith("_URL")} | {
    "PORCHLIGHT_GATEWAY": "twilio", "PORCHLIGHT_GATEWAY_ACCOUNT": "AC0123456789",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "gateway.example"),
        ("URL", "ftp://gateway.example"),
        ("URL", "http://gateway.example"),
        ("URL", "https://who:hush@gateway.example"),
        ("URL", "https://gateway.example?x=1"),
        ("URL", "https://192.168.1.20"),
        ("URL", "https://[::1]:8443"),
        ("URL", "https://169.254.169.254"),
        ("SECRET", "hush"),
        ("SECRET", ""),
        ("FROM", "0612345678"),
        ("FROM", ""),
        ("FROM", "MG" + "0" * 32),
        ("CALLS_FROM", "+31612345678"),
        ("POLLS", "maybe"),
    ],
)
def test_a_gateway_that_cannot_be_meant_is_named(name: str, value: str) -> None:
    full = f"PORCHLIGHT_GATEWAY_{name}"
    refused = started(**PRODUCTION | GATEWAY | {full: value})
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert full in refused.stderr
    assert "hush" not in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("ACCOUNT", ""), ("ACCOUNT", "../AC1"), ("CALLS_FROM", "12345")],
)
def test_a_gateway_of_twilios_kind_that_cannot_be_meant_is_named(name: str, value: str) -> None:
    full = f"PORCHLIGHT_GATEWAY_{name}"
    refused = started(**PRODUCTION | TWILIO | {full: value})
    assert (refused.returncode, full in refused.stderr) == (1, True)


SECOND = {
    "PORCHLIGHT_GATEWAY_2": "json", "PORCHLIGHT_GATEWAY_2_URL": "https://other.example",
    "PORCHLIGHT_GATEWAY_2_SECRET": "hush-hush-hush-hush-2",
    "PORCHLIGHT_GATEWAY_2_FROM": "+31687654321",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("PORCHLIGHT_GATEWAY_2", {"PORCHLIGHT_GATEWAY_2": "pigeon"}),
        ("PORCHLIGHT_GATEWAY_2", {"PORCHLIGHT_GATEWAY": "none"}),
        ("PORCHLIGHT_GATEWAY_2_URL", {"PORCHLIGHT_GATEWAY_2_URL": ""}),
        ("PORCHLIGHT_GATEWAY_2_URL", {"PORCHLIGHT_GATEWAY_2_URL": "https://gateway.example/"}),
        ("PORCHLIGHT_GATEWAY_2_URL", {"PORCHLIGHT_GATEWAY_2_URL": "https://Gateway.Example:443"}),
        ("PORCHLIGHT_GATEWAY_2_SECRET", {"PORCHLIGHT_GATEWAY_2_SECRET": "hush"}),
        ("PORCHLIGHT_GATEWAY_2_SECRET", {"PORCHLIGHT_GATEWAY_2_SECRET": "hush-hush-hush-hush"}),
        ("PORCHLIGHT_GATEWAY_2_FROM", {"PORCHLIGHT_GATEWAY_2_FROM": "+31612345678"}),
        ("PORCHLIGHT_GATEWAY_2_POLLS", {"PORCHLIGHT_GATEWAY_2_POLLS": "maybe"}),
        ("PORCHLIGHT_GATEWAY_2_CALLS_FROM", {"PORCHLIGHT_GATEWAY_2_CALLS_FROM": "+31612345678"}),
        ("PORCHLIGHT_GATEWAY_2_CALLS_FROM", {
            "PORCHLIGHT_GATEWAY_2": "twilio", "PORCHLIGHT_GATEWAY_2_ACCOUNT": "AC1",
            "PORCHLIGHT_GATEWAY_2_CALLS_FROM": "+31612345678",
        }),
        ("PORCHLIGHT_GATEWAY_SHARE", {"PORCHLIGHT_GATEWAY_SHARE": "9"}),
        ("PORCHLIGHT_GATEWAY_SHARE", {"PORCHLIGHT_GATEWAY_SHARE": "91"}),
        ("PORCHLIGHT_GATEWAY_SHARE", {"PORCHLIGHT_GATEWAY_SHARE": "half"}),
    ],
)  # fmt: skip
def test_a_second_gateway_that_cannot_be_meant_is_named(name: str, given: dict[str, str]) -> None:
    """Also one that is the first one again: then both would be away together."""
    refused = started(**PRODUCTION | GATEWAY | SECOND | given)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert refused.stderr.startswith(name)
    assert "hush" not in refused.stderr


def test_two_of_twilios_kind_need_two_companies() -> None:
    second = {
        "PORCHLIGHT_GATEWAY_2": "twilio", "PORCHLIGHT_GATEWAY_2_ACCOUNT": "AC2",
        "PORCHLIGHT_GATEWAY_2_SECRET": "s" * 20, "PORCHLIGHT_GATEWAY_2_FROM": "+31687654321",
    }  # fmt: skip
    refused = started(**PRODUCTION | TWILIO | second)
    assert "PORCHLIGHT_GATEWAY_2_URL" in refused.stderr
    assert refused.returncode == 1


@pytest.mark.parametrize(
    "given",
    [
        PRODUCTION | GATEWAY,
        PRODUCTION | GATEWAY | SECOND,
        PRODUCTION | TWILIO | SECOND | {"PORCHLIGHT_GATEWAY_SHARE": "90"},
        PRODUCTION | GATEWAY | {"PORCHLIGHT_GATEWAY_POLLS": "yes"},
        PRODUCTION | TWILIO | {"PORCHLIGHT_GATEWAY_CALLS_FROM": "+31612345678"},
        PRODUCTION | TWILIO | {"PORCHLIGHT_GATEWAY_FROM": "MG" + "0" * 32},
        PRODUCTION | TWILIO | {"PORCHLIGHT_GATEWAY_POLLS": "yes"},
        PRODUCTION
        | GATEWAY
        | {
            "PORCHLIGHT_GATEWAY_URL": "http://192.168.1.20:8080/gate",
            "PORCHLIGHT_PRIVATE_ADDRESSES": "192.168.1.0/24",
        },
        {},
        PRODUCTION,
        {"HOST": "::1"},
        {"PORCHLIGHT_LOG": "debug"},
        {"PORCHLIGHT_SMTP_URL": "smtps://who:p%40ss@mail.example:465"},
        {"PORCHLIGHT_PUBLIC_URL": "https://[2001:db8::1]:8443/"},
        {"DATABASE_URL": "postgresql:///street?host=/run/postgresql&sslmode=require"},
        {"DATABASE_URL": "postgresql://who:hush@h:5433/street?target_session_attrs=read-write"},
        {"DATABASE_URL": "postgresql://who:hush@h:5433,i/street?target_session_attrs=read-write"},
        PRODUCTION | {"PORCHLIGHT_SECRET_KEY": "8f3a" * 5 + "0b1c9d7e" * 4},
    ],
)  # fmt: skip
def test_what_makes_sense_starts_without_a_word(given: dict[str, str]) -> None:
    ready = started(**given)
    assert (ready.returncode, ready.stderr) == (0, "")


def test_more_push_services_may_be_named_and_those_of_the_browsers_stay() -> None:
    """A push server of one's own; what stands below a name counts too."""
    given = {"PORCHLIGHT_PUSH_HOSTS": "push.example.org, Ring.Example.net"}
    assert printed("settings.PUSH_HOSTS", **given) == repr((
        "push.services.mozilla.com", "fcm.googleapis.com", "push.apple.com", "notify.windows.com",
        "push.example.org", "ring.example.net",
    ))  # fmt: skip


def test_the_card_holds_the_gateways_numbers_and_those_that_are_given_each_once() -> None:
    numbers = printed(
        "settings.PHONE_NUMBERS",
        PORCHLIGHT_GATEWAY="twilio",
        PORCHLIGHT_GATEWAY_ACCOUNT="AC0123456789abcdef",
        PORCHLIGHT_GATEWAY_SECRET="s" * 20,
        PORCHLIGHT_GATEWAY_FROM="+31612345678",
        PORCHLIGHT_GATEWAY_CALLS_FROM="+31201234567",
        PORCHLIGHT_PHONE_NUMBERS="+31612345678,+32470000000",
    )
    assert numbers == repr(("+31612345678", "+31201234567", "+32470000000"))


def test_the_card_holds_the_numbers_of_both_gateways_and_paper_names_the_first() -> None:
    first = TWILIO | {"PORCHLIGHT_GATEWAY_CALLS_FROM": "+31201234567"}
    given = PRODUCTION | first | SECOND | {"PORCHLIGHT_PHONE_NUMBERS": "+32470000000"}
    what = "[settings.PHONE_NUMBERS, settings.NUMBER_TO_TEXT, settings.NUMBER_TO_CALL]"
    numbers = ("+31612345678", "+31201234567", "+31687654321", "+32470000000")
    assert printed(what, **given) == repr([numbers, "+31612345678", "+31201234567"])
    service = {"PORCHLIGHT_GATEWAY_FROM": "MG" + "0" * 32}
    assert printed("settings.NUMBER_TO_TEXT", **given | service) == "+32470000000"


@pytest.mark.parametrize(
    ("said", "in_ten"),
    [("", 0), ("10", 100), ("0.5", 5), ("0.1", 1), ("1000", 10_000), ("2.5", 25)],
)
def test_a_pace_may_be_slower_than_one_a_second(said: str, in_ten: int) -> None:
    found = printed("settings.GATEWAY_PACES", PORCHLIGHT_GATEWAY_PER_SECOND=said)
    assert found == repr({1: in_ten, 2: 0})


@pytest.mark.parametrize(
    ("price", "budget", "parts"),
    [
        ("0.0790 EUR", "20.00 EUR", (790, 200_000)),
        ("0.08 EUR", "20", (800, 200_000)),
        ("12 JPY", "3000 JPY", (120_000, 30_000_000)),
        ("0.0079 USD", "", (79, None)),
    ],
)
def test_money_is_whole_ten_thousandths(
    price: str, budget: str, parts: tuple[int, int | None]
) -> None:
    given = {"PORCHLIGHT_SMS_PRICE": price, "PORCHLIGHT_SMS_BUDGET": budget}
    assert printed("(settings.SMS_PRICE, settings.SMS_BUDGET)", **given) == repr(parts)


@pytest.mark.parametrize("budget", ["20 USD", "a lot", "1.000", "-5 EUR", "20.005 EUR"])
def test_a_budget_is_money_of_the_same_currency(budget: str) -> None:
    given = {"PORCHLIGHT_SMS_PRICE": "0.08 EUR", "PORCHLIGHT_SMS_BUDGET": budget}
    refused = started(**PRODUCTION | given)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert refused.stderr.startswith("PORCHLIGHT_SMS_BUDGET")


def test_people_ring_the_second_where_only_it_takes_calls() -> None:
    second = {
        "PORCHLIGHT_GATEWAY_2": "twilio", "PORCHLIGHT_GATEWAY_2_ACCOUNT": "AC2",
        "PORCHLIGHT_GATEWAY_2_CALLS_FROM": "+31687654321",
    }  # fmt: skip
    given = PRODUCTION | GATEWAY | SECOND | second
    assert printed("settings.NUMBER_TO_CALL", **given) == "+31687654321"


def printed(what: str, **given: str) -> str:
    """What a setting is when a fresh program reads it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    known = {"PORCHLIGHT_MODE": "test", "PORCHLIGHT_VAR": os.environ["PORCHLIGHT_VAR"]}
    done = subprocess.run(
        [sys.executable, "-c", f"from porchlight import settings; print({what})"],
        env=clean | known | given, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://who:h%40sh@first.example:5433,second.example/street?{}",
         "first.example,second.example", "5433,"),
        ("postgresql://who:h%40sh@/street?host=/run/one,/run/two&{}", "/run/one,/run/two", ""),
    ],
)  # fmt: skip
def test_a_primary_and_its_standby_may_be_named_together(url: str, host: str, port: str) -> None:
    """Django and our own connections go to whichever of the two may be written to."""
    given = url.format("target_session_attrs=read-write&connect_timeout=3")
    found = printed(
        "(settings.DATABASES['default'], settings.DATABASE_PARAMETERS)", DATABASE_URL=given
    )
    django, ours = ast.literal_eval(found)
    assert (django["NAME"], django["USER"], django["PASSWORD"]) == ("street", "who", "h@sh")
    assert (django["HOST"], django["PORT"]) == (host, port)
    assert django["OPTIONS"]["target_session_attrs"] == "read-write"
    assert django["OPTIONS"]["connect_timeout"] == "3"
    assert (ours["host"], ours.get("port", "")) == (host, port)


def test_djangos_own_check_of_a_real_install_finds_nothing() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    var = {"PORCHLIGHT_VAR": os.environ["PORCHLIGHT_VAR"]}
    for more in ({}, {"PORCHLIGHT_SECRET_KEY": secrets.token_urlsafe(48)}):
        checked = subprocess.run(
            [sys.executable, "-m", "porchlight.cli", "manage", "check", "--deploy",
             "--fail-level", "WARNING"],
            env=clean | var | PRODUCTION | {"DATABASE_URL": os.environ["DATABASE_URL"]} | more,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0, checked.stderr
        assert "no issues" in checked.stdout


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("age1" + "q" * 58, "names one keeper"),
        ("age1" + "q" * 58 + ",AGE-SECRET-KEY-1QQ", "public keys"),
        ("somebody,else", "public keys"),
    ],
)
def test_keepers_of_backups_are_two_public_keys(value: str, says: str) -> None:
    seen = started(PORCHLIGHT_BACKUP_KEEPERS=value)
    assert seen.returncode == 1
    assert "PORCHLIGHT_BACKUP_KEEPERS" in seen.stderr
    assert says in seen.stderr
    assert "AGE-SECRET" not in seen.stderr


@pytest.mark.parametrize(
    ("host", "listens_at"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("127.0.0.2", "127.0.0.2"),
     ("localhost", "127.0.0.1")],
)  # fmt: skip
def test_the_place_browsers_come_to_is_the_one_host_names(
    host: str, listens_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes.settings, "HOST", host)
    monkeypatch.setattr(processes.settings, "PORT", 0)
    place = processes.listen()
    with place:
        found = place.getsockname()[0]
        assert found in {listens_at, "::1"} if host == "localhost" else found == listens_at
        if listens_at == "127.0.0.2":  # and nowhere else
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", place.getsockname()[1]), timeout=5)


def test_passwords_are_kept_as_argon2id_only() -> None:
    """Source: OWASP's cheat sheet of passwords; 19 MiB and two rounds at least."""
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = Argon2PasswordHasher().encode("four words in a row", "0123456789abcdef")
    _, variety, _version, costs, *_ = kept.split("$")
    facts = dict(part.split("=") for part in costs.split(","))
    assert variety == "argon2id"
    assert int(facts["m"]) >= 19 * 1024 and int(facts["t"]) >= 2
