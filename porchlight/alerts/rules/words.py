"""What phones say. No name, no place, no nature: these are read on locked phones and by carriers.

The texts are one message each with the link behind them; a test counts every catalogue.
"""

from porchlight.alerts.rules.names import (
    AT_HOME,
    HERE,
    NO,
    NOT_COMING,
    RING_ME,
    SAFE,
    STILL,
    WELL,
    YES,
)
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
    line=gettext_noop("Is it true? Others hear of it after you."),
    text=gettext_noop("A neighbour needs your word now: is what they say true? 1 yes, 2 no"),
    short_text=gettext_noop("A neighbour needs your word. True? 1 yes 2 no"),
    answers=(
        AnswerOption(key=YES, label=gettext_noop("It is true")),
        AnswerOption(key=NO, label=gettext_noop("It is not true")),
    ),
)
SECOND_SILENT = Wording(
    title=gettext_noop("Nobody has checked it yet"),
    line=gettext_noop("Ask somebody else on the page, or ring them."),
    text=gettext_noop("Nobody has checked it yet. Ask somebody else on the page, or ring them."),
    short_text=gettext_noop("Nobody has checked it yet."),
)
SECOND_SAYS_NO = Wording(
    title=gettext_noop("They say that all is well"),
    line=gettext_noop("So it ended, and nobody else heard of it. Are you sure? Call once more."),
    text=gettext_noop(
        "They say that all is well, so it ended. Are you sure? Call once more and ask somebody "
        "else."
    ),
    short_text=gettext_noop("They say that all is well. It ended."),
)
CHECKED_BY_TEXT = Wording(
    title=gettext_noop("Thank you"),
    text=gettext_noop("Thank you. The others hear of it now. Can you come too? Then write 1."),
    short_text=gettext_noop("Thank you. Can you come too? Write 1."),
)
NOT_TRUE_BY_TEXT = Wording(
    title=gettext_noop("Thank you"),
    text=gettext_noop("Thank you. Nobody else is asked."),
)
ARE_YOU_SAFE = Wording(
    title=gettext_noop("Neighbours want to know if you are all right"),
    line=gettext_noop("If you are, one tap is enough. Nobody is told where you are."),
    text=gettext_noop(
        "Neighbours want to know if you are all right. 1: I'm safe, tell nobody where I am"
    ),
    short_text=gettext_noop("Are you all right? 1: yes, don't tell"),
    answers=(AnswerOption(key=SAFE, label=gettext_noop("I'm safe, don't tell")),),
)
SOMEBODY_COMES = Wording(
    title=gettext_noop("Somebody is on the way"),
    text=gettext_noop("Somebody is on the way to you."),
)
ENOUGH_COME = Wording(
    title=gettext_noop("Enough people are coming"),
    text=gettext_noop("Enough people are coming to you."),
)
FEW_COME = Wording(
    title=gettext_noop("Few people are coming so far"),
    line=gettext_noop("You can ask more people on the page."),
    text=gettext_noop(
        "Asked: %(asked)s. Coming: %(coming)s. Life in danger: ring %(number)s. More people:"
    ),
    short_text=gettext_noop("%(asked)s asked, %(coming)s coming. Danger: ring %(number)s."),
)
"""The truth for whoever asked, when nobody is left to ask by itself."""
FEW_LOOK = Wording(
    title=gettext_noop("A call for people has too few"),
    line=gettext_noop("Nobody else is asked by itself. Please open it."),
    text=gettext_noop("A call for people has too few, and nobody else is asked by itself. Look:"),
    short_text=gettext_noop("A call has too few people. Please look:"),
)
"""For coordinators, whose phones ring for it."""
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
CLOSED = Wording(
    title=gettext_noop("A call for people is closed"),
    line=gettext_noop("Nobody said that all is well. Look in, if you were coming."),
    text=gettext_noop(
        "A call for people is closed. Nobody said that all is well: look in, if you were coming."
    ),
    short_text=gettext_noop("A call is closed. Look in."),
)
RING_THEM = Wording(
    title=gettext_noop("A call has ended. Please open it"),
    line=gettext_noop("Those who were there need a voice now."),
)
"""For coordinators, after «someone died»: nobody else is told by a machine."""
ARE_YOU_THERE = Wording(
    title=gettext_noop("Are you there?"),
    line=gettext_noop("One tap answers. Else your buddies hear that you are late."),
    text=gettext_noop("Are you there? 1 yes, 2 I'm not coming, 3 not yet"),
    short_text=gettext_noop("Are you there? 1 yes 2 no 3 not yet"),
    answers=(  # digits like those of the call: a late one must not say another thing
        AnswerOption(key=HERE, label=gettext_noop("I've arrived")),
        AnswerOption(key=NOT_COMING, label=gettext_noop("I can't after all")),
        AnswerOption(key=STILL, label=gettext_noop("I'm still on my way")),
    ),
)
ARE_YOU_HOME = Wording(
    title=gettext_noop("Are you home again?"),
    line=gettext_noop("One tap answers. Else your buddies hear that you are late."),
    text=gettext_noop("Are you home again? 1 yes, 2 a little later"),
    short_text=gettext_noop("Are you home? 1 yes 2 later"),
    answers=(
        AnswerOption(key=AT_HOME, label=gettext_noop("I'm home")),
        AnswerOption(key=STILL, label=gettext_noop("A little later")),
    ),
)
LOOK_AFTER = Wording(
    title=gettext_noop("Somebody you know is late"),
    line=gettext_noop("They have not answered. Ring them, please."),
    text=gettext_noop("Somebody you know is late and has not answered. Please ring them:"),
    short_text=gettext_noop("Somebody you know is late:"),
)
"""For buddies, then for coordinators. Who it is stands on the page behind it."""
ALL_WELL = Wording(
    title=gettext_noop("Whoever was late is well"),
    line=gettext_noop("You need not look any more. Thank you."),
    text=gettext_noop("Whoever was late is well. You need not look any more. Thank you."),
    short_text=gettext_noop("Whoever was late is well. Thank you."),
)
PLACE = Wording(
    title=gettext_noop("You can see the place now"),
    line=gettext_noop("Open to see it."),
)
"""For people with a page. By text the place itself goes, and only where the asker said so."""
NEW_PLACE = Wording(
    title=gettext_noop("The place has changed"),
    line=gettext_noop("Look again before you go on."),
    text=gettext_noop("The place has changed. Open the first link again, or look here:"),
    short_text=gettext_noop("The place has changed. Look again:"),
)
RING = Wording(
    title=gettext_noop("Ring somebody who answers by text"),
    line=gettext_noop("They do not know yet where to go. Open to ring them."),
    text=gettext_noop("Somebody on the way has only texts. Please ring them and say where:"),
    short_text=gettext_noop("Please ring somebody on the way:"),
)
"""For those who may ring. The number is behind it, on the page."""
RING_LATE = Wording(
    title=gettext_noop("Somebody on the way waits for a call"),
    line=gettext_noop("They have only texts, and nobody has rung them yet."),
    text=gettext_noop("Somebody on the way has only texts, and nobody has rung them yet:"),
    short_text=gettext_noop("Somebody on the way waits for a call:"),
)
"""For coordinators, a little later."""
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
WAIT_BY_TEXT = Wording(
    title=gettext_noop("Thank you"),
    text=gettext_noop("Thank you. Please wait: you hear where to go."),
)
"""For whoever is shown no door yet."""
WAIT_HERE_BY_TEXT = Wording(
    title=gettext_noop("Where to wait"),
    text=gettext_noop("Thank you. Wait here until you hear more: %(place)s"),
    short_text=gettext_noop("Wait here: %(place)s"),
)
NOTED_BY_TEXT = Wording(
    title=gettext_noop("Thank you"),
    text=gettext_noop("Thank you for answering."),
)
NOT_UNDERSTOOD = Wording(
    title=gettext_noop("Not understood: answer 1, 2 or 3"),
    text=gettext_noop("Not understood: answer 1 coming, 2 can't or 3 help from here."),
    short_text=gettext_noop("Not understood: answer 1, 2 or 3"),
)
WHICH_ONE = Wording(
    title=gettext_noop("Which one?"),
    text=gettext_noop("Several neighbours ask for people. Write which: %(codes)s, then 1, 2 or 3."),
    short_text=gettext_noop("Which one: %(codes)s? Then 1, 2 or 3."),
)
"""%(codes)s: two letters each and when they were asked, as `texts.told_apart` writes it."""
NEED_PEOPLE = Wording(
    title=gettext_noop("Do you need people now?"),
    text=gettext_noop("Do you need people now? Write 1 and your neighbours hear of it."),
    short_text=gettext_noop("Need people now? Write 1."),
    answers=(AnswerOption(key="now", label=gettext_noop("I need people now")),),
)
SENT_BY_TEXT = Wording(
    title=gettext_noop("Your neighbours hear of it now"),
    text=gettext_noop(
        "Your neighbours hear of it now. Life in danger: ring %(number)s. 0: it's all right now"
    ),
    short_text=gettext_noop("Sent. Danger: ring %(number)s. 0: it's all right now"),
)
ALL_RIGHT_BY_TEXT = Wording(
    title=gettext_noop("It's all right now"),
    text=gettext_noop("Everybody who was asked hears that it's all right now."),
    short_text=gettext_noop("They hear that it's all right now."),
)
STOPPED_BY_TEXT = Wording(
    title=gettext_noop("Stopped"),
    text=gettext_noop("Stopped in time. Nobody heard of it."),
)
WHICH_OWN = Wording(
    title=gettext_noop("Which one?"),
    text=gettext_noop("Several of your calls are open. Write which: %(codes)s, then 0."),
    short_text=gettext_noop("Which one: %(codes)s? Then 0."),
)
OPEN_BY_TEXT = Wording(
    title=gettext_noop("Your calls are open already"),
    text=gettext_noop(
        "Three of your calls are open already; neighbours were asked. Life in danger: ring "
        "%(number)s."
    ),
    short_text=gettext_noop("Asked already. Danger: ring %(number)s."),
)
NOT_SENT_BY_TEXT = Wording(
    title=gettext_noop("Nobody was asked"),
    text=gettext_noop("Nobody was asked: you have no pod yet. Ring %(number)s or knock next door."),
    short_text=gettext_noop("Nobody was asked. Ring %(number)s."),
)
"""The facts of a reply: %(number)s is the network's own emergency number."""
ARE_YOU_SAFELY_THERE = Wording(
    title=gettext_noop("Are you safely there?"),
    line=gettext_noop("One tap answers. Else the people you chose hear that you are late."),
    text=gettext_noop("Are you safely there? 1 yes, 2 a little later"),
    short_text=gettext_noop("Safely there? 1 yes 2 later"),
    answers=(
        AnswerOption(key=HERE, label=gettext_noop("I'm there")),
        AnswerOption(key=STILL, label=gettext_noop("A little later")),
    ),
)
THERE_BY_NUMBER = Wording(
    title=gettext_noop("Are you safely there?"),
    line=gettext_noop("Type your number. Else the people you chose hear that you are late."),
    text=gettext_noop("Are you safely there? Answer with your number."),
    short_text=gettext_noop("Safely there? Answer with your number."),
)
"""For somebody who has numbers of their own: a tap says nothing then."""
SETS_OUT = Wording(
    title=gettext_noop("Somebody you know is on their way"),
    line=gettext_noop("You hear again when they are there, or late."),
    text=gettext_noop("Somebody you know is on their way. You hear when they are there, or late."),
    short_text=gettext_noop("Somebody you know is on their way."),
)
IS_THERE = Wording(
    title=gettext_noop("Whoever was on their way is there"),
    line=gettext_noop("Thank you for keeping an ear open."),
    text=gettext_noop("Whoever was on their way is there. Thank you."),
    short_text=gettext_noop("Whoever was on their way is there."),
)
NEEDS_YOU = Wording(
    title=gettext_noop("Somebody you know needs you"),
    line=gettext_noop("Open this first. Do not ring or write to them."),
    text=gettext_noop(
        "Somebody you know needs you. Do not ring or write to them. Open this first:"
    ),
    short_text=gettext_noop("Do not ring or write to them. Open:"),
)
"""Somebody was forced to say that all is well, or may have been."""
STILL_COME = Wording(
    title=gettext_noop("It goes on. Please come all the same"),
    line=gettext_noop("Do not ring or write to whoever asked."),
    text=gettext_noop(
        "It goes on: please come all the same. Do not ring or write to whoever asked."
    ),
    short_text=gettext_noop("It goes on. Do not ring or write."),
)
UNHEARD = Wording(
    title=gettext_noop("Somebody you know has not answered for a day"),
    line=gettext_noop("Nothing more is done by itself. Ring the emergency number if nobody knows."),
)
GONE_FROM_HERE = Wording(
    title=gettext_noop("Somebody you were told about is not here any more"),
    line=gettext_noop("Nobody said that all is well. Look in on them, if you know where."),
)
"""They left the network, or were made to, while others looked for them."""
SPOKE_OF_YOU = Wording(
    title=gettext_noop("Somebody says that they spoke with you"),
    line=gettext_noop("Is that not so? Open this and say it."),
)
NOT_YOUR_NUMBER = Wording(
    title=gettext_noop("That is not your number"),
    text=gettext_noop("That is not your number. Nothing has changed."),
    short_text=gettext_noop("Not your number."),
)
LOOK_IN = Wording(
    title=gettext_noop("Somebody asks you to look in on them"),
    line=gettext_noop("In the next days, after what happened. Can you?"),
    text=gettext_noop("Somebody asks you to look in on them in the next days. 1 yes, 2 I can't"),
    short_text=gettext_noop("Can you look in on somebody? 1 yes 2 no"),
    answers=(
        AnswerOption(key=YES, label=gettext_noop("Yes, I look in")),
        AnswerOption(key=NO, label=gettext_noop("I can't")),
    ),
)
HOW_ARE_YOU = Wording(
    title=gettext_noop("Good morning. How are you?"),
    line=gettext_noop("One tap answers, if you like."),
    text=gettext_noop("Good morning. How are you? 1 all right, 2 please ring me"),
    short_text=gettext_noop("How are you? 1 all right 2 please ring me"),
    answers=(
        AnswerOption(key=WELL, label=gettext_noop("All right")),
        AnswerOption(key=RING_ME, label=gettext_noop("Please ring me")),
    ),
)
PLEASE_RING = Wording(
    title=gettext_noop("Somebody asks you to ring them"),
    line=gettext_noop("They said so this morning. Who it is stands on the page."),
    text=gettext_noop("Somebody asks you to ring them today. Who it is:"),
    short_text=gettext_noop("Somebody asks you to ring them:"),
)
DEBRIEF = Wording(
    title=gettext_noop("Thank you for going yesterday"),
    line=gettext_noop("How are you after it? A few words for you stand on the page."),
)
TALK_WITH = Wording(
    title=gettext_noop("Somebody who helped would like to talk"),
    line=gettext_noop("Who it is stands on the page. Please ring them today."),
)
