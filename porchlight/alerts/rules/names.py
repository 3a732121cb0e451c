"""Names under which this area's things are known to lower ones."""

from uuid import UUID

TOPIC = "alert"
"""Questions about an alert; texts that answer them come to this area."""
TOPIC_NEWS = "alert_news"
"""What people are told about an alert and need not answer."""
TOPIC_HELP = "alert_help"
"""«Do you need people now?», asked by text."""
TOPIC_SENT = "alert_sent"
"""What a phone is told that called by text; apart from other replies, which are limited."""
TOPIC_UNCLEAR = "alert_unclear"
"""«Not understood: answer 1, 2 or 3», once for each question."""
TOPIC_LOOK = "late"
"""«Are you there?», «Are you home?», and what others are told when nobody says so. Its digits are
read as those of any question, so its name begins otherwise than those of calls."""
TOPIC_CHECK = "way"
"""«Are you safely there?», to somebody on a way of their own."""
TOPIC_CHECK_TOLD = "way_told"
"""What the people they chose are told about it."""
TOPIC_CONTACT, TOPIC_HOW, TOPIC_RING = "look_in", "how", "ring_them"
"""«Can you look in?», «how are you?», and that somebody asks to be rung."""
TOPIC_PLACE = "alert_place"
"""The text that says where to one person; closed when they are not to come any more."""
YES, NO = "yes", "no"
"""Whether somebody is really missing, as the second person answers it."""
HERE, STILL, NOT_COMING, AT_HOME = "here", "still", "not", "home"
"""What somebody who is late answers."""
WELL, RING_ME = "well", "ring"
"""How somebody says they are the morning after."""
SAFE = "safe"
"""«I'm safe, don't tell», as who is looked for answers it."""
WHY, WHY_SILENT, WHY_QUIET = "alert", "alert_silent", "alert_quiet"
"""Why something is shown; what is silent stands in nobody's file, and the last one on no page of
theirs either, while it only looks ended."""
CHECK_IN = "check_in.words"
"""What is disclosed, and its purpose for the vault: what somebody wrote for whoever is told."""
WHY_LATE, WHY_LATE_QUIET = "late", "late_quiet"
"""Why it is shown. The second one stands on no page of theirs while it runs: it looks ended."""
ENDS_NUMBER, LOOKS_NUMBER = "end_number.ends", "end_number.looks"
"""Purposes for the vault."""
DOOR = "alert.door"
"""What is disclosed: place, door note, part of the map, story and the note for whoever comes."""
PHONE = "alert.phone"
"""The number of somebody who answers by text only, for the one who rings them."""
END = "alert.end"
"""What two coordinators sign together."""
DIED = "alert.died"
"""The same for «someone died»."""
FEW, RING_LATE, LOOK = "few", "ring-late", "look"
"""Purposes of what coordinators are told: too few come; somebody waits to be rung; is late."""
PURPOSES = {
    "place": "alert.place",
    "door_note": "alert.door_note",
    "meeting": "alert.meeting",
    "cell": "alert.cell",
    "story": "alert.story",
    "note": "alert.note",
    "who": "alert.who",
    "picture": "alert.picture",
}
"""For the vault: each part of an alert's words."""
UPDATE = "alert.update"
TASK = "alert.task"


def live_key(alert_id: UUID) -> str:
    """What open pages about this alert listen to."""
    return f"alert:{alert_id}"
