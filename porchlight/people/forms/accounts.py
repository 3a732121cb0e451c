"""What people send to sign in and to get back in."""

import unicodedata
from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.people.forms.factors import code_field, passkey_field
from porchlight.people.rules.accounts import Why, why_not_password
from porchlight.people.rules.factors import Way

LONGEST_PASSWORD = 200
PASSWORD = _("Password")
NAME_HERE = _("Your name here")


class Password(forms.CharField):
    """Typed the same on two phones, it is the same: accents may be written in two ways."""

    def __init__(self, *, label: Any, is_new: bool = False, **more: Any) -> None:
        kind = "new-password" if is_new else "current-password"
        super().__init__(
            label=label,
            strip=False,
            max_length=LONGEST_PASSWORD,
            widget=forms.PasswordInput(attrs={"autocomplete": kind}),
            error_messages={"required": _("Type the password.")},
            **more,
        )

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().to_python(value) or "")


def new_password(label: Any = PASSWORD) -> Password:
    """A field for a password that is made now."""
    return Password(
        label=label,
        is_new=True,
        help_text=_("12 letters or more. Four words in a row are easy to remember."),
    )


def check_new_password(password: str, *, name: str = "") -> str:
    """The password, when it may be one.

    Refuses: ValidationError with the rule's sentence.
    """
    why = why_not_password(password, name=name)
    if why is None:
        try:
            CommonPasswordValidator().validate(password)
        except ValidationError:
            why = Why.TOO_COMMON
    if why is not None:
        raise ValidationError(gettext(why.value), code=why.name.lower())
    return password


def name_field(label: Any = NAME_HERE) -> forms.CharField:
    """The name somebody has in this network."""
    return forms.CharField(
        label=label,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "words"}),
        error_messages={"required": _("Type the name you have here.")},
    )


def words_field(label: Any, hint: Any = "") -> forms.CharField:
    """A code of words, typed in any way."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type the words.")},
    )


def device_field() -> forms.CharField:
    """How somebody calls the phone in their hand, to know it again in the list of devices."""
    return forms.CharField(
        label=_("What you call this phone or computer"),
        help_text=_("So that you know it again in the list of your devices."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SignInForm(Form):
    """Name and password."""

    name = name_field()
    password = Password(label=_("Password"))
    device = device_field()


class WhereForm(Form):
    """Which neighbourhood, when an install has several."""

    place = forms.CharField(
        label=_("Short name of your neighbourhood"),
        help_text=_("It stands in every link, after /n/."),
        max_length=60,
        error_messages={"required": _("Type the short name.")},
    )


class PasswordForm(Form):
    """Old and new."""

    old = Password(label=_("Password now"))
    new = new_password(_("New password"))

    def clean_new(self) -> str:
        return check_new_password(self.cleaned_data["new"])


class FreshForm(Form):
    """The password once more, before something that matters; or a code, or a passkey."""

    password = Password(label=_("Password now"))
    code = code_field(_("Or a code of your app or paper"), is_required=False)
    passkey = passkey_field()

    def __init__(self, *args: Any, ways: Collection[Way] = (), **more: Any) -> None:
        """ways: how this person can show who they are, beside the password."""
        super().__init__(*args, **more)
        self.has_passkey = Way.PASSKEY in ways
        has_codes = Way.APP in ways or Way.CODES in ways
        if not has_codes:
            del self.fields["code"]
        if self.data.get("passkey") or (has_codes and self.data.get("code")):
            self.fields["password"].required = False


class RecoverForm(Form):
    """Back in with the six words."""

    name = name_field()
    words = words_field(_("Your six words"), _("The ones you wrote down when you joined."))
    new = new_password(_("New password"))

    def clean_new(self) -> str:
        return check_new_password(self.cleaned_data["new"])


class LostForm(Form):
    """Who lost everything."""

    name = name_field()


class StartResetForm(Form):
    """For whom it is begun: somebody who stands before the one who types this."""

    name = forms.CharField(
        label=_("Their name here"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the name they have here.")},
    )


class UseResetForm(Form):
    """Words from one of two who saw them, and a new password."""

    words = words_field(_("The words somebody gave you"))
    new = new_password(_("New password"))

    def clean_new(self) -> str:
        return check_new_password(self.cleaned_data["new"])


class TypedBackForm(Form):
    """Two of the six words, to be sure that they were written down."""

    def __init__(self, *args: Any, places: tuple[int, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        first, second = (place + 1 for place in places)
        self.fields["words"].label = _("Type word %(first)s and word %(second)s") % {
            "first": first,
            "second": second,
        }

    words = words_field("")


class ButtonForm(Form):
    """A button that does one thing."""
