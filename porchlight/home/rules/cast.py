"""The made-up people of the demo. Any likeness to somebody real is chance."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from porchlight.kit.marks import gettext_noop

LINDEN = "linden"
QUAY = "quay-9"
DEMO_SLUGS = (LINDEN, QUAY)
PASSWORD = "lamp on the porch"  # noqa: S105  # printed on the demo's first page; demo networks only


@dataclass(frozen=True, kw_only=True)
class Described:
    """One of the six people a visitor of the demo may be."""

    key: str
    network: str
    name: str
    who: str
    """What they are, in a few words (a key of the translations)."""
    see: str
    """What there is to see as them."""

    @property
    def person_id(self) -> UUID:
        """Always the same, so that one may rename them and still be them."""
        return uuid5(NAMESPACE_URL, f"porchlight:demo:{self.network}:{self.key}")


DESCRIBED = (
    Described(
        key="keeper",
        network=LINDEN,
        name="Marja",
        who=gettext_noop("A keeper, here from the first day"),
        see=gettext_noop("Somebody asks to join her street. Her pod has all ten seats taken."),
    ),
    Described(
        key="first-aider",
        network=LINDEN,
        name="Sofie",
        who=gettext_noop("Here for years, and a first aider"),
        see=gettext_noop(
            "A neighbour asks for a seat in her pod. She has usual ways, and a role that ends soon."
        ),
    ),
    Described(
        key="newcomer",
        network=LINDEN,
        name="Tomás",
        who=gettext_noop("Joined yesterday with an invite, reads Spanish"),
        see=gettext_noop("He has no pod yet. Home shows his one next step."),
    ),
    Described(
        key="young",
        network=LINDEN,
        name="Noor",
        who=gettext_noop("Sixteen years old"),
        see=gettext_noop("In a pod with her family. She is never asked to stand for a stranger."),
    ),
    Described(
        key="elder",
        network=LINDEN,
        name="أم كريم",
        who=gettext_noop("Seventy-four years old, reads Arabic"),
        see=gettext_noop("Every page from right to left. One way to reach her does not work."),
    ),
    Described(
        key="elsewhere",
        network=QUAY,
        name="Ines",
        who=gettext_noop("Keeper of another neighbourhood, Quay 9"),
        see=gettext_noop("For her, Linden Street does not exist."),
    ),
)


def described(key: str) -> Described | None:
    """The one of the six with that key."""
    return next((one for one in DESCRIBED if one.key == key), None)


# Everybody else. Names look different from each other (kit.words.skeleton), as in every network.
# fmt: off
ENGLISH = (
    "Lena", "Pieter", "Hannah", "Sam", "Grace", "Otto", "Femke", "Joris", "Priya", "Dev", "Wen",
    "Mei", "Kofi", "Abena", "Ola", "Zofia", "Marek", "Ewa", "Jonas", "Mila", "Bram", "Saskia",
    "Thijs", "Anouk", "Ruben", "Eline", "Gerda", "Willem", "Truus", "Henk", "Corrie", "Sjoerd",
    "Maaike", "Tobias", "Astrid", "Ingrid", "Nils", "Freya", "Callum", "Isla", "Rory", "Niamh",
    "Owen", "Beth", "Harriet", "Gus", "Winnie", "Alf", "Dot", "Percy", "Mabel", "Ravi", "Anjali",
    "Tuan", "Linh", "Chidi", "Ngozi", "Kwame", "Yara", "Selin", "Emre", "Deniz", "Vera", "Boris",
    "Cato",
)
SPANISH = (
    "Rosa", "Luis", "Carmen", "Mateo", "Lucía", "Diego", "Elena", "Pablo", "Marisol", "Andrés",
    "Pilar", "Javier", "Noemí", "Raúl", "Consuelo", "Óscar", "Paloma", "Hugo", "Ximena", "Joaquín",
    "Dolores", "Emilio", "Valeria", "Ramón",
)
ARABIC = (
    "Amir", "Yusuf", "Hana", "Layla", "Omar", "Salma", "Tariq", "Rania", "Bilal", "Huda", "Karim",
    "Samira", "Idris", "Nadia", "ليلى", "سامي", "فاطمة", "خالد", "مريم", "يوسف", "نور-الهدى", "حسن",
    "زينب", "إبراهيم", "عائشة", "جميل",
)
QUAY_PEOPLE = ("Wout", "Nadine", "Piotr", "Halima", "Georg", "Sunniva", "Teo")
# fmt: on
BY_LANGUAGE = (("en", ENGLISH), ("es", SPANISH), ("ar", ARABIC))
