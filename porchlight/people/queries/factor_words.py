"""How allauth.mfa keeps secrets of second factors: guarded with our own keys, bound to a login."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser

from porchlight.kit import vault
from porchlight.people.models import Login

PURPOSE = "factor"
_whose: ContextVar[UUID] = ContextVar("whose factor")


@contextmanager
def factors_of_login(login_id: UUID) -> Iterator[None]:
    """Open and close secrets of this login only: a row copied to another one does not open."""
    before = _whose.set(login_id)
    try:
        yield
    finally:
        _whose.reset(before)


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # has no types
    """Asked by allauth.mfa wherever it writes or reads a secret, or names somebody to a device."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(vault.guard(text, purpose=PURPOSE, whose=_whose.get())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        kept = base64.b64decode(encrypted_text)
        return vault.reveal(kept, purpose=PURPOSE, whose=_whose.get())

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return _name(user)

    def get_totp_issuer(self) -> str:
        return "Porchlight"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Porchlight"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        name = _name(user)
        return {"id": str(user.pk).encode(), "display_name": name, "name": name}


def _name(user: AbstractBaseUser) -> str:
    return user.person.name if isinstance(user, Login) else ""
