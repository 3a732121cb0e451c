"""The street: a pod drawn as a terrace of up to ten houses. A lit window says hello."""

from collections.abc import Iterable
from dataclasses import dataclass

Window = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class House:
    """One neighbour's house as the street shows it.

    `name` of a house without light is not shown, except one's own: nobody lists who is off.
    """

    name: str
    is_lit: bool = False
    is_me: bool = False
    is_kept: bool = False
    """Of somebody who died: named as the pod wishes, and never lit."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One way a house can look, in a drawing of 44 by 84."""

    wall: str
    windows: tuple[Window, ...]
    door: Window

    @property
    def glow(self) -> tuple[float, float]:
        x, y, wide, high = self.windows[0]
        return x + wide / 2, y + high / 2

    @property
    def bars(self) -> str:
        """The cross in each window."""
        return "".join(
            f"M{x + w / 2:g} {y:g}v{h:g}M{x:g} {y + h / 2:g}h{w:g}" for x, y, w, h in self.windows
        )


SHAPES = (
    Shape(
        wall="M0 84V34L8 27V14h6v7.5L22 14 44 34V84z",
        windows=((15, 44, 14, 15),),
        door=(26, 66, 10, 18),
    ),
    Shape(
        wall="M0 84V26h5v-6h34v6h5v58z",
        windows=((7, 36, 11, 14), (26, 36, 11, 14)),
        door=(17, 64, 11, 20),
    ),
    Shape(wall="M0 84V40L10 24H34L44 40V84z", windows=((14, 48, 16, 14),), door=(6, 68, 10, 16)),
    Shape(
        wall="M0 84V22L22 4 30 10.5V3h6v12.4L44 22V84z",
        windows=((16, 32, 12, 14), (16, 50, 12, 9)),
        door=(17, 64, 10, 20),
    ),
    Shape(wall="M0 84V44L22 26 44 44V84z", windows=((22, 52, 14, 13),), door=(6, 64, 10, 20)),
    Shape(
        wall="M0 84V30H8V22H18V30H44V84z",
        windows=((8, 42, 12, 14), (25, 42, 12, 14)),
        door=(26, 64, 10, 20),
    ),
    Shape(wall="M0 84V38L30 20 44 38V84z", windows=((8, 48, 14, 14),), door=(28, 66, 10, 18)),
    Shape(
        wall="M0 84V32L22 12 31 20.2V11h6v14.6L44 32V84z",
        windows=((16, 42, 12, 16),),
        door=(8, 66, 10, 18),
    ),
    Shape(
        wall="M0 84V36L12 22V12h6v4.5L22 12l22 24V84z",
        windows=((6, 46, 11, 12), (26, 46, 11, 12)),
        door=(17, 66, 10, 18),
    ),
    Shape(wall="M0 84V28C8 18 36 18 44 28V84z", windows=((15, 38, 14, 17),), door=(17, 64, 10, 20)),
)


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A house with the shape it is drawn in."""

    house: House
    shape: Shape

    @property
    def is_named(self) -> bool:
        return self.house.is_lit or self.house.is_me or self.house.is_kept


def terrace(houses: Iterable[House]) -> list[Plot]:
    """Each house in its place along the street; the ten shapes repeat."""
    return [
        Plot(house=house, shape=SHAPES[place % len(SHAPES)]) for place, house in enumerate(houses)
    ]
