"""What a browser may send when somebody asks for something."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.kit.errors import Refusal
from porchlight.people.forms.places import Cells
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.needs import (
    LONGEST_WORDS,
    MEETING_WORDS,
    MOST_HELPERS,
    MOST_PEOPLE,
    Meeting,
    Why,
)
from porchlight.sharing.rules.offers import TAKES_WORDS, Ability
from porchlight.sharing.rules.public_line import LONGEST
from porchlight.sharing.rules.repeats import (
    FEWEST_TIMES,
    MOST_TIMES,
    REPEAT_WORDS,
    USUAL_TIMES,
    Repeat,
)
from porchlight.sharing.rules.times import PART_WORDS, WHEN_WORDS, Part, When
from porchlight.sharing.rules.wanted import Wanted

FIELDS = (
    "line", "when", "day", "part", "repeats", "times", "people", "helpers", "meeting", "words",
    "tells_pod", "client_key",
)  # fmt: skip


class SayForm(Form):
    """One's own words, only to find where they belong. Nothing of it is kept."""

    said = forms.CharField(
        label=_("Say it in your own words"),
        help_text=_("Then we show where it may belong. Nothing is sent or kept yet."),
        max_length=LONGEST_WORDS,
        error_messages={"required": _(Why.NO_LINE.value)},
    )

    def typed(self) -> dict[str, str]:
        """Where the words go on the next page: on the line everybody reads only if they fit."""
        said = self.cleaned_data["said"]
        return {"line": said} if len(said) <= LONGEST else {"words": said}


class AskForm(Form):
    """Four questions: what, when, where, and for how many. Only the first has no ready answer."""

    line = forms.CharField(
        label=_("What do you need?"),
        help_text=_(
            "A few words. Everybody here reads them, so no names, numbers or addresses. "
            "For example: milk and bread, or a hand with a wardrobe."
        ),
        max_length=LONGEST,
        error_messages={"required": _(Why.NO_LINE.value), "max_length": _(Why.TOO_LONG.value)},
    )
    when = forms.ChoiceField(
        label=_("When?"),
        choices=[(when, _(words)) for when, words in WHEN_WORDS.items()],
        widget=forms.RadioSelect,
        initial=When.TODAY,
    )
    day = forms.DateField(
        label=_("The day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    part = forms.ChoiceField(
        label=_("At what time of the day?"),
        choices=[(part, _(words)) for part, words in PART_WORDS.items()],
        initial=Part.ANY,
    )
    repeats = forms.ChoiceField(
        label=_("How often?"),
        choices=[(repeat, _(words)) for repeat, words in REPEAT_WORDS.items()],
        initial=Repeat.ONCE,
        required=False,
    )
    times = forms.IntegerField(
        label=_("How many times in all?"),
        help_text=_("Only where it is more than once. You can end it at any time."),
        min_value=FEWEST_TIMES,
        max_value=MOST_TIMES,
        initial=USUAL_TIMES,
        required=False,
    )
    people = forms.IntegerField(
        label=_("For how many people is it?"), min_value=1, max_value=MOST_PEOPLE, initial=1
    )
    helpers = forms.IntegerField(
        label=_("How many helpers does it take?"), min_value=1, max_value=MOST_HELPERS, initial=1
    )
    meeting = forms.ChoiceField(
        label=_("Where do you meet?"),
        help_text=_("Inside your home, somebody from outside your pod comes with a second one."),
        choices=[(meeting, _(words)) for meeting, words in MEETING_WORDS.items()],
        widget=forms.RadioSelect,
        initial=Meeting.OUTSIDE,
    )
    takes = forms.MultipleChoiceField(
        label=_("What does it take?"),
        help_text=_("So that somebody who can do it is asked. Everybody here reads it."),
        choices=[(one, _(words)) for one, words in TAKES_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(
        label=_("For your helper only"),
        help_text=_(
            "Where to come, your name on the bell, how to reach you. Locked; only somebody to whom "
            "you said yes reads it, and you see when they do."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )
    tells_pod = forms.BooleanField(label=_("Tell my pod now, without my name"), required=False)
    cell = Cells(required=False)

    def __init__(self, *args: Any, may_tell_pod: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_tell_pod:
            del self.fields["tells_pod"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("when") == When.DAY and not found.get("day") and "day" not in self.errors:
            self.refuse(Refusal(Why.NO_TIME), "day")
        return found

    def wanted(self, category: Category) -> Wanted:
        """What was sent, for the action."""
        sent = self.cleaned_data
        return Wanted(
            category=category,
            line=sent["line"],
            when=When(sent["when"]),
            part=Part(sent["part"]),
            day=sent["day"],
            cell=next(iter(sent["cell"]), ""),
            people=sent["people"],
            helpers=sent["helpers"],
            meeting=Meeting(sent["meeting"]),
            takes=frozenset(Ability(one) for one in sent["takes"]),
            words=sent["words"],
            tells_pod=sent.get("tells_pod", False),
            repeats=Repeat(sent.get("repeats") or Repeat.ONCE),
            times=sent.get("times") or USUAL_TIMES,
        )


class TakeBackForm(Form):
    """Of what is asked for again and again: this time, or all that follow too."""

    only_this_time = forms.BooleanField(label=_("Only this time: ask for it again"), required=False)


def still_typing(
    sent: QueryDict, more: Sequence[str] = (), ticked: Sequence[str] = ("tells_pod",)
) -> dict[str, Any]:
    """What somebody typed so far, kept while they turn the map."""
    typed: dict[str, Any] = {name: sent.get(name, "") for name in (*FIELDS, *more) if name in sent}
    typed |= {name: name in sent for name in ticked}
    return typed | {"cell": sent.getlist("cell"), "takes": sent.getlist("takes")}
