"""Everything that can be read here."""

from porchlight.notices.queries.demo import DemoMessage, DemoPhones, demo_phone, demo_phones
from porchlight.notices.queries.due import first_due
from porchlight.notices.queries.inbox import InboxText, inbox, inbox_count, strange_calls
from porchlight.notices.queries.news import (
    NewsGroup,
    NewsItem,
    export_of,
    has_come,
    news,
    unread_count,
    where_is,
)
from porchlight.notices.queries.reach import PhoneTest, ReachLine, last_success, test_my_phone

__all__ = [
    "DemoMessage",
    "DemoPhones",
    "InboxText",
    "NewsGroup",
    "NewsItem",
    "PhoneTest",
    "ReachLine",
    "demo_phone",
    "demo_phones",
    "export_of",
    "first_due",
    "has_come",
    "inbox",
    "inbox_count",
    "last_success",
    "news",
    "strange_calls",
    "test_my_phone",
    "unread_count",
    "where_is",
]
