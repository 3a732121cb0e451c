"""What people may send about circles, roles, trainings and rules."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.people.queries.circles import Part
from porchlight.people.queries.neighbours import Choice
from porchlight.people.rules.circles import KIND_WORDS, LONGEST_NAME, LONGEST_PURPOSE, Kind
from porchlight.people.rules.mandates import ROLE_WORDS, SOURCE_WORDS, Source, Term, Why
from porchlight.people.rules.network_rules import AREAS, RuleKey, Value
from porchlight.people.rules.rights import Role
from porchlight.people.rules.training import TRAINED_WORDS, Trained

AREA_WORDS = {
    "alerts": _("Alerts"),
    "sharing": _("Needs and offers"),
    "stores": _("Shelves and loans"),
    "ledger": _("Money and hours"),
    "gatherings": _("Gatherings"),
    "decisions": _("Decisions"),
    "learning": _("Guides and courses"),
    "directory": _("Directory"),
    "rota": _("Rotas"),
    "campaigns": _("Campaigns"),
    "care": _("Support"),
}


def _lines(words: dict[Any, str]) -> list[tuple[str, str]]:
    """Choices in the reader's language."""
    return [(str(key), gettext(said)) for key, said in words.items()]


def _day_field(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"})
    )


class NothingTyped(Form):
    """A button on its own."""


class CircleForm(Form):
    """A group's name and purpose."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    purpose = forms.CharField(
        label=_("What is it for?"),
        max_length=LONGEST_PURPOSE,
        required=False,
        help_text=_("One or two sentences. Everybody here can read them. No names, please."),
    )


class NewCircleForm(CircleForm):
    """The same for a new one, with its kind."""

    kind = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)

    field_order = ["kind", "name", "purpose"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _lines(KIND_WORDS)  # type: ignore[attr-defined]
        self.fields["kind"].initial = Kind.COMMITTEE

    @property
    def kind_chosen(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


class PartForm(Form):
    """Which group another one is part of."""

    parent = forms.ChoiceField(label=_("Part of"), required=False)

    def __init__(self, *args: Any, parents: list[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [  # type: ignore[attr-defined]
            ("", gettext("No other group")),
            *((str(part.id), part.name) for part in parents),
        ]

    @property
    def parent_chosen(self) -> UUID | None:
        chosen = self.cleaned_data["parent"]
        return UUID(chosen) if chosen else None


class PersonForm(Form):
    """Somebody from one's own circles."""

    person = forms.ChoiceField(label=_("Who?"))

    def __init__(self, *args: Any, people: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choose")),
            *((str(one.id), one.name) for one in people),
        ]

    @property
    def person_chosen(self) -> UUID:
        return UUID(self.cleaned_data["person"])


class AnswerForm(Form):
    """Yes or no."""

    answer = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])

    @property
    def is_yes(self) -> bool:
        return bool(self.cleaned_data["answer"] == "yes")


def _day_after(last: date) -> date:
    """The end of a term whose last day counts whole; the last years of the calendar are cut off, so
    that no zone carries it beyond."""
    return min(last, date.max - timedelta(days=3)) + timedelta(days=1)


class RoleForm(PersonForm):
    """A role for somebody, from and until, and where it comes from."""

    role = forms.ChoiceField(label=_("Which role?"))
    circle = forms.ChoiceField(label=_("For whom?"), required=False)
    from_on = _day_field(_("First day"))
    until_on = _day_field(_("Last day"))
    source_kind = forms.ChoiceField(label=_("Where does it come from?"), widget=forms.RadioSelect)

    field_order = ["person", "role", "circle", "from_on", "until_on", "source_kind"]

    def __init__(self, *args: Any, circles: list[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = _lines(ROLE_WORDS)
        fields["circle"].help_text = gettext(Why.KEEPER_IS_FOR_ALL.value)
        fields["circle"].choices = [
            ("", gettext("Everybody here")),
            *((str(one.id), one.name) for one in circles),
        ]
        fields["source_kind"].choices = [
            line for line in _lines(SOURCE_WORDS) if line[0] != Source.FOUNDING
        ]

    def chosen(self, zone: ZoneInfo) -> dict[str, Any]:
        """What was typed, as the action takes it. The last day counts whole."""
        typed = self.cleaned_data
        return {
            "person_id": self.person_chosen,
            "role": Role(typed["role"]),
            "circle_id": UUID(typed["circle"]) if typed["circle"] else None,
            "term": Term(
                from_at=datetime.combine(typed["from_on"], time.min, tzinfo=zone),
                until_at=datetime.combine(_day_after(typed["until_on"]), time.min, tzinfo=zone),
            ),
            "source_kind": Source(typed["source_kind"]),
            "source_id": None,
        }


class RecallForm(Form):
    """Where the decision to take a role back comes from."""

    source_kind = forms.ChoiceField(label=_("Where was it decided?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["source_kind"].choices = [
            line for line in _lines(SOURCE_WORDS) if line[0] in {Source.DECISION, Source.ELECTION}
        ]


class TrainingForm(Form):
    """What somebody was trained for, when, and until when it counts."""

    role = forms.ChoiceField(label=_("What were you trained for?"))
    from_on = _day_field(_("Day of the training"))
    until_on = _day_field(_("Last day it counts"), _("It stands on the certificate."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _lines(TRAINED_WORDS)  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        return {
            "role": Trained(self.cleaned_data["role"]),
            "from_on": self.cleaned_data["from_on"],
            "until_on": _day_after(self.cleaned_data["until_on"]),
        }


def _is_here(area: str) -> bool:
    """Only what this version brings can be switched on."""
    return area in AREAS and apps.is_installed(f"porchlight.{area}")


class RuleForm(Form):
    """A new value for one rule, why, and from when."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        help_text=_(
            "What you decided together, and when. Everybody here can read it. No names, please."
        ),
    )
    from_on = forms.DateField(
        label=_("From which day?"),
        required=False,
        help_text=_("Empty means now."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    decided_by = forms.UUIDField(
        label=_("Number of the decision"),
        required=False,
        help_text=_("If the decision is written down here, it has a number."),
    )

    def __init__(self, *args: Any, rule: RuleKey, value: Value, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        hint = gettext(rule.says)
        if rule.is_list:
            field: Any = forms.MultipleChoiceField(
                label=gettext(rule.label),
                choices=[(key, said) for key, said in AREA_WORDS.items() if _is_here(key)],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=value,
            )
        else:
            field = forms.IntegerField(label=gettext(rule.label), help_text=hint, initial=value)
        self.add("value", field)
        self.order_fields(["value", "from_on", "reason", "decided_by"])

    def clean_value(self) -> Value:
        value: Value = self.cleaned_data["value"]
        if not self.rule.check(value):
            raise ValidationError(gettext(self.rule.says))
        return value

    def starts(self, *, zone: ZoneInfo, now: datetime) -> datetime:
        chosen: date | None = self.cleaned_data["from_on"]
        if chosen is None or chosen == now.astimezone(zone).date():
            return now
        return datetime.combine(chosen, time.min, tzinfo=zone)
