"""Saying more while it runs, or saying it better."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from porchlight.alerts.forms.raising import PlaceFields
from porchlight.alerts.queries.offered import Offered
from porchlight.alerts.queries.words import DoorWords
from porchlight.alerts.rules.kinds import KIND_WORDS, SILENT, Kind

AS_IT_IS = "as_it_is"
FIXED = SILENT | {Kind.MISSING}
"""Kinds that cannot be changed into or out of."""
PARTS = ("story", "note", "meeting", "door_note")


class MoreForm(PlaceFields):
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

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        offered: Offered,
        words: DoorWords | None,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """words: what was said so far; None where this device is not shown it. initial: typed so
        far, while the map is turned."""
        said = words or DoorWords()
        self.is_blind = words is None
        self.before = said
        known = {part: getattr(said, part) for part in PARTS} | {"kind": kind.value}
        super().__init__(*args, offered=offered, initial=known | (initial or {}), **kwargs)
        fields: dict[str, Any] = self.fields
        if kind in FIXED:
            del fields["kind"]
        else:
            fields["kind"].choices = [
                (one.value, gettext(KIND_WORDS[one])) for one in Kind if one not in FIXED
            ]
        as_it_is = _("As it is: %(place)s") % {"place": said.place} if said.place else _("As it is")
        fields["where"].choices = [(AS_IT_IS, as_it_is), *fields["where"].choices]
        fields["where"].initial = AS_IT_IS

    @property
    def changes(self) -> dict[str, Any]:
        """What is new, for the action."""
        sent = self.cleaned_data
        found: dict[str, Any] = {
            part: sent[part]
            for part in PARTS
            if sent[part] != getattr(self.before, part) and not (self.is_blind and not sent[part])
        }
        if "kind" in sent:
            found["kind"] = Kind(sent["kind"])
        if sent["where"] != AS_IT_IS or sent["address"]:
            found["place"] = self.place  # it brings its meeting point and its way in along
            found.pop("meeting", None)
            found.pop("door_note", None)
        return found
