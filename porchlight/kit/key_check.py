"""Notices a wrong or missing data key at the start, before it writes words nobody can open."""

import hmac

from porchlight.kit import vault
from porchlight.kit.models import KeyCheck


def verify_keys() -> None:
    """Compare the keys here with those this database has known; remember new ones.

    Called at the start of web and workers, and by the doctor. Raises `vault.VaultTrouble`, which
    says which key is missing or wrong and what to do. A key is forgotten (its row deleted) only by
    the command that has guarded everything anew with another one.
    """
    here = vault.keyring().keys
    known = {row.name: bytes(row.check_value) for row in KeyCheck.objects.order_by("name")}
    missing = sorted(known.keys() - here.keys())
    if missing:
        raise vault.VaultTrouble(
            f"The data key «{missing[0]}» is missing: words in this database were guarded with it. "
            "Put it back from your backup."
        )
    for name, check in known.items():
        if not hmac.compare_digest(check, vault.check_of(name)):
            raise vault.VaultTrouble(
                f"The data key «{name}» is not the one this database was made with, though it has "
                "the same name. Put the right one back from your backup."
            )
    KeyCheck.objects.bulk_create(
        [
            KeyCheck(name=name, check_value=vault.check_of(name))
            for name in here
            if name not in known
        ],
        ignore_conflicts=True,  # two processes of a new install start at once
    )


def forget_key(*, name: str) -> None:
    """Nothing is guarded with this data key any more: no start asks for it again."""
    KeyCheck.objects.filter(name=name).delete()
