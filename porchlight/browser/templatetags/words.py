"""Words, times, names, icons and pieces in templates. Loaded everywhere: no `{% load %}` needed."""

import io
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from importlib import import_module
from typing import Any

import segno
from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from porchlight.browser.icons import POINTING, drawings
from porchlight.browser.maps import HexMap
from porchlight.browser.street import House, terrace

register = template.Library()


# ---------- drawings ----------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon beside words; with a label it speaks for itself."""
    if not label:
        return _silent_icon(name)
    flip, inside = _drawing(name)
    return format_html(
        '<svg class="i{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
        flip,
        label,
        inside,
    )


@cache
def _silent_icon(name: str) -> SafeString:
    """A page has some hundred of them, and only about fifty are different."""
    return format_html(
        '<svg class="i{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', *_drawing(name)
    )


def _drawing(name: str) -> tuple[str, SafeString]:
    """What turns it round in Arabic, and what is drawn."""
    inside = mark_safe(drawings()[name])  # noqa: S308  # from our own files
    return " flip" if name in POINTING else "", inside


@register.inclusion_tag("browser/pieces/street.html")
def street(houses: Iterable[House], label: str = "") -> dict[str, Any]:
    """Houses side by side; see `browser.street.House`."""
    plots = terrace(houses)
    return {"plots": plots, "label": label or _("Your pod today")}


@register.inclusion_tag("browser/pieces/hexmap.html")
def hexmap(map: HexMap, label: str) -> dict[str, Any]:
    """A drawing of cells made by `browser.maps`; `label` says in words what it shows."""
    return {"map": map, "label": label}


@register.simple_tag
def qr(words: str, label: str = "") -> SafeString:
    """A QR code as inline SVG, no request and no style attribute."""
    out = io.BytesIO()
    segno.make(words, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        border=4,
    )
    drawn = mark_safe(out.getvalue().decode())  # noqa: S308  # segno writes paths only
    return format_html(
        '<div class="qrbox" role="img" aria-label="{}">{}</div>', label or _("QR code"), drawn
    )


# ---------- pieces that higher areas show on lower pages ----------


@cache
def _pieces(place: str) -> tuple[Callable[[HttpRequest], SafeString | None], ...]:
    """The functions of `porchlight/pieces.py` for a place; found by name, as the floors demand."""
    lists: dict[str, list[str]] = import_module("porchlight.pieces").PIECES
    return tuple(import_string(dotted) for dotted in lists.get(place, []))


@register.simple_tag(takes_context=True)
def piece(context: Context, place: str) -> SafeString:
    """What higher areas put on this named place, in order; nothing where nobody does."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    shown = (draw(request) for draw in _pieces(place))
    return format_html_join("", "{}", ((part,) for part in shown if part))


# ---------- names ----------


@register.filter
def name(words: object) -> SafeString:
    """A name somebody typed, kept from turning the sentence around it (bidi)."""
    return format_html("<bdi>{}</bdi>", words)


@register.filter
def initials(words: object) -> str:
    """The first two letters somebody sees, for a face."""
    return "".join(str(words).split())[:2]


@register.simple_tag
def own_words(text: dict[str, str], language: str, fallback: str = "en") -> SafeString:
    """A network's own words {language: text} in the reader's language, with their own `lang`."""
    for spoken in (language, fallback, *text):
        if text.get(spoken):
            return format_html('<span lang="{}" dir="auto">{}</span>', spoken, text[spoken])
    return SafeString("")


# ---------- times, in the zone of the network ----------


def _zone(context: Context) -> tzinfo:
    zone = context.get("zone")
    if isinstance(zone, tzinfo):
        return zone
    network = getattr(context.get("request"), "network", None)
    found: tzinfo = network.zoneinfo if network is not None else UTC
    return found


def _today(context: Context) -> date | None:
    now = context.get("now") or getattr(context.get("request"), "now", None)
    return now.astimezone(_zone(context)).date() if isinstance(now, datetime) else None


def day_words(day: date, today: date | None) -> str:
    """`today`, `tomorrow`, `yesterday`, a weekday within the week, else the date."""
    if today is not None:
        near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get((day - today).days)
        if near:
            return near
        if timedelta(0) < day - today < timedelta(days=7):
            return date_format(day, "l")
        if day.year == today.year:
            return date_format(day, _("j F"))
    return date_format(day, _("j F Y"))


def until_words(day: date, today: date | None) -> str:
    """For a role or a membership: the month is enough, unless it ends within five weeks."""
    if today is not None and day - today < timedelta(days=35):
        return _("until %(day)s") % {"day": day_words(day, today)}
    form = "F" if today is not None and day.year == today.year else _("F Y")
    return _("until %(day)s") % {"day": date_format(day, form)}


def _marked(moment: date | datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), words)


@register.simple_tag(takes_context=True)
def day(context: Context, moment: date | datetime) -> SafeString:
    """`today`, `Friday`, `3 June`."""
    local = moment.astimezone(_zone(context)) if isinstance(moment, datetime) else moment
    plain = local.date() if isinstance(local, datetime) else local
    return _marked(local, day_words(plain, _today(context)))


@register.simple_tag(takes_context=True)
def clock(context: Context, moment: datetime) -> SafeString:
    """`18:30`."""
    local = moment.astimezone(_zone(context))
    return _marked(local, date_format(local, "H:i"))


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime) -> SafeString:
    """`today 18:30`."""
    local = moment.astimezone(_zone(context))
    said = _("%(day)s %(time)s") % {
        "day": day_words(local.date(), _today(context)),
        "time": date_format(local, "H:i"),
    }
    return _marked(local, said)


@register.simple_tag(takes_context=True)
def until(context: Context, moment: date | datetime) -> SafeString:
    """`until June`."""
    local = moment.astimezone(_zone(context)) if isinstance(moment, datetime) else moment
    plain = local.date() if isinstance(local, datetime) else local
    return _marked(local, until_words(plain, _today(context)))


# ---------- forms ----------


@register.simple_tag
def field(bound: Any, hint: str = "") -> SafeString:
    """One field of a form with label, hint and problem; a hint given here wins."""
    if hint:
        bound.help_text = conditional_escape(hint)
    drawn: SafeString = bound.as_field_group()
    return drawn


@register.filter
def kind_of(bound: Any) -> str:
    """How the field is drawn: radios and tick boxes are a group, a single tick is a row."""
    return {
        "RadioSelect": "group",
        "CheckboxSelectMultiple": "group",
        "CheckboxInput": "tick",
        "PasswordInput": "password",
        "HexPicker": "group",
    }.get(type(bound.field.widget).__name__, "plain")
