"""What a keeper sends about a death."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.people.queries.neighbours import Choice
from porchlight.trust.queries.deaths import Waiting


class DeathForm(Form):
    """Who it is, and one tick, so that a slip of the finger does nothing."""

    person = forms.TypedChoiceField(label=_("Who"), coerce=UUID)
    sure = forms.BooleanField(
        label=_("I am sure. I saw it, or their family told me."),
        error_messages={"required": _("Tick this if it is so.")},
    )

    def __init__(
        self, *given: Any, people: Sequence[Choice], waiting: Sequence[Waiting], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        both = [(str(one.id), one.name) for one in people]
        both += [(str(one.id), one.name) for one in waiting]
        self.fields["person"].choices = [("", "…"), *both]  # type: ignore[attr-defined]
