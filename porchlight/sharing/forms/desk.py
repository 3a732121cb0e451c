"""What a browser may send at the desk."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.sharing.rules.desk import LONGEST_NOTE, WhyNot


class NoteForm(Form):
    """A note for the next at the desk."""

    words = forms.CharField(
        label=_("For whoever is at the desk next"),
        help_text=_("What is to be done, and what was tried. No names, numbers or addresses."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_NOTE,
        required=False,
        error_messages={"max_length": _(WhyNot.LONG_NOTE.value)},
    )
    read_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean_read_at(self) -> datetime | None:
        """When the note was written that stood on the page; what is no moment is none."""
        try:
            return datetime.fromisoformat(self.cleaned_data["read_at"])
        except ValueError:
            return None
