"""`porchlight doctor`: looks at what the program stands on and says what to do."""

import argparse
import base64
import json
import os
import shlex
import shutil
import smtplib
import ssl
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import django
import psycopg

from porchlight import settings
from porchlight.kit import vapid, vault
from porchlight.kit.postgres import PostgresTrouble, embedded
from porchlight.processes import Trouble, connect, database

if TYPE_CHECKING:
    from porchlight.notices.queries.providers import GatewayLast

CLOCK_MAY_DIFFER = 2
"""Seconds between the database's clock and this machine's."""
LITTLE_ROOM = 1_000_000_000
NO_ROOM = 200_000_000
MAIL_SECONDS = 3


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the doctor saw in one place. `look`: it runs, but somebody should look at it."""

    about: str
    state: Literal["ok", "look", "broken"]
    says: str
    do: str = ""


def ok(about: str, says: str) -> Finding:
    return Finding(about=about, state="ok", says=says)


def look(about: str, says: str, do: str) -> Finding:
    return Finding(about=about, state="look", says=says, do=do)


def broken(about: str, says: str, do: str) -> Finding:
    return Finding(about=about, state="broken", says=says, do=do)


def examine() -> Iterator[Finding]:
    """Look everywhere, the ground first."""
    yield from folders()
    yield room()
    yield mode()
    yield proxy()
    yield paper()
    if not _is_made():
        # To look is to change nothing: a new, empty database would hide that the old one is gone.
        yield look(
            "database",
            "There is none here yet.",
            "`porchlight up` makes it. If it was there before, put it back from your backup.",
        )
        yield from channels()
        return
    try:
        with database():
            yield from with_database()
    except (Trouble, PostgresTrouble) as trouble:
        yield broken("database", str(trouble), "Nothing else works until this does.")
    yield from channels()


def _is_made() -> bool:
    """Whether there is a database to look at, as far as this account may know."""
    try:
        return bool(settings.DATABASE_URL) or (embedded(settings.VAR).data / "PG_VERSION").exists()
    except PermissionError:
        return True  # opening it says what is wrong


def with_database() -> Iterator[Finding]:
    """What only a running database can tell."""
    yield server()
    if not settings.DATABASE_URL:
        yield socket_folder(embedded(settings.VAR).socket, embedded(settings.VAR).data)
    django.setup()
    yield migrations()
    yield keys()
    yield from clock()
    yield demo()
    yield going_on()
    yield watched()
    yield from audit()
    yield append_only()
    yield backup()
    yield drilled()
    yield from phones()
    yield from sharing()
    yield from money()


# ---------- this machine ----------


def folders() -> Iterator[Finding]:
    """Who may look into our folders and the files with keys."""
    if not settings.VAR.is_dir():
        yield look(
            "folders",
            f"{settings.VAR} is not there yet.",
            "`porchlight up` makes it. If it was there before, put it back from your backup.",
        )
        return
    if not os.access(settings.VAR, os.R_OK | os.W_OK | os.X_OK):
        yield broken(
            "folders",
            f"This account may not use {settings.VAR}.",
            "Run the program as the account that owns it.",
        )
        return
    private = [settings.KEYS_FOLDER, *sorted(settings.KEYS_FOLDER.glob("*"))]
    open_to_others = [path for path in private if path.exists() and _is_open(path)]
    for path in open_to_others:
        rights = "700" if path.is_dir() else "600"
        yield broken("folders", f"Others may look into {path}.", f"Run: chmod {rights} '{path}'")
    if not open_to_others:
        yield ok("folders", f"{settings.VAR} is ours, and nobody else reads the keys.")


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def room() -> Finding:
    """How much the disk still takes."""
    place = settings.VAR if settings.VAR.exists() else settings.CHECKOUT
    return room_of(shutil.disk_usage(place).free)


def room_of(free: int) -> Finding:
    """What so many free bytes mean."""
    says = f"{free / 1_000_000_000:.1f} GB are free."
    if free < NO_ROOM:
        return broken("disk", says, "Free some space now: soon nothing can be written.")
    if free < LITTLE_ROOM:
        return look("disk", says, "Free some space soon.")
    return ok("disk", says)


def mode() -> Finding:
    """Whether this is the demo or the real thing."""
    if settings.IS_PRODUCTION:
        return ok("mode", f"Production, at {settings.PUBLIC_URL}.")
    if settings.PLAIN_HTTP_WARNING:
        return look(
            "mode",
            f"Demo at {settings.PUBLIC_URL}, which others can reach and listen to.",
            "Enter nothing real. For real use set PORCHLIGHT_MODE=production (docs/operate.md).",
        )
    return ok("mode", f"Demo, at {settings.PUBLIC_URL}. For real use: docs/operate.md.")


def proxy() -> Finding:
    """Whether what a proxy says of visitors is believed from it, and from nobody else."""
    if not settings.PUBLIC_IS_SECURE:
        return ok("proxy", f"None stands before {settings.PUBLIC_URL}.")
    # The web server reads this one by itself (docs/operate.md).
    return proxy_of(settings.HOST, os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1"))


def proxy_of(host: str, believed: str) -> Finding:
    """What it means to listen there and to believe the forwarded headers of these addresses."""
    networks = list(_networks(believed))
    is_near = host == "localhost" or any(one.is_loopback for one in _networks(host))
    if not is_near and any(one.prefixlen == 0 for one in networks):
        return broken(
            "proxy",
            f"Whoever reaches {host} may say from which address they come, and is believed.",
            "Set FORWARDED_ALLOW_IPS to the address of your proxy alone.",
        )
    if not networks or (is_near and not any(_holds_loopback(one) for one in networks)):
        return broken(
            "proxy",
            "The proxy on this machine is not believed: all visitors look like one.",
            "Leave FORWARDED_ALLOW_IPS out, or add 127.0.0.1.",
        )
    if not is_near and all(one.is_loopback for one in networks):
        return look(
            "proxy",
            f"Others may reach {host}:{settings.PORT} past the proxy, without TLS.",
            "Set HOST=127.0.0.1; for a proxy elsewhere set FORWARDED_ALLOW_IPS to its address.",
        )
    return ok("proxy", f"Who visits is believed from {believed} only.")


def _holds_loopback(network: settings.Network) -> bool:
    return any(ip_address(one) in network for one in ("127.0.0.1", "::1"))


def _networks(given: str) -> Iterator[settings.Network]:
    """The addresses in a list with commas; words that are none lead nowhere."""
    for part in given.split(","):
        with suppress(ValueError):
            yield ip_network("0.0.0.0/0" if part.strip() == "*" else part.strip(), strict=False)


def paper() -> Finding:
    """Whether pages for paper can be made here."""
    try:
        import weasyprint

        weasyprint.HTML(string="<p>Porchlight</p>").write_pdf()
    except (ImportError, OSError) as trouble:
        return look(
            "paper",
            f"PDF files cannot be made here ({str(trouble).splitlines()[0]}).",
            "Install Pango (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0). "
            "Until then, printing from the browser works.",
        )
    return ok("paper", "PDF files can be made.")


# ---------- the database ----------


def server() -> Finding:
    """Which PostgreSQL answers, and whose it is."""
    with connect() as line:
        version = line.execute("SHOW server_version").fetchone()
    whose = "the one DATABASE_URL names" if settings.DATABASE_URL else "our own"
    return ok("database", f"PostgreSQL {version[0] if version else '?'} answers, {whose}.")


def socket_folder(folder: Path, data: Path) -> Finding:
    """Who may knock at our own database: whoever may enter the folder of its socket."""
    try:
        found, owner = folder.lstat(), data.stat().st_uid
    except OSError as trouble:
        return look(
            "socket",
            f"{folder} cannot be looked at ({trouble.strerror}).",
            "Stop the program, then start it again.",
        )
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
        return broken(
            "socket",
            f"{folder} belongs to somebody else.",
            "Stop the program, remove it, then start again.",
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        return broken(
            "socket", f"Others may enter {folder}.", f"Run: chmod 700 {shlex.quote(str(folder))}"
        )
    return ok("socket", "Nobody else may knock at the database.")


def migrations() -> Finding:
    """Whether the tables are those this version needs."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return broken(
            "tables", f"{len(missing)} migrations are missing.", "Run: porchlight migrate"
        )
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    if any(app != "procrastinate" for app, _ in unknown):
        return look(
            "tables",
            "The tables are newer than this program.",
            "Start the newer version again: an older one may not understand what it reads.",
        )
    return ok("tables", "They fit this version.")


def keys() -> Finding:
    """Whether guarded words of this database open."""
    from django.db import DatabaseError

    from porchlight.kit.key_check import verify_keys

    try:
        verify_keys()
    except vault.VaultTrouble as trouble:
        return broken("keys", str(trouble), "Until then, guarded words cannot be read.")
    except DatabaseError:
        return look("keys", "They cannot be compared yet.", "Run: porchlight migrate")
    return _rotation()


def _rotation() -> Finding:
    """Whether a rotation of keys was left half-way, and which old ones may go."""
    from porchlight.home.channels.rotation import old_keys, says_of
    from porchlight.kit import clock as our_clock

    now = our_clock.now()
    old = old_keys(now)
    says = " ".join(says_of(one) for one in old)
    if any(not one.is_here for one in old):
        return broken("keys", says, "Put it back from your backup.")
    if any(one.under.to_do or one.may_go(now) for one in old):
        is_over = settings.KEYS_TEXT and all(one.is_retired for one in old)
        do = "Then restart, on every machine." if is_over else "Run: porchlight rotate-keys"
        return look("keys", f"They open the guarded words. {says}", do)
    both = "They open the guarded words. A backup for two keepers holds them too."
    return ok("keys", f"{both} {says}".strip())


def audit() -> Iterator[Finding]:
    """Whether what was done is sealed, and nobody changed it afterwards."""
    from django.db import DatabaseError

    from porchlight.home.queries.machine import SEALED_WITHIN
    from porchlight.home.queries.promises import promises_of_the_chain
    from porchlight.kit import clock as our_clock
    from porchlight.people.queries.chain import oldest_unsealed

    try:
        waits, broken_ones = oldest_unsealed(), promises_of_the_chain()
    except DatabaseError:
        yield look("audit", "It cannot be looked at yet.", "Run: porchlight migrate")
        return
    for one in broken_ones:
        yield broken(
            "audit",
            f"{one.sentence} {one.rows} rows do not.",
            "Somebody changed the database by hand. Compare with a backup, and tell the keepers.",
        )
    if waits and our_clock.now() - waits > SEALED_WITHIN:
        yield look(
            "audit",
            f"What was done since {waits:%Y-%m-%d %H:%M} is not sealed.",
            "The background worker does it. Is it running?",
        )
    elif not broken_ones:
        yield ok("audit", "What was done is sealed, and nobody changed it.")


def watched() -> Finding:
    """Whether anybody outside notices when this machine is dead."""
    from porchlight import settings

    if settings.ALIVE_URL:
        return ok("watched", "An address outside is asked once a minute; silence wakes somebody.")
    return look(
        "watched",
        "Nobody outside notices when this machine is dead.",
        "Set PORCHLIGHT_ALIVE_URL, or run `porchlight watch` on another machine "
        "(docs/operate.md). Best do both.",
    )


def going_on() -> Finding:
    """Whether running calls for help take their steps, and phones ring in time."""
    from django.db import DatabaseError

    from porchlight.alerts.queries.steps import late_steps
    from porchlight.kit import clock as our_clock
    from porchlight.notices.queries.due import late_deliveries

    try:
        steps, phones_late = late_steps(our_clock.now()), late_deliveries(our_clock.now())
    except DatabaseError:
        return look("calls", "It cannot be looked at yet.", "Run: porchlight migrate")
    if steps or phones_late:
        return broken(
            "calls",
            f"{steps} calls for help wait for their next step, {phones_late} urgent messages for "
            "their turn.",
            "The urgent worker does it. Is it running? Its log says what holds it up.",
        )
    return ok("calls", "No call for help and no urgent message waits longer than it should.")


CHANGES = {
    "UPDATE": "UPDATE people_auditlink SET verb = verb "
    "WHERE ctid = (SELECT ctid FROM people_auditlink LIMIT 1)",
    "DELETE": "DELETE FROM people_auditlink "
    "WHERE ctid = (SELECT ctid FROM people_auditlink LIMIT 1)",
}
"""What nobody may do to the chain, each tried on one row and taken back."""
GUARDS = """
SELECT bool_or(tgtype & 16 > 0 AND tgtype & 1 > 0), bool_or(tgtype & 8 > 0 AND tgtype & 1 > 0),
       bool_or(tgtype & 32 > 0)
FROM pg_trigger WHERE tgrelid = to_regclass('people_auditlink') AND NOT tgisinternal
  AND tgenabled IN ('O', 'A') AND tgtype & 2 > 0
"""
"""Whether a trigger stands before each of UPDATE and DELETE of a row, and TRUNCATE."""


def append_only() -> Finding:
    """Whether the database refuses to change the chain: tried on one row, never kept."""
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM people_auditlink)")
            has_rows = cursor.fetchone()[0]
            cursor.execute(GUARDS)
            stands = dict(zip(["UPDATE", "DELETE", "TRUNCATE"], cursor.fetchone(), strict=True))
    except DatabaseError:
        return look("guards", "It cannot be tried yet.", "Run: porchlight migrate")
    allowed = [name for name, is_there in stands.items() if not is_there]
    if has_rows:
        allowed += [name for name, sql in CHANGES.items() if name not in allowed and _works(sql)]
    if allowed:
        return broken(
            "guards",
            f"The database lets {', '.join(allowed)} change what was sealed.",
            "Somebody took a guard away. Compare with a backup, restore it, and tell the keepers.",
        )
    return ok("guards", "The database refuses to change what was sealed.")


def _works(sql: str) -> bool:
    """Whether the database would do it. It is taken back in any case."""
    from django.db import DatabaseError, connection, transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(sql)
            transaction.set_rollback(True)
            return bool(cursor.rowcount > 0)
    except DatabaseError:
        return False


def backup() -> Finding:
    """Whether last night's backup was made."""
    from porchlight.home.rules.backups import TOO_OLD

    return _last(
        "backup",
        TOO_OLD,
        off="No backup is made by itself: if this machine is lost, everything is.",
        turn_on="Set PORCHLIGHT_BACKUP_FOLDER and PORCHLIGHT_BACKUP_KEEPERS (docs/operate.md).",
        do="Run: porchlight backup",
    )


def drilled() -> Finding:
    """Whether a backup was brought back lately. Red after eight days."""
    from porchlight.home.rules.backups import DRILL_TOO_OLD

    return _last(
        "drill",
        DRILL_TOO_OLD,
        off="There is no backup to try.",
        turn_on="See the line above.",
        do="Run: porchlight restore-drill",
    )


def _last(what: str, too_old: timedelta, *, off: str, turn_on: str, do: str) -> Finding:
    from django.db import DatabaseError

    from porchlight.home.queries.machine import is_backed_up
    from porchlight.home.rules.backups import Standing, standing
    from porchlight.kit import clock as our_clock
    from porchlight.kit.last_try import last_of

    try:
        last, now = last_of(what), our_clock.now()
    except DatabaseError:
        return look(what, "It cannot be looked up yet.", "Run: porchlight migrate")
    stands = standing(last, is_on=is_backed_up(), too_old=too_old, now=now)
    if stands is Standing.OFF:
        return look(what, off, turn_on)
    if last is None:
        return broken(what, "There was none yet.", do)
    if stands is Standing.FAILED:
        return broken(what, f"{last.at:%Y-%m-%d}: {last.says}", do)
    if stands is Standing.OLD:
        return broken(what, f"The last one was {(now - last.at).days} days ago.", do)
    return ok(what, f"{last.at:%Y-%m-%d}: {last.says}")


def clock() -> Iterator[Finding]:
    """Whether the clocks agree, and nobody moved ours."""
    with connect() as line:
        row = line.execute("SELECT clock_timestamp()").fetchone()
        apart = abs((row[0] - datetime.now(UTC)).total_seconds()) if row else 0.0
        moved = _moved(line)
    yield from clocks_of(apart, moved)


def clocks_of(apart: float, moved: bool) -> Iterator[Finding]:
    """What it means when the clocks are so many seconds apart, or ours was moved."""
    if apart > CLOCK_MAY_DIFFER:
        yield look(
            "clock",
            f"This machine and the database are {apart:.0f} seconds apart.",
            "Turn on time synchronisation (NTP) on both.",
        )
    if moved:
        yield (broken if settings.IS_PRODUCTION else look)(
            "clock",
            "The clock was moved, as tests and simulations do.",
            "Run in the database: DELETE FROM kit_clockshift",
        )
    if apart <= CLOCK_MAY_DIFFER and not moved:
        yield ok("clock", "This machine and the database agree.")


def demo() -> Finding:
    """Whether people of the demo, whose password is public, are among real ones."""
    from django.db import DatabaseError

    from porchlight.home.queries.demo import has_demo

    try:
        is_here = has_demo()
    except DatabaseError:
        return look("demo", "It cannot be looked for yet.", "Run: porchlight migrate")
    if is_here and settings.IS_PRODUCTION:
        return broken(
            "demo",
            "The demo neighbourhood is here, and everybody knows its password.",
            "Run: porchlight demo --remove",
        )
    return ok("demo", "The demo neighbourhood is here." if is_here else "There is none here.")


def _moved(line: psycopg.Connection) -> bool:
    try:
        return line.execute("SELECT 1 FROM kit_clockshift").fetchone() is not None
    except psycopg.errors.UndefinedTable:
        return False


# ---------- reaching people ----------


def channels() -> Iterator[Finding]:
    """Which ways a notice can take from here."""
    yield ok("page", "Notices show in the bell.")
    yield mail()
    yield from texts()
    yield push()
    if settings.IS_DEMO:
        yield ok("phones", "The demo's page of phones is on.")


def push() -> Finding:
    """Whether phones can be rung through their browsers; sends nothing."""
    try:
        vapid.read_key(folder=settings.KEYS_FOLDER, given=settings.VAPID_KEY)
    except vapid.NoKey as trouble:
        return look("push", str(trouble), "Until then, no phone rings through its browser.")
    except vapid.VapidTrouble as trouble:
        return broken("push", str(trouble), "Until then, no phone rings through its browser.")
    if settings.PLAIN_HTTP_WARNING:
        return look(
            "push",
            f"Browsers let no phone ring for {settings.PUBLIC_URL}: it is not https.",
            "Put a TLS proxy before it (docs/operate.md).",
        )
    return ok("push", f"The key is here; {len(settings.PUSH_HOSTS)} push services may be called.")


def mail() -> Finding:
    """Whether the mail server takes mail from us; sends none."""
    server = settings.MAIL_SERVER
    if server is None:
        return look(
            "mail",
            "No mail server is named, so nobody is reached by mail.",
            "Set PORCHLIGHT_SMTP_URL, like smtp://name:password@mail.example:587",
        )
    name = f"{server.host}:{server.port}"
    try:
        _try_mail(server)
    except smtplib.SMTPAuthenticationError:
        return broken("mail", f"{name} refuses the name or password.", "Check PORCHLIGHT_SMTP_URL.")
    except ssl.SSLError as trouble:
        return broken(
            "mail", f"{name} offers no safe line ({trouble.reason}).", "Check `tls` in the address."
        )
    except (OSError, smtplib.SMTPException) as trouble:
        return broken(
            "mail",
            f"{name} cannot be reached ({str(trouble) or type(trouble).__name__}).",
            "Check PORCHLIGHT_SMTP_URL and the firewall.",
        )
    return ok("mail", f"{name} takes mail from us.")


def _try_mail(server: settings.MailServer) -> None:
    context = ssl.create_default_context()
    if server.tls == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=MAIL_SECONDS, context=context
        )
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=MAIL_SECONDS)
    with line:
        if server.tls == "starttls":
            line.starttls(context=context)
        if server.user:
            line.login(server.user, server.password)
        line.noop()


def _gateways() -> list[tuple[str, settings.Gateway]]:
    """Those that are set, each with the name its settings begin with."""
    both = (("PORCHLIGHT_GATEWAY", settings.GATEWAY), ("PORCHLIGHT_GATEWAY_2", settings.GATEWAY_2))
    return [(name, gateway) for name, gateway in both if gateway is not None]


def texts() -> Iterator[Finding]:
    """Whether the gateways of texts and calls take us; sends nothing."""
    ours = _gateways()
    if not ours:
        yield look(
            "texts",
            "No gateway is named, so nobody gets texts or calls.",
            "Set PORCHLIGHT_GATEWAY (docs/gateways.md).",
        )
        return
    for name, gateway in ours:
        yield _takes_us(name, gateway)
        if settings.PUBLIC_IS_LOOPBACK and not gateway.polls:
            yield look(
                "texts",
                f"{_host(gateway)} cannot reach us, so answers by text and receipts never come.",
                f"Set PORCHLIGHT_PUBLIC_URL, or {name}_POLLS=yes.",
            )
    if not any(gateway.calls_from for _name, gateway in ours):
        yield look(
            "calls",
            "Nobody is rung: texts do not wake people at night.",
            "Set PORCHLIGHT_GATEWAY_CALLS_FROM where the gateway can call.",
        )
    elif not settings.PUBLIC_IS_LOOPBACK:
        yield ok("calls", "Phones ring when somebody needs help now.")


def _takes_us(name: str, gateway: settings.Gateway) -> Finding:
    host = _host(gateway)
    try:
        status = _try_gateway(gateway)
    except OSError as trouble:
        return broken(
            "texts",
            f"{host} cannot be reached ({type(trouble).__name__}).",
            f"Check {name}_URL and the firewall.",
        )
    if status in {401, 403}:
        return broken(
            "texts",
            f"{host} refuses our name or secret ({status}).",
            f"Check {name}_ACCOUNT and {name}_SECRET.",
        )
    return ok("texts", f"{host} takes texts from us.")


def _host(gateway: settings.Gateway) -> str:
    return urlsplit(gateway.url).hostname or ""


def _try_gateway(gateway: settings.Gateway) -> int:
    """The status of a question that changes nothing."""
    if gateway.kind == "twilio":
        address = f"{gateway.url}/2010-04-01/Accounts/{gateway.account}.json"
        pair = f"{gateway.account}:{gateway.secret}".encode()
        proof = f"Basic {base64.b64encode(pair).decode()}"
    else:
        address, proof = f"{gateway.url}/messages/0", f"Bearer {gateway.secret}"
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=MAIL_SECONDS)
    try:
        line.request("GET", parts.path, headers={"Authorization": proof})
        return line.getresponse().status
    except HTTPException as trouble:
        raise OSError(type(trouble).__name__) from trouble
    finally:
        line.close()


def phones() -> Iterator[Finding]:
    """What only the database knows of texts: phones without a gateway, and what it refused."""
    from django.db import DatabaseError

    from porchlight.kit import clock as our_clock
    from porchlight.notices.queries.ways import refused_lately
    from porchlight.people.queries.reaching import phones_here

    try:
        count, now = phones_here(), our_clock.now()
        refused = [
            (name, refused_lately(now, provider))
            for provider, (name, _gateway) in enumerate(_gateways(), start=1)
        ]
    except DatabaseError:
        yield look("phones", "They cannot be counted yet.", "Run: porchlight migrate")
        return
    if count and settings.GATEWAY is None:
        yield broken(
            "phones",
            f"Phone numbers are here ({count}), but no gateway is set: nothing reaches them.",
            "Set PORCHLIGHT_GATEWAY (docs/gateways.md).",
        )
    for name, answer in refused:
        if answer:
            yield broken(
                "phones",
                f"A gateway refused us in the last hour ({answer}).",
                f"Check {name}_ACCOUNT and {name}_SECRET.",
            )


NEVER = "no text yet"
LINK_TOO_OLD = timedelta(days=8)


def sharing() -> Iterator[Finding]:
    """When each gateway last took a text, and how two of them share the texts."""
    from django.db import DatabaseError

    from porchlight.kit import clock as our_clock
    from porchlight.notices.queries.providers import last_of_each, shares
    from porchlight.notices.queries.ways import own_numbers

    ours = _gateways()
    try:
        now, known, of_lane = our_clock.now(), last_of_each(), shares()
    except DatabaseError:
        yield look("gateways", "They cannot be looked at yet.", "Run: porchlight migrate")
        return
    for provider, (name, gateway) in enumerate(ours, start=1):
        yield _worked(name, _host(gateway), known.get(provider), now)
        if len(own_numbers()) == 2:
            yield _linked(_host(gateway), known.get(provider), now)
    if len(ours) == 2:
        rest, first, second = settings.GATEWAY_SHARE, *(_host(one) for _name, one in ours)
        carries = {lane: of_lane.get(lane, (rest, now))[0] for lane in ("urgent", "ordinary")}
        says = (
            f"Of a hundred urgent texts {first} carries {carries['urgent']}, of others "
            f"{carries['ordinary']}; {second} the rest. Both well: {rest}."
        )
        if set(carries.values()) == {rest}:
            yield ok("gateways", says)
        else:
            yield look("gateways", says, "One of them was ill or slow lately; they drift back.")


def _worked(name: str, host: str, last: "GatewayLast | None", now: datetime) -> Finding:
    """When it last took a text. One that failed since is worth a look."""
    if last is None or (last.worked_at is None and last.failed_at is None):
        return ok("gateways", f"{host}: {NEVER}.")
    worked = f"took a text {_ago(now, last.worked_at)}" if last.worked_at else NEVER
    receipt = f", said what became of one {_ago(now, last.receipt_at)}" if last.receipt_at else ""
    if last.failed_at and (last.worked_at is None or last.failed_at > last.worked_at):
        says = f"{host}: {worked}, failed {_ago(now, last.failed_at)} ({last.trouble})."
        return look("gateways", says, f"Look at the company's own page, and at {name}.")
    return ok("gateways", f"{host}: {worked}{receipt}.")


def _linked(host: str, last: "GatewayLast | None", now: datetime) -> Finding:
    """Whether its weekly text to the other gateway's number arrived."""
    if last is None or last.linked_at is None:
        return look(
            "gateways",
            f"{host}: no weekly test of it arrived yet.",
            "It is sent on Mondays. Does the other number tell us of texts (docs/gateways.md)?",
        )
    says = f"{host}: its weekly test arrived {_ago(now, last.linked_at)}."
    if now - last.linked_at > LINK_TOO_OLD:
        return look("gateways", says, "Either it sends none, or the other one takes none in.")
    return ok("gateways", says)


def _ago(now: datetime, then: datetime) -> str:
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} minutes ago"
    return f"{minutes // 60} hours ago" if minutes < 2880 else f"{minutes // 1440} days ago"


def money() -> Iterator[Finding]:
    """What texts cost this month, what is kept for calls for help, and who waits for money."""
    from django.db import DatabaseError

    from porchlight.kit import clock as our_clock
    from porchlight.notices.queries.spending import in_money, spending, waiting_for_money

    try:
        seen = spending(our_clock.now())
        waiting = waiting_for_money() if seen else 0
    except DatabaseError:
        yield look("money", "It cannot be counted yet.", "Run: porchlight migrate")
        return
    if seen is None:
        if _gateways():
            yield look(
                "money",
                "Nobody said what a text costs, so none is kept for calls for help.",
                "Set PORCHLIGHT_SMS_PRICE and PORCHLIGHT_SMS_BUDGET (docs/settings.md).",
            )
        return
    used, a_month = (in_money(amount, "en") for amount in (seen.used, seen.budget.a_month or 0))
    if seen.budget.a_month is None:
        yield ok("money", f"{seen.texts} texts this month, {used}. Nothing stops them.")
        return
    says = (
        f"{seen.texts} texts this month, {used} of {a_month}; {seen.budget.kept_percent} % is kept "
        "for calls for help."
    )
    if not seen.is_used_up:
        yield ok("money", says)
        return
    yield look(
        "money",
        f"{says} What ordinary texts may use is used up; they take other ways, and {waiting} that "
        "have none wait. Calls for help go out.",
        "Raise PORCHLIGHT_SMS_BUDGET, or wait for the new month.",
    )


# ---------- telling ----------

MARKS = {"ok": "ok    ", "look": "look  ", "broken": "BROKEN"}


def told(findings: list[Finding]) -> str:
    """The findings as lines for people."""
    lines = []
    for one in findings:
        lines.append(f"{MARKS[one.state]}  {one.about:<9} {one.says}")
        if one.do:
            lines.append(f"{'':19}→ {one.do}")
    worst = [one for one in findings if one.state == "broken"]
    lines.append("")
    lines.append(f"{len(worst)} to mend." if worst else "Nothing is broken.")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """`porchlight doctor [--json]`: exit code 1 if something is broken."""
    parser = argparse.ArgumentParser(prog="porchlight doctor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for programs")
    chosen = parser.parse_args(arguments)
    findings = list(examine())
    if chosen.json:
        sys.stdout.write(json.dumps([asdict(one) for one in findings], ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(told(findings))
    return 1 if any(one.state == "broken" for one in findings) else 0
