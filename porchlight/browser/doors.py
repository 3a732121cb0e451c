"""Doors: what stands in front of every view, and how a page goes back out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, cached_property, wraps
from typing import Any, cast
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from porchlight.browser.problems import wrong_method
from porchlight.kit import clock
from porchlight.kit.network import Network
from porchlight.kit.viewer import Viewer

View = Callable[..., HttpResponseBase]


class Who(StrEnum):
    """Which visitors a door is for; anybody else does not learn what is behind it."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    """A person of the network in the address; without one in the address, anybody signed in."""


ANYONE = Who.ANYONE
SIGNED_IN = Who.SIGNED_IN


class Request(HttpRequest):
    """What a view behind a door gets. `people.middleware.who` puts network and viewer there."""

    network: Network
    """Only on addresses below /n/<slug>/."""
    viewer: Viewer

    @cached_property
    def now(self) -> datetime:
        """The moment of this request, asked once; only views read it and pass it on."""
        return clock.now()


@dataclass(frozen=True, kw_only=True)
class Door:
    """The policy of one view, for the table of doors."""

    methods: tuple[str, ...]
    who: Who
    right: str | None
    demo_only: bool


def door(
    *methods: str, who: Who = ANYONE, right: str | None = None, demo_only: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let in only these methods and visitors; note the policy on the view as `view.door`.

    A wrong method answers 405. Somebody not signed in is asked to sign in and comes back. Somebody
    signed in who has no business here reads 404: what one may not see does not exist.
    `HEAD` comes with `GET`.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods
    policy = Door(methods=allowed, who=who, right=right, demo_only=demo_only)

    def behind(view: Callable[..., Any]) -> Callable[..., Any]:
        if asyncio.iscoroutinefunction(view):
            guarded = _guard_async(policy, view)
        else:
            guarded = _guard(policy, view)
        guarded.door = policy  # type: ignore[attr-defined]  # read by tests/test_doors.py
        return guarded

    return behind


def _guard(policy: Door, view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        turned_away = _turn_away(policy, request)
        return turned_away or view(_as_ours(request), *args, **kwargs)

    return guarded


def _guard_async(
    policy: Door, view: Callable[..., Awaitable[HttpResponseBase]]
) -> Callable[..., Any]:
    @wraps(view)
    async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        turned_away = await sync_to_async(_turn_away)(policy, request)
        if turned_away:
            return turned_away
        ours = _as_ours(request)
        # Read ahead: the property would ask the database from inside the event loop.
        ours.__dict__["now"] = await sync_to_async(clock.now)()
        return await view(ours, *args, **kwargs)

    return guarded


def _turn_away(policy: Door, request: HttpRequest) -> HttpResponseBase | None:
    """Return the answer for a visitor this door is not for; None lets in."""
    if policy.demo_only and not settings.IS_DEMO:
        raise Http404
    if request.method not in policy.methods:
        return wrong_method(request, policy.methods)
    if policy.who is Who.ANYONE and policy.right is None:
        return None
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is not None and viewer.is_someone:
        if policy.right is not None and policy.right in viewer.waiting:
            return _ask_to_prove(request)
        if policy.right is not None and not viewer.may(policy.right):
            raise Http404
        return None
    if (
        _is_signed_in(request)
        and getattr(request, "network", None) is None
        and policy.right is None
    ):
        return None
    return stranger(request)


def stranger(request: HttpRequest) -> HttpResponse:
    """The answer for somebody who is nobody here: sign in and come back; 404 where they did."""
    if _is_signed_in(request):
        raise Http404
    return _ask_to_sign_in(request)


def _is_signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page, and back here afterwards; a sent form comes back to its page."""
    return _send_to(request, reverse(settings.SIGN_IN_URL_NAME))


def _ask_to_prove(request: HttpRequest) -> HttpResponse:
    """The right is theirs after a second factor: they show it, and come back here."""
    network: Network = request.network  # type: ignore[attr-defined]
    return _send_to(request, reverse(settings.PROVE_URL_NAME, args=[network.slug]))


def way_to_prove(request: HttpRequest) -> tuple[str, str]:
    """For somebody whose role waits for a second factor: what is not here may be theirs after it.

    The same whether the thing exists or not.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not viewer.waiting or request.method != "GET":
        return "", ""
    address = reverse(settings.PROVE_URL_NAME, args=[viewer.network.slug])
    came_for = urlencode({"next": request.get_full_path()})
    return f"{address}?{came_for}", _("It belongs to my role: show my second step")


def _send_to(request: HttpRequest, address: str) -> HttpResponse:
    came_for = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    target = f"{address}?{urlencode({'next': came_for})}"
    if is_htmx(request):
        # A piece of the page must not become the sign-in page: the whole window goes there.
        return HttpResponse(status=200, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


@cache
def _ours(kind: Any) -> type[HttpRequest]:
    return type(kind.__name__, (kind,), {"now": Request.__dict__["now"]})


def _as_ours(request: HttpRequest) -> Request:
    """Give the server's own request class the one thing it lacks: `now`, asked only when read."""
    if "now" not in dir(type(request)):
        kind = _ours(cast(Any, type(request)))
        request.__class__ = kind
    return cast(Request, request)


def is_htmx(request: HttpRequest) -> bool:
    """True when htmx asks for a piece of a page, not for a whole one."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type") != "full"
    )


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    piece: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the whole page, or with only `piece` (a template) when htmx asked for it.

    A bound form with errors in the context under `form` makes the status 422 by itself.
    """
    context = context or {}
    form = context.get("form")
    if status == 200 and form is not None and form.is_bound and form.errors:
        status = 422
    chosen = piece if piece and is_htmx(request) else template
    response = render(request, chosen, context, status=status)
    if piece:
        patch_vary_headers(response, ["HX-Request"])
    return response
