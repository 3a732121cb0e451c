"""Every setting of the program: read once from the environment, typed, refused when it is nonsense.

`docs/settings.md` lists them for operators. A setting that makes no sense stops the start with one
sentence that names it.
"""

import os
import re
import secrets
import sys
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.utils.translation import gettext_lazy as _
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from porchlight import __version__
from porchlight.kit import postgres, vapid
from porchlight.kit.money import Currency, typed
from porchlight.notices.rules.money import PARTS

Network = IPv4Network | IPv6Network
CHECKOUT = Path(__file__).resolve().parent.parent


class Nonsense(SystemExit):
    """A setting that cannot be meant; the operator reads its sentence, and the program stops."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def whole(name: str, default: int, low: int, high: int) -> int:
    raw = text(name, str(default))
    if not raw.isdecimal() or len(raw) > 9 or not low <= int(raw) <= high:
        raise Nonsense(f"{name} is «{raw}», but it must be a whole number from {low} to {high}.")
    return int(raw)


def yes_no(name: str, default: bool) -> bool:
    raw = text(name, "yes" if default else "no").lower()
    if raw not in {"yes", "no", "true", "false", "1", "0", "on", "off"}:
        raise Nonsense(f"{name} is «{raw}», but it must be yes or no.")
    return raw in {"yes", "true", "1", "on"}


def one_of(name: str, default: str, allowed: tuple[str, ...]) -> str:
    raw = text(name, default)
    if raw not in allowed:
        raise Nonsense(f"{name} is «{raw}», but it must be one of: {', '.join(allowed)}.")
    return raw


def address(name: str, raw: str, *, schemes: set[str], like: str) -> SplitResult:
    """An address in its parts, with a host and a port that may be meant.

    The sentence does not repeat what was given: it may hold a password.
    """
    try:
        parts = urlsplit(raw)
        is_meant = parts.scheme in schemes and parts.port != 0
    except ValueError:  # a bracket too many, a port that is no number
        is_meant = False
    if not is_meant or any(letter.isspace() or not letter.isprintable() for letter in raw):
        raise Nonsense(f"{name} must look like {like}.")
    return parts


# ---------- what kind of install this is ----------

MODE = one_of("PORCHLIGHT_MODE", "demo", ("demo", "production", "test"))
IS_DEMO = MODE in {"demo", "test"}
"""Demo sign-ins, the page of phones and the gallery exist only here."""
IS_PRODUCTION = MODE == "production"
DEBUG = yes_no("PORCHLIGHT_DEBUG", False)
if IS_PRODUCTION and DEBUG:
    raise Nonsense(
        "PORCHLIGHT_DEBUG is on. It shows people's words on error pages: turn it off in production."
    )
CLOCK_MAY_MOVE = yes_no("PORCHLIGHT_CLOCK_MAY_MOVE", MODE == "test")
if IS_PRODUCTION and CLOCK_MAY_MOVE:
    raise Nonsense(
        "PORCHLIGHT_CLOCK_MAY_MOVE is on. The clock must not move in production: turn it off."
    )
VERSION = __version__

# ---------- folders and secrets ----------

VAR = Path(text("PORCHLIGHT_VAR") or CHECKOUT / "var")
KEYS_FOLDER = Path(text("PORCHLIGHT_KEYS_FOLDER") or VAR / "keys")
KEYS_TEXT = text("PORCHLIGHT_KEYS")


FEWEST_LETTERS = 8
"""Different ones in a secret; forty random digits nearly always have nine or ten."""


def _secret() -> str:
    """The key that signs cookies and links: given, or made once and kept beside the data keys."""
    given = text("PORCHLIGHT_SECRET_KEY")
    if given:
        if IS_PRODUCTION and (
            len(given) < 40
            or len(set(given)) < FEWEST_LETTERS
            or given.lower().startswith(("change", "secret", "default"))
        ):
            raise Nonsense(
                "PORCHLIGHT_SECRET_KEY is too short or a default. Leave it out (one is made for "
                "you), or give at least 40 random letters."
            )
        return given
    if MODE == "test":
        return secrets.token_urlsafe(48)
    file = KEYS_FOLDER / "secret"
    try:
        KEYS_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        kept = file.read_text("ascii").strip()
    except OSError as trouble:
        raise Nonsense(
            f"The folder {KEYS_FOLDER} cannot be used ({trouble.strerror}). Set PORCHLIGHT_VAR."
        ) from None
    if len(kept) < 40:
        raise Nonsense(
            f"The file {file} is damaged. Delete it: a new one is made, and all sign in again."
        )
    return kept


SECRET_KEY = _secret()

# ---------- backups ----------

_folder = text("PORCHLIGHT_BACKUP_FOLDER")
BACKUP_FOLDER = Path(_folder) if _folder else None
"""Where backups are written each night; none: only when somebody asks for one."""
_keepers = [one.strip() for one in text("PORCHLIGHT_BACKUP_KEEPERS").split(",")]
BACKUP_KEEPERS = tuple(dict.fromkeys(one for one in _keepers if one))
"""Public age keys of those who can open them; at least two people in two homes."""
if any(not re.fullmatch(r"age1[0-9a-z]{20,100}", one) for one in BACKUP_KEEPERS):
    raise Nonsense(
        "PORCHLIGHT_BACKUP_KEEPERS must be keepers' public keys with a comma between them, like "
        "age1…,age1…. `porchlight keeper-key` makes one."
    )
if len(BACKUP_KEEPERS) == 1:
    raise Nonsense(
        "PORCHLIGHT_BACKUP_KEEPERS names one keeper. It takes two, in two homes: a key gets lost."
    )

# ---------- addresses ----------

HOST = text("HOST", "127.0.0.1")
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  (a comparison; nothing is bound here)
PORT = whole("PORT", 8000, 1, 65535)


def _as_host(name: str) -> str:
    """As browsers write it: an IPv6 address stands in brackets."""
    return f"[{name}]" if ":" in name else name


_near = "localhost" if HOST in EVERYWHERE | {"127.0.0.1"} else _as_host(HOST)
PUBLIC_URL = text("PORCHLIGHT_PUBLIC_URL", f"http://{_near}:{PORT}").rstrip("/")
_LIKE = "https://street.example, with no path"
_public = address("PORCHLIGHT_PUBLIC_URL", PUBLIC_URL, schemes={"http", "https"}, like=_LIKE)
if not _public.hostname or _public.path or any(letter in PUBLIC_URL for letter in "?#@"):
    raise Nonsense(f"PORCHLIGHT_PUBLIC_URL must look like {_LIKE}.")
PUBLIC_IS_SECURE = _public.scheme == "https"
PUBLIC_IS_LOOPBACK = _public.hostname in {
    "localhost",
    "127.0.0.1",
    "::1",
} or _public.hostname.endswith(".localhost")
PLAIN_HTTP_WARNING = not PUBLIC_IS_SECURE and not PUBLIC_IS_LOOPBACK
if IS_PRODUCTION and not PUBLIC_IS_SECURE:
    raise Nonsense(
        f"PORCHLIGHT_PUBLIC_URL is «{PUBLIC_URL}». In production it must start with https:// "
        "(docs/operate.md shows a TLS proxy)."
    )

ALLOWED_HOSTS = sorted(
    {
        _as_host(_public.hostname),
        *(("localhost", "127.0.0.1", "[::1]") if not IS_PRODUCTION else ()),
    }
)
if IS_DEMO and HOST not in {"127.0.0.1", "localhost", "::1", "0.0.0.0", "::"}:  # noqa: S104
    ALLOWED_HOSTS.append(_as_host(HOST))
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
USE_X_FORWARDED_HOST = False
if PUBLIC_IS_SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_SSL_REDIRECT = False  # the proxy does; the health check comes in plain on loopback

# ---------- database ----------

DATABASE_URL = text("DATABASE_URL")


def _database_parameters() -> dict[str, str]:
    """What psycopg needs to connect; the embedded database when no other is named.

    PostgreSQL's own library takes the address apart: it may name several hosts, a primary and its
    standbys (docs/operate.md, «A standby»).
    """
    if not DATABASE_URL:
        return dict(postgres.connection_parameters(VAR))
    like = "postgresql://name:password@host:5432/database (PostgreSQL 16 or newer), or be left out"
    place = DATABASE_URL.partition("?")[0]
    is_sound = all(letter.isprintable() and not letter.isspace() for letter in DATABASE_URL)
    try:
        is_address = is_sound and place.startswith(("postgresql://", "postgres://"))
        found = conninfo_to_dict(place) if is_address else {}
    except ProgrammingError:
        found = {}
    ports = str(found.get("port", "")).split(",")
    if not found.get("dbname") or not all(map(_is_port, ports)):
        raise Nonsense(f"DATABASE_URL must look like {like}.")
    try:
        return {name: str(said) for name, said in conninfo_to_dict(DATABASE_URL).items()}
    except ProgrammingError:
        raise Nonsense(
            "DATABASE_URL has an option that PostgreSQL does not know: see what stands after «?»."
        ) from None


def _is_port(word: str) -> bool:
    """One of the ports in an address; left out it is the usual one."""
    return not word or (word.isdecimal() and len(word) < 6 and 0 < int(word) < 65_536)


DATABASE_PARAMETERS = _database_parameters()
_rest: dict[str, object] = {
    k: v
    for k, v in DATABASE_PARAMETERS.items()
    if k not in {"dbname", "user", "password", "host", "port"}
}
if MODE == "test":  # the tests empty every table between them, the sealed chain too
    _rest["options"] = "-c porchlight.wipe_network=everything"
if MODE != "test":  # reconnect_timeout: later, a pool waits ever longer before it asks again
    _rest["pool"] = {"min_size": 1, "max_size": 12, "timeout": 10, "reconnect_timeout": 5}
DATABASE_OPTIONS = _rest
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE_PARAMETERS.get("dbname", "porchlight"),
        "USER": DATABASE_PARAMETERS.get("user", ""),
        "PASSWORD": DATABASE_PARAMETERS.get("password", ""),
        "HOST": DATABASE_PARAMETERS.get("host", ""),
        "PORT": DATABASE_PARAMETERS.get("port", ""),
        "OPTIONS": DATABASE_OPTIONS,
        "CONN_MAX_AGE": 0,
        "TEST": {"TEMPLATE": "template0"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---------- mail ----------


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    """`none`, `starttls` or `tls`."""


def _mail_server() -> MailServer | None:
    url = text("PORCHLIGHT_SMTP_URL")
    if not url:
        return None
    like = "smtp://name:password@mail.example:587?tls=starttls (tls is none, starttls or tls)"
    parts = address("PORCHLIGHT_SMTP_URL", url, schemes={"smtp", "smtps"}, like=like)
    tls = parse_qs(parts.query).get("tls", ["tls" if parts.scheme == "smtps" else "starttls"])[-1]
    if not parts.hostname or tls not in {"none", "starttls", "tls"}:
        raise Nonsense(f"PORCHLIGHT_SMTP_URL must look like {like}.")
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if tls == "tls" else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
    )


MAIL_SERVER = _mail_server()
MAIL_FROM = text("PORCHLIGHT_MAIL_FROM", f"Porchlight <porchlight@{_public.hostname}>")
if any(letter in MAIL_FROM for letter in "\r\n") or "@" not in MAIL_FROM:
    raise Nonsense(
        f"PORCHLIGHT_MAIL_FROM is «{MAIL_FROM}», but it must look like "
        "Porchlight <porch@street.example>."
    )

# ---------- texts and calls ----------


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """Who carries texts and calls for us; two of them at most (docs/gateways.md)."""

    kind: str
    """`twilio` (or what speaks like it) or `json`."""
    url: str
    """Where it is called, without a slash at the end. The only address there is for it."""
    account: str
    secret: str
    sender: str
    """Our own number, as people see it; or the id of a messaging service (MG...)."""
    calls_from: str
    """The number calls come from; empty: this gateway makes no calls."""
    polls: bool
    """It cannot reach us from outside, so we ask it for news."""


def _private_networks() -> tuple[Network, ...]:
    """Addresses that are not of the open internet and may be called all the same."""
    raw = text("PORCHLIGHT_PRIVATE_ADDRESSES", "127.0.0.0/8,::1" if MODE == "test" else "")
    try:
        return tuple(ip_network(part.strip()) for part in raw.split(",") if part.strip())
    except ValueError:
        raise Nonsense(
            "PORCHLIGHT_PRIVATE_ADDRESSES must look like 192.168.1.20,10.0.0.0/8."
        ) from None


PRIVATE_NETWORKS = _private_networks()


def _alive_url() -> str:
    url, like = text("PORCHLIGHT_ALIVE_URL"), "https://alive.example/a-long-secret"
    name = "PORCHLIGHT_ALIVE_URL"
    if url and not address(name, url, schemes={"http", "https"}, like=like).hostname:
        raise Nonsense(f"{name} must look like {like}.")
    return url


ALIVE_URL = _alive_url()
"""Asked once a minute while calls for help go on in time; silence there wakes somebody."""
_PHONE = re.compile(r"\+[1-9][0-9]{4,14}")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
_GATEWAY_LIKE = "https://gateway.example (https, unless PORCHLIGHT_PRIVATE_ADDRESSES lists its IP)"


def _gateway(name: str) -> Gateway | None:
    """The gateway whose settings begin with this name."""
    kind = one_of(name, "none", ("none", "twilio", "json"))
    if kind == "none":
        return None
    url = text(f"{name}_URL", "https://api.twilio.com" if kind == "twilio" else "")
    secret, account = text(f"{name}_SECRET"), text(f"{name}_ACCOUNT")
    if len(secret) < 16:
        raise Nonsense(f"{name}_SECRET is missing, or has fewer than 16 letters.")
    if kind == "twilio" and not account.isalnum():
        raise Nonsense(f"{name}_ACCOUNT must look like AC0123456789abcdef...")
    sender = text(f"{name}_FROM")
    patterns = (_PHONE, _SHORT_CODE, _SERVICE) if kind == "twilio" else (_PHONE, _SHORT_CODE)
    if not any(pattern.fullmatch(sender) for pattern in patterns):
        raise Nonsense(f"{name}_FROM must be our own number, like +31612345678.")
    calls_from = text(f"{name}_CALLS_FROM")
    if calls_from and (kind != "twilio" or not _PHONE.fullmatch(calls_from)):
        raise Nonsense(
            f"{name}_CALLS_FROM must be a number like +31612345678, and calls need a "
            "gateway of the kind twilio."
        )
    polls = yes_no(f"{name}_POLLS", False)
    return Gateway(
        kind=kind, url=_gateway_url(f"{name}_URL", url), account=account, secret=secret,
        sender=sender, calls_from=calls_from, polls=polls,
    )  # fmt: skip


def _gateway_url(name: str, url: str) -> str:
    """Its address, which is not repeated in a sentence: it may hold a password."""
    parts = address(name, url, schemes={"http", "https"}, like=_GATEWAY_LIKE)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise Nonsense(f"{name} must look like {_GATEWAY_LIKE}.")
    try:
        literal = ip_address(parts.hostname)
    except ValueError:
        literal = None
    is_listed = literal is not None and any(literal in network for network in PRIVATE_NETWORKS)
    if literal is not None and not literal.is_global and not is_listed:
        raise Nonsense(f"{name} leads into a private network. List it in "
                       "PORCHLIGHT_PRIVATE_ADDRESSES if you mean that.")  # fmt: skip
    if parts.scheme == "http" and not is_listed:
        raise Nonsense(f"{name} must look like {_GATEWAY_LIKE}.")
    return url.rstrip("/")


def _second_gateway(name: str) -> Gateway | None:
    """Another company for when the first one is ill: nothing of it may be the first one's."""
    second = _gateway(name)
    if second is None:
        return None
    if GATEWAY is None:
        raise Nonsense(f"{name} is set, but PORCHLIGHT_GATEWAY is not: the first comes first.")
    if _place(second.url) == _place(GATEWAY.url):
        raise Nonsense(f"{name}_URL is the address of PORCHLIGHT_GATEWAY too: both would be away "
                       "together. Name another company.")  # fmt: skip
    numbers = {GATEWAY.sender, GATEWAY.calls_from} - {""}
    for word, number in (("FROM", second.sender), ("CALLS_FROM", second.calls_from)):
        if number in numbers:
            raise Nonsense(f"{name}_{word} is a number of PORCHLIGHT_GATEWAY too: nobody could "
                           "tell which of the two a message came by.")  # fmt: skip
    if second.secret == GATEWAY.secret:
        raise Nonsense(f"{name}_SECRET is the secret of PORCHLIGHT_GATEWAY too: each could speak "
                       "for the other.")  # fmt: skip
    return second


def _place(url: str) -> tuple[str, int | None, str]:
    """What an address leads to, however it is written."""
    parts = urlsplit(url)
    usual = 443 if parts.scheme == "https" else 80
    return (parts.hostname or "", parts.port or usual, parts.path.rstrip("/"))


GATEWAY = _gateway("PORCHLIGHT_GATEWAY")
GATEWAY_2 = _second_gateway("PORCHLIGHT_GATEWAY_2")
GATEWAY_SHARE = whole("PORCHLIGHT_GATEWAY_SHARE", 50, 10, 90)
"""How many of a hundred texts the first of two gateways carries while both are well."""


def _pace(name: str, raw: str) -> int:
    """Segments in ten seconds, so that one in ten seconds is whole too; 0: as many as there are."""
    if raw and not re.fullmatch(r"[0-9]{1,4}(\.[0-9])?", raw):
        raise Nonsense(f"{name} is «{raw}», but it must be segments a second, like 10 or 0.5.")
    pace = int(raw.replace(".", "") if "." in raw else f"{raw or 0}0")
    if raw and not 1 <= pace <= 10_000:
        raise Nonsense(f"{name} is «{raw}», but it must be from 0.1 to 1000.")
    return pace


GATEWAY_PACES = {
    1: _pace("PORCHLIGHT_GATEWAY_PER_SECOND", text("PORCHLIGHT_GATEWAY_PER_SECOND")),
    2: _pace("PORCHLIGHT_GATEWAY_2_PER_SECOND", text("PORCHLIGHT_GATEWAY_2_PER_SECOND")),
}
"""How many segments each gateway takes in ten seconds, where it takes only so many."""

# ---------- money for texts ----------

_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "MXN": "$", "INR": "₹", "JPY": "¥", "ILS": "₪"}
_WITHOUT_CENTS = {"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"}
"""Source: ISO 4217, minor units."""


def _price() -> tuple[Currency | None, int]:
    name, raw = "PORCHLIGHT_SMS_PRICE", text("PORCHLIGHT_SMS_PRICE")
    if not raw:
        return None, 0
    found = re.fullmatch(r"([0-9]{1,5})(?:\.([0-9]{1,4}))? ([A-Z]{3})", raw)
    price = int(found[1]) * PARTS + int((found[2] or "").ljust(4, "0")) if found else 0
    if found is None or not price:
        raise Nonsense(f"{name} is «{raw}», but it must be what one text costs, like 0.0790 EUR.")
    code = found[3]
    digits = 0 if code in _WITHOUT_CENTS else 2
    return Currency(code=code, sign=_SIGNS.get(code, code), digits=digits), price


SMS_CURRENCY, SMS_PRICE = _price()
"""What one segment costs, in ten-thousandths; 0: nobody said, and nothing is counted."""


def _budget() -> int | None:
    name, raw = "PORCHLIGHT_SMS_BUDGET", text("PORCHLIGHT_SMS_BUDGET")
    if not raw:
        return None
    if SMS_CURRENCY is None:
        raise Nonsense(f"{name} is set, but not PORCHLIGHT_SMS_PRICE: nobody knows what it buys.")
    cents = typed(raw, currency=SMS_CURRENCY)
    if cents is None:
        code = SMS_CURRENCY.code
        raise Nonsense(f"{name} is «{raw}», but it must be money for a month, like 20.00 {code}.")
    return cents * PARTS // int(10**SMS_CURRENCY.digits)


SMS_BUDGET = _budget()
"""What texts may cost in a month, in ten-thousandths. Calls for help are never stopped by it."""
SMS_KEPT = whole("PORCHLIGHT_SMS_KEPT", 50, 0, 100)
"""Of a hundred parts of it, what ordinary texts leave for calls for help."""

# ---------- pushes and phone numbers ----------

VAPID_KEY = text("PORCHLIGHT_VAPID_KEY")
"""Signs pushes. Left out: made once and kept beside the data keys (`kit.vapid`)."""
if VAPID_KEY:
    try:
        vapid.read_key(folder=KEYS_FOLDER, given=VAPID_KEY)
    except vapid.VapidTrouble as trouble:
        raise Nonsense(str(trouble)) from None


def _push_hosts() -> tuple[str, ...]:
    """Push services that may be called; browsers name the address, so nothing else ever is."""
    known = [
        "push.services.mozilla.com",
        "fcm.googleapis.com",
        "push.apple.com",
        "notify.windows.com",
    ]
    for given in text("PORCHLIGHT_PUSH_HOSTS").split(","):
        name = given.strip().lower()
        is_near = re.fullmatch(r"http://(127\.0\.0\.1|localhost):\d{1,5}", name) is not None
        is_name = re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", name)
        if name and not is_name and (IS_PRODUCTION or not is_near):
            raise Nonsense(
                "PORCHLIGHT_PUSH_HOSTS must be names of push services, with commas between them, "
                "like push.example.org,push.example.net."
            )
        known += [name] if name else []
    return tuple(known)


PUSH_HOSTS = _push_hosts()


def _numbers_of(gateway: Gateway | None) -> list[str]:
    """The numbers a gateway texts and calls from; a messaging service is none."""
    ours = [gateway.sender, gateway.calls_from] if gateway else []
    return [one for one in ours if _PHONE.fullmatch(one) or _SHORT_CODE.fullmatch(one)]


def _more_numbers() -> list[str]:
    given = [one.strip() for one in text("PORCHLIGHT_PHONE_NUMBERS").split(",") if one.strip()]
    if not all(re.fullmatch(r"\+[1-9][0-9]{6,14}", one) for one in given):
        raise Nonsense(
            "PORCHLIGHT_PHONE_NUMBERS must be numbers with their country, with commas between "
            "them, like +31612345678,+31687654321."
        )
    return given


_more = _more_numbers()
PHONE_NUMBERS = tuple(dict.fromkeys([*_numbers_of(GATEWAY), *_numbers_of(GATEWAY_2), *_more]))
"""Numbers our texts and calls come from: people keep them as a contact that may ring."""


def _number_to_text() -> str:
    """The number people text when they need people; empty where no text would reach us.

    The first gateway's: one number stands on paper, and the second one takes texts all the same.
    """
    if GATEWAY is None or (PUBLIC_IS_LOOPBACK and not GATEWAY.polls):
        return ""
    if not _SERVICE.fullmatch(GATEWAY.sender):
        return GATEWAY.sender
    others = [one for one in [*_numbers_of(GATEWAY), *_more] if one != GATEWAY.calls_from]
    return next(iter([*others, GATEWAY.calls_from]))


NUMBER_TO_TEXT = _number_to_text()
NUMBER_TO_CALL = next(
    (
        one.calls_from
        for one in (GATEWAY, GATEWAY_2)
        if one and one.calls_from and not one.polls and not PUBLIC_IS_LOOPBACK
    ),
    "",
)
"""The number people ring when they need people; empty where nobody could answer."""

# ---------- processes ----------

WEB_PROCESSES = whole("PORCHLIGHT_WEB_PROCESSES", 1, 1, 64)
URGENT_WORKERS = whole("PORCHLIGHT_URGENT_WORKERS", 1, 1, 64)
BACKGROUND_WORKERS = whole("PORCHLIGHT_BACKGROUND_WORKERS", 1, 1, 64)

# ---------- the program ----------

INSTALLED_APPS = [
    "porchlight.kit",
    "porchlight.browser",
    "porchlight.notices",
    "porchlight.people",
    "porchlight.trust",
    "porchlight.alerts",
    "porchlight.sharing",
    "porchlight.home",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "porchlight.people.apps.Accounts",
    "porchlight.people.apps.SecondFactors",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "porchlight.browser.middleware.headers",
    "porchlight.browser.middleware.StaticFiles",
    "porchlight.browser.middleware.Compress",
    "porchlight.browser.middleware.language",
    "porchlight.browser.middleware.manners",
    "porchlight.browser.middleware.threshold",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "porchlight.people.middleware.who",
    "porchlight.browser.middleware.own_language",
    # After these two: who sent an old form reads so in their own language.
    "django.middleware.csrf.CsrfViewMiddleware",
    "porchlight.browser.middleware.refusals",
]
ROOT_URLCONF = "porchlight.urls"
ASGI_APPLICATION = "porchlight.asgi.application"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "porchlight.browser.context.shell",
            ],
            "builtins": ["porchlight.browser.templatetags.words"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# A picture stays in memory until it is made small: none of it ever lies on the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 11_000_000
PICTURE_PATHS = (r"/n/[a-z0-9-]+/help/missing/",)
"""The only addresses that take more than a form."""
SILENCED_SYSTEM_CHECKS = [
    # Django looks for its own middleware; ours sets these headers and more (tests/test_headers.py).
    "security.W001",
    "security.W002",
    "security.W008",  # the TLS proxy redirects
    "security.W021",  # preloading HSTS is the operator's own decision
]

# ---------- people coming in ----------

AUTH_USER_MODEL = "people.Login"
AUTHENTICATION_BACKENDS = ["porchlight.people.queries.signing_in.NameAndPassword"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None  # a login has no mail address
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
MFA_ADAPTER = "porchlight.people.queries.factor_words.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"
SESSION_ENGINE = "porchlight.people.sessions"
_prefix = "__Host-" if PUBLIC_IS_SECURE else ""
SESSION_COOKIE_NAME = f"{_prefix}porch"
SESSION_COOKIE_SECURE = PUBLIC_IS_SECURE
SESSION_COOKIE_HTTPONLY = True
# Strict: no other site can make this browser act or show anything as somebody. Who follows a link
# in a mail passes one page of ours first (browser.middleware.threshold): nobody looks signed out.
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = f"{_prefix}porch-form"
CSRF_COOKIE_SECURE = PUBLIC_IS_SECURE
CSRF_COOKIE_HTTPONLY = True
# Lax: it says nothing about anybody, and a new one would undo the forms of other open pages.
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "porchlight.browser.views.form_expired"

# ---------- words ----------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]
LANGUAGE_COOKIE_NAME = "porch-language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [CHECKOUT / "porchlight" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# ---------- files the browser asks for ----------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "porchlight.browser.storage.HashedFiles"
    },
}
WHITENOISE_MAX_AGE = 300  # files without a hash in their name; hashed ones are kept for ever
WHITENOISE_USE_FINDERS = True  # also before the first collectstatic

# ---------- the menu: names of addresses, so that the shell knows no area ----------


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """One line of the menu. `bar`: also in the bottom bar of a phone."""

    url: str
    icon: str
    label: object
    bar: bool = False


HELP_URL_NAME = "alerts:help"
NUMBERS_URL_NAME = "home:emergency"
NEWS_URL_NAME = "notices:news"
SIGN_IN_URL_NAME = "people:sign-in"
PROVE_URL_NAME = "people:prove"
QUICK_EXIT_URL = text("PORCHLIGHT_QUICK_EXIT_URL", "https://www.wikipedia.org/")
"""Where *Leave fast* goes: a page nobody wonders about."""
_LIKE = "https://www.wikipedia.org/"
if not address(
    "PORCHLIGHT_QUICK_EXIT_URL", QUICK_EXIT_URL, schemes={"http", "https"}, like=_LIKE
).hostname:
    raise Nonsense(f"PORCHLIGHT_QUICK_EXIT_URL must look like {_LIKE}.")
MENU = [
    MenuEntry(url="home:home", icon="home", label=_("Home"), bar=True),
    MenuEntry(url="people:pod", icon="pod", label=_("My pod"), bar=True),
    MenuEntry(url="people:groups", icon="people", label=_("Groups"), bar=True),
    MenuEntry(url="people:me", icon="user", label=_("My page")),
    MenuEntry(url="people:places", icon="pin", label=_("My places and ways")),
    MenuEntry(url="people:invites", icon="gift", label=_("Invite a neighbour")),
    MenuEntry(url="home:emergency", icon="phone", label=_("Numbers for emergencies")),
]
MORE_URL_NAME = "home:more"

# ---------- the log: ids and what broke, never words, addresses or agents ----------

LOG_LEVEL = text("PORCHLIGHT_LOG", "WARNING").upper()
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
if LOG_LEVEL not in LOG_LEVELS:
    raise Nonsense(f"PORCHLIGHT_LOG is «{LOG_LEVEL}», but must be one of: {', '.join(LOG_LEVELS)}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "porchlight.kit.logs.WithoutWords",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"routes": {"()": "porchlight.kit.logs.RoutesOnly"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["routes"],
            "stream": sys.stderr,
        }
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers would write the words we leave out.
        "django": {"handlers": [], "level": LOG_LEVEL},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "uvicorn.access": {"handlers": [], "propagate": False},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django.request": {"level": "ERROR"},
    },
}
