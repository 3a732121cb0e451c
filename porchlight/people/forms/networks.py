"""What somebody sends to start a network, and what keepers change."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.kit import cells
from porchlight.kit.words import plain_digits
from porchlight.people.forms.accounts import check_new_password, new_password
from porchlight.people.forms.joining import check_name, own_name
from porchlight.people.rules.networks import (
    LONGEST_NAME,
    Founding,
    Why,
    in_order,
    numbers_in,
    why_not_numbers,
)

NUMBERS_HINT = _("One on each line: what it is, a colon, the number. Up to ten.")


def zones() -> list[tuple[str, str]]:
    """Time zones people know: a part of the world and a city."""
    return [
        (zone, zone.replace("_", " "))
        for zone in sorted(available_timezones())
        if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    ]


class _Settings(Form):
    name = forms.CharField(
        label=_("Name of your neighbourhood"),
        help_text=_("Such as the street's."),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give your neighbourhood a name.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose one language or more.")},
    )
    emergency_number = forms.CharField(
        label=_("Emergency number"),
        help_text=_("What people ring here in danger, such as 112 or 911."),
        max_length=20,
        error_messages={"required": _("Type the emergency number people ring here.")},
    )
    local_numbers = forms.CharField(
        label=_("Other numbers people need"),
        help_text=NUMBERS_HINT,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_emergency_number(self) -> str:
        return plain_digits(self.cleaned_data["emergency_number"])

    def clean_local_numbers(self) -> tuple[tuple[str, str], ...]:
        numbers = numbers_in(self.cleaned_data["local_numbers"])
        why = why_not_numbers(numbers)
        if why is not None:
            raise ValidationError(gettext(why.value), code=why.name.lower())
        return numbers


class NetworkForm(_Settings):
    """What keepers change later."""

    main_language = forms.ChoiceField(
        label=_("Main language"),
        help_text=_("Posters, and texts to numbers nobody knows, come in it first."),
        choices=settings.LANGUAGES,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    field_order = ("name", "languages", "main_language", "emergency_number", "local_numbers")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "languages" in given and "main_language" in given:
            main = given["main_language"]
            given["languages"] = in_order(sorted({*given["languages"], main}), first=main)
        return given


class StartForm(_Settings):
    """The first page of a new install."""

    setup_code = forms.CharField(
        label=_("Setup code"),
        help_text=_("It stands in the file var/setup-code on the server."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    slug = forms.CharField(
        label=_("Short name for the address"),
        help_text=_("Small letters, digits and hyphens, such as linden-street. It stays."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Type a short name for the address.")},
    )
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones,
        widget=forms.Select(attrs={"data-own-zone": ""}),
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    middle = forms.CharField(
        label=_("Middle of the map"),
        help_text=_("Two numbers from any map app, such as 52.09, 5.12. It can wait."),
        required=False,
        max_length=60,
    )
    pod_name = forms.CharField(
        label=_("Name of the first pod"),
        help_text=_("A pod is your nearest ten."),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give the first pod a name.")},
    )
    keeper = own_name(_("Your name, the first keeper"))
    password = new_password()

    field_order = (
        "setup_code", "name", "slug", "zone", "languages", "emergency_number", "local_numbers",
        "middle", "pod_name", "keeper", "password",
    )  # fmt: skip

    def __init__(self, *args: Any, asks_for_code: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not asks_for_code:
            del self.fields["setup_code"]

    def clean_keeper(self) -> str:
        return check_name(self.cleaned_data["keeper"])

    def clean_middle(self) -> str:
        typed = self.cleaned_data["middle"]
        if not typed:
            return ""
        point = cells.point_in(typed)
        if point is None:
            raise ValidationError(gettext(Why.MIDDLE.value), code="middle")
        return cells.cell_at(*point)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "password" in given:
            try:
                check_new_password(given["password"], name=given.get("keeper", ""))
            except ValidationError as trouble:
                self.add_error("password", trouble)
        return given

    def founding(self, *, read_in: str) -> Founding:
        """The network as it was described, in the language of the page where that was ticked."""
        given = self.cleaned_data
        return Founding(
            name=given["name"],
            slug=given["slug"],
            zone=given["zone"],
            languages=in_order(given["languages"], first=read_in),
            emergency_number=given["emergency_number"],
            local_numbers=given["local_numbers"],
            pod_name=given["pod_name"],
            middle_cell=given["middle"],
        )
