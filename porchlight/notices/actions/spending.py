"""Money for texts: ordinary ones take it before they go, calls for help are only counted."""

from datetime import datetime

from porchlight.kit.statements import run
from porchlight.kit.transactions import one_transaction
from porchlight.notices.queries.spending import budget, spending
from porchlight.notices.rules import Lane, affordable


@one_transaction
def pay_ordinary(*, wanted: int, now: datetime) -> int:
    """Take the money for as many of these ordinary texts as the month allows; how many that are.

    Workers take turns at today's row, so that two never spend the same money.
    """
    allowed = budget()
    if allowed is None or not wanted:
        return wanted
    run(OPEN_DAY, [now.date()])
    run(LOCK_DAY, [now.date()])
    seen = spending(now)
    if seen is None:
        return wanted
    many = affordable(budget=allowed, ordinary=seen.ordinary, urgent=seen.urgent, wanted=wanted)
    note_cost(lane=Lane.ORDINARY, texts=many, now=now)
    return many


OPEN_DAY = """
INSERT INTO notices_textcost (day, lane, texts, cost) VALUES (%s, 'ordinary', 0, 0)
ON CONFLICT DO NOTHING
"""
LOCK_DAY = "SELECT id FROM notices_textcost WHERE day = %s AND lane = 'ordinary' FOR UPDATE"


@one_transaction
def note_cost(*, lane: Lane, texts: int, now: datetime) -> None:
    """Count what texts cost. texts: below zero for those that did not go after all."""
    allowed = budget()
    if allowed is not None and texts:
        run(COST, [now.date(), str(lane), texts, texts * allowed.price])


COST = """
INSERT INTO notices_textcost AS known (day, lane, texts, cost) VALUES (%s, %s, %s, %s)
ON CONFLICT (day, lane) DO UPDATE
   SET texts = known.texts + excluded.texts, cost = known.cost + excluded.cost
"""
