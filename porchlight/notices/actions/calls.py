"""Calls to our number: whoever rings hears what to do, and a key may call for help."""

from datetime import datetime, timedelta

from django.db import connection

from porchlight.kit import moments
from porchlight.kit.transactions import one_transaction
from porchlight.notices.queries.questions import whose_text
from porchlight.notices.rules import CallerHears, Channel

COUNT_LIFE = timedelta(days=30)


@one_transaction
def take_call(*, address_value: str, call_id: str, key: str, now: datetime) -> CallerHears | None:
    """Ask round what a caller hears. None: there is no network yet, so there is nobody to ask.

    It belongs to a network as a text from that phone would. key: what was pressed; empty when they
    have only just been put through. The same call told twice means the same to whoever answers.
    Of a number that is nobody's only a count stays.
    """
    caller = whose_text(channel=Channel.SMS, address_value=address_value)
    if caller is None:
        return None
    heard: CallerHears | None = moments.asked(
        "call_arrived",
        network_id=caller.network_id,
        channel=str(Channel.SMS),
        address_value=address_value,
        call_id=call_id,
        key=key,
        now=now,
    )
    if heard is not None and not heard.is_known and not key:
        with connection.cursor() as cursor:
            cursor.execute(ONE_MORE, [caller.network_id, now.date(), now + COUNT_LIFE])
    return heard


ONE_MORE = """
INSERT INTO notices_strangecalls AS known (network_id, called_on, many, expires_at)
VALUES (%s, %s, 1, %s)
ON CONFLICT (network_id, called_on) DO UPDATE SET many = known.many + 1
"""
