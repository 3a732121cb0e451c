"""What must always hold of needs and promises, as SQL that finds no row. Listed in checks.py.

Time is the database's own. Where something goes by itself, a day of grace lets a task be late.
"""

from porchlight.kit.viewer import Viewer

Promise = tuple[str, str]
"""A sentence, and the SQL that finds what breaks it."""


def promises_are_counted(*, viewer: Viewer | None = None) -> Promise:
    """What a need says of its helpers is what their promises say.

    A helper who was erased stays counted without a promise.
    """
    return (
        "A need counts the helpers that were agreed, and those that did their part.",
        """SELECT need.id FROM sharing_need need
           LEFT JOIN sharing_match match ON match.need_id = need.id
             AND match.network_id = need.network_id
           GROUP BY need.id, need.taken, need.done
           HAVING need.taken - need.done <> count(*) FILTER (WHERE match.state = 'confirmed')
               OR need.done < count(*) FILTER (WHERE match.state = 'done')""",
    )


def met_means_done(*, viewer: Viewer | None = None) -> Promise:
    """A need is met when as many did their part as were asked for and nobody is still to come."""
    return (
        "A need is met exactly when as many helped as were asked for and nobody is still to come.",
        """SELECT id FROM sharing_need
           WHERE (state = 'met') <> (done >= helpers AND taken = done)
             AND state IN ('open', 'partly_met', 'met')
              OR state = 'partly_met' AND done = 0 OR state = 'open' AND done > 0""",
    )


def what_is_over_promises_nothing(*, viewer: Viewer | None = None) -> Promise:
    """Closing a need ended its promises in the same moment."""
    return (
        "Nobody has promised help to what is over.",
        """SELECT match.id FROM sharing_match match
           JOIN sharing_need need ON need.id = match.need_id
           WHERE match.state IN ('offered', 'confirmed')
             AND need.state NOT IN ('open', 'partly_met')""",
    )


def nobody_helps_themselves(*, viewer: Viewer | None = None) -> Promise:
    return (
        "Nobody promises help to themselves.",
        """SELECT match.id FROM sharing_match match
           JOIN sharing_need need ON need.id = match.need_id
           WHERE match.helper_id = need.asker_id""",
    )


def nobody_helps_whom_they_keep_away(*, viewer: Viewer | None = None) -> Promise:
    """Two who must not meet have no live promise, whichever of them wanted it so."""
    return (
        "Two people who are kept apart have promised each other nothing.",
        """SELECT match.id FROM sharing_match match
           JOIN sharing_need need ON need.id = match.need_id
           JOIN people_block block ON block.network_id = match.network_id
             AND block.lifted_at IS NULL
             AND (block.blocker_id, block.blocked_id) IN
                 ((match.helper_id, need.asker_id), (need.asker_id, match.helper_id))
           WHERE match.state IN ('offered', 'confirmed')""",
    )


def words_are_for_agreed_helpers(*, viewer: Viewer | None = None) -> Promise:
    """Where to come is read by those who are agreed, and for two days after it was done."""
    return (
        "Only agreed helpers may read where to come.",
        """SELECT shown.id FROM trust_disclosure shown
           WHERE shown.what = 'need.words' AND shown.revoked_at IS NULL
             AND shown.expires_at > now()
             AND NOT EXISTS (SELECT FROM sharing_match match
               WHERE match.need_id = shown.thing_id AND match.helper_id = shown.reader_id
                 AND (match.state = 'confirmed' OR match.state = 'done'
                      AND match.ended_at > now() - interval '3 days'))""",
    )


def nothing_goes_quiet(*, viewer: Viewer | None = None) -> Promise:
    """Each need and promise that is not over has a step ahead, and the steps are taken."""
    return (
        "Every need and every promise that is not over has its next step, and none is long late.",
        """SELECT id FROM sharing_need WHERE next_step_at < now() - interval '1 day'
           UNION ALL
           SELECT id FROM sharing_match WHERE next_step_at < now() - interval '1 day'
           UNION ALL
           SELECT id FROM sharing_need WHERE asks_at < now() - interval '1 day'""",
    )


def words_of_needs_go_in_time(*, viewer: Viewer | None = None) -> Promise:
    return (
        "What somebody wrote for their helper, or said to the desk, is erased within three days"
        " after it was over.",
        """SELECT words.need_id FROM sharing_needwords words
           JOIN sharing_need need ON need.id = words.need_id
           WHERE words.expires_at < now() - interval '1 day'
              OR need.closed_at < now() - interval '4 days'
           UNION ALL
           SELECT taken.id FROM sharing_intake taken
           LEFT JOIN sharing_need need ON need.id = taken.need_id
           WHERE taken.expires_at < now() - interval '1 day'
              OR need.closed_at < now() - interval '3 days'""",
    )


def nobody_is_asked_by_whom_they_keep_away(*, viewer: Viewer | None = None) -> Promise:
    """A need is put before nobody who asked for it, or must not meet whoever did."""
    return (
        "Nobody is asked to help themselves, or somebody they are kept apart from.",
        """SELECT put.id FROM sharing_proposal put
           JOIN sharing_need need ON need.id = put.need_id
           LEFT JOIN people_block block ON block.network_id = put.network_id
             AND block.lifted_at IS NULL
             AND (block.blocker_id, block.blocked_id) IN
                 ((put.helper_id, need.asker_id), (need.asker_id, put.helper_id))
           WHERE put.answered_at IS NULL
             AND (put.helper_id = need.asker_id OR block.id IS NOT NULL)""",
    )


def guests_ask_for_something(*, viewer: Viewer | None = None) -> Promise:
    """Somebody without an account is here only for what they asked for, and only the desk acts for
    them: they have no login, circle, role, address, place or buddy."""
    return (
        "Guests are here only for what they asked for, and have no login, circle, role or address.",
        """SELECT guest.id FROM people_person guest
           WHERE guest.level = 'guest' AND guest.erased_at IS NULL AND (
             EXISTS (SELECT FROM people_login WHERE person_id = guest.id)
             OR EXISTS (SELECT FROM people_membership WHERE person_id = guest.id)
             OR EXISTS (SELECT FROM people_mandate WHERE person_id = guest.id)
             OR EXISTS (SELECT FROM people_address WHERE person_id = guest.id)
             OR EXISTS (SELECT FROM people_place WHERE person_id = guest.id)
             OR EXISTS (SELECT FROM people_buddyseat WHERE person_id = guest.id)
             OR guest.created_at < now() - interval '2 days'
                AND NOT EXISTS (SELECT FROM sharing_need WHERE asker_id = guest.id)
                AND NOT EXISTS (SELECT FROM sharing_intake WHERE guest_id = guest.id))
           UNION ALL
           SELECT taken.guest_id FROM sharing_intake taken
           JOIN people_person person ON person.id = taken.guest_id
           LEFT JOIN sharing_need need ON need.id = taken.need_id
           WHERE person.level <> 'guest' OR need.asker_id <> taken.guest_id""",
    )
