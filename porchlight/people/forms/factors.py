"""What people send to set up a second step, and to show it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form

LONGEST_PASSKEY = 20_000
"""Letters of what a browser says about a passkey; five thousand are usual."""


def code_field(label: Any, hint: Any = "", *, is_required: bool = True) -> forms.CharField:
    """A code of digits, which phones offer to fill in."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=is_required,
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
        error_messages={"required": _("Type the code.")},
    )


def passkey_field() -> forms.CharField:
    """What the browser says about a passkey; filled in by `passkey.js`."""
    return forms.CharField(
        required=False, max_length=LONGEST_PASSKEY, widget=forms.HiddenInput, label=""
    )


class AppForm(Form):
    """The first code of an app."""

    code = code_field(_("Code the app shows now"))


class NewPasskeyForm(Form):
    """A passkey and what its owner calls it."""

    name = forms.CharField(
        label=_("A name for it"),
        help_text=_("For instance: my phone."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give it a name, so that you know it again.")},
    )
    passkey = passkey_field()


class ProveForm(Form):
    """A code from the app or from paper, or a passkey."""

    code = code_field(
        _("Code"), _("Six digits from your app, or eight from your paper. Each works once.")
    )
    passkey = passkey_field()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.data.get("passkey"):
            self.fields["code"].required = False


class PasskeyForm(Form):
    """A passkey alone."""

    passkey = passkey_field()


class DeviceForm(Form):
    """What somebody calls the phone or computer in their hand."""

    label = forms.CharField(
        label=_("What you call this phone or computer"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give it a name, so that you know it again.")},
    )


class TakenForm(Form):
    """Somebody's phone was taken: what goes with it."""

    drop_numbers = forms.BooleanField(
        label=_("Take the phone numbers off too: texts and calls would reach whoever has it"),
        required=False,
    )


class TakenFromForm(Form):
    """A keeper signs somebody out who asks."""

    name = forms.CharField(
        label=_("Their name here"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the name they have here.")},
    )
