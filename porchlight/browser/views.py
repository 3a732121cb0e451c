"""Doors of the shell: how it looks, leaving fast, working offline, saying what went wrong."""

import hashlib
import json
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import is_valid_path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override

from porchlight.browser import gallery as examples
from porchlight.browser.context import SIZE_COOKIE, SIZES, THEME_COOKIE, THEMES
from porchlight.browser.doors import ANYONE, Request, door, page, way_to_prove
from porchlight.browser.middleware import too_large
from porchlight.browser.problems import problem_page
from porchlight.kit import vapid

A_YEAR = timedelta(days=365)
SHORTLY = "public, max-age=300"

SHELL_FILES = (
    "browser/porchlight.css",
    "browser/porchlight.js",
    "browser/call.js",
    "browser/vendor/htmx.js",
    "browser/fonts/atkinson-next.woff2",
    "browser/fonts/bricolage.woff2",
    "browser/icons/favicon.svg",
)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the switch was on; never to another host."""
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/")
    return HttpResponseRedirect(target if is_ours else "/")


def _keep(response: HttpResponse, name: str, value: str) -> None:
    """Remember a choice on this device; an empty one is forgotten."""
    if value:
        response.set_cookie(
            name, value, max_age=A_YEAR, samesite="Lax", secure=settings.PUBLIC_IS_SECURE
        )
    else:
        response.delete_cookie(name, samesite="Lax")


@door("POST", who=ANYONE)
def look(request: Request) -> HttpResponse:
    """Light, dark or as the device says; usual or larger text."""
    response = _back(request)
    if "theme" in request.POST:
        theme = request.POST["theme"]
        _keep(response, THEME_COOKIE, theme if theme in THEMES else "")
    if "size" in request.POST:
        size = request.POST["size"]
        _keep(response, SIZE_COOKIE, size if size in SIZES else "")
    return response


@door("POST", who=ANYONE)
def language(request: Request) -> HttpResponse:
    """Speak another language from now on, on this device."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


def speak_their_own(response: HttpResponse) -> HttpResponse:
    """After signing in: what was chosen before on this device, maybe by somebody else, is over.

    A language chosen from now on is kept again.
    """
    _keep(response, settings.LANGUAGE_COOKIE_NAME, "")
    return response


@door("GET", who=ANYONE)
def leave(request: Request) -> HttpResponse:
    """Leave fast: to a harmless page elsewhere. `QUICK_EXIT_URL` says which."""
    return HttpResponseRedirect(settings.QUICK_EXIT_URL)


@door("GET", who=ANYONE)
def offline(request: Request) -> HttpResponse:
    """What is shown when there is no connection."""
    response = page(request, "browser/offline.html")
    response["Cache-Control"] = SHORTLY
    return response


@door("GET", who=ANYONE)
def sheet(request: Request) -> HttpResponse:
    """Emergency steps and rights at the door, true anywhere; kept on the phone for offline."""
    response = page(request, "browser/sheet.html")
    response["Cache-Control"] = SHORTLY
    return response


@door("GET", "POST", who=ANYONE, demo_only=True)
def gallery(request: Request) -> HttpResponse:
    """Every piece of the kit on one page."""
    form = examples.ExampleForm(request.POST or None)
    form.is_valid()
    return page(request, "browser/design.html", examples.everything(form, request.now))


@door("GET", who=ANYONE)
def manifest(request: Request) -> HttpResponse:
    """Lets a phone put Porchlight on its home screen."""
    sizes = (("icon-192.png", "192x192"), ("icon-512.png", "512x512"))
    pictures = [
        {
            "src": static(f"browser/icons/{file}"),
            "sizes": size,
            "type": "image/png",
            "purpose": purpose,
        }
        for file, size in sizes
        for purpose in ("any", "maskable")
    ]
    return JsonResponse(
        {
            "name": "Porchlight",
            "short_name": "Porchlight",
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#F1F4EF",
            "theme_color": "#0F2E2B",
            "icons": pictures,
        },
        content_type="application/manifest+json",
        headers={"Cache-Control": SHORTLY},
    )


@cache
def _worker_words() -> str:
    """The service worker with the files of this build; its name changes when any of them does."""
    files = [static(file) for file in SHELL_FILES]
    pages = [reverse("browser:offline"), reverse("browser:sheet")]
    words = render_to_string(
        "browser/sw.js",
        {
            "files": json.dumps(files),
            "pages": json.dumps(pages),
            "neutral": json.dumps(_neutral_words(), ensure_ascii=False),
            "picture": json.dumps(static("browser/icons/icon-192.png")),
            "push_key": json.dumps(vapid.own_public_text() or ""),
            "offline": json.dumps(pages[0]),
            "sheet": json.dumps(pages[1]),
        },
    )
    # Another number to ring for help: phones fetch the sheet they keep once more.
    facts = words + settings.VERSION + settings.NUMBER_TO_TEXT + settings.NUMBER_TO_CALL
    build = hashlib.sha256(facts.encode()).hexdigest()[:12]
    return words.replace("BUILD", build)


def _neutral_words() -> dict[str, str]:
    """What a phone shows when it cannot read a push, in every language."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = _("Something needs you. Open Porchlight.")
    return found


@door("GET", who=ANYONE)
def worker(request: Request) -> HttpResponse:
    """The service worker: shell, offline page and the sheet; never people, needs or alerts."""
    return HttpResponse(
        _worker_words(),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@door("GET", who=ANYONE)
def favicon(request: Request) -> HttpResponse:
    """Browsers ask here for the picture of pages that name none, such as plain text."""
    return HttpResponseRedirect(
        static("browser/icons/favicon.svg"), headers={"Cache-Control": SHORTLY}
    )


@door("GET", who=ANYONE)
def health(request: Request) -> HttpResponse:
    """For the supervisor and proxies: the program runs and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database out of reach\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@door("GET", who=ANYONE)
def robots(request: Request) -> HttpResponse:
    """No search engine belongs here."""
    return HttpResponse(
        "User-agent: *\nDisallow: /\n",
        content_type="text/plain",
        headers={"Cache-Control": SHORTLY},
    )


# ---------- what the program answers when something is wrong ----------


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's token does not fit, mostly because the page was open for very long."""
    return problem_page(
        request,
        status=403,
        title=_("This page waited too long"),
        sentence=_("Go back, reload the page, and send it again."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 for a form that is too large."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if isinstance(exception, DisallowedHost):
        sentence = _(
            "This address does not belong to this Porchlight. Check the link you followed."
        )
    else:
        sentence = _("The page could not understand this. Go back and try again.")
    return problem_page(request, status=400, title=_("That did not work"), sentence=sentence)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return problem_page(
        request,
        status=403,
        title=_("This is not open to you"),
        sentence=_("Ask a keeper of your group if you think it should be."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it does not exist, or not for this visitor; the two look the same.

    Only an address typed without its last slash is led to the one that was meant.
    """
    if request.method in {"GET", "HEAD"} and request.resolver_match is None:
        with_slash = f"{request.path_info}/"
        if not request.path_info.endswith("/") and is_valid_path(with_slash):
            return HttpResponseRedirect(request.get_full_path(force_append_slash=True))
    return problem_page(
        request,
        status=404,
        title=_("There is nothing here"),
        sentence=_("The link may be old. Start again from the first page."),
        more=way_to_prove(request),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: our fault. Asks for no database and no signed-in person."""
    return problem_page(
        request,
        status=500,
        title=_("Something broke, and it is our fault"),
        sentence=_(
            "Nothing you saved is lost. Try again soon. In danger, ring the emergency number."
        ),
    )
