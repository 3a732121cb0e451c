"""What must always hold of trust, as SQL that finds no row. `porchlight/checks.py` lists them.

Time is the database's own. Where something goes by itself, a day of grace lets a sweep be late.
"""

from porchlight.kit.viewer import Viewer

Promise = tuple[str, str]
"""A sentence, and the SQL that finds what breaks it."""


def readings_lie_in_their_time(*, viewer: Viewer | None = None) -> Promise:
    """Nobody read before it was shown to them, or after it ended."""
    return (
        "Nobody reads guarded words before they are shown to them, or after that ended.",
        """SELECT reading.id FROM trust_reading reading
           LEFT JOIN trust_disclosure shown ON shown.id = reading.disclosure_id
             AND shown.network_id = reading.network_id
           WHERE shown.id IS NULL OR reading.at < shown.from_at OR reading.at > shown.revoked_at
              OR reading.at >= least(shown.until_at, shown.expires_at)""",
    )


def one_disclosure_in_force(*, viewer: Viewer | None = None) -> Promise:
    """Ending one really ends it: there is no second one."""
    return (
        "At most one disclosure of a thing to a reader is in force.",
        """SELECT thing_id FROM trust_disclosure WHERE revoked_at IS NULL
           GROUP BY network_id, thing_id, what, reader_id HAVING count(*) > 1""",
    )


def what_was_done_together_was_signed(*, viewer: Viewer | None = None) -> Promise:
    """Nothing that needs several persons was done by fewer."""
    return (
        "What needs several persons was done by as many.",
        """SELECT asked.id FROM trust_countersign asked
           LEFT JOIN trust_countersignature said ON said.countersign_id = asked.id
             AND said.at < asked.until_at
           WHERE asked.done_at IS NOT NULL
           GROUP BY asked.id HAVING count(DISTINCT said.person_id) < asked.needed""",
    )


def what_was_shown_is_forgotten(*, viewer: Viewer | None = None) -> Promise:
    """Who read what, and who said yes, stays thirty days after the end and no longer."""
    return (
        "Who was shown what, and who said yes to what, is erased in time.",
        """SELECT id FROM trust_disclosure
           WHERE least(expires_at, until_at, revoked_at) < now() - interval '31 days'
           UNION ALL
           SELECT id FROM trust_countersign WHERE expires_at < now() - interval '1 day'""",
    )


def nothing_is_read_during_a_lock(*, viewer: Viewer | None = None) -> Promise:
    """While everything is locked only what was shown since then at a call for help is read.

    Ten seconds of grace: whoever read while the lock waited for them did so before it was stored.
    """
    return (
        "While everything is locked nobody reads guarded words, except what somebody showed since "
        "then at a call for help.",
        """SELECT reading.id FROM people_lockdown locked
           JOIN trust_reading reading ON reading.network_id = locked.network_id
             AND reading.at > locked.from_at + interval '10 seconds'
             AND reading.at < coalesce(locked.ended_at, locked.until_at)
           JOIN trust_disclosure shown ON shown.id = reading.disclosure_id
           WHERE shown.why_kind <> 'alert' OR shown.from_at < locked.from_at""",
    )


def reports_go_to_others(*, viewer: Viewer | None = None) -> Promise:
    """Nobody is told of their own report, or of one by somebody they live with."""
    return (
        "Whoever is told that something went wrong did not report it, nor lives with who did.",
        """SELECT told.id FROM trust_reportreceiver told
           JOIN trust_report report ON report.id = told.report_id
           WHERE told.person_id = report.reporter_id OR EXISTS (
             SELECT FROM people_membership mine JOIN people_membership theirs
                 ON theirs.circle_id = mine.circle_id AND theirs.until_at IS NULL
             WHERE mine.kind = 'household' AND mine.until_at IS NULL
               AND mine.from_at < report.created_at AND theirs.from_at < report.created_at
               AND mine.person_id = report.reporter_id AND theirs.person_id = told.person_id)""",
    )


def reports_go_in_time(*, viewer: Viewer | None = None) -> Promise:
    """Reports close by themselves and are erased; what stands is what was written down last."""
    return (
        "A report closes after thirty days, is erased thirty days later, and stands as its line "
        "says.",
        """SELECT id FROM trust_report
           WHERE expires_at < now() - interval '1 day'
              OR (closed_at IS NULL AND closes_at < now() - interval '1 day')
           UNION ALL
           SELECT report.id FROM trust_report report
           LEFT JOIN LATERAL (SELECT verb FROM trust_reportevent
             WHERE report_id = report.id ORDER BY id DESC LIMIT 1) last ON true
           WHERE report.state <> CASE last.verb WHEN 'sent' THEN 'open' WHEN 'given_back' THEN
             'open' WHEN 'taken' THEN 'taken' WHEN 'closed' THEN 'closed' WHEN 'too_old' THEN
             'closed' ELSE '' END""",
    )


def numbers_on_paper_were_allowed(*, viewer: Viewer | None = None) -> Promise:
    """Nobody's number is open for paper after they took their tick away, or outside their pod."""
    return (
        "A number is open for a pod's paper only while its owner allows it there.",
        """SELECT shown.id FROM trust_disclosure shown
           LEFT JOIN trust_paperchoice choice ON choice.person_id = shown.owner_id
             AND choice.circle_id = shown.why_id AND choice.shows_number
           WHERE shown.what = 'paper.phone' AND shown.revoked_at IS NULL
             AND least(shown.until_at, shown.expires_at) > now() AND choice.person_id IS NULL""",
    )
