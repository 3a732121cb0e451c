"""What may be typed here."""

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form


class PhoneTextForm(Form):
    """A text written on a made-up phone."""

    text = forms.CharField(label=_("Write a text"), max_length=320)
