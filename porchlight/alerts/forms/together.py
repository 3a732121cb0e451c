"""What people at an alert may type."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.alerts.rules.tasks import LONGEST_TASK, LONGEST_UPDATE
from porchlight.browser.forms import Form
from porchlight.people.queries.neighbours import Choice


class LineForm(Form):
    """A line for everybody who helps. What is empty the action refuses in its own words."""

    words = forms.CharField(label=_("Your line"), max_length=LONGEST_UPDATE, required=False)


class SecondForm(Form):
    """Somebody else who may know whether it is true."""

    person = forms.ChoiceField(label=_("Ask somebody else"))

    def __init__(self, *args: Any, people: Sequence[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            (str(one.id), one.name) for one in people
        ]


class TaskForm(Form):
    """A small thing: one of ours by its key, or own words."""

    key = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    words = forms.CharField(label=_("What is needed?"), max_length=LONGEST_TASK, required=False)
