"""What each visitor is answered at each address. Reviewed by people; tests/test_doors.py walks it.

Visitors, in the order of the columns: nobody (not signed in), Dee (newcomer), Bo (member), Ada
(keeper), Cy (keeper of another network), and nobody on an install that is no demo.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.world import Street

VISITORS = ("nobody", "Dee", "Bo", "Ada", "Cy", "no demo")


@dataclass(frozen=True, kw_only=True)
class Row:
    """Answers by visitor to each method a door has; `values` gives the address its words."""

    GET: str = ""
    POST: str = ""
    values: Callable[[Street], dict[str, Any]] | None = None

    def expected(self, method: str, visitor: str) -> str:
        return getattr(self, method).split()[VISITORS.index(visitor)]

    @property
    def methods(self) -> list[str]:
        return [method for method in ("GET", "POST") if getattr(self, method)]


def here(**words: str) -> Callable[[Street], dict[str, Any]]:
    """The words of an address below Linden Street: `here(circle_id="group")` names one of its things."""

    def values(street: Street) -> dict[str, Any]:
        named = {"group": street.group.id, "pod": street.pod.id, **street.things}
        named |= {name: person.id for name, person in street.people.items()}
        return {"slug": street.network.slug} | {word: named.get(thing, thing) for word, thing in words.items()}

    return values


def there(**words: str) -> Callable[[Street], dict[str, Any]]:
    """The same for an address that is not below a network."""
    inside = here(**words)
    return lambda street: {word: value for word, value in inside(street).items() if word != "slug"}


TABLE: dict[str, Row] = {}
