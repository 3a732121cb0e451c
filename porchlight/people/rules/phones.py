"""Phone numbers as people type them, and as we keep them: E.164."""

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType
from phonenumbers import timezone as zones_of_numbers

from porchlight.kit.marks import gettext_noop

LONGEST_TYPED = 40
COSTS = frozenset({
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
    PhoneNumberType.PAGER,
    PhoneNumberType.VOICEMAIL,
})  # fmt: skip
"""Not somebody's phone; ringing them costs the neighbourhood money, and somebody may earn it."""
MAIN_LAND = {
    "Africa/Johannesburg": "ZA", "Africa/Nairobi": "KE", "America/Argentina/Buenos_Aires": "AR",
    "America/Chicago": "US", "America/New_York": "US", "America/Puerto_Rico": "US",
    "Asia/Gaza": "PS", "Asia/Hebron": "PS", "Asia/Ho_Chi_Minh": "VN", "Asia/Kathmandu": "NP",
    "Asia/Kolkata": "IN", "Asia/Seoul": "KR", "Asia/Shanghai": "CN", "Asia/Yangon": "MM",
    "Atlantic/Canary": "ES", "Atlantic/Reykjavik": "IS", "Europe/Belgrade": "RS",
    "Europe/Bucharest": "RO", "Europe/London": "GB", "Europe/Moscow": "RU", "Europe/Paris": "FR",
}  # fmt: skip
"""Zones that several countries share, or that the library knows by an older name."""


class Why(Enum):
    """Why not this number."""

    NO_PHONE = gettext_noop("That is no phone number. Look at the digits again.")
    WITH_COUNTRY = gettext_noop("Type the number with its country, such as +31 6 12345678.")
    COSTS = gettext_noop("We can't use numbers that cost extra or ring a company. Type your own.")
    NO_TEXTS = gettext_noop("No texts go out from here yet. Choose another way to be reached.")
    NO_CALLS = gettext_noop(
        "This is a landline, and no calls go out from here. Type a mobile number."
    )
    ONE_OF_BOTH = gettext_noop("Keep texts or calls on, or remove the number.")
    TAKES_NO_TEXTS = gettext_noop("A landline takes no texts.")


@dataclass(frozen=True, kw_only=True)
class Phone:
    """One phone number, as it is kept."""

    number: str = field(repr=False)
    """E.164: a plus and digits."""
    is_landline: bool
    """It takes no texts; it can be rung."""


def read_phone(typed: str, *, zone: str) -> Phone | Why:
    """A number as somebody typed it, in any digits; without a plus it is one of the own country.

    zone: of the network; it says which country that is.
    """
    region = country_of(zone)
    try:
        parsed = phonenumbers.parse(typed[:LONGEST_TYPED], region)
    except NumberParseException as trouble:
        is_bare = trouble.error_type == NumberParseException.INVALID_COUNTRY_CODE and region is None
        return Why.WITH_COUNTRY if is_bare else Why.NO_PHONE
    if not phonenumbers.is_valid_number(parsed):
        return Why.NO_PHONE
    kind = phonenumbers.number_type(parsed)
    if kind in COSTS:
        return Why.COSTS
    return Phone(
        number=phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
        is_landline=kind == PhoneNumberType.FIXED_LINE,
    )


def country_of(zone: str) -> str | None:
    """The country whose numbers people type here without a plus; None: nobody can tell."""
    if zone in MAIN_LAND:
        return MAIN_LAND[zone]
    found = _lands_of_zones().get(zone, frozenset())
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=1)
def _lands_of_zones() -> dict[str, frozenset[str]]:
    """Which countries have numbers in a zone, from the library's own data."""
    found: dict[str, frozenset[str]] = {}
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        region = phonenumbers.region_code_for_country_code(code)
        example = phonenumbers.example_number(region) if region.isalpha() else None
        if example is None:
            continue
        for zone in zones_of_numbers._country_level_time_zones_for_number(example):
            found[zone] = found.get(zone, frozenset()) | {region}
    return found
