"""What must always hold: every promise the database can be asked about, in order.

Dotted names of functions that return a sentence and the SQL that must find no row.
`porchlight invariants` and the tests run the same list.
"""

CHECKS: list[str] = [
    "porchlight.people.queries.invariants.pods_hold_at_most_ten",
    "porchlight.people.queries.invariants.everybody_is_in_one_pod",
    "porchlight.people.queries.invariants.memberships_know_their_circle",
    "porchlight.people.queries.invariants.nobody_stays_after_leaving",
    "porchlight.people.queries.invariants.sessions_belong_to_people_here",
    "porchlight.people.queries.invariants.buddies_sit_in_their_seats",
    "porchlight.people.queries.invariants.roles_end",
    "porchlight.people.queries.invariants.trainings_were_confirmed_by_others",
    "porchlight.people.queries.invariants.addresses_have_an_owner",
    "porchlight.people.queries.invariants.reach_belongs_to_a_place",
    "porchlight.people.queries.invariants.places_can_be_found",
    "porchlight.people.queries.invariants.a_pause_holds_everywhere",
    "porchlight.people.queries.invariants.who_may_be_asked_can_be_found",
    "porchlight.people.queries.invariants.asks_are_counted",
    "porchlight.people.queries.invariants.old_invites_hold_no_code",
    "porchlight.people.queries.invariants.settled_asks_ask_nobody",
    "porchlight.people.queries.invariants.names_of_those_who_left_go",
    "porchlight.people.queries.invariants.what_is_over_is_erased",
    "porchlight.notices.queries.invariants.every_call_was_written_down",
    "porchlight.notices.queries.invariants.what_was_handed_over_has_its_outcome",
    "porchlight.notices.queries.invariants.nothing_is_handed_over_twice",
    "porchlight.notices.queries.invariants.texts_in_doubt_are_repeated_once",
    "porchlight.notices.queries.invariants.nothing_is_sent_after_its_time",
    "porchlight.notices.queries.invariants.a_held_delivery_has_an_owner",
    "porchlight.notices.queries.invariants.what_is_over_is_not_waiting",
    "porchlight.trust.queries.invariants.readings_lie_in_their_time",
    "porchlight.trust.queries.invariants.one_disclosure_in_force",
    "porchlight.trust.queries.invariants.what_was_done_together_was_signed",
    "porchlight.trust.queries.invariants.what_was_shown_is_forgotten",
]
