"""What the gallery shows: one example of every piece, with made-up neighbours."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from porchlight.browser.forms import Form
from porchlight.browser.maps import Cell, hex_map, hex_picker
from porchlight.browser.street import House
from porchlight.kit.cells import around, cell_at

MIDDLE = cell_at(52.0907, 5.1214)


class ExampleForm(Form):
    """One field of every kind."""

    what = forms.CharField(
        label=gettext_lazy("What do you need?"),
        help_text=gettext_lazy("A few words, in any language"),
        max_length=80,
    )
    when = forms.CharField(
        label=gettext_lazy("When?"),
        error_messages={"required": gettext_lazy("Say when you need it")},
    )
    more = forms.CharField(
        label=gettext_lazy("Anything else?"), required=False, widget=forms.Textarea
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How can we reach you?"),
        choices=[("mail", gettext_lazy("Mail")), ("page", gettext_lazy("Here on the page"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one way")},
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("Which days?"),
        required=False,
        choices=[("sat", gettext_lazy("Saturday")), ("sun", gettext_lazy("Sunday"))],
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("en", "English"), ("es", "Español"), ("ar", "العربية")],
    )
    word = forms.CharField(
        label=gettext_lazy("Password"), required=False, widget=forms.PasswordInput
    )
    tick = forms.BooleanField(label=gettext_lazy("Remind me the day before"), required=False)


def _street() -> list[House]:
    lit = {"Lena", "Amir", "Sofie", "Marja", "Yusuf", "Pieter"}
    people = ["Lena", "Amir", "Sofie", "Rosa", "Marja", "Yusuf", "Hana", "Pieter"]
    return [House(name=one, is_lit=one in lit, is_me=one == "Rosa") for one in people]


def _maps() -> dict[str, Any]:
    ring = around(MIDDLE, 2)
    shown = [
        Cell(cell=MIDDLE, mark=_("You"), is_mine=True),
        *(
            Cell(cell=ring[place], heat=heat, mark=str(heat))
            for place, heat in ((1, 3), (4, 2), (9, 1), (15, 1))
        ),
    ]
    offered = [
        Cell(cell=cell, label=_("Square %(number)s") % {"number": number}, mark=str(number))
        for number, cell in enumerate(around(MIDDLE, 1), start=1)
    ]
    return {
        "map": hex_map(shown, middle=MIDDLE),
        "picker": hex_picker(offered, middle=MIDDLE, name="cell", chosen=[MIDDLE]),
    }


def _lists(now: datetime) -> dict[str, Any]:
    return {
        "steps": [
            {"words": _("Asked"), "is_done": True},
            {"words": _("Amir brings it, 10:00"), "is_now": True},
            {"words": _("Done")},
        ],
        "events": [
            {"at": now - timedelta(minutes=4), "words": _("Lena asked for help"), "look": "ember"},
            {"at": now - timedelta(minutes=3), "words": _("7 neighbours told, 6 have seen it")},
            {"at": now - timedelta(minutes=2), "words": _("Amir is on his way"), "look": "door"},
            {"at": now, "words": _("Sofie is with Lena"), "look": "lamp"},
        ],
        "people": [
            {"name": "Sofie", "note": _("First aider"), "chip": _("With Lena"), "look": "moss"},
            {"name": "Amir", "note": _("Has the key"), "chip": _("4 min"), "look": "door"},
        ],
        "links": [
            {"href": "#all", "words": _("All"), "is_here": True},
            {"href": "#needs", "words": _("Needs")},
            {"href": "#offers", "words": _("Offers")},
        ],
        "soon": now + timedelta(hours=3),
        "later": now + timedelta(days=200),
        "page": Paginator(range(50), 10).page(2),
    }


def everything(form: ExampleForm, now: datetime) -> dict[str, Any]:
    """The context of the gallery."""
    return {"form": form, "houses": _street(), "now": now, **_maps(), **_lists(now)}
