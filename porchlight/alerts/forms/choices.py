"""What a browser may send about one's own calls, decided beforehand."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.alerts.queries.afterwards import Morning
from porchlight.alerts.rules.resting import FEWEST, MOST
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.browser.forms import Form


class PersonForm(Form):
    """One person to choose; who it may be is the action's to say."""

    person = forms.UUIDField(widget=forms.HiddenInput)


class CallsForm(Form):
    """How one's own calls work."""

    is_wide = forms.BooleanField(
        label=_("Also ask people nearby and trained ones"),
        help_text=_(
            "People outside your pod. They see a meeting point, not your door, until you say yes."
        ),
        required=False,
    )
    may_text_place = forms.BooleanField(
        label=_("My address may go by text message"),
        help_text=_(
            "To people who come and have only texts. Without it somebody rings them instead."
        ),
        required=False,
    )
    is_looked_after = forms.BooleanField(
        label=_("Look after me when I go to somebody"),
        help_text=_(
            "If you don't say in time that you are there, or home, we ask you, then your buddies, "
            "then a coordinator."
        ),
        required=False,
    )


class TextsForm(Form):
    """Whether the place may go by text, asked where it matters most: nobody rings in silence."""

    is_about_texts = forms.BooleanField(initial=True, widget=forms.HiddenInput)
    may_text_place = forms.BooleanField(
        label=_("My address may go by text message"),
        help_text=_(
            "To those of them who come and have only texts. When you call like this, nobody may be "
            "there to ring them."
        ),
        required=False,
    )


class RestForm(Form):
    """When somebody who coordinates may be rung as such."""

    is_about_rest = forms.BooleanField(initial=True, widget=forms.HiddenInput)
    rests_tonight = forms.BooleanField(
        label=_("Not tonight"),
        help_text=_("Nobody rings you for others before eight in the morning. No reason needed."),
        required=False,
    )
    is_rung_in_quiet_hours = forms.BooleanField(
        label=_("Also in my quiet hours"),
        help_text=_("Only when a call for help has too few people and nobody else is left to ask."),
        required=False,
    )
    most_rung = forms.IntegerField(
        label=_("Calls a week at most"),
        min_value=FEWEST,
        max_value=MOST,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _(WhyNot.MOST_RUNG.value)
        ),
    )


class AfterForm(Form):
    """A button on the page of a call that is over."""

    act = forms.CharField(max_length=10, widget=forms.HiddenInput)
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["client_key"]  # done twice, each of these is done once


class MorningForm(Form):
    """Whether, when and by which way one is asked how one is, the morning after a call."""

    is_about_morning = forms.BooleanField(initial=True, widget=forms.HiddenInput)
    hour = forms.TypedChoiceField(
        label=_("Ask me the morning after how I am"), coerce=int, required=False
    )
    address = forms.ChoiceField(
        label=_("By this way only"),
        help_text=_(
            "Choose one that nobody else reads. It says «Good morning. How are you?» and no more."
        ),
        required=False,
    )

    def __init__(
        self, *args: Any, ways: Sequence[tuple[str, str]], morning: Morning, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        hours = [(hour, f"{hour}:00") for hour in range(5, 13)]
        fields["hour"].choices = [("", _("No, don't ask")), *hours]
        fields["hour"].initial = "" if morning.hour is None else morning.hour
        fields["address"].choices = ways
        self.has_ways = bool(ways)
        fields["address"].initial = str(morning.address_id or "")

    @property
    def chosen(self) -> tuple[int | None, UUID | None]:
        hour, address = self.cleaned_data["hour"], self.cleaned_data["address"]
        if hour in ("", None):
            return None, None
        return int(hour), UUID(address) if address else None


class NoteForm(Form):
    """A button on a note, or a line for those who read it."""

    act = forms.ChoiceField(
        choices=[("undo", ""), ("close", ""), ("line", ""), ("without", "")],
        widget=forms.HiddenInput,
    )
    line = forms.CharField(label=_("Add a line"), max_length=300, required=False)
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
