"""What somebody allows on the paper of their pod."""

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form


class PaperForm(Form):
    """Three ticks, all off at first."""

    shows_number = forms.BooleanField(
        label=_("My number may stand on my pod's paper"),
        help_text=_("Your pod can print it. You see each time that somebody opens it."),
        required=False,
    )
    shows_training = forms.BooleanField(
        label=_("What I was trained for may stand there with my name"),
        required=False,
    )
    looks_after = forms.BooleanField(
        label=_("I look after the paper"),
        help_text=_("You are reminded once a month to print it again. Two people are enough."),
        required=False,
    )
