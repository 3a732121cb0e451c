"""What the audit's verbs are called on the screen."""

from porchlight.kit.marks import gettext_noop

VERBS: dict[str, str] = {
    "people.circle_opened": gettext_noop("opened a group"),
    "people.circle_renamed": gettext_noop("changed a group's name or purpose"),
    "people.circle_joined_up": gettext_noop("made a group part of another"),
    "people.circle_closed": gettext_noop("closed a group"),
    "people.circle_entered": gettext_noop("let somebody into a group"),
    "people.circle_left": gettext_noop("left a group"),
    "people.asked_to_join": gettext_noop("asked to join a group"),
    "people.asked_somebody_in": gettext_noop("asked somebody into a group"),
    "people.ask_answered": gettext_noop("answered an ask to join"),
    "people.ask_withdrawn": gettext_noop("took an ask back"),
    "people.mandate_given": gettext_noop("gave somebody a role"),
    "people.mandate_put_down": gettext_noop("put a role down"),
    "people.mandate_recalled": gettext_noop("took a role back, as was decided"),
    "people.training_written": gettext_noop("wrote down a training"),
    "people.training_confirmed": gettext_noop("confirmed a training"),
    "people.training_ended": gettext_noop("ended an entry about a training"),
    "people.rule_set": gettext_noop("set a rule"),
    "people.level_raised": gettext_noop("somebody became a member"),
    "trust.vouched": gettext_noop("said «I know this person»"),
    "trust.said_yes": gettext_noop("said yes to something that needs several people"),
    "trust.enough_said_yes": gettext_noop("was the last of the people something needed"),
    "people.network_started": gettext_noop("started this network"),
    "people.network_changed": gettext_noop("changed the facts of this network"),
    "people.set_middle_cell": gettext_noop("set the middle of the map"),
    "people.invite_made": gettext_noop("made an invite"),
    "people.invite_revoked": gettext_noop("took an invite back"),
    "people.join": gettext_noop("came in with an invite"),
    "people.join_without_pod": gettext_noop("came in, and found the pod full"),
    "people.left": gettext_noop("left the network"),
    "people.asked_at_the_door": gettext_noop("somebody asked at the door"),
    "people.door_invited": gettext_noop("said yes to somebody at the door"),
    "people.door_declined": gettext_noop("said no to somebody at the door"),
    "people.age_changed": gettext_noop("put right whether somebody is under 18"),
    "people.name_changed": gettext_noop("changed their name"),
    "people.reset_asked": gettext_noop("somebody asked for a new way in"),
    "people.reset_seen": gettext_noop("met somebody who lost their way in"),
    "people.reset_words": gettext_noop("handed out a new way in"),
    "people.reset_cancelled": gettext_noop("stopped a new way in"),
    "people.reset_used": gettext_noop("used a new way in"),
    "people.locked_everything": gettext_noop("locked everything for a day"),
    "people.opened_everything": gettext_noop("opened everything again"),
    "alerts.coordinator_allowed": gettext_noop("as a coordinator, let somebody see a door"),
    "alerts.lift_door_pause": gettext_noop("talked with somebody, who is shown doors again"),
}
"""Buddies, blocks and hellos are between the people themselves: the audit does not know them."""

OWN_AFFAIRS = (
    "people.add_place",
    "people.change_place",
    "people.delete_place",
    "people.pause_places",
    "people.resume_places",
    "people.moved_house",
    "people.address_",
    "people.languages_changed",
    "people.quiet_hours_set",
    "people.password_changed",
    "people.recovery_changed",
    "people.signed_out_everywhere",
    "people.phone_was_taken",
    "people.make_alert_key",
    "people.renew_alert_key",
    "people.end_alert_key",
    "people.forget_",
    "trust.forget_",
    "trust.report_",
    "alerts.raise",
    "alerts.stop",
    "alerts.allow",
    "alerts.end",
    "alerts.keep_words",
    "alerts.erase_words",
)
"""What people do with their own things, and what expires: written down, shown to no keeper.
Calls for help are among them: a keeper may live with somebody who called silently (SAFETY.md 4).
The beginnings of verbs."""


def words_of(verb: str) -> str:
    """The words for a verb; a verb this list does not know is shown as it stands."""
    return VERBS.get(verb, verb)
