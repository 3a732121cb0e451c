"""The rest of the menu, and who can see what."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from porchlight.browser.doors import SIGNED_IN, Request, door, page
from porchlight.kit.marks import gettext_noop
from porchlight.kit.network import Network
from porchlight.notices.queries import inbox_count
from porchlight.people.rules.rights import Right
from porchlight.trust.queries.reports import DESK

INBOX = "notices:inbox"
Line = tuple[str, str, str, tuple[Right, ...]]
"""Name of the address, icon, words, the rights of which it asks for one; none: everybody's."""
SHARING: tuple[Line, ...] = (
    ("sharing:board", "hand", gettext_noop("What neighbours need"), ()),
    ("sharing:mine", "gift", gettext_noop("What I asked for and promised"), ()),
    ("sharing:offers", "heart", gettext_noop("What I can help with"), ()),
    ("sharing:desk", "list", gettext_noop("The desk: what waits for whom"), (Right.DISPATCH,)),
)
"""Only where it is switched on."""
REST: tuple[Line, ...] = (
    (
        "people:join-requests",
        "ask",
        gettext_noop("Who asks to join"),
        (Right.ANSWER_JOIN_REQUESTS,),
    ),
    ("people:roles", "people", gettext_noop("Roles"), ()),
    ("people:trainings", "med", gettext_noop("What you were trained for"), ()),
    ("alerts:all", "bell-ringing", gettext_noop("Calls for help"), ()),
    ("people:this-phone", "device-mobile", gettext_noop("Call for help from this phone"), ()),
    ("people:person-blocks", "x", gettext_noop("People I keep away from"), ()),
    ("people:rules", "scale", gettext_noop("Our rules"), ()),
    (
        "people:network-settings",
        "settings",
        gettext_noop("Settings of our neighbourhood"),
        (Right.KEEP,),
    ),
    ("people:saw", "key", gettext_noop("Help somebody back in"), (Right.VOUCH,)),
    ("people:resets", "people", gettext_noop("Who lost their way in"), (Right.RESET_LOGIN,)),
    ("people:middle", "map", gettext_noop("Where our map opens"), (Right.KEEP,)),
    (INBOX, "mail", gettext_noop("Texts nobody understood"), (Right.READ_INBOX,)),
    ("people:audit", "list", gettext_noop("Who did what"), (Right.READ_AUDIT,)),
    ("trust:report", "alert-triangle", gettext_noop("Something went wrong"), ()),
    ("trust:reports", "hand", gettext_noop("What went wrong: you were told"), DESK),
    ("trust:lockdown", "lock", gettext_noop("Lock everything"), (Right.KEEP,)),
    ("home:limits", "eye", gettext_noop("Who can see what"), ()),
    ("home:kept", "history", gettext_noop("What is kept, and for how long"), ()),
)


@door("GET", who=SIGNED_IN)
def more(request: Request) -> HttpResponse:
    """Everything that has no room in the bar."""
    shares = "sharing" in request.network.areas
    facts = {"rest": _rest(request, shares=shares), "network": request.network}
    return page(request, "home/more.html", facts)


def _rest(request: Request, *, shares: bool) -> list[dict[str, str]]:
    return [
        {
            "href": reverse(name, args=[request.network.slug]),
            "icon": icon,
            "title": gettext(words),
            "waits": _waits(request) if name == INBOX else "",
        }
        for name, icon, words, rights in (*(SHARING if shares else ()), *REST)
        if not rights or any(request.viewer.holds(right) for right in rights)
    ]


def _waits(request: Request) -> str:
    """How many texts wait, in words; nothing for none."""
    count = inbox_count(viewer=request.viewer)
    return ngettext("%(n)s waits", "%(n)s wait", count) % {"n": count} if count else ""


@door("GET")
def limits(request: Request) -> HttpResponse:
    """What the owner of the machine could read, in plain words. Anybody may know before joining."""
    return page(request, "home/limits.html", {"network": request.network})


def foot_piece(request: HttpRequest) -> SafeString | None:
    """Under every page of a network: who can see what, and what is kept. For strangers too."""
    network: Network | None = getattr(request, "network", None)
    if network is None:
        return None
    return render_to_string("home/_foot.html", {"slug": network.slug})
