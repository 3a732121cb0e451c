"""What phones say. No name, no place, no nature: these are read on locked phones and by carriers.

The texts are one message each with the link behind them; a test counts every catalogue.
"""

from porchlight.alerts.rules.texts import Said
from porchlight.kit.marks import gettext_noop
from porchlight.notices.rules import AnswerOption, Wording

ANSWERS = (
    AnswerOption(key=Said.COMING, label=gettext_noop("I'm on my way")),
    AnswerOption(key=Said.CANT, label=gettext_noop("I can't")),
    AnswerOption(key=Said.REMOTE, label=gettext_noop("Help from here")),
)
"""Their order is their digit in a text."""

INVITE = Wording(
    title=gettext_noop("A neighbour asks for people now"),
    line=gettext_noop("Can you come? One tap answers."),
    text=gettext_noop(
        "A neighbour asks for people now. 1 coming (1 8: in 8 min), 2 can't, 3 help from here"
    ),
    short_text=gettext_noop("People wanted now. 1 coming 2 can't 3 from here"),
    answers=ANSWERS,
)
MORE = Wording(
    title=gettext_noop("More people are wanted"),
    line=gettext_noop("Can you come? One tap answers."),
    text=gettext_noop(
        "More people are wanted now. 1 coming (1 8: in 8 min), 2 can't, 3 help from here"
    ),
    short_text=gettext_noop("More people wanted. 1 coming 2 can't 3 from here"),
    answers=ANSWERS,
)
SECOND = Wording(
    title=gettext_noop("A neighbour needs you to check something now"),
    line=gettext_noop("Open it. Others hear of it after you."),
    text=gettext_noop("A neighbour needs you to check something now. Open:"),
    short_text=gettext_noop("Check something now:"),
)
SOMEBODY_COMES = Wording(
    title=gettext_noop("Somebody is on the way"),
    text=gettext_noop("Somebody is on the way to you."),
)
ENOUGH_COME = Wording(
    title=gettext_noop("Enough people are coming"),
    text=gettext_noop("Enough people are coming to you."),
)
ENOUGH = Wording(
    title=gettext_noop("Enough people came. Thank you"),
    line=gettext_noop("Please stay at home."),
    text=gettext_noop("Enough people came. Thank you. Please stay at home."),
    short_text=gettext_noop("Enough came. Thank you."),
)
OVER = Wording(
    title=gettext_noop("All clear. Thank you"),
    line=gettext_noop("Nobody needs to come any more."),
    text=gettext_noop("All clear, thank you. Nobody needs to come any more."),
    short_text=gettext_noop("All clear, thank you."),
)
PLACE = Wording(
    title=gettext_noop("You can see the place now"),
    line=gettext_noop("Open to see it."),
)
"""For people with a page. By text the place itself goes, and only where the asker said so."""
LOCKED = Wording(
    title=gettext_noop("Say who may see your door"),
    line=gettext_noop("Everything is locked now. Say yes for each person on the way."),
    text=gettext_noop("Say for each person on the way whether they may see your door:"),
)
THANKS_BY_TEXT = Wording(
    title=gettext_noop("Thank you"),
    text=gettext_noop("Thank you. The link shows where to go, or somebody rings you."),
    short_text=gettext_noop("Thank you. Somebody rings you."),
)
NOTED_BY_TEXT = Wording(
    title=gettext_noop("Thank you"),
    text=gettext_noop("Thank you for answering."),
)
WHICH_ONE = Wording(
    title=gettext_noop("Which one?"),
    text=gettext_noop("Two neighbours ask for people. Write which: %(codes)s, then 1, 2 or 3."),
    short_text=gettext_noop("Which one: %(codes)s? Then 1, 2 or 3."),
)
NEED_PEOPLE = Wording(
    title=gettext_noop("Do you need people now?"),
    text=gettext_noop("Do you need people now? Write 1 and your neighbours hear of it."),
    short_text=gettext_noop("Need people now? Write 1."),
    answers=(AnswerOption(key="now", label=gettext_noop("I need people now")),),
)
SENT_BY_TEXT = Wording(
    title=gettext_noop("Your neighbours hear of it now"),
    text=gettext_noop("Your neighbours hear of it now. Life in danger: ring %(number)s."),
    short_text=gettext_noop("Sent. Life in danger: ring %(number)s."),
)
NOT_SENT_BY_TEXT = Wording(
    title=gettext_noop("Nobody was asked"),
    text=gettext_noop("Nobody was asked: you have no pod yet. Ring %(number)s or knock next door."),
    short_text=gettext_noop("Nobody was asked. Ring %(number)s."),
)
"""The facts of a reply: %(number)s is the network's own emergency number."""
