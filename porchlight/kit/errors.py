"""What a rule says when it says no."""

from enum import Enum

from django.utils.translation import gettext


class Refusal(Exception):
    """A rule said no. Carries the reason; shown to people as one plain sentence.

    `why` is a member of an area's `Why`: its name is for programs, its value the sentence.
    `facts` fill the sentence's %(placeholders)s.
    """

    def __init__(self, why: Enum, **facts: object) -> None:
        super().__init__(why.name)
        self.why = why
        self.facts = facts

    @property
    def sentence(self) -> str:
        """What happened and what to do now, in the reader's language."""
        said = gettext(str(self.why.value))
        return said % self.facts if self.facts else said


class NotHere(Exception):
    """What was asked for does not exist, or not for this viewer: the two look the same (404)."""
