"""What people send to come in, to invite, and to ask at the door."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.people.forms.accounts import check_new_password, new_password, words_field
from porchlight.people.rules.joining import LONGEST_RECOGNISED
from porchlight.people.rules.names import why_not_named
from porchlight.people.rules.phones import LONGEST_TYPED, Phone, read_phone

YOUR_NAME = _("Your name")
MOBILE = _("Mobile number")


def offered(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """A network's languages, each in its own words."""
    names = dict(settings.LANGUAGES)
    return [(code, names[code]) for code in codes if code in names] or list(settings.LANGUAGES)


def own_name(label: Any = YOUR_NAME) -> forms.CharField:
    """A name somebody chooses."""
    return forms.CharField(
        label=label,
        help_text=_("What neighbours call you. A first name is enough."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "words"}),
        error_messages={"required": _("Type a name your neighbours know you by.")},
    )


def check_name(name: str) -> str:
    """The name, when somebody may be called so.

    Refuses: ValidationError with the rule's sentence.
    """
    why = why_not_named(name)
    if why is not None:
        raise ValidationError(gettext(why.value), code=why.name.lower())
    return name


def mail_field() -> forms.EmailField:
    """A mail address, never needed."""
    return forms.EmailField(
        label=_("Mail address"),
        required=False,
        max_length=200,
        help_text=_("Only for alerts and news from here. You can join without one."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("A mail address looks like name@mail.example.")},
    )


def phone_field(label: Any = MOBILE, *, required: bool = False) -> forms.CharField:
    """A phone number, never needed."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_TYPED,
        help_text=_("Only for alerts and news from here. Nobody else sees it."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Type a phone number.")},
    )


def check_phone(typed: str, *, zone: str) -> Phone | None:
    """The number, when it is one; None for an empty field.

    Refuses: ValidationError with the rule's sentence.
    """
    if not typed:
        return None
    found = read_phone(typed, zone=zone)
    if isinstance(found, Phone):
        return found
    raise ValidationError(gettext(found.value), code=found.name.lower())


class InviteWordsForm(Form):
    """The words of an invite."""

    words = words_field(
        _("The six words of your invite"), _("In any letters, with spaces between.")
    )


class LanguageForm(Form):
    """The first screen: in which language."""

    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, languages: tuple[str, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["language"].choices = offered(languages)  # type: ignore[attr-defined]


class NewcomerForm(Form):
    """The second screen: who, and how to come back."""

    name = own_name()
    password = new_password()
    phone = phone_field()
    email = mail_field()
    is_under_18 = forms.BooleanField(label=_("I am under 18"), required=False)

    def __init__(
        self, *args: Any, zone: str, with_phone: bool, with_mail: bool, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._zone = zone
        if not with_phone:
            del self.fields["phone"]
        if not with_mail:
            del self.fields["email"]

    def clean_phone(self) -> str:
        phone = check_phone(self.cleaned_data["phone"], zone=self._zone)
        return phone.number if phone else ""

    def clean_name(self) -> str:
        return check_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "password" in given:
            try:
                check_new_password(given["password"], name=given.get("name", ""))
            except ValidationError as trouble:
                self.add_error("password", trouble)
        return given


class InviteForm(Form):
    """To which group a neighbour is invited."""

    circle = forms.ChoiceField(label=_("Invite to"), required=False)

    def __init__(self, *args: Any, circles: list[tuple[UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["circle"]
        field.choices = [(str(key), name) for key, name in circles] + [  # type: ignore[attr-defined]
            ("", _("No group yet"))
        ]
        field.initial = field.choices[0][0]  # type: ignore[attr-defined]

    def circle_id(self) -> UUID | None:
        chosen = self.cleaned_data["circle"]
        return UUID(chosen) if chosen else None


class AtTheDoorForm(Form):
    """Somebody who scanned the poster."""

    name = own_name()
    recognised_by = forms.CharField(
        label=_("How can a neighbour recognise you?"),
        help_text=_("Such as your house, your dog or who knows you. It is erased after 14 days."),
        max_length=LONGEST_RECOGNISED,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words how a neighbour can recognise you.")},
    )
    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, languages: tuple[str, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["language"].choices = offered(languages)  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return check_name(self.cleaned_data["name"])


class AnswerForm(Form):
    """Yes or no to somebody at the door."""

    answer = forms.ChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.HiddenInput
    )
