"""What every answer carries, and what happens before and after a view whatever its area."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from porchlight.browser.problems import problem_page
from porchlight.kit.errors import NotHere, Refusal

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    ]
)
UNUSED = [
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
]
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "X-Robots-Tag": "noindex, nofollow",
}


HEALTH = "/healthz"
KNOWS_BY_ITSELF = re.compile(r"/(n/[^/]+/)?a/|/static/|/healthz")
"""Addresses that need no cookie: what stands behind them is the same for everybody who has them."""


def headers(get_response: Answer) -> Answer:
    """Put the protecting headers on every answer: pages, errors, files, streams.

    A view that needs a tighter policy sets its own; what it set stays.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # Shared phones: nothing is kept unless a view says that it holds nobody's words.
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.PUBLIC_IS_SECURE:
            response.headers.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"
            )
        return response

    return answer


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # has no types
    """Serves the program's own files, small ones from memory.

    WhiteNoise hands out an open file, which under ASGI is read in one gulp with a warning.
    """

    def __init__(self, get_response: Answer) -> None:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        super().__init__(get_response)

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        words = b""
        if found.file is not None:
            with found.file:
                words = found.file.read()
        response = HttpResponse(words, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


class Compress(GZipMiddleware):
    """Compress pages, padded at random against guessing from lengths (BREACH); never streams."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if response.streaming or response.get("Content-Type", "").startswith("text/event-stream"):
            return response
        return super().process_response(request, response)


def manners(get_response: Answer) -> Answer:
    """Turn away what no page can answer, before anything is read: a strange host, a huge form."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path != HEALTH:  # the supervisor asks on loopback, whatever the public name
            request.get_host()  # a host that is not ours raises, and becomes the 400 page
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > most_bytes(request.path):
            return too_large(request)
        return get_response(request)

    return answer


def most_bytes(path: str) -> int:
    """How much one request to this address may carry: a form, or on few pages a picture."""
    if any(re.fullmatch(pattern, path) for pattern in settings.PICTURE_PATHS):
        return settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def too_large(request: HttpRequest) -> HttpResponse:
    """413: the form holds more than we take."""
    return problem_page(
        request,
        status=413,
        title=_("That is too much at once"),
        sentence=_("Make it shorter, or send it in parts."),
    )


def threshold(get_response: Answer) -> Answer:
    """One step for whoever comes by a link from elsewhere, a mail for instance.

    The cookie that says who somebody is comes along only from our own pages. So the first page
    says where they are, and leads on by itself: from there they are known. A link that carries its
    own right (`/a/...`) needs no step, nor does anything that is not a page.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not _comes_from_elsewhere(request):
            return get_response(request)
        response = render(request, "browser/threshold.html", {"goes_to": _own_path(request)})
        patch_vary_headers(response, ["Sec-Fetch-Site"])
        return response

    return answer


def _comes_from_elsewhere(request: HttpRequest) -> bool:
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and KNOWS_BY_ITSELF.match(request.path) is None
    )


def _own_path(request: HttpRequest) -> str:
    """The same address without a host: two slashes at its start would be somebody else's."""
    return "/" + request.get_full_path().lstrip("/\\")


def language(get_response: Answer) -> Answer:
    """Speak the reader's language: chosen on this device, else the browser's.

    It stands before whatever may turn a visitor away, so that they can read why.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        chosen = _chosen_on_device(request) or translation.get_language_from_request(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or chosen)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return answer


class _OwnLanguage:
    """Once it is known who is looking: their own language, unless this device has another one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """`language` puts the old one back afterwards."""
        own = getattr(getattr(request, "person", None), "language", "")
        if own in dict(settings.LANGUAGES) and not _chosen_on_device(request):
            translation.activate(own)
            request.LANGUAGE_CODE = own


def own_language(get_response: Answer) -> _OwnLanguage:
    """See `_OwnLanguage`."""
    return _OwnLanguage(get_response)


def _chosen_on_device(request: HttpRequest) -> str:
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return kept if kept in dict(settings.LANGUAGES) else ""


class _Refusals:
    """A rule's no outside a form is a page with its sentence (409); what is not there is 404."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        if isinstance(trouble, Refusal):
            return problem_page(
                request, status=409, title=_("That can't be done now"), sentence=trouble.sentence
            )
        if isinstance(trouble, NotHere):
            raise Http404 from trouble
        return None


def refusals(get_response: Answer) -> _Refusals:
    """See `_Refusals`."""
    return _Refusals(get_response)
