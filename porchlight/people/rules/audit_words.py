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
}
"""Buddies, blocks and hellos are between the people themselves: the audit does not know them."""


def words_of(verb: str) -> str:
    """The words for a verb; a verb this list does not know is shown as it stands."""
    return VERBS.get(verb, verb)
