"""What can be asked for, and what must not stand on a board."""

from enum import StrEnum

from porchlight.kit.marks import gettext_noop


class Category(StrEnum):
    """Kinds of everyday help. Source of the list: research/mutual-aid.md, sections 2 and 6.2."""

    FOOD = "food"
    ERRAND = "errand"
    RIDE = "ride"
    COMPANY = "company"
    REPAIR = "repair"
    THING = "thing"
    CARRY = "carry"
    LETTER = "letter"
    SKILL = "skill"
    ANIMAL = "animal"
    CLEAN_UP = "clean_up"
    OTHER = "other"


WORDS: dict[Category, str] = {
    Category.FOOD: gettext_noop("Food and groceries"),
    Category.ERRAND: gettext_noop("An errand"),
    Category.RIDE: gettext_noop("A ride"),
    Category.COMPANY: gettext_noop("Somebody who comes with me"),
    Category.REPAIR: gettext_noop("A repair"),
    Category.THING: gettext_noop("Something to borrow or to keep"),
    Category.CARRY: gettext_noop("Carrying and moving"),
    Category.LETTER: gettext_noop("A letter or a form"),
    Category.SKILL: gettext_noop("Show me how"),
    Category.ANIMAL: gettext_noop("An animal"),
    Category.CLEAN_UP: gettext_noop("Cleaning up after damage"),
    Category.OTHER: gettext_noop("Something else"),
}
ICONS: dict[Category, str] = {
    Category.FOOD: "bag",
    Category.ERRAND: "route",
    Category.RIDE: "car",
    Category.COMPANY: "people",
    Category.REPAIR: "tool",
    Category.THING: "gift",
    Category.CARRY: "users-group",
    Category.LETTER: "mail",
    Category.SKILL: "book",
    Category.ANIMAL: "heart",
    Category.CLEAN_UP: "home",
    Category.OTHER: "ask",
}


class Dangerous(StrEnum):
    """What collects no story here: who reads it could hurt somebody. Source: issue «A need is met»
    and DESIGN.md, sealed words."""

    VIOLENCE = "violence"
    PAPERS = "papers"
    HEALTH = "health"
    CHILDREN = "children"


DANGEROUS_WORDS: dict[Dangerous, str] = {
    Dangerous.VIOLENCE: gettext_noop("Somebody hurts or threatens me"),
    Dangerous.PAPERS: gettext_noop("My papers, or officers at my door"),
    Dangerous.HEALTH: gettext_noop("My health, or medicine"),
    Dangerous.CHILDREN: gettext_noop("Looking after a child"),
}
