"""Reasons this area gives for a no: what happened, and what to do now."""

from enum import Enum

from porchlight.kit.marks import gettext_noop


class WhyNot(Enum):
    """Every no of this area."""

    NOBODY_TO_ASK = gettext_noop(
        "There is nobody to ask yet: no pod, no buddy. Ring the number above or knock next door."
    )
    SWITCHED_OFF = gettext_noop(
        "The neighbours here switched calls for help off. Ring the number above or knock next door."
    )
    NO_SAFE_PEOPLE = gettext_noop(
        "Choose who should hear of this first. Until then, ring the number above."
    )
    NO_SECOND = gettext_noop("Pick somebody who knows that this is true. We ask them first.")
    FAMILY_ONLY = gettext_noop(
        "Tick that you are family or look after them. If you are not, ring the number above."
    )
    SAY_WHO = gettext_noop("Say who is missing, and where they were last.")
    NO_SUCH_PLACE = gettext_noop("That place is not there any more. Pick another one.")
    TOO_MANY_OPEN = gettext_noop(
        "Three of your calls are open already. End one of them first, or ring the number above."
    )
    TOO_LATE_TO_STOP = gettext_noop(
        "It was sent before you tapped. Tap «It's all right now» and everybody is told."
    )
    OVER = gettext_noop("This is over. Nobody needs to come any more.")
    ENOUGH = gettext_noop("Enough people are coming. Thank you. Please stay at home.")
    NOT_COMING = gettext_noop("Say first that you are on your way.")
    MINUTES = gettext_noop("Minutes are a whole number from 1 to 120.")
    NOT_YOURS_TO_END = gettext_noop(
        "Only the person who asked, the first one there or two coordinators together end this."
    )
    NOT_YET = gettext_noop("The first people are being asked just now. Wait a moment.")
    NOT_CHECKED = gettext_noop(
        "First somebody checks that it is true. The others hear of it right after."
    )
    NOT_WIDE = gettext_noop("Only the person who asked can let people outside the pod know.")
    CLOSED_TONIGHT = gettext_noop(
        "Nobody coordinates tonight: only your pod and your buddies are asked. Ring the number "
        "above, or somebody you trust."
    )
    MOST_RUNG = gettext_noop("Say a whole number of calls from 1 to 50.")
    NOBODY_MORE = gettext_noop("There is nobody more to ask. Ring the number above.")
    TAKEN = gettext_noop("Somebody else does this already.")
    NOTHING_SAID = gettext_noop("Write a few words first.")
    OTHER_DEVICE = gettext_noop(
        "This link was opened on another device already. Sign in, or answer by text."
    )
    TOO_OLD = gettext_noop("This can be changed only while it runs.")
    TOO_MANY_SAFE = gettext_noop("Five people at most. Take one away first.")
    PAUSED_DOORS = gettext_noop(
        "You can help from here. Before you are shown a door again, a coordinator talks with you."
    )
    PICTURE = gettext_noop("We cannot read this picture. Take another one, of 10 MB at most.")
    WAY_RUNS = gettext_noop("You are on your way already. Say first that you are there.")
    WAY_OVER = gettext_noop("This is over already.")
    WAY_TIME = gettext_noop(
        "Choose a time that is still ahead: within a day, a walk within 3 hours."
    )
    WAY_PEOPLE = gettext_noop(
        "Choose at least one person who hears when you are late, at most ten."
    )
    NOBODY_SUCH = gettext_noop("Choose somebody of your pod, a buddy or somebody who came.")
    MORNING_WAY = gettext_noop("Choose one of your ways to be reached that works.")
    NOT_THERE = gettext_noop("This is for those who were there.")
    NUMBER_FORM = gettext_noop("A number has 4 to 8 digits.")
    NUMBERS_ALIKE = gettext_noop(
        "The two numbers are too much alike. Choose two that nobody mixes up."
    )
    NUMBER_NEEDS_PEOPLE = gettext_noop(
        "Choose at least one person under «My people» first: somebody has to hear of it."
    )
    NUMBER_WRONG = gettext_noop("That is not your number. Nothing has changed.")
    NUMBER_WAIT = gettext_noop("Wait a quarter of an hour, then type your number again.")
