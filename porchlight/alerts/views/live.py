"""Tells open pages of an alert that something changed; what it is they ask for themselves."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection
from django.http import StreamingHttpResponse

from porchlight.alerts.queries.pages import alert_row, not_ones_own_silent, part_of
from porchlight.alerts.rules.names import live_key
from porchlight.alerts.views.entering import alert_door
from porchlight.browser.doors import Request
from porchlight.kit import live
from porchlight.kit.viewer import Viewer

STREAM_SECONDS = 600
"""A stream ends after ten minutes; the browser opens it anew and shows again who it is."""
PAUSE = 0.25
"""Seconds between two words of one stream: ten answers at once draw a page a few times, not ten."""
CHANGED = "event: changed\ndata: 1\n\n"


@alert_door("GET")
async def stream(request: Request, viewer: Viewer, alert_id: UUID) -> StreamingHttpResponse:
    """Says only *that* something changed: no word of an alert ever stands in it."""
    await sync_to_async(_may_listen)(request, viewer, alert_id)
    # A stream lives for minutes: it must not sit on the connection that let it in.
    await sync_to_async(lambda: connection.close())()  # looked up in the thread that owns it
    response = StreamingHttpResponse(_changes(alert_id), content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"
    return response


def _may_listen(request: Request, viewer: Viewer, alert_id: UUID) -> None:
    not_ones_own_silent(viewer=viewer, alert_id=alert_id)
    alert = alert_row(viewer=viewer, alert_id=alert_id)
    part_of(viewer=viewer, alert=alert, now=request.now)


async def _changes(alert_id: UUID) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    ends = loop.time() + STREAM_SECONDS
    async for has_changed in live.changes(live_key(alert_id)):
        if loop.time() > ends:
            return
        yield CHANGED if has_changed else ": still here\n\n"
        await asyncio.sleep(PAUSE)
