"""What people may send about knowing each other."""

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form


class VouchForm(Form):
    """The one tick before somebody vouches."""

    sure = forms.BooleanField(
        label=_("I know this person, and I have met them."),
        error_messages={"required": _("Tick this if it is so.")},
    )
