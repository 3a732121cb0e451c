"""What the log may hold: ids, routes and places in the code; never people's words.

A path may carry an invite's words, and PostgreSQL repeats the row it refused in its message: both
are left out here, whoever writes the line.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from traceback import extract_tb
from types import TracebackType

log = logging.getLogger("porchlight")
ABOUT_REQUESTS = ("django.request", "django.security", "django.server", "uvicorn.access")

CSRF = "Forbidden (%s): %s"
"""What django.middleware.csrf writes: why, and the path."""


class RoutesOnly(logging.Filter):
    """Says of a request its method, its route and its status, instead of its path."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is None and not record.name.startswith(ABOUT_REQUESTS):
            return True
        reason = ""
        if record.msg == CSRF and isinstance(record.args, tuple) and record.args:
            # "Origin checking failed - https://... does not match": the rest is the visitor's.
            reason = str(record.args[0]).partition(" - ")[0]
        record.msg = "%s %s %s %s"
        record.args = (
            getattr(request, "method", None) or "?",
            _route(request),
            getattr(record, "status_code", "?"),
            reason,
        )
        return True


def _route(request: object) -> str:
    """The pattern of the address, like `n/<slug:slug>/join/<str:token>/`."""
    route = getattr(getattr(request, "resolver_match", None), "route", None)
    return f"/{route}" if isinstance(route, str) else "(no such address)"


class WithoutWords(logging.Formatter):
    """Writes of an exception its type and where it happened, never its message."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have kept the whole text there
        try:
            return super().format(record)
        finally:
            record.exc_text = None

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return "\n".join(_lines(ei[1], set()))


def _lines(trouble: BaseException | None, told: set[int]) -> Iterator[str]:
    """What it came from first, as Python does."""
    if trouble is None or id(trouble) in told:
        return
    told.add(id(trouble))
    yield from _lines(trouble.__cause__ or trouble.__context__, told)
    for part in trouble.exceptions if isinstance(trouble, BaseExceptionGroup) else ():
        yield from _lines(part, told)
    kind = type(trouble)
    yield f"{kind.__module__}.{kind.__qualname__}"
    for frame in extract_tb(trouble.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"


def keep_words_out() -> None:
    """For servers and workers: what nobody catches goes through the log too."""

    def uncaught(
        kind: type[BaseException], trouble: BaseException | None, trace: TracebackType | None
    ) -> None:
        if trouble is not None:
            log.critical("nobody caught this", exc_info=(kind, trouble, trace))

    sys.excepthook = uncaught
    threading.excepthook = lambda facts: uncaught(
        facts.exc_type, facts.exc_value, facts.exc_traceback
    )
