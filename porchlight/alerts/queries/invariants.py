"""What must always hold of calls for help, as SQL that finds no row. `porchlight/checks.py` lists
them.

Time is the database's own. Where something goes by itself, a while of grace lets a sweep be late.
"""

from porchlight.alerts.rules.enough import to_say_so
from porchlight.alerts.rules.kinds import HARD_MOST
from porchlight.kit.viewer import Viewer

TO_SAY_SO = [to_say_so(people) for people in range(1, HARD_MOST + 1)]
"""How many have to say that they come, for one wanted, for two, and so on."""
Promise = tuple[str, str]
"""A sentence, and the SQL that finds what breaks it."""


def a_door_is_shown_only_while_it_runs(*, viewer: Viewer | None = None) -> Promise:
    """When it is over, nobody reads the door any more."""
    return (
        "The door of a call for help is shown to nobody once the call is over.",
        """SELECT open.id FROM (SELECT id, thing_id, reader_id FROM trust_disclosure
                  WHERE what = 'alert.door' AND revoked_at IS NULL
                    AND least(until_at, expires_at) > now()) open
            LEFT JOIN alerts_alert alert ON alert.id = open.thing_id
            WHERE alert.id IS NULL OR alert.state NOT IN ('enough', 'open', 'verifying')""",
    )


def a_door_is_earned(*, viewer: Viewer | None = None) -> Promise:
    """Only somebody on the way whom the asker knows, or to whom somebody said yes."""
    return (
        "A door is shown only to people on the way, and to strangers only after a yes.",
        """SELECT open.id FROM (SELECT id, thing_id, reader_id FROM trust_disclosure
                  WHERE what = 'alert.door' AND revoked_at IS NULL
                    AND least(until_at, expires_at) > now()) open
            LEFT JOIN alerts_invitation asked
              ON asked.alert_id = open.thing_id AND asked.person_id = open.reader_id
            WHERE asked.id IS NULL OR asked.standing NOT IN ('arrived', 'coming')
               OR (asked.why NOT IN ('buddy', 'pod', 'safe', 'second')
                   AND asked.allowed_at IS NULL)""",
    )


def nobody_alone_at_a_door_that_needs_two(*, viewer: Viewer | None = None) -> Promise:
    """Where two are needed, the first one waits at the meeting point (SAFETY.md 5)."""
    return (
        "Where two people are needed, no door is shown before two are on the way.",
        """SELECT open.id FROM (SELECT id, thing_id, reader_id FROM trust_disclosure
                  WHERE what = 'alert.door' AND revoked_at IS NULL
                    AND least(until_at, expires_at) > now()) open
            JOIN alerts_alert alert ON alert.id = open.thing_id
            WHERE (alert.playbook->>'needs_two')::boolean
              AND 2 > (SELECT count(*) FROM alerts_invitation coming
                       WHERE coming.alert_id = alert.id
                         AND coming.standing IN ('arrived', 'coming'))""",
    )


def never_too_many_at_the_scene(*, viewer: Viewer | None = None) -> Promise:
    """Too many helpers is harm: caps are hard."""
    return (
        "Never more people are on the way than the call's own cap.",
        """SELECT alert.id FROM alerts_alert alert
           JOIN alerts_invitation asked ON asked.alert_id = alert.id AND asked.seat IS NOT NULL
           GROUP BY alert.id, alert.playbook
           HAVING count(*) > (alert.playbook->>'most')::int""",
    )


def enough_is_enough(*, viewer: Viewer | None = None) -> Promise:
    """The state says what the people on the way say."""
    return (
        "A call says «enough» exactly while so many come that those wanted arrive.",
        f"""SELECT alert.id FROM alerts_alert alert
            CROSS JOIN LATERAL (
              SELECT count(*) FILTER (WHERE standing = 'arrived') AS arrived,
                     count(*) FILTER (WHERE standing = 'coming') AS coming
                FROM alerts_invitation WHERE alert_id = alert.id) asked
            WHERE alert.state IN ('open', 'enough')
              AND (alert.state = 'enough') <> (
                asked.arrived >= alert.wanted
                OR asked.arrived + asked.coming >= (alert.playbook->>'most')::int
                OR asked.coming >= (ARRAY{TO_SAY_SO})[alert.wanted - asked.arrived])""",  # noqa: S608  # nothing in it but our own numbers
    )


def standings_are_what_happened(*, viewer: Viewer | None = None) -> Promise:
    """Where somebody stands is made from what was written down, never beside it."""
    return (
        "Where a person stands is the last thing that was written down about them.",
        """SELECT asked.id FROM alerts_invitation asked
            LEFT JOIN LATERAL (
              SELECT event.verb FROM alerts_alertevent event
              WHERE event.alert_id = asked.alert_id AND event.verb IN
                ('coming', 'remote', 'cant', 'arrived', 'home', 'enough', 'removed')
                AND coalesce(event.person_id, event.actor_id) = asked.person_id
              ORDER BY event.id DESC LIMIT 1) last ON true
            WHERE asked.standing <> coalesce(last.verb, 'asked')""",
    )


def who_leads_is_there(*, viewer: Viewer | None = None) -> Promise:
    """The first one there leads only while there: they may let strangers see the door."""
    return (
        "Who leads at a running call has arrived and is still there.",
        """SELECT alert.id FROM alerts_alert alert
            LEFT JOIN alerts_invitation asked ON asked.alert_id = alert.id
              AND asked.person_id = alert.lead_id
            WHERE alert.lead_id IS NOT NULL AND alert.state IN ('enough', 'open', 'verifying')
              AND asked.standing IS DISTINCT FROM 'arrived'""",
    )


def whoever_is_asked_was_told(*, viewer: Viewer | None = None) -> Promise:
    """An invitation without a notice would be somebody who never heard of it. What somebody was
    told goes with them when they leave or die."""
    return (
        "Everybody who is asked has a notice in the outbox.",
        """SELECT asked.id FROM alerts_invitation asked
            JOIN alerts_alert alert ON alert.id = asked.alert_id
            JOIN people_person person ON person.id = asked.person_id AND person.left_at IS NULL
              AND person.hushed_at IS NULL
            LEFT JOIN notices_notice notice ON notice.id = asked.notice_id
              AND notice.network_id = asked.network_id
            WHERE alert.state IN ('enough', 'open', 'verifying') AND notice.id IS NULL""",
    )


def nobody_is_asked_after_the_end(*, viewer: Viewer | None = None) -> Promise:
    """Questions are closed with the call; a phone that rings for nothing is trust lost."""
    return (
        "The questions of a call that is over are closed.",
        """SELECT alert.id FROM alerts_alert alert
            JOIN notices_topic topic ON topic.id = alert.topic_id
            WHERE alert.state IN ('ended', 'cancelled') AND topic.kind = 'alert'
              AND topic.closed_at IS NULL""",
    )


def no_call_runs_for_ever(*, viewer: Viewer | None = None) -> Promise:
    """Nobody waits for an end that never comes."""
    return (
        "A call that nobody ended is ended when its hours are over.",
        """SELECT id FROM alerts_alert
            WHERE state IN ('enough', 'open', 'verifying')
              AND closes_at < now() - interval '2 hours'""",
    )


def a_running_call_goes_on(*, viewer: Viewer | None = None) -> Promise:
    """A call that only waits looks well and is lost: each one has a next step, and takes it."""
    return (
        "Every running call for help has a next step of its own, and no step is late.",
        """SELECT id FROM alerts_alert
            WHERE state IN ('enough', 'open', 'verifying')
              AND coalesce(step_at, due_at) < now() - interval '2 minutes'""",
    )


def a_way_goes_on(*, viewer: Viewer | None = None) -> Promise:
    """Somebody waits for us to notice that they did not come home."""
    return (
        "Every way that others look after has a next step of its own, and no step is late.",
        "SELECT id FROM alerts_checkin WHERE step_at < now() - interval '2 minutes'",
    )


def nobody_hears_of_a_way_too_early(*, viewer: Viewer | None = None) -> Promise:
    """A way is its owner's alone until they do not answer (SAFETY.md 16)."""
    return (
        "Nobody is told that somebody is late who is not, nor keeps it when they were there.",
        """SELECT told.id::text FROM alerts_checkinperson told
            JOIN alerts_checkin way ON way.id = told.check_in_id
            WHERE told.told_at IS NOT NULL AND way.state IN ('running', 'asked')
           UNION ALL
           SELECT shown.id::text FROM trust_disclosure shown
            JOIN alerts_checkin way ON way.id = shown.thing_id
            WHERE shown.what = 'check_in.words' AND shown.revoked_at IS NULL
              AND way.state IN ('running', 'asked', 'over')""",
    )


def words_of_calls_go_in_time(*, viewer: Viewer | None = None) -> Promise:
    """72 hours after the end, 30 days where the asker kept them; the rest after 30 days."""
    return (
        "What was written in a call for help is erased in time.",
        """SELECT alert_id::text FROM alerts_alertwords
           WHERE expires_at < now() - interval '2 hours'
           UNION ALL
           SELECT id::text FROM alerts_alertupdate WHERE expires_at < now() - interval '2 hours'
           UNION ALL
           SELECT id::text FROM alerts_alerttask WHERE expires_at < now() - interval '2 hours'
           UNION ALL
           SELECT words.alert_id::text FROM alerts_alertwords words
           JOIN alerts_alert alert ON alert.id = words.alert_id
           WHERE alert.ended_at IS NOT NULL
             AND words.expires_at > alert.ended_at + interval '30 days 1 minute'
           UNION ALL
           SELECT id::text FROM alerts_alert WHERE state IN ('ended', 'cancelled')
             AND expires_at < now() - interval '1 day'""",
    )
