"""What a browser may send when somebody asks who has no account."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import AsTyped, Form
from porchlight.kit.errors import Refusal
from porchlight.kit.network import Network
from porchlight.people.forms.accounts import TypedBackForm, words_field
from porchlight.people.rules.phones import LONGEST_TYPED
from porchlight.sharing.forms.intake import GuestForm
from porchlight.sharing.rules.intake import LONGEST_NAME, LONGEST_SAID, WhyNot
from porchlight.sharing.rules.needs import Why
from porchlight.sharing.rules.public_line import has_number

LEFT_OUT = ("repeats", "times", "helpers", "takes", "cell")
"""The desk asks for these, or does without."""
FACTS = (
    "line", "when", "day", "part", "people", "meeting", "words", "said", "name", "number",
    "language", "is_under_18",
)  # fmt: skip


class OutsideForm(GuestForm):
    """The same four questions; where it is only the desk reads, in their own words."""

    said = AsTyped(
        label=_("Where is it, and what else should the desk know?"),
        help_text=_("A street or a square is enough. Locked; only the desk reads it."),
        max_length=LONGEST_SAID,
        rows=3,
        required=False,
    )
    name = forms.CharField(
        label=_("What shall we call you?"),
        help_text=_("You need not say. Locked: only the desk reads it."),
        max_length=LONGEST_NAME,
        required=False,
    )
    number = forms.CharField(
        label=_("Your number, if they may ring you"),
        help_text=_("Without it you come back with your six words and read the answer."),
        max_length=LONGEST_TYPED,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr"}),
    )
    language = forms.ChoiceField(label=_("In which language?"))
    is_under_18 = forms.BooleanField(label=_("I am under 18"), required=False)
    agreed = forms.BooleanField(
        label=_("I know who reads this"), error_messages={"required": _(WhyNot.NOT_READ.value)}
    )

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, network=network, left_out=LEFT_OUT, **kwargs)
        if get_language() in network.languages:
            self.fields["language"].initial = get_language()
        self.fields["meeting"].help_text = _("Inside your home somebody comes with a second one.")

    def clean_line(self) -> str:
        """What the desk would have to change is said at once; names of others are its to know."""
        line: str = self.cleaned_data["line"]
        if has_number(line):
            self.refuse(Refusal(Why.HAS_NUMBER), "line")
        return line

    def as_typed(self) -> dict[str, Any]:
        """For the pocket in which it waits while the six words are written down."""
        sent = {name: self.cleaned_data[name] for name in FACTS}
        return sent | {"day": sent["day"].isoformat() if sent["day"] else ""}


class OwnWordsForm(TypedBackForm):
    """Six words, two of them typed back; where the browser made them, what stands for them."""

    tag = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class SixWordsForm(Form):
    """The six words somebody comes back with, or what stands for them."""

    words = words_field(_("Your six words"), _("In any letters, with spaces between."))
    tag = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = not self.data.get("tag")
