"""What happens when…: every moment, and who answers it, in order.

Dotted names, so that lower areas need not know higher ones. `kit.moments` calls them.
"""

MOMENTS: dict[str, list[str]] = {
    # happened: all answer, in order, in the same transaction
    "person_left": [
        "porchlight.alerts.actions.forgetting.leave_alerts",
        "porchlight.sharing.actions.forgetting.leave_sharing",
        "porchlight.people.actions.circles.leave_everything",
        "porchlight.people.actions.places.forget_places_of",
        "porchlight.people.actions.alert_keys.forget_keys_of",
        "porchlight.notices.actions.forget_recipient",
        "porchlight.trust.actions.vouches.forget_vouches_of",
        "porchlight.trust.actions.disclosures.end_disclosures_of",
        "porchlight.trust.actions.countersigns.forget_signatures_of",
        "porchlight.trust.actions.reports.forget_reports_of",
        "porchlight.trust.actions.paper.forget_choice_of",
    ],
    "kept_apart": [
        "porchlight.alerts.actions.apart.keep_apart_in_alerts",
        "porchlight.sharing.actions.forgetting.keep_apart_in_sharing",
        "porchlight.trust.actions.disclosures.end_disclosures_to",
    ],
    "network_locked": [
        "porchlight.alerts.actions.locked.fit_doors",
        "porchlight.trust.actions.disclosures.wait_for_readers",
    ],
    "network_unlocked": ["porchlight.alerts.actions.locked.fit_doors"],
    "showing_stopped": [
        "porchlight.alerts.actions.steering.shut_door",
        "porchlight.sharing.actions.core.shut_words",
    ],
    "person_erased": [  # first what is held before persons: topics and calls
        "porchlight.alerts.actions.forgetting.erase_alerts",
        "porchlight.sharing.actions.forgetting.erase_sharing",
        "porchlight.trust.actions.forgetting.erase_trust",
        "porchlight.trust.actions.reports.forget_reports_of",
        "porchlight.trust.actions.paper.forget_choice_of",
        "porchlight.notices.actions.forgetting.erase_recipient",
    ],
    # sealed words of somebody who died go to whom they named, or are erased: an area that seals
    # answers here
    "person_died": [
        "porchlight.alerts.actions.deaths.stop_alerts_of",
        "porchlight.sharing.actions.forgetting.stop_sharing_of",
        "porchlight.trust.actions.vouches.forget_vouches_of",
        "porchlight.trust.actions.disclosures.end_disclosures_of",
        "porchlight.trust.actions.countersigns.forget_signatures_of",
        "porchlight.trust.actions.reports.forget_reports_of",
        "porchlight.trust.actions.paper.forget_choice_of",
        "porchlight.notices.actions.forget_recipient",
    ],
    # a safety copy was put back: who was erased since goes again, and what is over meanwhile
    "restored": [
        "porchlight.home.actions.burying.bury_again",
        "porchlight.people.actions.me.leave_again",
        "porchlight.people.actions.deaths.close_again",
        "porchlight.people.actions.devices.sign_everybody_out",
        "porchlight.people.actions.alert_keys.end_ended_keys_again",
        "porchlight.home.actions.sweeping.sweep_at_once",
        "porchlight.home.actions.burying.say_it_was_put_back",
    ],
    "countersigned": [
        "porchlight.alerts.actions.ending.end_when_countersigned",
        "porchlight.alerts.actions.deaths.end_when_two_say_died",
        "porchlight.trust.actions.deaths.close_when_countersigned",
        "porchlight.trust.actions.lockdown.act_when_countersigned",
        "porchlight.home.actions.ending.end_when_countersigned",
    ],
    "answer_begins": [
        "porchlight.alerts.actions.looking.lock_for_answer",
        "porchlight.alerts.actions.check_ins.lock_for_answer",
        "porchlight.alerts.actions.afterwards.lock_for_answer",
    ],
    # after a call somebody was named to look in: an area that supports people answers here
    "handed_over": [],
    "address_gone": ["porchlight.people.actions.push.drop_gone"],
    "text_waits": ["porchlight.people.actions.inbox.tell_readers"],
    "inbox_emptied": ["porchlight.people.actions.inbox.stop_telling"],
    # collected: a list of answers
    "involved_in": ["porchlight.alerts.queries.met.involved_in"],
    "people_of": ["porchlight.alerts.queries.met.people_of"],
    "ways_to_call": ["porchlight.alerts.queries.ways.ways_to_call"],
    "export_of": [
        "porchlight.people.queries.export.export_of",
        "porchlight.notices.queries.export_of",
        "porchlight.trust.queries.vouches.export_of",
        "porchlight.trust.queries.seen.export_of",
        "porchlight.trust.queries.reports.export_of",
        "porchlight.trust.queries.paper.export_of",
        "porchlight.alerts.queries.export.export_of",
        "porchlight.sharing.queries.export.export_of",
    ],
    "guarded_columns": [
        "porchlight.notices.queries.guarded.guarded_columns",
        "porchlight.people.queries.guarded.guarded_columns",
        "porchlight.trust.queries.guarded.guarded_columns",
        "porchlight.alerts.queries.guarded.guarded_columns",
        "porchlight.sharing.queries.guarded.guarded_columns",
    ],
    "guarded_elsewhere": [
        "porchlight.people.queries.factors.guarded_elsewhere",
        "porchlight.people.queries.choosing.tokens_by_key",
    ],
    "guard_anew": ["porchlight.people.actions.factors.guard_factors_anew"],
    "indexed_columns": [
        "porchlight.notices.queries.guarded.indexed_columns",
        "porchlight.people.queries.guarded.indexed_columns",
        "porchlight.sharing.queries.guarded.indexed_columns",
    ],
    "index_anew": ["porchlight.people.actions.places.make_tokens_anew"],
    # asked: the first answer wins
    "notice_answered": [
        "porchlight.alerts.actions.missing.answer_from_notice",
        "porchlight.alerts.actions.answering.answer_from_notice",
        "porchlight.alerts.actions.looking.answer_from_notice",
        "porchlight.alerts.actions.check_ins.answer_from_notice",
        "porchlight.alerts.actions.afterwards.answer_from_notice",
        "porchlight.people.actions.asks.answer_from_notice",
    ],
    "have_met": [
        "porchlight.alerts.queries.met.have_met",
        "porchlight.sharing.queries.met.have_met",
    ],
    "text_arrived": ["porchlight.alerts.actions.texts.take_text"],
    "call_arrived": ["porchlight.alerts.actions.calls.take_call"],
    "whose_phone": ["porchlight.people.queries.reaching.whose_phone"],
    "address_stopped": ["porchlight.people.actions.phones.stop_address"],
    "address_started": ["porchlight.people.actions.phones.start_address"],
    "network_zone": ["porchlight.people.queries.networks.zone_of"],
    "link_opened": ["porchlight.alerts.queries.links.path_of_link"],
    "where_is": ["porchlight.notices.queries.where_is"],
}
