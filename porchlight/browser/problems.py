"""Pages that say what went wrong and what to do now. They need no database and no person."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

PLAIN = """<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width,initial-scale=1"></head>
<body><main><h1>{title}</h1><p>{sentence}</p><p><a href="/">{home}</a></p></main></body></html>
"""


def problem_page(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    sentence: str,
    more: tuple[str, str] = ("", ""),
) -> HttpResponse:
    """One title, one sentence, a way home; its template asks for nothing.

    more: one more way on, as an address and its words.
    """
    facts = {
        "title": title,
        "sentence": sentence,
        "language": get_language() or "en",
        "direction": "rtl" if get_language_bidi() else "ltr",
        "home": _("Go to the first page"),
        "more": more,
    }
    try:
        words = loader.render_to_string("browser/problem.html", facts)
    except Exception:
        # Whatever broke may have broken the templates too: a person still reads a sentence.
        from django.utils.html import format_html

        words = format_html(SafeString(PLAIN), **facts)
    return HttpResponse(words, status=status)


def wrong_method(request: HttpRequest, allowed: Iterable[str]) -> HttpResponse:
    """405: the address is right, but it is not opened this way."""
    response = problem_page(
        request,
        status=405,
        title=_("This page opens another way"),
        sentence=_("Go back, reload the page, and use the button there."),
    )
    response["Allow"] = ", ".join(allowed)
    return response
