"""What waits for somebody, as rows with one button each."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from porchlight.home.queries.home_page import HomePage


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing that waits."""

    icon: str
    look: str
    title: str
    words: str
    href: str
    action: str


def waiting(home: HomePage, slug: str) -> list[Row]:
    """The rows, the most personal first."""
    return [
        *_reaching(home, slug),
        *_asks(home, slug),
        *_texts(home, slug),
        *_queue(home, slug),
    ]


def _reaching(home: HomePage, slug: str) -> list[Row]:
    found = []
    if home.broken_ways:
        found.append(
            Row(
                icon="alert-triangle",
                look="need",
                title=gettext("A way to reach you does not work"),
                words=gettext("What we sent did not arrive. Test it, or give another one."),
                href=reverse("people:me", args=[slug]),
                action=gettext("Look"),
            )
        )
    if home.is_paper_due:
        found.append(
            Row(
                icon="printer",
                look="plain",
                title=gettext("Print the paper of your pod again"),
                words=gettext("The one that hangs is a month old."),
                href=reverse("trust:paper", args=[slug]),
                action=gettext("Print it"),
            )
        )
    if home.unread:
        words = ngettext(
            "%(n)s thing you have not read", "%(n)s things you have not read", home.unread
        )
        found.append(
            Row(
                icon="bell",
                look="sky",
                title=words % {"n": home.unread},
                words="",
                href=reverse("notices:news", args=[slug]),
                action=gettext("Read"),
            )
        )
    return found


def _asks(home: HomePage, slug: str) -> list[Row]:
    pod = reverse("people:pod", args=[slug])  # it lists what one was asked, whatever the group
    found = [
        Row(
            icon="pod",
            look="need",
            title=gettext("%(name)s would like to join %(circle)s")
            % {"name": ask.name, "circle": ask.circle_name},
            words=gettext("Anybody in it can answer."),
            href=_page_of(home, ask.circle_id, slug),
            action=gettext("Answer"),
        )
        for ask in home.asks
    ]
    found += [
        Row(
            icon="people",
            look="offer",
            title=gettext("%(circle)s asks if you will join") % {"circle": ask.circle_name},
            words="",
            href=pod,
            action=gettext("Answer"),
        )
        for ask in home.invitations
    ]
    found += [
        Row(
            icon="heart",
            look="offer",
            title=gettext("%(name)s asks if you will be buddies") % {"name": row.name},
            words=gettext("Buddies look out for each other."),
            href=pod,
            action=gettext("Answer"),
        )
        for row in home.buddy_asks
    ]
    return found


def _page_of(home: HomePage, circle_id: UUID, slug: str) -> str:
    """The page where an ask to join this circle is answered."""
    if home.street and circle_id == home.street.pod_id:
        return reverse("people:pod", args=[slug])
    return reverse("people:group", args=[slug, circle_id])


def _texts(home: HomePage, slug: str) -> list[Row]:
    if not home.waiting_texts:
        return []
    words = ngettext(
        "%(n)s text waits for somebody to read it",
        "%(n)s texts wait for somebody to read them",
        home.waiting_texts,
    )
    return [
        Row(
            icon="mail",
            look="need",
            title=words % {"n": home.waiting_texts},
            words=gettext("Somebody may need help."),
            href=reverse("notices:inbox", args=[slug]),
            action=gettext("Read"),
        )
    ]


def _queue(home: HomePage, slug: str) -> list[Row]:
    found = []
    if home.join_requests:
        words = ngettext(
            "%(n)s person asks to join here", "%(n)s people ask to join here", home.join_requests
        )
        found.append(
            Row(
                icon="ask",
                look="need",
                title=words % {"n": home.join_requests},
                words=gettext("Answer only if you know them."),
                href=reverse("people:join-requests", args=[slug]),
                action=gettext("Look"),
            )
        )
    found += [
        Row(
            icon="heart",
            look="offer",
            title=gettext("Do you know %(name)s?") % {"name": name},
            words=gettext("Neighbours who say so make somebody a member."),
            href=reverse("people:pod", args=[slug]),
            action=gettext("Look"),
        )
        for name in home.to_vouch_for
    ]
    found += [
        Row(
            icon="clock",
            look="plain",
            title=gettext("You asked to join %(circle)s") % {"circle": ask.circle_name},
            words=gettext("Waiting for somebody there to answer."),
            href=reverse("people:pod", args=[slug]),
            action=gettext("Look"),
        )
        for ask in home.my_asks
    ]
    if home.vouches_missing:
        words = ngettext(
            "%(n)s more neighbour has to say “I know this person”",
            "%(n)s more neighbours have to say “I know this person”",
            home.vouches_missing,
        )
        found.append(
            Row(
                icon="heart",
                look="plain",
                title=words % {"n": home.vouches_missing},
                words=gettext("Then you can invite others and start groups. Ask when you meet."),
                href=reverse("people:me", args=[slug]),
                action=gettext("Look"),
            )
        )
    return found
