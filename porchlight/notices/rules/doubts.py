"""What becomes of a text or a call when nobody knows whether it arrived.

No provider of texts promises that the same message sent twice arrives once. So before anything is
sent again, the provider is asked whether it knows the message.

| the provider | the notice | what happens |
|---|---|---|
| knows it | any | it counts as handed over; nothing is sent again |
| does not know it | any | one more, marked «(again)» |
| cannot say | critical | one more, marked «(again)» |
| cannot say | anything else | given up; the next address has its turn |
| does not know it, or cannot say | any, and one more was sent already | given up |

Never more than one repeat, whatever happens. Where there are two gateways, the one that may have it
is asked, and the repeat goes by the other.
"""

from enum import StrEnum

from porchlight.notices.rules.words import Urgency

FOUND = "found"
"""What operators read of a try that sent nothing, because an earlier one had arrived."""


class Known(StrEnum):
    """What the provider says about a message in doubt."""

    YES = "yes"
    NO = "no"
    CANNOT_SAY = "cannot say"


class Next(StrEnum):
    """What to do about a message in doubt."""

    COUNT_AS_SENT = "count as sent"
    SEND_ONCE_MORE = "send once more"
    GIVE_UP = "give up"


def after_doubt(*, known: Known, doubts: int, urgency: Urgency) -> Next:
    """What to do next. doubts: how many tries of this delivery ended in doubt, at least one."""
    if known is Known.YES:
        return Next.COUNT_AS_SENT
    if doubts > 1:
        return Next.GIVE_UP
    if known is Known.NO or urgency is Urgency.CRITICAL:
        return Next.SEND_ONCE_MORE
    return Next.GIVE_UP
