"""What goes when somebody erases everything about themselves, and what stays and why."""

from porchlight.kit.marks import gettext_noop

GOES = (
    gettext_noop("Your name, your sign-in, and all phones and computers you are signed in on."),
    gettext_noop("Your addresses, places, ways and hours."),
    gettext_noop(
        "Your groups, buddies, roles and trainings. Your groups are asked for a stand-in."
    ),
    gettext_noop("Whom you vouched for, whom you keep away, and who saw what of yours."),
    gettext_noop(
        "Your calls for help and every line you wrote. One that is running is closed, and nobody "
        "is told that all is well. Where you were coming, your place is free."
    ),
    gettext_noop("What we told you, and what you answered."),
    gettext_noop("Your invites. Whoever came in with one stays."),
)
STAYS = (
    gettext_noop("An empty row with a number, for a day, so that no call for help breaks."),
    gettext_noop("That something was done, without who did it. Others can check what happened."),
    gettext_noop(
        "That a neighbour's training was confirmed, without by whom. They did nothing wrong."
    ),
    gettext_noop("Names of groups, and reasons for rules. They belong to everybody."),
    gettext_noop("What is on other people's phones and on paper. We cannot reach it."),
    gettext_noop(
        "Safety copies hold it for 30 days more. When one is put back, you are erased again. "
        "For that we keep a mark that nobody can read back."
    ),
)
