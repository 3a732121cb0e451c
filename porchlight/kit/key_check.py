"""Notices a wrong or missing data key at the start, before it writes words nobody can open."""

import hmac
from collections.abc import Collection
from datetime import datetime

from porchlight.kit import vault
from porchlight.kit.models import KeyCheck


def verify_keys() -> None:
    """Compare the keys here with those this database has known; remember new ones.

    Called at the start of web and workers, and by the doctor. Raises `vault.VaultTrouble`, which
    says which key is missing or wrong and what to do. Only the command that has made everything
    anew with another key lets one go: `retire_key`, `forget_key`.
    """
    here = vault.keyring().keys
    rows = list(KeyCheck.objects.order_by("name"))
    known = {row.name: bytes(row.check_value) for row in rows}
    missing = sorted({row.name for row in rows if row.retired_at is None} - here.keys())
    if missing:
        raise vault.VaultTrouble(
            f"The data key «{missing[0]}» is missing: words in this database were guarded with it. "
            "Put it back from your backup."
        )
    for name, check in known.items():
        if name in here and not hmac.compare_digest(check, vault.check_of(name)):
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
    need_again(names=[vault.keyring().current])


def retire_key(*, name: str, now: datetime) -> None:
    """Nothing needs this data key any more: a start without it goes well."""
    KeyCheck.objects.filter(name=name, retired_at=None).update(retired_at=now)


def retired_keys() -> frozenset[str]:
    """Those that nothing needs any more, though they may still be here."""
    return frozenset(KeyCheck.objects.exclude(retired_at=None).values_list("name", flat=True))


def written_since(*, name: str) -> datetime:
    """Since when this database knows a data key."""
    return KeyCheck.objects.get(name=name).since


def need_again(*, names: Collection[str]) -> None:
    """These write, or something is still under them: no start goes well without them."""
    KeyCheck.objects.filter(name__in=names).exclude(retired_at=None).update(retired_at=None)


def forget_key(*, name: str) -> None:
    """It is taken away: nothing here remembers it."""
    KeyCheck.objects.filter(name=name).delete()
