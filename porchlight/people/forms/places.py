"""What a browser may send about a place."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.kit import cells
from porchlight.kit.errors import Refusal
from porchlight.people.queries.places import MyPlace
from porchlight.people.rules.hours import (
    BLOCK_HOURS,
    BLOCKS,
    BLOCKS_A_DAY,
    Hours,
    blocks_in,
    blocks_of_mask,
    mask_of_blocks,
    named,
)
from porchlight.people.rules.places import Entered, Kind, Pause, Where, Why

HOURS_WORDS = [
    (Hours.ALWAYS, _("Always")),
    (Hours.WEEKDAY_DAYS, _("By day, Monday to Friday")),
    (Hours.WEEKDAY_NIGHTS, _("By night, Monday to Friday")),
    (Hours.EVENINGS, _("Evenings, every day")),
    (Hours.WEEKENDS, _("Saturday and Sunday")),
    (Hours.OWN, _("As I tick in the table below")),
]


def part_words(block: int) -> Any:
    """«Monday 8–12» for one part of the week."""
    day, part = divmod(block, BLOCKS_A_DAY)
    return format_lazy(
        "{day} {from_hour}–{until}",
        day=WEEKDAYS[day],
        from_hour=part * BLOCK_HOURS,
        until=(part + 1) * BLOCK_HOURS,
    )


class Cells(forms.MultipleChoiceField):
    """Parts of the map; the rules say which can be, with a sentence of their own."""

    widget = forms.MultipleHiddenInput

    def valid_value(self, value: Any) -> bool:
        return True


class HoursForm(Form):
    """Hours of the week: in plain words, or ticked in a table."""

    hours = forms.ChoiceField(
        label=_("When"),
        choices=HOURS_WORDS,
        widget=forms.RadioSelect,
        initial=Hours.ALWAYS,
        error_messages={"invalid_choice": _(Why.IMPOSSIBLE_HOURS.value)},
    )
    part = forms.TypedMultipleChoiceField(
        label=_("Parts of the week"),
        choices=[(str(block), part_words(block)) for block in range(BLOCKS)],
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        required=False,
        error_messages={"invalid_choice": _(Why.IMPOSSIBLE_HOURS.value)},
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("hours") == Hours.OWN and "part" in found and not found["part"]:
            self.refuse(Refusal(Why.NO_HOURS), "part")
        return found

    @property
    def mask(self) -> bytes:
        """What was chosen, as `rules.hours` keeps it."""
        hours = Hours(self.cleaned_data["hours"])
        return mask_of_blocks(self.cleaned_data["part"] if hours is Hours.OWN else blocks_in(hours))

    @property
    def table(self) -> list[tuple[Any, list[Any]]]:
        """The parts of the week as rows of a table: a day and its tick boxes."""
        boxes = list(self["part"])
        return [
            (WEEKDAYS[day], boxes[day * BLOCKS_A_DAY : (day + 1) * BLOCKS_A_DAY])
            for day in range(BLOCKS // BLOCKS_A_DAY)
        ]


def hours_typed(mask: bytes) -> dict[str, Any]:
    """Stored hours as the form shows them."""
    hours = named(mask)
    return {"hours": hours, "part": sorted(blocks_of_mask(mask)) if hours is Hours.OWN else []}


class PlaceForm(HoursForm):
    """One place or usual way."""

    label = forms.CharField(label=_("What you call it"), max_length=60, required=False)
    address = forms.CharField(
        label=_("Address"),
        help_text=_("Only words for the neighbours you let see it. Nobody looks it up on a map."),
        max_length=200,
        required=False,
    )
    door_note = forms.CharField(
        label=_("How to get in"),
        help_text=_("For example: second bell, the lift is broken."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        required=False,
    )
    cell = Cells(required=False)
    spot = forms.CharField(
        label=_("The exact spot"),
        help_text=_("Two numbers from a map app, such as 52.37, 4.89. Kept locked."),
        max_length=60,
        required=False,
    )
    field_order = ["label", "address", "door_note", "cell", "spot", "hours", "part"]

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].label = _("When you are usually there")
        if kind is Kind.ROUTE:
            for name in ("address", "door_note", "spot"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("spot") and pin_at(found["spot"]) is None:
            self.refuse(Refusal(Why.IMPOSSIBLE_SPOT), "spot")
        return found

    @property
    def entered(self) -> Entered:
        """What was sent, for the action."""
        sent = self.cleaned_data
        return Entered(
            label=sent["label"],
            address=sent.get("address", ""),
            door_note=sent.get("door_note", ""),
            where=Where(cells=tuple(sent["cell"]), pin=pin_at(sent.get("spot", ""))),
            hours=self.mask,
        )


PARTS_OF_A_DAY = [
    f"{part * BLOCK_HOURS}–{(part + 1) * BLOCK_HOURS}" for part in range(BLOCKS_A_DAY)
]


def pin_at(spot: str) -> str | None:
    """The small cell around two typed numbers; none where they are no place."""
    point = cells.point_in(spot)
    return cells.cell_at(*point, cells.PIN) if point else None


def spot_of(pin: str) -> str:
    """The two numbers for a pin, so that sending the form again changes nothing."""
    if not pin:
        return ""
    latitude, longitude = cells.centre_of(pin)
    return f"{latitude:.6f}, {longitude:.6f}"


def as_typed(place: MyPlace) -> dict[str, Any]:
    """A stored place as the form shows it."""
    return {
        "label": place.label,
        "address": place.address,
        "door_note": place.door_note,
        "cell": list(place.cells),
        "spot": spot_of(place.pin),
        **hours_typed(place.hours),
    }


def still_typing(sent: QueryDict) -> dict[str, Any]:
    """What somebody typed so far, kept while they turn the map."""
    many = {name: sent.getlist(name) for name in ("cell", "part")}
    one = {
        name: sent.get(name, "")
        for name in ("label", "address", "door_note", "spot", "hours", "client_key")
        if name in sent
    }
    return {**one, **many}


class PauseForm(Form):
    """How long not to be asked."""

    pause = forms.ChoiceField(
        label=_("For how long"),
        choices=[
            (Pause.TONIGHT, _("Until tomorrow morning")),
            (Pause.WEEK, _("For a week")),
            (Pause.UNTIL_I_SAY, _("Until I turn it on again")),
        ],
        widget=forms.RadioSelect,
        initial=Pause.TONIGHT,
    )


class MiddleForm(Form):
    """Where the map of the network opens."""

    latitude = forms.FloatField(
        label=_("Latitude"),
        help_text=_("Such as 52.37"),
        widget=forms.TextInput(attrs={"inputmode": "text"}),
    )
    longitude = forms.FloatField(
        label=_("Longitude"),
        help_text=_("Such as 4.89"),
        widget=forms.TextInput(attrs={"inputmode": "text"}),
    )
