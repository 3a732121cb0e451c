"""What must always hold of people, as SQL that finds no row. `porchlight/checks.py` lists them.

Time is the database's own. Where something goes by itself, a day of grace lets a sweep be late.
"""

from porchlight.kit.viewer import Viewer

Promise = tuple[str, str]
"""A sentence, and the SQL that finds what breaks it."""


def pods_hold_at_most_ten(*, viewer: Viewer | None = None) -> Promise:
    """No pod has an eleventh member."""
    return (
        "A pod has at most ten people.",
        """SELECT circle_id FROM people_membership WHERE kind = 'pod' AND until_at IS NULL
           GROUP BY circle_id HAVING count(*) > 10""",
    )


def everybody_is_in_one_pod(*, viewer: Viewer | None = None) -> Promise:
    """Nobody is in two pods at once."""
    return (
        "Nobody is in two pods at once.",
        """SELECT person_id FROM people_membership WHERE kind = 'pod' AND until_at IS NULL
           GROUP BY person_id HAVING count(*) > 1""",
    )


def memberships_know_their_circle(*, viewer: Viewer | None = None) -> Promise:
    """The kind on a membership, which counts seats, is its circle's."""
    return (
        "A membership has the kind of its circle.",
        """SELECT membership.id FROM people_membership membership
           JOIN people_circle circle ON circle.id = membership.circle_id
           WHERE membership.kind <> circle.kind OR membership.network_id <> circle.network_id""",
    )


def nobody_stays_after_leaving(*, viewer: Viewer | None = None) -> Promise:
    """Whoever left is in no circle, has no role, no buddy, no login and no key."""
    return (
        "Whoever left has no circle, role, buddy, login, place, address or key, nor is on call.",
        """SELECT person.id FROM people_person person WHERE person.left_at IS NOT NULL AND (
             EXISTS (SELECT FROM people_membership WHERE person_id = person.id
                     AND until_at IS NULL AND (person.died_at IS NULL OR kind <> 'pod'))
             OR EXISTS (SELECT FROM people_mandate WHERE person_id = person.id
                        AND ended_at IS NULL AND until_at > greatest(now(), person.left_at))
             OR EXISTS (SELECT FROM people_buddyseat WHERE person_id = person.id)
             OR EXISTS (SELECT FROM people_login WHERE person_id = person.id AND is_active)
             OR EXISTS (SELECT FROM people_place WHERE person_id = person.id)
             OR EXISTS (SELECT FROM people_reach WHERE person_id = person.id)
             OR EXISTS (SELECT FROM people_oncall WHERE person_id = person.id)
             OR EXISTS (SELECT FROM people_address WHERE person_id = person.id
                        AND coalesce(person.died_at, '-infinity') < now() - interval '31 days')
             OR EXISTS (SELECT FROM people_alertkey WHERE person_id = person.id
                        AND revoked_at IS NULL))""",
    )


def sessions_belong_to_people_here(*, viewer: Viewer | None = None) -> Promise:
    """Nobody who left, or whose login is closed, is still signed in."""
    return (
        "Nobody who left is signed in.",
        """SELECT session.session_key FROM people_session session
           JOIN people_login login ON login.id = session.login_id
           JOIN people_person person ON person.id = login.person_id
           WHERE person.left_at IS NOT NULL OR NOT login.is_active""",
    )


def second_factors_are_guarded(*, viewer: Viewer | None = None) -> Promise:
    """No secret or name of a second factor stands in the open; when it was used stands nowhere.

    Guarded words are byte 1, the name of a key, and at least 28 bytes more, here as base64: they
    begin with A and one of T, W and X, and are longer than any secret in the open.
    """
    return (
        "Secrets of second factors are guarded, and codes are only there beside a factor.",
        """SELECT id::text FROM mfa_authenticator WHERE last_used_at IS NOT NULL
             OR coalesce(data->>'secret', data->>'seed', data->>'name', '') !~ '^A[TWX].{46,}'
           UNION ALL SELECT codes.id::text FROM mfa_authenticator codes
           WHERE codes.type = 'recovery_codes' AND NOT EXISTS (
             SELECT FROM mfa_authenticator other WHERE other.user_id = codes.user_id
             AND other.type <> 'recovery_codes')""",
    )


def no_mail_address_is_in_the_open(*, viewer: Viewer | None = None) -> Promise:
    """The tables allauth.mfa brings along for mail addresses stay empty: ours are guarded."""
    return (
        "No mail address is kept in the open.",
        """SELECT id::text FROM account_emailaddress
           UNION ALL SELECT id::text FROM account_emailconfirmation""",
    )


def buddies_sit_in_their_seats(*, viewer: Viewer | None = None) -> Promise:
    """An accepted pair takes one seat of each of the two; nobody else takes one."""
    return (
        "Each pair of buddies takes one seat of each, and nothing else takes a seat.",
        """SELECT buddy.id FROM people_buddy buddy
           LEFT JOIN people_buddyseat seat ON seat.buddy_id = buddy.id
           GROUP BY buddy.id
           HAVING (buddy.state = 'accepted' AND NOT coalesce(
                     array_agg(seat.person_id) @> ARRAY[buddy.asker_id, buddy.asked_id]
                     AND count(seat.id) = 2, false))
               OR (buddy.state <> 'accepted' AND count(seat.id) > 0)""",
    )


def roles_end(*, viewer: Viewer | None = None) -> Promise:
    """Every mandate has a term of two years at most, whatever was decided."""
    return (
        "Every role has an end within two years.",
        """SELECT id FROM people_mandate
           WHERE until_at <= from_at OR until_at > from_at + interval '731 days'""",
    )


def trainings_were_confirmed_by_others(*, viewer: Viewer | None = None) -> Promise:
    """A training counts only once two others confirmed it."""
    return (
        "A training that counts was confirmed by two others.",
        """SELECT trained.id FROM people_trainedrole trained
           LEFT JOIN people_trainedroleconfirmation said
             ON said.trained_role_id = trained.id AND said.by_id <> trained.person_id
           WHERE trained.confirmed_at IS NOT NULL
           GROUP BY trained.id HAVING count(DISTINCT said.by_id) < 2""",
    )


def addresses_have_an_owner(*, viewer: Viewer | None = None) -> Promise:
    """No way to reach somebody outlives them."""
    return (
        "Every address belongs to somebody of its network.",
        """SELECT address.id FROM people_address address
           LEFT JOIN people_person person
             ON person.id = address.person_id AND person.network_id = address.network_id
           WHERE person.id IS NULL""",
    )


def reach_belongs_to_a_place(*, viewer: Viewer | None = None) -> Promise:
    """Nobody is asked because of a place they do not have."""
    return (
        "Every row that people are chosen by belongs to a place of somebody here.",
        """SELECT reach.id FROM people_reach reach
           LEFT JOIN people_place place ON place.id = reach.place_id
             AND place.person_id = reach.person_id AND place.network_id = reach.network_id
           LEFT JOIN people_person person
             ON person.id = reach.person_id AND person.left_at IS NULL
           WHERE place.id IS NULL OR person.id IS NULL OR place.hours <> reach.hours""",
    )


def places_can_be_found(*, viewer: Viewer | None = None) -> Promise:
    """Whoever entered a place can be asked because of it."""
    return (
        "Every place has rows that people are chosen by.",
        """SELECT place.id FROM people_place place
           WHERE NOT EXISTS (SELECT FROM people_reach reach WHERE reach.place_id = place.id)""",
    )


def a_pause_holds_everywhere(*, viewer: Viewer | None = None) -> Promise:
    """Whoever paused is asked because of none of their places."""
    return (
        "A pause holds for all places of a person.",
        """SELECT person_id FROM people_reach GROUP BY person_id
           HAVING bool_or(is_paused) AND NOT bool_and(is_paused)
              AND (max(paused_until) IS NULL OR max(paused_until) > now())""",
    )


def who_may_be_asked_can_be_found(*, viewer: Viewer | None = None) -> Promise:
    """Rows for choosing say of their person what is so: no newcomer, nobody under 18 is asked."""
    return (
        "Exactly members of 18 and older are asked because of their places.",
        """SELECT reach.id FROM people_reach reach
           JOIN people_person person ON person.id = reach.person_id
           WHERE reach.may_be_asked <> (person.level = 'member' AND NOT person.is_under_18)""",
    )


def asks_are_counted(*, viewer: Viewer | None = None) -> Promise:
    """How often somebody was asked is the sum of the days that still count."""
    return (
        "How often people were asked lately adds up.",
        """SELECT reach.id FROM people_reach reach
           LEFT JOIN (SELECT person_id, sum(times) AS times FROM people_askedon
                      GROUP BY person_id) AS counted ON counted.person_id = reach.person_id
           WHERE reach.asked_in_7_days <> coalesce(counted.times, 0)""",
    )


def old_invites_hold_no_code(*, viewer: Viewer | None = None) -> Promise:
    """The words of an invite cannot be shown again once it is used, taken back or over."""
    return (
        "An invite that is over holds no words.",
        """SELECT id FROM people_invite WHERE code_guarded IS NOT NULL AND (
             used_at IS NOT NULL OR revoked_at IS NOT NULL
             OR expires_at < now() - interval '1 day')""",
    )


def settled_asks_ask_nobody(*, viewer: Viewer | None = None) -> Promise:
    """Nobody is still asked what was answered yesterday."""
    return (
        "An ask that is settled asks nobody any more.",
        """SELECT ask.id FROM (
             SELECT id, topic_id, answered_at FROM people_membershipask WHERE state <> 'asked'
             UNION ALL
             SELECT id, topic_id, answered_at FROM people_buddy WHERE state <> 'asked') ask
           JOIN notices_topic topic ON topic.id = ask.topic_id
           WHERE topic.closed_at IS NULL AND topic.expires_at > now()
             AND ask.answered_at < now() - interval '1 day'""",
    )


def names_of_those_who_left_go(*, viewer: Viewer | None = None) -> Promise:
    """The name of somebody who left goes when its time is over."""
    return (
        "The names of those who left are gone when their time is over.",
        """SELECT id FROM people_person
           WHERE left_at IS NOT NULL AND expires_at < now() - interval '1 day' AND name <> ''""",
    )


def what_is_over_is_erased(*, viewer: Viewer | None = None) -> Promise:
    """Nothing with an end stays a day longer."""
    return (
        "Asks at the door, ways back in, hellos and old addresses are erased in time.",
        """SELECT id::text FROM people_joinrequest WHERE expires_at < now() - interval '1 day'
           UNION ALL
           SELECT id::text FROM people_resetrequest WHERE expires_at < now() - interval '1 day'
           UNION ALL
           SELECT id::text FROM people_hello WHERE expires_at < now() - interval '1 day'
           UNION ALL
           SELECT id::text FROM people_address WHERE removed_at < now() - interval '1 day'
              OR expires_at < now() - interval '1 day'
           UNION ALL
           SELECT id::text FROM people_codesent WHERE expires_at < now() - interval '1 day'
           UNION ALL
           SELECT id::text FROM people_place WHERE expires_at < now() - interval '1 day'
           UNION ALL
           SELECT id::text FROM people_oncall WHERE expires_at < now() - interval '1 day'
           UNION ALL
           SELECT id::text FROM people_askedon WHERE expires_at < now() - interval '1 day'""",
    )


def the_chain_has_no_gap(*, viewer: Viewer | None = None) -> Promise:
    """The audit's chain counts from one in each network."""
    return (
        "The chain of what was done has no gap.",
        """SELECT id FROM (SELECT id, seq, row_number() OVER (PARTITION BY network_id ORDER BY seq)
           AS place FROM people_auditlink) link WHERE seq <> place""",
    )


def the_chain_is_unbroken(*, viewer: Viewer | None = None) -> Promise:
    """Every link carries the fingerprint of the one before and its own (`rules.chain`)."""
    return (
        "No link of the chain of what was done was changed.",
        """SELECT id FROM (SELECT *, lag(own, 1, decode(repeat('00', 32), 'hex'))
                             OVER (PARTITION BY network_id ORDER BY seq) AS before
                      FROM people_auditlink) link
           WHERE previous <> before
              OR own <> sha256(previous || uuid_send(network_id) || int8send(seq)
                               || int8send(extract(epoch FROM hour)::bigint)
                               || actor_tag || thing_tag || commitment
                               || convert_to(verb, 'UTF8'))""",
    )


def what_was_done_is_what_was_sealed(*, viewer: Viewer | None = None) -> Promise:
    """Rows and links say the same, as far as rows still say anything (`rules.chain.tag`)."""
    return (
        "What the list of deeds says is what was sealed.",
        """SELECT coalesce(link.id, row.id) AS id
           FROM (SELECT * FROM people_auditrow WHERE seq IS NOT NULL) row
           FULL JOIN people_auditlink link
                  ON link.network_id = row.network_id AND link.seq = row.seq
           LEFT JOIN people_auditsalt whose
                  ON whose.network_id = row.network_id AND whose.person_id = row.actor_id
           WHERE row.id IS NULL OR link.id IS NULL
              OR link.verb <> row.verb OR link.hour <> date_trunc('hour', row.at, 'UTC')
              OR row.salt IS NULL AND (row.detail <> '{}' OR row.thing_id IS NOT NULL)
              OR row.salt IS NOT NULL AND (
                   link.commitment <> sha256(row.salt || convert_to(row.detail::text, 'UTF8'))
                   OR link.thing_tag <> coalesce(
                        sha256(row.salt || sha256(row.salt || uuid_send(row.thing_id))),
                        decode(repeat('00', 32), 'hex')))
              OR row.actor_id IS NOT NULL AND (whose.salt IS NULL OR link.actor_tag <>
                   sha256(whose.salt || sha256(whose.salt || uuid_send(row.actor_id))))""",
    )


def a_lock_lasts_a_day(*, viewer: Viewer | None = None) -> Promise:
    """Nobody locks a network in for longer, and two within seven days need two keepers."""
    return (
        "A lock of everything lasts a day at most, and soon after another it needed two keepers.",
        """SELECT locked.id FROM people_lockdown locked
           WHERE coalesce(locked.ended_at, locked.until_at) > locked.from_at + interval '24 hours'
              OR (jsonb_array_length(locked.by_ids) < 2 AND EXISTS (
                    SELECT FROM people_lockdown earlier
                    WHERE earlier.network_id = locked.network_id
                      AND earlier.from_at < locked.from_at
                      AND earlier.from_at > locked.from_at - interval '7 days'))""",
    )


def nobody_comes_in_during_a_lock(*, viewer: Viewer | None = None) -> Promise:
    """While everything is locked nobody joins and no invite is made."""
    return (
        "Nobody joins and no invite is made while everything is locked.",
        """SELECT made.id FROM people_lockdown locked
           JOIN (SELECT id, network_id, created_at FROM people_person
                 UNION ALL SELECT id, network_id, created_at FROM people_invite) made
             ON made.network_id = locked.network_id AND made.created_at > locked.from_at
            AND made.created_at < coalesce(locked.ended_at, locked.until_at)""",
    )
