"""The ways out of the program. A new one is added here and in `rules.Channel`.

The bell is none of them: it rings inside the database (`actions.outbox.ring`).
"""

from porchlight.notices.channels.contract import ChannelSender
from porchlight.notices.channels.demo import Arrive, DemoSender
from porchlight.notices.channels.email import EmailSender
from porchlight.notices.channels.sms import SmsSender
from porchlight.notices.channels.voice import VoiceSender
from porchlight.notices.channels.web_push import WebPushSender
from porchlight.notices.rules import CALL_TIME_OUT, Channel

__all__ = [
    "ChannelSender",
    "DemoSender",
    "EmailSender",
    "SmsSender",
    "VoiceSender",
    "WebPushSender",
    "all_channels",
]


def all_channels(
    *, arrive_on_demo_phones: Arrive, time_out: float = CALL_TIME_OUT
) -> dict[Channel, ChannelSender]:
    """One sender of each kind, for one worker."""
    senders: list[ChannelSender] = [
        EmailSender(time_out=time_out),
        SmsSender(time_out=time_out),
        VoiceSender(time_out=time_out),
        DemoSender(arrive=arrive_on_demo_phones),
        WebPushSender(),
    ]
    return {sender.channel: sender for sender in senders}
