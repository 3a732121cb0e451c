"""How long this area keeps what is over."""

from datetime import timedelta

ENDED_KEYS_STAY = timedelta(days=30)
OLD_INVITES_STAY = timedelta(days=30)
ANSWERED_ASKS_STAY = timedelta(days=90)
ENDED_BUDDIES_STAY = timedelta(days=30)
LIFTED_BLOCKS_STAY = timedelta(days=30)
AUDIT_DETAIL_STAYS = timedelta(days=90)
