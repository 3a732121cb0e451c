"""«So far»: what happened in sentences. No blame, and nothing about who can't come."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from porchlight.alerts.queries.pages import AlertPage, Line, Part
from porchlight.alerts.queries.words import UpdateShown
from porchlight.alerts.rules.kinds import Kind
from porchlight.alerts.rules.states import EndedHow
from porchlight.browser.templatetags.words import name
from porchlight.kit.marks import gettext_noop


@dataclass(frozen=True, kw_only=True)
class Said:
    """One line of the timeline."""

    at: datetime
    words: SafeString
    look: str = ""


@dataclass(frozen=True, kw_only=True)
class _Words:
    """One thing that happened: by the viewer, by somebody named, by somebody unnamed."""

    mine: str
    named: str
    unnamed: str
    look: str = ""


DEEDS: Mapping[str, _Words] = {
    "coming": _Words(
        mine=gettext_noop("You are on your way"),
        named=gettext_noop("%(name)s is on the way"),
        unnamed=gettext_noop("Somebody is on the way"),
        look="door",
    ),
    "remote": _Words(
        mine=gettext_noop("You help from where you are"),
        named=gettext_noop("%(name)s helps from where they are"),
        unnamed=gettext_noop("Somebody helps from where they are"),
    ),
    "arrived": _Words(
        mine=gettext_noop("You are there"),
        named=gettext_noop("%(name)s is there"),
        unnamed=gettext_noop("Somebody is there"),
        look="lamp",
    ),
    "home": _Words(
        mine=gettext_noop("You are home again"),
        named=gettext_noop("%(name)s is home again"),
        unnamed=gettext_noop("Somebody is home again"),
    ),
    "said_more": _Words(
        mine=gettext_noop("You said more"),
        named=gettext_noop("%(name)s said more"),
        unnamed=gettext_noop("Whoever asked said more"),
    ),
    "more": _Words(
        mine=gettext_noop("You asked for more people"),
        named=gettext_noop("%(name)s asked for more people"),
        unnamed=gettext_noop("More people are wanted"),
        look="ember",
    ),
    "wider": _Words(
        mine=gettext_noop("You let people outside the pod know"),
        named=gettext_noop("%(name)s let people outside the pod know"),
        unnamed=gettext_noop("People outside the pod hear of it too"),
    ),
    "confirmed": _Words(
        mine=gettext_noop("You said that it is true"),
        named=gettext_noop("%(name)s said that it is true"),
        unnamed=gettext_noop("Somebody said that it is true"),
    ),
    "late": _Words(
        mine=gettext_noop("You answered when it was over"),
        named=gettext_noop("%(name)s answered when it was over"),
        unnamed=gettext_noop("Somebody answered when it was over"),
    ),
    "task": _Words(
        mine=gettext_noop("You put something on the list"),
        named=gettext_noop("%(name)s put something on the list"),
        unnamed=gettext_noop("Something is on the list"),
    ),
    "task_free": _Words(
        mine=gettext_noop("You gave something from the list back"),
        named=gettext_noop("%(name)s gave something from the list back"),
        unnamed=gettext_noop("Something from the list is free again"),
    ),
    "task_taken": _Words(
        mine=gettext_noop("You take on something from the list"),
        named=gettext_noop("%(name)s takes on something from the list"),
        unnamed=gettext_noop("Somebody takes on something from the list"),
    ),
    "task_done": _Words(
        mine=gettext_noop("You did something from the list"),
        named=gettext_noop("%(name)s did something from the list"),
        unnamed=gettext_noop("Something from the list is done"),
    ),
    "end_signed": _Words(
        mine=gettext_noop("You say that it is over. A second coordinator is needed."),
        named=gettext_noop("%(name)s says that it is over. A second coordinator is needed."),
        unnamed=gettext_noop("A coordinator says that it is over. A second one is needed."),
    ),
    "looks_ended": _Words(
        mine=gettext_noop("It looks ended on the asker's phone. It is not."),
        named=gettext_noop("It looks ended on the asker's phone. It is not."),
        unnamed=gettext_noop("It looks ended on the asker's phone. It is not."),
        look="ember",
    ),
    "stopped": _Words(
        mine=gettext_noop("You stopped it in time. Nobody heard of it."),
        named=gettext_noop("It was stopped in time. Nobody heard of it."),
        unnamed=gettext_noop("It was stopped in time. Nobody heard of it."),
    ),
}
ABOUT: Mapping[str, tuple[str, str]] = {
    "allowed": (
        gettext_noop("%(name)s may see the door"),
        gettext_noop("Somebody new may see the door"),
    ),
    "place_texted": (
        gettext_noop("%(name)s got the place by text"),
        gettext_noop("Somebody got the place by text"),
    ),
    "meeting_texted": (
        gettext_noop("%(name)s was told by text where to wait"),
        gettext_noop("Somebody was told by text where to wait"),
    ),
    "removed": (
        gettext_noop("%(name)s is not to come, and reads that enough people came"),
        gettext_noop("Somebody is not to come, and reads that enough people came"),
    ),
    "shut": (
        gettext_noop("%(name)s does not see the door any more"),
        gettext_noop("Somebody does not see the door any more"),
    ),
    "door_paused": (
        gettext_noop("%(name)s is shown no doors until somebody has talked to them"),
        gettext_noop("Somebody is shown no doors until somebody has talked to them"),
    ),
    "not_there": (
        gettext_noop("%(name)s has not said that they are there. Their buddies look."),
        gettext_noop("Somebody has not said that they are there. Their buddies look."),
    ),
    "not_home": (
        gettext_noop("%(name)s has not said that they are home. Their buddies look."),
        gettext_noop("Somebody has not said that they are home. Their buddies look."),
    ),
    "spoke": (
        gettext_noop("Somebody spoke with %(name)s: all is well"),
        gettext_noop("Somebody spoke with whoever was late: all is well"),
    ),
    "ring": (
        gettext_noop("%(name)s answers by text. Please ring and say where."),
        gettext_noop("Somebody answers by text. Please ring and say where."),
    ),
}
"""What was done to somebody: with their name, and without it."""
SAID_BY_NOBODY = frozenset({"died_signed", "cant", "wants_talk"})
"""Verbs without a sentence: a death is told by people (SAFETY.md 12), nobody is told who can't come
(WORDS.md), and who would like to talk is for coordinators."""
ENDS: Mapping[EndedHow, str] = {
    EndedHow.ALL_CLEAR: gettext_noop("All clear"),
    EndedHow.ALL_RIGHT: gettext_noop("It's all right now"),
    EndedHow.FOUND: gettext_noop("Found"),
    EndedHow.LEFT: gettext_noop("Whoever asked is not here any more"),
    EndedHow.DIED: gettext_noop("It has ended"),
    EndedHow.TOO_OLD: gettext_noop("It ended by itself after many hours"),
}


def so_far(shown: AlertPage, updates: Iterable[UpdateShown], now: datetime) -> list[Said]:
    """Everything that happened, in order, with what people there wrote."""
    said = [Said(at=shown.created_at, words=_began(shown), look="ember")]
    for line in shown.lines:
        if shown.is_death and line.verb in {"asked", "asked_again"}:
            continue  # no figures (SAFETY.md 12)
        words = _words_of(line)
        if words and line.at <= now:
            said.append(Said(at=line.at, words=words, look=_look_of(line)))
    said += [Said(at=one.at, words=_quoted(one), look="lamp") for one in updates if one.at <= now]
    return sorted(said, key=lambda one: one.at)


def _began(shown: AlertPage) -> SafeString:
    if shown.part is Part.ASKER:
        return _filled(_("You asked for people"))
    if not shown.asker_name:
        return _filled(_("A neighbour asked for people"))
    return _filled(_("%(name)s asked for people"), name=shown.asker_name)


def _words_of(line: Line) -> SafeString | None:
    """The sentence for one line; None for what the page says elsewhere."""
    if line.verb in {"asked", "asked_again"}:
        return _asked(line)
    if line.verb == "few":
        return _few(line)
    if line.verb == "enough":
        return None if line.is_me or line.name else _filled(_("Enough people are coming"))
    if line.verb == "open_again":
        return _filled(_("More people are wanted again"))
    if line.verb == "ended":
        how = EndedHow(str(line.detail.get("how", EndedHow.ALL_CLEAR)))
        return _filled(_(ENDS[how]))
    if line.verb in ABOUT:
        named, unnamed = ABOUT[line.verb]
        return _filled(_(named), name=line.about) if line.about else _filled(_(unnamed))
    if line.is_again:
        return _minutes(line)
    deed = DEEDS.get(line.verb)
    if deed is None:
        return None
    if line.is_me:
        return _filled(_(deed.mine))
    return _filled(_(deed.named), name=line.name) if line.name else _filled(_(deed.unnamed))


def _asked(line: Line) -> SafeString | None:
    people = line.detail.get("people", 0)
    if not isinstance(people, int) or not people:
        return None
    if line.verb == "asked":
        words = ngettext(
            "%(people)s neighbour was asked", "%(people)s neighbours were asked", people
        )
    else:
        words = ngettext(
            "%(people)s neighbour was asked once more",
            "%(people)s neighbours were asked once more",
            people,
        )
    return _filled(words, people=people)


def _few(line: Line) -> SafeString:
    """The truth, as it was then."""
    facts = {key: line.detail.get(key, 0) for key in ("asked", "coming")}
    if line.detail.get("coordinators"):
        words = _("Too few so far: %(asked)s asked, %(coming)s coming. Coordinators were called.")
    else:
        words = _("Too few so far: %(asked)s asked, %(coming)s coming.")
    return _filled(words, **facts)


def _minutes(line: Line) -> SafeString | None:
    """How long somebody takes who said before that they come; of somebody unnamed it says nothing
    new, and would read like one more person."""
    facts = {"minutes": line.detail.get("minutes")}
    if line.is_me:
        return _filled(_("You: there in %(minutes)s min"), **facts)
    if not line.name:
        return None
    return _filled(_("%(name)s: there in %(minutes)s min"), name=line.name, **facts)


def _look_of(line: Line) -> str:
    deed = DEEDS.get(line.verb)
    return deed.look if deed else "door" if line.verb == "ended" else ""


def _quoted(one: UpdateShown) -> SafeString:
    if one.is_me:
        return _filled(_("You: «%(words)s»"), words=one.words)
    return _filled(_("%(name)s: «%(words)s»"), name=one.name, words=one.words)


def _filled(sentence: str, /, **facts: object) -> SafeString:
    """A translated sentence with names and words in it, none of which can turn it around."""
    shown = {key: name(fact) if isinstance(fact, str) else fact for key, fact in facts.items()}
    said = conditional_escape(sentence)
    return SafeString(said % shown) if shown else SafeString(said)


def title_of(shown: AlertPage, second_now: bool) -> SafeString:
    """The large words of the page."""
    if shown.ended_how:
        return _filled(
            _("All clear, thank you")
            if shown.ended_how == "all_clear"
            else _(ENDS[EndedHow(shown.ended_how)])
        )
    if shown.part is Part.ASKER:
        return _filled(_("You asked for people"))
    if second_now:
        return _filled(_("Is this true?"))
    if shown.kind is Kind.MISSING:
        return _filled(_("Somebody is missing"))
    if not shown.asker_name:
        return _filled(_("A neighbour asks for people now"))
    return _filled(_("%(name)s asks for people now"), name=shown.asker_name)
