"""The shell without the areas above it: addresses and visitors made up for these tests.

A visitor is named by a cookie: Ada keeps the group, Bo is a member, Cy is signed in elsewhere.
"""

from collections.abc import Callable
from enum import Enum
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt

from porchlight.browser.doors import SIGNED_IN, Request, door, is_htmx, page
from porchlight.browser.forms import Form
from porchlight.browser.gallery import ExampleForm, everything
from porchlight.browser.templatetags.words import icon
from porchlight.kit.errors import NotHere, Refusal
from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer

STREET = Network(
    id=UUID(int=1), slug="linden", name="Linden Street", zone="Europe/Amsterdam", languages=("en",)
)
PEOPLE = {
    "ada": (UUID(int=2), frozenset({"keep"})),
    "bo": (UUID(int=3), frozenset()),
    "cy": (None, frozenset()),
}


def bell(request: HttpRequest) -> SafeString:
    """What notices puts into the top bar in the whole program."""
    return format_html(
        '<a class="iconbtn" href="/">{}<span class="dot" aria-hidden="true">2</span>'
        '<span class="vh">News: 2 new</span></a>',
        icon("bell"),
    )


class Why(Enum):
    TAKEN = "Somebody was quicker. Choose another day."


def who(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Stands where `people.middleware.who` stands in the whole program."""

    def answer(request: HttpRequest) -> Any:
        name = request.COOKIES.get("who", "")
        person_id, rights = PEOPLE.get(name, (None, frozenset()))
        ours: Any = request
        ours.user = SimpleNamespace(is_authenticated=bool(name))
        if request.path.startswith("/n/linden/"):
            ours.network = STREET
            ours.person = SimpleNamespace(language="ar") if name == "bo" else None
            ours.viewer = Viewer(network=STREET, person_id=person_id, rights=rights)
        return get_response(request)

    return answer


@door("GET", who=SIGNED_IN)
def members(request: Request, slug: str) -> HttpResponse:
    return page(request, "browser/confirm.html", {"title": "Inside", "action": "Go", "back": "/"})


@door("GET", "POST", who=SIGNED_IN, right="keep")
def keepers(request: Request, slug: str) -> HttpResponse:
    return HttpResponse(f"kept at {request.now.isoformat()}")


@door("GET", who=SIGNED_IN)
async def waiting(request: Request, slug: str) -> HttpResponse:
    return HttpResponse(f"waited until {request.now.isoformat()}")


@door("GET", who=SIGNED_IN)
def inside_gallery(request: Request, slug: str) -> HttpResponse:
    return page(request, "browser/design.html", everything(ExampleForm(), request.now))


@door("GET")
def refusing(request: Request) -> HttpResponse:
    raise Refusal(Why.TAKEN)


@door("GET")
def vanished(request: Request) -> HttpResponse:
    raise NotHere


@door("GET")
def breaking(request: Request) -> HttpResponse:
    raise RuntimeError("a bug")


@door("GET")
def front(request: Request) -> HttpResponse:
    return page(request, "browser/confirm.html", {"title": "Front", "action": "Go", "back": "/"})


class AskForm(Form):
    what = forms.RegexField("^(?!Nothing)", label="What do you need?")


ASKED: dict[UUID, list[str]] = {}
"""What came in under each key: the shell alone has no tables to keep it in."""

FRAME = "{% extends 'browser/base.html' %}{% block title %}Try{% endblock %}{% block content %}"


def drawn(request: HttpRequest, words: str, **context: object) -> HttpResponse:
    whole = engines["django"].from_string(f"{FRAME}<h1>Try</h1>{words}{{% endblock %}}")
    status = 422 if isinstance(form := context.get("form"), Form) and form.errors else 200
    return HttpResponse(whole.render(context, request), status=status)


@door("GET", "POST")
def swapping(request: Request) -> HttpResponse:
    if request.method == "POST":
        return HttpResponse("sent with its token")
    if is_htmx(request):
        return HttpResponse("<b>swapped in</b>")
    return drawn(
        request,
        "<p id='place'></p><a class='btn' href='?' hx-get='/swapping/' hx-target='#place'>Swap</a>"
        "<form method='post' action='/swapping/' hx-post='/swapping/' hx-target='#place'>"
        "<button class='btn'>Send it</button></form>",
    )


@door("GET", "POST")
def keeping(request: Request) -> HttpResponse:
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ASKED.setdefault(form.client_key_sent, []).append(form.facts["what"])
        return HttpResponseRedirect("/kept/")
    return drawn(
        request,
        "<form method='post' data-offline='It waits.'>{% csrf_token %}{{ form }}"
        "<button class='btn'>Ask</button></form>",
        form=form,
    )


@door("GET", "POST", who=SIGNED_IN)
def asking(request: Request, slug: str) -> HttpResponse:
    """The same inside the network: what is asked is noted with who asked."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        who_asked = request.COOKIES["who"]
        ASKED.setdefault(form.client_key_sent, []).append(f"{form.facts['what']} for {who_asked}")
        return HttpResponseRedirect("/n/linden/")
    return drawn(
        request,
        "<form method='post' data-offline='It waits.'>{% csrf_token %}{{ form }}"
        "<button class='btn'>Ask</button></form>",
        form=form,
    )


@door("GET")
def kept(request: Request) -> HttpResponse:
    said = "; ".join(
        f"{came[0]} {'once' if len(came) == 1 else 'again'}" for came in ASKED.values()
    )
    return drawn(request, "<p>{{ said }}</p>", said=said)


TAPPED: list[tuple[str, str, bool]] = []
"""Token and answer of each tap on a notification, and whether a session came with it."""


@csrf_exempt
@door("POST")
def tap(request: Request, token: str) -> HttpResponse:
    TAPPED.append((token, request.POST.get("answer", ""), bool(request.COOKIES)))
    late = HttpResponse("This is over.", status=409, content_type="text/plain; charset=utf-8")
    return late if token == "over" else HttpResponse(status=204)


RUNG_AGAIN: list[tuple[str, bool]] = []
"""What a worker said after its endpoint changed, and whether the device's cookie came with it."""


@csrf_exempt
@door("POST")
def rung_again(request: Request) -> HttpResponse:
    RUNG_AGAIN.append((request.body.decode(), "porch-push" in request.COOKIES))
    return HttpResponse(status=204)


people = ([path("sign-in/", front, name="sign-in")], "people")
home = (
    [
        path("n/<slug>/", members, name="home"),
        path("n/<slug>/help/", members, name="help"),
        path("n/<slug>/more/", members, name="more"),
    ],
    "home",
)
urlpatterns = [
    path("", include("porchlight.browser.urls")),
    path("", include(people)),
    path("", include(home)),
    path("", front),
    path("n/<slug>/gallery/", inside_gallery),
    path("n/<slug>/asking/", asking),
    path("n/<slug>/keepers/", keepers),
    path("n/<slug>/waiting/", waiting),
    path("a/<token>/tap/", tap),
    path("push/again/", rung_again),
    path("swapping/", swapping),
    path("keeping/", keeping),
    path("kept/", kept),
    path("refusing/", refusing),
    path("vanished/", vanished),
    path("breaking/", breaking),
]
handler400 = "porchlight.browser.views.bad_request"
handler403 = "porchlight.browser.views.forbidden"
handler404 = "porchlight.browser.views.not_found"
handler500 = "porchlight.browser.views.broken"
