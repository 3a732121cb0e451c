"""The bell and what stands behind it."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from porchlight.browser.doors import SIGNED_IN, Request, door, is_htmx, page
from porchlight.kit import clock, live
from porchlight.kit.viewer import Viewer
from porchlight.notices.actions import mark_answered, mark_seen
from porchlight.notices.queries import NewsGroup, news, unread_count
from porchlight.notices.rules import bell_key

STREAM_SECONDS = 600
"""A stream ends after ten minutes; the browser opens it anew and shows again who it is."""


@door("GET", who=SIGNED_IN)
def news_page(request: Request) -> HttpResponse:
    """Everything the reader was told, what needs them first."""
    return _list(request)


def _list(request: Request) -> HttpResponse:
    found = news(viewer=request.viewer, page=_page_number(request), now=request.now)
    groups = [
        (group, [item for item in found.object_list if item.group == group]) for group in NewsGroup
    ]
    return page(
        request,
        "notices/news.html",
        {"page": found, "groups": [(str(group), items) for group, items in groups if items]},
        piece="notices/_news.html",
    )


@door("GET", "POST", who=SIGNED_IN)
def open_notice(request: Request, notice_id: UUID) -> HttpResponse:
    """Note that it was seen and go where it leads. A mail's link comes here too, so GET notes it.

    A browser that only fetches ahead is not somebody who saw it.
    """
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return HttpResponse(status=503)
    return redirect(mark_seen(viewer=request.viewer, notice_id=notice_id, now=request.now))


@door("POST", who=SIGNED_IN)
def answer_notice(request: Request, notice_id: UUID) -> HttpResponse:
    """One tap answers."""
    mark_answered(
        viewer=request.viewer,
        notice_id=notice_id,
        answer=request.POST.get("answer", ""),
        now=request.now,
    )
    if is_htmx(request):
        return _list(request)
    return redirect("notices:news", request.network.slug)


@door("GET", who=SIGNED_IN)
def bell(request: Request) -> HttpResponse:
    """What stands inside the bell, for pages whose stream is cut."""
    return HttpResponse(_inside(unread_count(viewer=request.viewer, now=request.now)))


@door("GET", who=SIGNED_IN)
async def news_live(request: Request) -> StreamingHttpResponse:
    """Tells open pages how many notices are new, when that changes."""
    language = get_language() or "en"
    started = request.now
    # A stream lives for minutes: it must not sit on the connection that let it in.
    await sync_to_async(lambda: connection.close())()  # looked up in the thread that owns it

    async def rings() -> AsyncIterator[str]:
        async for has_changed in live.changes(bell_key(_person(request.viewer))):
            now, count = await sync_to_async(_now_and_count, thread_sensitive=False)(request.viewer)
            if (now - started).total_seconds() > STREAM_SECONDS:
                return
            yield _ring(count, language) if has_changed else ": still here\n\n"

    response = StreamingHttpResponse(rings(), content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"
    return response


def bell_piece(request: HttpRequest) -> SafeString | None:
    """The bell of the shell. Costs: one query a page."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not viewer.is_someone:
        return None
    slug = viewer.network.slug
    return render_to_string(
        "notices/_bell.html",
        {
            "count": unread_count(viewer=viewer, now=_now(request)),
            "address": reverse("notices:news", args=[slug]),
            "live": reverse("notices:live", args=[slug]),
            "again": reverse("notices:bell", args=[slug]),
            "is_here": request.path == reverse("notices:news", args=[slug]),
        },
    )


def _now(request: HttpRequest) -> datetime:
    """The moment of the request; a page below a network has it already."""
    known: datetime | None = getattr(request, "now", None)
    return known or clock.now()


def _person(viewer: Viewer) -> UUID:
    if viewer.person_id is None:
        raise AssertionError("The door lets only persons in.")
    return viewer.person_id


def _now_and_count(viewer: Viewer) -> tuple[datetime, int]:
    try:
        now = clock.now()
        return now, unread_count(viewer=viewer, now=now)
    finally:
        connection.close()


def _inside(count: int) -> SafeString:
    return render_to_string("notices/_bell_inside.html", {"count": count})


def _ring(count: int, language: str) -> str:
    with override(language):
        words = " ".join(_inside(count).split("\n"))
    return f"data: {words}\n\n"


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return int(given) if given.isdecimal() and len(given) < 6 else 1
