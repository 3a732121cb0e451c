"""What a browser may send to call for help. A kind is enough: all the rest has a default."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from porchlight.alerts.forms.pictures import small_jpeg
from porchlight.alerts.queries.offered import Offered
from porchlight.alerts.rules.asking import Asking, ForWhom, PlaceAsked, Where, Whom
from porchlight.alerts.rules.kinds import KIND_WORDS, SILENT, Kind
from porchlight.alerts.rules.why_not import WhyNot
from porchlight.browser.forms import Form
from porchlight.kit import cells
from porchlight.kit.errors import Refusal
from porchlight.people.rules.places import Kind as PlaceKind

HERE = "here"
"""Where the phone says it is; kept as a part of the map only."""
SAVED = "place:"


class Forgiving(forms.ChoiceField):
    """A choice that is not on the list counts as the default: nothing of it may hold up a call."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value) or self.initial
        except ValidationError:
            return self.initial


class Ticked(forms.MultipleChoiceField):
    """People who are ticked; whoever is no longer on the list is left out of it."""

    def clean(self, value: Any) -> list[str]:
        known = {str(key) for key, _name in self.choices}  # type: ignore[union-attr, misc]  # a list
        return [one for one in value or [] if one in known]


class Somewhere(forms.FloatField):
    """One number of a position; anything else is nothing."""

    def clean(self, value: Any) -> float | None:
        try:
            number: float | None = super().clean(value)
        except ValidationError:
            return None
        return number


class PlaceFields(Form):
    """Where help is wanted, for every form that calls for it."""

    where = Forgiving(label=_("Where?"), required=False, widget=forms.RadioSelect)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    door_note = forms.CharField(label=_("How to get in"), max_length=300, required=False)
    meeting = forms.CharField(
        label=_("Where people wait who don't know you"),
        help_text=_("For example: at the corner shop. You decide who is shown the door."),
        max_length=200,
        required=False,
    )
    cell = forms.CharField(max_length=20, required=False)
    latitude = Somewhere(required=False, widget=forms.HiddenInput)
    longitude = Somewhere(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        where = self.fields["where"]
        where.choices = self._places(offered)  # type: ignore[attr-defined]  # it is a ChoiceField
        can_be_home = offered.has_home or not offered.is_inside
        where.initial = Where.HOME.value if can_be_home else Where.NONE.value

    @staticmethod
    def _places(offered: Offered) -> list[tuple[str, Any]]:
        home = _("My home") if offered.is_inside else _("My home, if I saved it")
        saved = [(f"{SAVED}{one.id}", one.label or PLACES[one.kind]) for one in offered.places]
        return [
            *([(Where.HOME.value, home)] if offered.has_home or not offered.is_inside else []),
            *saved,
            (HERE, _("Where this phone is now")),
            (Where.TYPED.value, _("The address below")),
            (Where.CELL.value, _("A part of the map")),
            (Where.NONE.value, _("I don't say")),
        ]

    @property
    def place(self) -> PlaceAsked:
        """Where, for the action. Half of a choice counts as none: more can be said later."""
        sent = self.cleaned_data
        where, words = sent["where"], {"meeting": sent["meeting"], "door_note": sent["door_note"]}
        if where.startswith(SAVED):
            return PlaceAsked(
                where=Where.PLACE,
                place_id=UUID(where.removeprefix(SAVED)),
                meeting=sent["meeting"],
            )
        cell = self._cell_here() if where == HERE else sent["cell"]
        on_the_map = {HERE, Where.CELL}
        if sent["address"] and where in {Where.TYPED, self.fields["where"].initial, *on_the_map}:
            # A part of the map beside it says who is near; the words say where to.
            return PlaceAsked(where=Where.TYPED, address=sent["address"], cell=cell, **words)
        if where in on_the_map:
            return PlaceAsked(where=Where.CELL, cell=cell, **words)
        if where == Where.HOME:
            return PlaceAsked(where=Where.HOME, meeting=sent["meeting"])
        return PlaceAsked(where=Where.NONE, meeting=sent["meeting"])

    def _cell_here(self) -> str:
        latitude, longitude = self.cleaned_data["latitude"], self.cleaned_data["longitude"]
        if latitude is None or longitude is None or not cells.is_on_earth(latitude, longitude):
            return ""
        return cells.cell_at(latitude, longitude)


PLACES = {
    PlaceKind.WORK: _("Work"),
    PlaceKind.OTHER: _("Another place"),
}


def whom_choices(offered: Offered) -> list[tuple[str, Any]]:
    """For whom a call may be."""
    pod = [(ForWhom.POD.value, _("Somebody of my pod"))] if offered.subjects else []
    return [
        (ForWhom.ME.value, _("Me")),
        *pod,
        (ForWhom.OTHER.value, _("Somebody here, who may stay unnamed")),
    ]


def subject_choices(offered: Offered) -> list[tuple[str, str]]:
    """Who of the pod it may be about, by name; nobody at first."""
    return [("", "–"), *((str(one.id), one.name) for one in offered.subjects)]


def whom_of(for_whom: str, subject: str) -> Whom:
    """What the two fields say together; of the pod, but not who, is somebody unnamed."""
    if for_whom != ForWhom.POD:
        return Whom(kind=ForWhom(for_whom))
    return Whom(kind=ForWhom.POD, subject_id=UUID(subject)) if subject else Whom(kind=ForWhom.OTHER)


class HelpForm(PlaceFields):
    """One call. Of all this the button pressed is enough."""

    kind = forms.ChoiceField(choices=[(kind.value, KIND_WORDS[kind]) for kind in Kind])
    held = forms.BooleanField(required=False, widget=forms.HiddenInput)
    """Sent by holding the button: no grace."""
    is_whole = forms.BooleanField(required=False, widget=forms.HiddenInput, initial=True)
    """The whole page was sent, so that what is not ticked was left out on purpose."""
    for_whom = Forgiving(
        label=_("For whom?"), required=False, widget=forms.RadioSelect, initial=ForWhom.ME.value
    )
    subject = Forgiving(label=_("Who of your pod?"), required=False, initial="")
    listed = Ticked(required=False, widget=forms.MultipleHiddenInput)
    """Everybody who stood on the page; who came to the pod since is asked too."""
    hears = Ticked(label=_("Who hears of it?"), required=False, widget=forms.CheckboxSelectMultiple)
    is_wide = forms.BooleanField(
        label=_("Also people nearby and trained ones"),
        help_text=_("People outside your pod. They wait at a meeting point until you say yes."),
        required=False,
    )
    story = forms.CharField(
        label=_("What happened?"),
        help_text=_("What, not who: nobody is described."),
        widget=forms.Textarea(attrs={"rows": 2}),
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

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["for_whom"].choices = whom_choices(offered)
        fields["subject"].choices = subject_choices(offered)
        everybody = [(str(one.id), one.name) for one in offered.hear]
        for name in ("hears", "listed"):
            fields[name].choices = everybody
            fields[name].initial = [person_id for person_id, _name in everybody]
        fields["is_wide"].initial = offered.is_wide

    @property
    def asking(self) -> Asking:
        """What was asked, for the action."""
        sent = self.cleaned_data
        whom = whom_of(sent["for_whom"], sent["subject"])
        is_whole = sent["is_whole"]
        kind = Kind(sent["kind"])
        return Asking(
            kind=kind,
            for_whom=whom.kind,
            subject_id=whom.subject_id,
            place=self._place_of(kind, whom.kind),
            unticked=frozenset(UUID(one) for one in set(sent["listed"]) - set(sent["hears"]))
            if is_whole
            else frozenset(),
            is_wide=self._wide,
            story=sent["story"],
            note=sent["note"],
            in_a_hurry=sent["held"],
        )

    def _place_of(self, kind: Kind, for_whom: ForWhom) -> PlaceAsked:
        """Where. The asker's home stands there before anybody touches it, and is no place for
        somebody else: then only the part of the map around it is sent, and the page of the call
        asks where. What is silent has no page to say it on, and is the asker's own."""
        place = self.place if self.cleaned_data["is_whole"] else PlaceAsked()
        is_untouched = place.where is Where.HOME and for_whom is not ForWhom.ME
        return replace(place, where=Where.NEAR) if is_untouched and kind not in SILENT else place

    @property
    def _wide(self) -> bool | None:
        """Not ticked means no only where the tick stood as the asker chose it beforehand."""
        if self.cleaned_data["is_wide"]:
            return True
        is_meant = self.cleaned_data["is_whole"] and self.offered.is_inside
        return False if is_meant else None


class MissingForm(PlaceFields):
    """Somebody is missing: said by their family, known by a second person, a picture if at hand."""

    who = forms.CharField(
        label=_("Who is missing, and where were they last?"),
        help_text=_("Name, age, clothes, where and when. It is gone when they are found."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": _(WhyNot.SAY_WHO.value)},
    )
    picture = forms.FileField(
        label=_("A picture of them"),
        help_text=_("It is made small, and where and when it was taken is taken out."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        required=False,
        max_length=200,
    )
    second = Forgiving(
        label=_("Who else knows that it is true?"),
        help_text=_("We ask them first, at once. As soon as they say yes, the others hear of it."),
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    subject = Forgiving(
        label=_("Are they in your pod?"),
        help_text=_("Then they can answer: I'm safe, don't tell."),
        required=False,
        initial="",
    )
    listed = Ticked(required=False, widget=forms.MultipleHiddenInput)
    hears = Ticked(
        label=_("Who hears of it, once it is checked?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_wide = HelpForm.base_fields["is_wide"]
    is_family = forms.BooleanField(
        label=_("I am family or look after them"),
        error_messages={"required": _(WhyNot.FAMILY_ONLY.value)},
    )

    field_order = ["who", "picture", "second", "is_family", "subject", "hears", "is_wide"]

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["second"].choices = [(str(one.id), one.name) for one in offered.seconds]
        fields["subject"].choices = [
            ("", _("No, or I don't say")),
            *((str(one.id), one.name) for one in offered.subjects),
        ]
        everybody = [(str(one.id), one.name) for one in offered.hear]
        for name in ("hears", "listed"):
            fields[name].choices = everybody
            fields[name].initial = [person_id for person_id, _name in everybody]
        fields["is_wide"].initial = offered.is_wide
        fields["where"].initial = Where.NONE.value

    def clean_picture(self) -> str:
        """The picture as the program keeps it: small, nothing in it but what is seen."""
        sent = self.cleaned_data["picture"]
        if not sent:
            return ""
        small = small_jpeg(sent.read())
        if small is None:
            raise ValidationError(_(WhyNot.PICTURE.value))
        return small

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not found.get("second"):
            self.refuse(Refusal(WhyNot.NO_SECOND), "second")
        return found

    @property
    def asking(self) -> Asking:
        """What was asked, for the action."""
        sent = self.cleaned_data
        subject = UUID(sent["subject"]) if sent["subject"] else None
        return Asking(
            kind=Kind.MISSING,
            for_whom=ForWhom.POD if subject else ForWhom.OTHER,
            subject_id=subject,
            place=self.place,
            unticked=frozenset(UUID(one) for one in set(sent["listed"]) - set(sent["hears"])),
            is_wide=sent["is_wide"],
            who=sent["who"],
            picture=sent["picture"],
            second_id=UUID(sent["second"]),
        )
