"""What a browser may send when somebody at the desk takes down what another one asks for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import AsTyped
from porchlight.kit.network import Network
from porchlight.people.forms.joining import check_phone, offered
from porchlight.people.rules.phones import LONGEST_TYPED
from porchlight.sharing.forms.asking import AskForm
from porchlight.sharing.rules.categories import WORDS, Category
from porchlight.sharing.rules.intake import (
    CAME_BY_WORDS,
    LONGEST_NAME,
    LONGEST_SAID,
    Call,
    CameBy,
    WhyNot,
)
from porchlight.sharing.rules.needs import MEETING_FOR_HELPER

OF_CALLER = ("came_by", "name", "number", "language", "said", "category")
ASKED_ALWAYS = {"came_by", "language", "client_key"}
TICKED = ("is_under_18", "agreed", "is_another")


class GuestForm(AskForm):
    """What both forms for somebody without an account share: whoever fills them in."""

    def __init__(
        self, *args: Any, network: Network, left_out: Sequence[str], **kwargs: Any
    ) -> None:
        """left_out: questions that are not asked here."""
        super().__init__(*args, may_tell_pod=False, **kwargs)
        self._zone = network.zone
        for name in left_out:
            del self.fields[name]
        self.fields["language"].choices = offered(network.languages)  # type: ignore[attr-defined]
        self.fields["language"].initial = network.languages[0]

    def clean_number(self) -> str:
        """As it is kept; a number that is none gets a sentence."""
        found = check_phone(self.cleaned_data["number"], zone=self._zone)
        return found.number if found else ""


class CallForm(GuestForm):
    """One screen: who asks, in their own words, and the same questions as everybody answers."""

    came_by = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(one, _(words)) for one, words in CAME_BY_WORDS.items() if one != CameBy.WEB],
        initial=CameBy.PHONE,
    )
    name = forms.CharField(
        label=_("What are they called?"),
        help_text=_("As they want to be called. Locked: only the desk reads it."),
        max_length=LONGEST_NAME,
        required=False,
    )
    number = forms.CharField(
        label=_("Their number"),
        max_length=LONGEST_TYPED,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr"}),
    )
    language = forms.ChoiceField(label=_("Their language"))
    is_under_18 = forms.BooleanField(label=_("They are under 18"), required=False)
    said = AsTyped(
        label=_("In their own words"),
        help_text=_("As they say it, if you have the time. Locked, and kept as it is."),
        max_length=LONGEST_SAID,
        rows=3,
        required=False,
    )
    category = forms.ChoiceField(
        label=_("What kind of thing is it?"),
        choices=[("", _("Choose"))] + [(one, _(WORDS[one])) for one in Category],
    )
    agreed = forms.BooleanField(
        label=_("They know what is written down and who reads it, and want it so"),
        error_messages={"required": _(WhyNot.NOT_AGREED.value)},
    )
    is_another = forms.BooleanField(label=_("It is another thing"), required=False)

    def __init__(
        self, *args: Any, network: Network, is_for_later: bool = False, **kwargs: Any
    ) -> None:
        """is_for_later: they are only to be rung back, and all else is asked then."""
        super().__init__(*args, network=network, left_out=("repeats", "times"), **kwargs)
        self._is_for_later = is_for_later
        self.fields["line"].label = _("What do they need?")
        self.fields["meeting"].label = _("Where do they meet?")
        self.fields["words"].label = _("For the helper only")
        self.fields["words"].help_text = _(
            "Where to come, the name on the bell, how to reach them. Locked; only somebody who was "
            "told yes reads it."
        )
        self.fields["meeting"].choices = [  # type: ignore[attr-defined]
            (one, _(words)) for one, words in MEETING_FOR_HELPER.items()
        ]
        self.fields["meeting"].help_text = _("Inside a home somebody comes with a second one.")
        if is_for_later:
            for name, field in self.fields.items():
                field.required = name in ASKED_ALWAYS

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data if self._is_for_later else super().clean()

    def call(self) -> Call:
        """Who asks, for the action."""
        sent = self.cleaned_data
        return Call(
            came_by=CameBy(sent["came_by"]),
            name=sent["name"],
            number=sent["number"],
            language=sent["language"],
            said=sent["said"],
            is_under_18=sent["is_under_18"],
            is_another=sent["is_another"],
        )
