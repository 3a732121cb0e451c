"""What somebody has here already, as lines that lead to where it is changed."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from porchlight.home.queries.home_page import HomePage


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that is set up."""

    icon: str
    title: str
    href: str
    words: str = ""
    until_at: datetime | None = None


def set_up(home: HomePage, slug: str) -> list[Line]:
    """The pod, ways, places, roles and invites that there are; nothing about what is missing."""
    return [*_pod(home, slug), *_own(home, slug), *_roles(home, slug), *_invites(home, slug)]


def _pod(home: HomePage, slug: str) -> list[Line]:
    if home.street is None:
        return []
    others = len(home.street.names)
    words = ngettext("%(n)s neighbour and you", "%(n)s neighbours and you", others)
    return [
        Line(
            icon="pod",
            title=home.street.pod_name,
            words=words % {"n": others} if others else "",
            href=reverse("people:pod", args=[slug]),
        )
    ]


def _own(home: HomePage, slug: str) -> list[Line]:
    found = []
    if home.ways:
        words = ngettext("%(n)s way to reach you", "%(n)s ways to reach you", home.ways)
        found.append(
            Line(
                icon="bell-ringing",
                title=words % {"n": home.ways},
                href=reverse("people:me", args=[slug]),
            )
        )
    if home.places:
        words = ngettext("%(n)s place of yours", "%(n)s places of yours", home.places)
        found.append(
            Line(
                icon="pin",
                title=words % {"n": home.places},
                words=gettext("Only you can see this."),
                href=reverse("people:places", args=[slug]),
            )
        )
    return found


def _roles(home: HomePage, slug: str) -> list[Line]:
    return [
        Line(
            icon="key",
            title=role.title,
            words=role.circle,
            until_at=role.until_at,
            href=reverse("people:roles", args=[slug]),
        )
        for role in home.roles_for_long
    ]


def _invites(home: HomePage, slug: str) -> list[Line]:
    count = len(home.invites)
    if not count:
        return []
    words = ngettext(
        "%(n)s invite that nobody has used", "%(n)s invites that nobody has used", count
    )
    return [
        Line(
            icon="gift",
            title=words % {"n": count},
            until_at=home.invites[0],
            href=reverse("people:invites", args=[slug]),
        )
    ]
