"""The base of every form: keeps what was typed, knows a repeat, says what is wrong."""

from collections.abc import Callable
from functools import partial
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from porchlight.kit.errors import Refusal
from porchlight.kit.words import clean_line, clean_text, plain_digits, plain_number

Given = ParamSpec("Given")
Result = TypeVar("Result")

LONGEST_LINE = 200
LONGEST_TEXT = 4_000

TYPED_IN_DIGITS: dict[type[forms.Field], Callable[[str], str]] = {
    forms.FloatField: plain_number,
    forms.DateField: plain_digits,
    forms.TimeField: plain_digits,
}
"""Whole numbers Django reads in any script itself."""
TYPED = (forms.TextInput, forms.EmailInput, forms.NumberInput, forms.URLInput, forms.Textarea)
"""Widgets that people type words into; a browser keeps none, unless the field says what for."""
DJANGO_SAYS = forms.Field.default_error_messages["required"]
NOT_FILLED = _("Please fill this in.")
OLD_PAGE = _("This page was open for too long. Check what you typed, then send it once more.")


class AsTyped(forms.CharField):
    """Somebody's own words, kept letter for letter: spaces, marks and all. Only for what is locked
    and shown as it is; it needs a greatest length of its own."""

    def __init__(self, *, max_length: int, rows: int, **facts: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=max_length, strip=False, widget=widget, **facts)


class ClientKey(forms.UUIDField):
    """The hidden key that lets the server answer a repeated form with the first result."""

    def __init__(self) -> None:
        super().__init__(
            initial=uuid4,
            label="",
            widget=forms.HiddenInput,
            error_messages={"required": OLD_PAGE, "invalid": OLD_PAGE},
        )

    def bound_data(self, data: Any, initial: Any) -> Any:
        """A forged or lost key is replaced, so that sending once more works."""
        try:
            return self.to_python(data) or initial
        except ValidationError:
            return initial


class Form(forms.Form):
    """Subclass with plain Django fields. `{{ form }}` draws the problem summary and all fields.

    Text fields are cleaned of invisible marks and get a greatest length when they name none.
    After `is_valid()`, `form.client_key_sent` is the key for the action.
    """

    template_name = "browser/pieces/form.html"
    use_required_attribute = (
        False  # the browser's bubbles vanish and are not in the reader's language
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_key"] = ClientKey()
        for field in self.fields.values():
            _make_ours(field)

    def add(self, name: str, field: forms.Field) -> None:
        """Put in a field that depends on what the form is about; after `super().__init__`."""
        _make_ours(field)
        self.fields[name] = field

    @property
    def client_key_sent(self) -> UUID:
        key: UUID = self.cleaned_data["client_key"]
        return key

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, without the key: `attempt(form, action, **form.facts, now=...)`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "client_key"}

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of the field or "", sentence) in the order of the page, for the summary."""
        found = [("", str(sentence)) for sentence in self.non_field_errors()]
        for name in self.fields:
            bound = self[name]
            anchor = "" if bound.is_hidden else (bound.id_for_label or bound.auto_id)
            found += [(anchor, str(sentence)) for sentence in bound.errors]
        return found

    def refuse(self, refusal: Refusal, field: str | None = None) -> None:
        """Show a rule's sentence above the form, or at one field."""
        self.add_error(field, ValidationError(refusal.sentence, code=refusal.why.name.lower()))


def _make_ours(field: forms.Field) -> None:
    """Our own words and looks, and clean text."""
    if field.error_messages.get("required") is DJANGO_SAYS:
        field.error_messages["required"] = NOT_FILLED
    if not getattr(field, "template_name", None):
        setattr(field, "template_name", "browser/pieces/field.html")  # noqa: B010  # new in 5.0
    if isinstance(field.widget, TYPED):
        # Else browsers keep what was typed: to offer it again, and to open the page as it was.
        field.widget.attrs.setdefault("autocomplete", "off")
    if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField | AsTyped):
        _tidy(field)
    for kind, plain in TYPED_IN_DIGITS.items():
        if isinstance(field, kind):
            field.to_python = partial(_cleaned, field.to_python, plain)  # type: ignore[method-assign]


def _tidy(field: forms.CharField) -> None:
    """Clean what people type before it is checked; passwords stay exactly as typed."""
    if isinstance(field.widget, forms.PasswordInput):
        _limit(field, LONGEST_LINE)
        return
    has_lines = isinstance(field.widget, forms.Textarea)
    if has_lines and field.widget.attrs.get("rows") == "10":  # Django's own idea of enough
        field.widget.attrs["rows"] = "4"
    _limit(field, LONGEST_TEXT if has_lines else LONGEST_LINE)
    to_python = partial(_cleaned, field.to_python, clean_text if has_lines else clean_line)
    # The field is this form's own copy, so nobody else's is changed.
    field.to_python = to_python  # type: ignore[method-assign]


def _limit(field: forms.CharField, longest: int) -> None:
    if field.max_length is None:
        field.max_length = longest
        field.validators.append(MaxLengthValidator(longest))
        field.widget.attrs.setdefault("maxlength", str(longest))


def _cleaned(to_python: Callable[[Any], Any], clean: Callable[[str], str], value: Any) -> Any:
    return to_python(clean(value) if isinstance(value, str) else value)


def attempt(
    form: Form, action: Callable[Given, Result], *args: Given.args, **facts: Given.kwargs
) -> Result | None:
    """Run one action for a valid form; a rule's no becomes a sentence above the form.

    None means refused. Where the action itself returns nothing, look at `form.errors`.
    """
    try:
        return action(*args, **facts)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
