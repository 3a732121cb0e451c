"""What people send about themselves."""

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.people.forms.joining import (
    check_name,
    check_phone,
    mail_field,
    offered,
    own_name,
    phone_field,
)
from porchlight.people.rules.me import CODE_DIGITS, SPOKEN
from porchlight.people.rules.phones import Phone


class NameForm(Form):
    """Another name."""

    name = own_name()

    def clean_name(self) -> str:
        return check_name(self.cleaned_data["name"])


class LanguagesForm(Form):
    """Which language one reads, and which ones one speaks."""

    language = forms.ChoiceField(label=_("I read"), widget=forms.RadioSelect)
    speaks = forms.MultipleChoiceField(
        label=_("I also speak"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, LANG_INFO[code]["name_local"]) for code in SPOKEN],
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, *args: Any, languages: tuple[str, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["language"].choices = offered(languages)  # type: ignore[attr-defined]


class AddressForm(Form):
    """One more way to be reached."""

    email = mail_field()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["email"].required = True
        self.fields["email"].help_text = _("We send a code there. Then you type it here.")
        self.fields["email"].error_messages["required"] = _("Type a mail address.")


class PhoneForm(Form):
    """One more phone."""

    phone = phone_field(_("Phone number"), required=True)

    def __init__(self, *args: Any, zone: str, **more: Any) -> None:
        super().__init__(*args, auto_id="phone_%s", **more)
        self._zone = zone
        self.fields["phone"].help_text = _(
            "We text a code there, or say it on a landline. Then you type it here."
        )

    def clean_phone(self) -> Phone | None:
        return check_phone(self.cleaned_data["phone"], zone=self._zone)


class CodeForm(Form):
    """The code that was sent to an address."""

    code = forms.CharField(
        label=_("The code we sent"),
        max_length=CODE_DIGITS * 3,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Type the six digits.")},
    )


class QuietForm(Form):
    """From when until when nothing ordinary rings."""

    start = forms.TimeField(
        label=_("Quiet from"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("A time looks like 22:00.")},
    )
    end = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("A time looks like 07:00.")},
    )

    def minutes(self, name: str) -> int | None:
        """Minutes after midnight; None when the field is empty."""
        chosen = self.cleaned_data[name]
        return None if chosen is None else chosen.hour * 60 + chosen.minute
