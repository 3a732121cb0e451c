"""What a browser may send about a device."""

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form


class AlertKeyForm(Form):
    """A device gets a name its owner knows it by."""

    label = forms.CharField(
        label=_("What you call this phone"),
        help_text=_("For example: the old blue one. Only you read it."),
        max_length=60,
    )
