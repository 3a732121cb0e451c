"""How long this area keeps what is over."""

from datetime import timedelta

ENDED_KEYS_STAY = timedelta(days=30)
OLD_INVITES_STAY = timedelta(days=30)
ANSWERED_ASKS_STAY = timedelta(days=90)
ENDED_BUDDIES_STAY = timedelta(days=30)
LIFTED_BLOCKS_STAY = timedelta(days=30)
AUDIT_DETAIL_STAYS = timedelta(days=90)
EMPTY_ROWS_STAY = timedelta(days=1)
"""Where somebody erased everything: a call that began a moment before may still point here."""
DEATHS_CAN_BE_UNDONE = timedelta(days=30)
"""A wrong «died» is taken back by two keepers within this time; then what was theirs is erased."""
