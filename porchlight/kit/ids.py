"""Ids that addresses and exports show: random, so that nobody can count or guess them."""

import re
from uuid import UUID, uuid4

CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_id() -> UUID:
    """A fresh id for something that an address may show."""
    return uuid4()


def is_uuid(text: str) -> bool:
    """True for an id as addresses write it; another spelling of the same id is another address."""
    return CANONICAL.fullmatch(text) is not None
