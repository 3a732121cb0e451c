"""How it stands with what keeps a network when its machine is lost: for keepers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from porchlight.home.rules.backups import DRILL_TOO_OLD, TOO_OLD, Standing, standing
from porchlight.kit.errors import NotHere
from porchlight.kit.last_try import last_of
from porchlight.kit.viewer import Viewer
from porchlight.notices.queries.spending import in_money, spending, waiting_for_money
from porchlight.people.queries.chain import oldest_unsealed
from porchlight.people.rules.rights import Right

SEALED_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Stood:
    """One of them."""

    standing: Standing
    at: datetime | None
    """Of the last try."""
    good_at: datetime | None
    """The last time it went well."""


@dataclass(frozen=True, kw_only=True)
class TextMoney:
    """Money for the texts of all networks here, this month."""

    used: str
    a_month: str
    kept_percent: int
    is_used_up: bool
    waiting: int
    """Notices of this network that only a text can bring, and that wait for money."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """All of them."""

    backup: Stood
    drill: Stood
    rotation: Stood
    unsealed_since: datetime | None
    """What was done since then waits for its seal, longer than it should; None: nothing does."""
    texts: TextMoney | None
    """None: the operator set no money for texts."""


def is_backed_up() -> bool:
    """Whether the operator said where backups go, and for whom they are sealed."""
    return settings.BACKUP_FOLDER is not None and bool(settings.BACKUP_KEEPERS)


def machine(*, viewer: Viewer, now: datetime) -> Machine:
    """For whoever keeps here.

    Refuses: NotHere without the right.
    Costs: four queries, two more where money for texts is set.
    """
    if not viewer.may(Right.KEEP):
        raise NotHere
    waits, is_on = oldest_unsealed(), is_backed_up()
    return Machine(
        backup=_stood("backup", is_on=is_on, too_old=TOO_OLD, now=now),
        drill=_stood("drill", is_on=is_on, too_old=DRILL_TOO_OLD, now=now),
        rotation=_stood("rotation", is_on=True, too_old=None, now=now),
        unsealed_since=waits if waits and now - waits > SEALED_WITHIN else None,
        texts=_text_money(viewer.network.id, now),
    )


def _text_money(network_id: UUID, now: datetime) -> TextMoney | None:
    seen = spending(now)
    if seen is None or seen.budget.a_month is None:
        return None
    used, a_month = (
        in_money(amount, get_language() or "en") for amount in (seen.used, seen.budget.a_month)
    )
    return TextMoney(
        used=used,
        a_month=a_month,
        kept_percent=seen.budget.kept_percent,
        is_used_up=seen.is_used_up,
        waiting=waiting_for_money(network_id=network_id),
    )


def _stood(what: str, *, is_on: bool, too_old: timedelta | None, now: datetime) -> Stood:
    last = last_of(what)
    return Stood(
        standing=standing(last, is_on=is_on, too_old=too_old, now=now),
        at=last.at if last else None,
        good_at=last.good_at if last else None,
    )
