"""Saying more while it runs, or saying it better."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from porchlight.alerts.queries.words import DoorWords
from porchlight.alerts.rules.asking import PlaceAsked, Where
from porchlight.alerts.rules.kinds import KIND_WORDS, SILENT, Kind
from porchlight.browser.forms import Form
from porchlight.people.queries.places import MyPlace
from porchlight.people.rules.places import Kind as PlaceKind

AS_IT_IS = "as_it_is"
SAVED = "place:"
FIXED = SILENT | {Kind.MISSING}
"""Kinds that cannot be changed into or out of."""


class MoreForm(Form):
    """What happened, for whoever comes, where. What is left as it is is not written again."""

    kind = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    story = forms.CharField(
        label=_("What happened?"),
        help_text=_("What, not who: nobody is described."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    note = forms.CharField(
        label=_("For whoever comes"),
        help_text=_("For example: the dog is friendly, bring a torch."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )
    where = forms.ChoiceField(label=_("Where?"), widget=forms.RadioSelect)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    door_note = forms.CharField(label=_("How to get in"), max_length=300, required=False)
    meeting = forms.CharField(
        label=_("Where people wait who don't know you"),
        help_text=_("For example: at the corner shop. You decide who is shown the door."),
        max_length=200,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        places: Sequence[MyPlace],
        words: DoorWords | None,
        **kwargs: Any,
    ) -> None:
        """words: what was said so far; None where this device is not shown it."""
        said = words or DoorWords()
        self.is_blind = words is None
        self.before = said
        initial = {
            "kind": kind.value,
            "where": AS_IT_IS,
            "story": said.story,
            "note": said.note,
            "door_note": said.door_note,
            "meeting": said.meeting,
        }
        super().__init__(*args, initial=initial, **kwargs)
        fields: dict[str, Any] = self.fields
        if kind in FIXED:
            del fields["kind"]
        else:
            fields["kind"].choices = [
                (one.value, gettext(KIND_WORDS[one])) for one in Kind if one not in FIXED
            ]
        fields["where"].choices = [
            (
                AS_IT_IS,
                _("As it is: %(place)s") % {"place": said.place} if said.place else _("As it is"),
            ),
            *_saved(places),
            (Where.TYPED.value, _("The address below")),
            (Where.NONE.value, _("I don't say")),
        ]

    @property
    def changes(self) -> dict[str, Any]:
        """What is new, for the action."""
        sent = self.cleaned_data
        found: dict[str, Any] = {
            part: sent[part]
            for part in ("story", "note", "meeting")
            if sent[part] != getattr(self.before, part) and not (self.is_blind and not sent[part])
        }
        if "kind" in sent:
            found["kind"] = Kind(sent["kind"])
        place = self._place()
        if place is not None:
            found["place"] = place  # it brings its meeting point along
            found.pop("meeting", None)
        return found

    def _place(self) -> PlaceAsked | None:
        sent = self.cleaned_data
        where, meeting = sent["where"], sent["meeting"]
        if where == AS_IT_IS:
            return None
        if where.startswith(SAVED):
            place_id = UUID(where.removeprefix(SAVED))
            return PlaceAsked(where=Where.PLACE, place_id=place_id, meeting=meeting)
        if where == Where.TYPED:
            return PlaceAsked(
                where=Where.TYPED,
                address=sent["address"],
                door_note=sent["door_note"],
                meeting=meeting,
            )
        return PlaceAsked(where=Where(where), meeting=meeting)


def _saved(places: Sequence[MyPlace]) -> list[tuple[str, Any]]:
    names = {
        PlaceKind.HOME: pgettext_lazy("a place", "Home"),
        PlaceKind.WORK: _("Work"),
        PlaceKind.OTHER: _("Another place"),
    }
    return [
        (f"{SAVED}{one.id}", one.label or names[one.kind]) for one in places if one.kind in names
    ]
