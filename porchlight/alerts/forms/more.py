"""Saying more while it runs, or saying it better."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from porchlight.alerts.forms.raising import PlaceFields, subject_choices, whom_choices, whom_of
from porchlight.alerts.queries.offered import Offered
from porchlight.alerts.queries.words import DoorWords
from porchlight.alerts.rules.asking import ForWhom, Whom
from porchlight.alerts.rules.kinds import KIND_WORDS, SILENT, Kind

AS_IT_IS = "as_it_is"
FIXED = SILENT | {Kind.MISSING}
"""Kinds that cannot be changed into or out of."""
PARTS = ("story", "note", "meeting", "door_note")


class MoreForm(PlaceFields):
    """What happened, for whoever comes, where. What is left as it is is not written again."""

    kind = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    for_whom = forms.ChoiceField(label=_("For whom?"), required=False, widget=forms.RadioSelect)
    subject = forms.ChoiceField(label=_("Who of your pod?"), required=False)
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
        whom: Whom,
        initial: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """words: what was said so far; None where this device is not shown it, nor who is in the
        pod. whom: as was said so far. initial: typed so far, while the map is turned."""
        said = words or DoorWords()
        self.is_blind = words is None
        self.before, self.whom_before = said, whom
        known = {part: getattr(said, part) for part in PARTS} | {
            "kind": kind.value,
            "for_whom": whom.kind.value,
            "subject": str(whom.subject_id or ""),
        }
        super().__init__(*args, offered=offered, initial=known | (initial or {}), **kwargs)
        fields: dict[str, Any] = self.fields
        if kind in FIXED:
            del fields["kind"]
        else:
            fields["kind"].choices = [
                (one.value, gettext(KIND_WORDS[one])) for one in Kind if one not in FIXED
            ]
        self._offer_people(offered, is_fixed=kind in FIXED)
        as_it_is = _("As it is: %(place)s") % {"place": said.place} if said.place else _("As it is")
        fields["where"].choices = [(AS_IT_IS, as_it_is), *fields["where"].choices]
        fields["where"].initial = AS_IT_IS

    def _offer_people(self, offered: Offered, *, is_fixed: bool) -> None:
        fields: dict[str, Any] = self.fields
        if self.is_blind or is_fixed:
            del fields["for_whom"], fields["subject"]
            return
        fields["for_whom"].choices = whom_choices(offered)
        if offered.subjects:
            fields["subject"].choices = subject_choices(offered)
        else:
            del fields["subject"]

    def clean(self) -> dict[str, Any]:
        """It was for the asker, whose door stands there; now it is for somebody else, who may well
        be somewhere else: they say so themselves before anybody goes on to the wrong door."""
        sent: dict[str, Any] = super().clean() or self.cleaned_data
        was_own = self.whom_before.kind is ForWhom.ME and bool(self.before.place)
        is_now = self._whom
        is_silent_on_place = sent.get("where") == AS_IT_IS and not sent.get("address")
        if is_now and is_now.kind is not ForWhom.ME and was_own and is_silent_on_place:
            self.add_error("where", _("Your own place stands there. Choose where they are."))
        return sent

    @property
    def _whom(self) -> Whom | None:
        """Whom it is for now; None where it was not asked."""
        sent = self.cleaned_data
        if not sent.get("for_whom"):
            return None
        return whom_of(sent["for_whom"], sent.get("subject", ""))

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
        if self._whom not in {None, self.whom_before}:
            found["whom"] = self._whom
        if sent["where"] != AS_IT_IS or sent["address"]:
            found["place"] = self.place  # it brings its meeting point and its way in along
            found.pop("meeting", None)
            found.pop("door_note", None)
        return found
