"""What a browser may send about a way of one's own, and the numbers that end things."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from porchlight.alerts.queries.check_ins import CouldHear
from porchlight.alerts.rules.check_ins import WALKS, WAY_WORDS, Way, next_time_at
from porchlight.alerts.rules.end_numbers import Given
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.browser.forms import Form
from porchlight.kit.errors import Refusal
from porchlight.kit.words import plain_digits

WALK_MINUTES = 30
"""Ticked before one chooses."""


class SetOutForm(Form):
    """«Walk with me» or «be home by», and who hears of it when one is late."""

    way = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(way.value, _(words)) for way, words in WAY_WORDS.items()],
        widget=forms.RadioSelect,
        initial=Way.WALK.value,
    )
    minutes = forms.TypedChoiceField(
        label=_("For a walk: how long it takes"), coerce=int, required=False
    )
    by = forms.TimeField(
        label=_("To be home by: when"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
        error_messages={"invalid": _(WhyNot.WAY_TIME.value)},
    )
    people = forms.MultipleChoiceField(
        label=_("Who hears when I don't answer"),
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _(WhyNot.WAY_PEOPLE.value)),
    )
    words_for_them = forms.CharField(
        label=_("For those who hear"),
        help_text=_(
            "For example: from the station by the canal, I wear the yellow coat. Locked; "
            "they read it only when you are late."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )
    tells_now = forms.BooleanField(
        label=_("Tell them now that I set out"),
        help_text=_("Then they keep an ear open, and hear when you are there."),
        required=False,
    )
    to_coordinators = forms.BooleanField(
        label=_("Then coordinators, if none of them looks after it"),
        help_text=_("A quarter of an hour later. At once where none of them can be told."),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, could_hear: Sequence[CouldHear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["minutes"].choices = [
            (count, ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count})
            for count in WALKS
        ]
        fields["minutes"].initial = WALK_MINUTES
        fields["people"].choices = [(str(one.id), one.name) for one in could_hear]
        fields["people"].initial = [str(one.id) for one in could_hear if one.is_ticked]

    def clean(self) -> None:
        sent = super().clean() or self.cleaned_data
        if sent.get("way") == Way.HOME and not sent.get("by") and "by" not in self.errors:
            self.add_error("by", _("Say when you want to be home."))

    def due_at(self, now: datetime, zone: ZoneInfo) -> datetime:
        """When it is to be over."""
        sent = self.cleaned_data
        if sent["way"] == Way.HOME:
            return next_time_at(sent["by"], now, zone)
        return now + timedelta(minutes=sent["minutes"] or WALK_MINUTES)

    @property
    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["people"]]


class NumberForm(Form):
    """The number that ends a thing, where one has numbers."""

    number = forms.CharField(
        label=_("Your number"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=12,
    )


NOS = {Given.WRONG: WhyNot.NUMBER_WRONG, Given.WAIT: WhyNot.NUMBER_WAIT}


def number_form(data: Mapping[str, Any]) -> tuple[NumberForm, str]:
    """The form as sent, and the number in it: digits of any script as 0 to 9."""
    return NumberForm(data), plain_digits(str(data.get("number", ""))).strip()


def took(form: NumberForm, given: Given) -> bool:
    """Whether a number was right; else what is wrong stands at it."""
    if given not in NOS:
        return True
    if "number" not in form.errors:
        form.refuse(Refusal(NOS[given]), "number")
    return False


class NumbersForm(Form):
    """The two numbers."""

    ends = forms.CharField(
        label=_("This one ends it"),
        help_text=_("4 to 8 digits."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=12,
    )
    looks = forms.CharField(
        label=_("This one only looks as if"),
        help_text=_("Another one that you never mix up with the first."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=12,
    )
