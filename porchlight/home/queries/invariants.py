"""What must always hold of every table that there is, whichever area it belongs to."""

from django.apps import apps
from django.db import connection

from porchlight.kit.viewer import Viewer

Promise = tuple[str, str]
"""A sentence, and the SQL that finds what breaks it."""

ENDS_OTHERWISE: dict[str, str] = {
    # What `expires_at` means where the row itself outlives it, and what must be gone then.
    "people_person": "name <> ''",
    "people_membershipask": "state = 'asked'",
    "people_buddy": "state = 'asked'",
    "people_invite": "code_guarded IS NOT NULL AND used_at IS NULL AND revoked_at IS NULL",
    "people_alertkey": "expires_at < now() - interval '30 days'",
    "alerts_alert": "state IN ('ended', 'cancelled')",
    # Nobody is told any more; all of it goes with its topic.
    "notices_notice": "topic_id NOT IN (SELECT id FROM notices_topic)",
    "notices_delivery": "notice_id NOT IN (SELECT id FROM notices_notice)",
    "notices_text": "topic_id NOT IN (SELECT id FROM notices_topic)",
    # What was read stays for its owner until thirty days after it ended.
    "trust_disclosure": "expires_at < now() - interval '30 days'",
    "trust_reading": "disclosure_id NOT IN (SELECT id FROM trust_disclosure)",
}


def tables_that_end(*, viewer: Viewer | None = None) -> list[str]:
    """Every table of ours with `expires_at`: a new one is covered by itself."""
    return sorted(
        table._meta.db_table
        for table in apps.get_models(include_auto_created=True)
        if table.__module__.startswith("porchlight.")
        and any(field.column == "expires_at" for field in table._meta.concrete_fields)
    )


def nothing_outlives_its_end(*, viewer: Viewer | None = None) -> Promise:
    """The sweep runs each hour; five minutes are for its own work. Every table, new ones too."""
    return (
        "Nothing is kept an hour longer than it may be.",
        "\nUNION ALL\n".join(_late(table) for table in tables_that_end()),
    )


def _late(table: str) -> str:
    also = f" AND ({ENDS_OTHERWISE[table]})" if table in ENDS_OTHERWISE else ""
    name = connection.ops.quote_name(table)
    return (
        f"SELECT '{table}' AS late FROM {name} "  # noqa: S608  # names of our own tables only
        f"WHERE expires_at < now() - interval '65 minutes'{also}"
    )
