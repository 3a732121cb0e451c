"""What must always hold of notices, as SQL that finds no row. `porchlight/checks.py` lists them."""

from porchlight.kit.viewer import Viewer

Promise = tuple[str, str]
"""A sentence, and the SQL that finds what breaks it."""


def every_call_was_written_down(*, viewer: Viewer | None = None) -> Promise:
    """A delivery that went out has its attempt, and as many as it counts."""
    return (
        "Every call was written down before it was made.",
        """SELECT d.id FROM notices_delivery d
           WHERE d.tries <> (SELECT count(*) FROM notices_attempt a WHERE a.delivery_id = d.id)""",
    )


def what_was_handed_over_has_its_outcome(*, viewer: Viewer | None = None) -> Promise:
    """«Handed over» is never a guess."""
    return (
        "What counts as handed over has an outcome or a receipt that says so.",
        """SELECT d.id FROM notices_delivery d
           WHERE d.state IN ('handed', 'delivered')
             AND NOT EXISTS (SELECT 1 FROM notices_attempt a
                             JOIN notices_outcome o ON o.attempt_id = a.id
                             WHERE a.delivery_id = d.id AND o.state = 'handed')
             AND NOT EXISTS (SELECT 1 FROM notices_receipt r
                             WHERE r.delivery_id = d.id AND r.arrived)""",
    )


def nothing_is_handed_over_twice(*, viewer: Viewer | None = None) -> Promise:
    """One hand-over an address; a second one only after a doubt, or after a call nobody took."""
    return (
        "No message goes to one address twice, unless the first answer was lost.",
        """SELECT a.delivery_id FROM notices_attempt a JOIN notices_outcome o ON o.attempt_id = a.id
             JOIN notices_delivery d ON d.id = a.delivery_id
           WHERE o.state = 'handed' GROUP BY a.delivery_id, d.channel
          HAVING count(*) > 1 + (SELECT count(*) FROM notices_receipt r
                                  WHERE r.delivery_id = a.delivery_id AND NOT r.arrived
                                    AND d.channel = 'voice')""",
    )


def texts_in_doubt_are_repeated_once(*, viewer: Viewer | None = None) -> Promise:
    """Whatever happens, a phone gets the same text at most twice."""
    return (
        "No text goes out more than twice, and the second time only after a doubt.",
        """SELECT a.delivery_id FROM notices_attempt a JOIN notices_outcome o ON o.attempt_id = a.id
             JOIN notices_delivery d ON d.id = a.delivery_id
           WHERE d.channel = 'sms' AND o.state = 'in_doubt'
           GROUP BY a.delivery_id HAVING count(*) > 2""",
    )


def nothing_is_sent_after_its_time(*, viewer: Viewer | None = None) -> Promise:
    """A restored backup or a slow worker sends no stale call for help."""
    return (
        "Nothing is sent after it expired.",
        """SELECT a.id FROM notices_attempt a JOIN notices_delivery d ON d.id = a.delivery_id
           WHERE a.begun_at >= d.expires_at""",
    )


def a_held_delivery_has_an_owner(*, viewer: Viewer | None = None) -> Promise:
    """Whatever a worker holds, it holds for a time."""
    return (
        "Whatever a worker holds has a worker and an end.",
        """SELECT id FROM notices_delivery WHERE state = 'claimed'
           AND (claimed_by IS NULL OR lease_until IS NULL)""",
    )


def no_lease_is_long_over(*, viewer: Viewer | None = None) -> Promise:
    """What a dead worker held is taken up by another one."""
    return (
        "Nothing is held by a worker whose time with it is long over.",
        """SELECT id FROM notices_delivery
           WHERE is_open AND state = 'claimed' AND lease_until < now() - interval '2 minutes'""",
    )


def what_is_over_is_not_waiting(*, viewer: Viewer | None = None) -> Promise:
    """Closing a topic left nothing in the queue."""
    return (
        "Nothing waits to be sent under a topic that is closed.",
        """SELECT d.id FROM notices_delivery d JOIN notices_notice n ON n.id = d.notice_id
           JOIN notices_topic t ON t.id = n.topic_id
           WHERE t.closed_at < now() - interval '1 minute'
             AND d.due_at < now() - interval '1 minute'
             AND d.state IN ('queued', 'failed_temp')""",
    )
