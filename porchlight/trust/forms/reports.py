"""What people may send when something went wrong."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.people.queries.neighbours import Choice
from porchlight.trust.rules.reports import ABOUT_WORDS, LONGEST_WORDS, About

PLACES = (About.VISIT, About.ALERT, About.GROUP, About.OTHER)


class ReportForm(Form):
    """What happened, and whom to keep away from now on. There is no field for who did it."""

    about = forms.ChoiceField(label=_("Where was it?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What happened?"),
        help_text=_("In your own words. Say what happened, not who somebody is or looks like."),
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
    )
    keep_away = forms.TypedMultipleChoiceField(
        label=_("Keep somebody away from me from now on, if you like"),
        help_text=_("It works at once, whether or not anybody answers. Nobody is told."),
        widget=forms.CheckboxSelectMultiple,
        coerce=UUID,
        required=False,
    )

    def __init__(
        self, *args: Any, people: Iterable[Choice], is_about_known: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_about_known:
            del self.fields["about"]
        else:
            self._choose("about", [(str(key), gettext(ABOUT_WORDS[key])) for key in PLACES])
        lines = [(str(one.id), one.name) for one in people]
        if lines:
            self._choose("keep_away", lines)
        else:
            del self.fields["keep_away"]

    def _choose(self, name: str, lines: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        field.choices = lines  # type: ignore[attr-defined]  # both are fields with choices


class AnswerForm(Form):
    """The answer to whoever reported it."""

    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("Only who reported it reads it. Say what you did and what they can do now."),
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
    )
