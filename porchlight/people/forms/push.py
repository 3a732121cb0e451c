"""What a browser sends when a device is to ring."""

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.notices.rules.push import LONGEST_SUBSCRIPTION


class PushForm(Form):
    """A device gets a name its owner knows it by; the browser adds where it is reached."""

    label = forms.CharField(
        label=_("What you call this phone"),
        help_text=_("For example: the old blue one. Only you read it."),
        max_length=60,
    )
    subscription = forms.CharField(
        max_length=LONGEST_SUBSCRIPTION, required=False, widget=forms.HiddenInput
    )
