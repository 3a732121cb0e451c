"""The door of an alert's page: people who are signed in, and the asker's own device."""

import asyncio
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http.response import HttpResponseBase

from porchlight.alerts.views.who import asker_of
from porchlight.browser.doors import ANYONE, Request, door, stranger


def alert_door(*methods: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Like `door(who=SIGNED_IN)`, and the asker's device comes in without signing in.

    The view gets the viewer as its second argument: `request.viewer` stays who is signed in, so
    that the frame of the page shows nothing of theirs to a device that may only call.
    """

    def behind(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def entered(request: Request, alert_id: UUID, **words: Any) -> HttpResponseBase:
            viewer = asker_of(request)
            if viewer is None:
                return stranger(request)
            shown: HttpResponseBase = view(request, viewer, alert_id, **words)
            return shown

        @wraps(view)
        async def entered_slowly(request: Request, alert_id: UUID) -> HttpResponseBase:
            viewer = await sync_to_async(asker_of)(request)
            if viewer is None:
                return await sync_to_async(stranger)(request)
            opened: HttpResponseBase = await view(request, viewer, alert_id)
            return opened

        is_slow = asyncio.iscoroutinefunction(view)
        return door(*methods, who=ANYONE)(entered_slowly if is_slow else entered)

    return behind
