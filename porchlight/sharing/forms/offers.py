"""What a browser may send when somebody offers something."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from porchlight.browser.forms import Form
from porchlight.people.forms.places import HoursForm
from porchlight.sharing.rules.availability import parts_of_mask
from porchlight.sharing.rules.categories import Category
from porchlight.sharing.rules.offers import CAN_WORDS, MOST_A_WEEK, Ability, Offered

OFTEN = [
    (1, _("At most once a week")),
    (2, _("At most twice a week")),
    (3, _("At most three times a week")),
    (MOST_A_WEEK, _("As often as it is needed")),
]
PAUSES = (0, 1, 4)
"""Weeks; none: from now on again."""


class OfferForm(HoursForm):
    """When, how often, and what one can do."""

    a_week = forms.TypedChoiceField(
        label=_("How often?"), choices=OFTEN, coerce=int, widget=forms.RadioSelect, initial=1
    )
    can = forms.MultipleChoiceField(
        label=_("What can you do?"),
        help_text=_("Only so that you are asked for what fits. Nobody reads it."),
        choices=[(one, _(words)) for one, words in CAN_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].label = _("When do you have time?")

    def offered(self, category: Category) -> Offered:
        """What was sent, for the action."""
        sent = self.cleaned_data
        return Offered(
            category=category,
            parts=parts_of_mask(self.mask),
            can=frozenset(Ability(one) for one in sent["can"]),
            a_week=sent["a_week"],
        )


class PauseForm(Form):
    """For how many weeks not to be asked."""

    weeks = forms.TypedChoiceField(choices=[(one, one) for one in PAUSES], coerce=int)
