"""The ways out. A new one is added here and in `rules.Channel`."""

from porchlight.notices.channels.contract import ChannelSender
from porchlight.notices.channels.demo import DemoSender
from porchlight.notices.channels.email import EmailSender
from porchlight.notices.channels.page import PageSender
from porchlight.notices.rules import Channel

__all__ = ["ChannelSender", "DemoSender", "EmailSender", "PageSender", "all_channels"]


def all_channels() -> dict[Channel, ChannelSender]:
    """One sender of each kind, for one worker."""
    senders: list[ChannelSender] = [PageSender(), EmailSender(), DemoSender()]
    return {sender.channel: sender for sender in senders}
