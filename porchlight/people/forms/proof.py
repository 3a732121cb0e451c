"""A head of the chain as somebody has it on paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form

LARGEST = 10**12


class ProofForm(Form):
    """Number and letters, as they were printed."""

    number = forms.IntegerField(
        label=_("Number"),
        min_value=1,
        max_value=LARGEST,
        error_messages={"invalid": _("This is not a number.")},
    )
    letters = forms.CharField(
        label=_("Letters and digits"),
        max_length=60,
        help_text=_("Five groups of four. Spaces and capitals do not matter."),
    )
