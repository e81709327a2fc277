"""The names of drawn defects: who reads a label sees that no camera took it.

The mark is in the kind itself, because the kind goes wherever a label goes: into folders, manifests, dataset items,
reports and exports, and back again.
"""

from dataclasses import dataclass
from enum import StrEnum

_MARK = "synthetic-"


class SyntheticKind(StrEnum):
    """A kind of defect that can be drawn; the value is the kind of its label."""

    PATCH = f"{_MARK}patch"
    SCRATCH = f"{_MARK}scratch"
    STAIN = f"{_MARK}stain"
    DENT = f"{_MARK}dent"
    MISSING = f"{_MARK}missing"
    FOREIGN = f"{_MARK}foreign"

    @property
    def word(self) -> str:
        """Return the kind without the mark: "scratch"."""
        return self.value.removeprefix(_MARK)


def is_synthetic(kind: str) -> bool:
    """Return whether a kind of defect was drawn: its name begins with "synthetic-"."""
    return kind.casefold().startswith(_MARK)


FOUND = 0.9
"""A size counts as found if this share of its defects is."""


@dataclass(frozen=True, slots=True)
class LookOrder:
    """What is drawn for a first look.

    Attributes:
        kinds: The kinds.
        count: How many of each kind and size.
        seed: The same seed draws the same defects.
        sizes_px: Their lengths, pixels; empty for 1 to 16 % of the shorter side of what is inspected.
    """

    kinds: tuple[SyntheticKind, ...]
    count: int
    seed: int
    sizes_px: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnSize:
    """What became of the drawn defects of one kind and one size.

    Attributes:
        kind: The kind.
        size_px: Their length, pixels of the picture.
        drawn: How many were drawn.
        found: How many of them did not pass.
        placed: How many of those found have a mark on the defect; a defect may be found for another place.
        not_inspected: How many of all were NOT INSPECTED; they count as not found.
    """

    kind: SyntheticKind
    size_px: int
    drawn: int
    found: int
    placed: int
    not_inspected: int

    @property
    def is_found(self) -> bool:
        """Whether at least 90 % are found."""
        return self.found >= FOUND * self.drawn


@dataclass(frozen=True, slots=True)
class DrawnLook:
    """A first look at what a revision would see, by defects that were drawn; real ones look different.

    Attributes:
        pictures: Good pictures that were drawn on.
        left_out: Good pictures that do not pass as they are.
        learned: The model has learned the pictures, because there are no others.
        outlined: On how many of the pictures the part was found before its background.
        sizes: By kind and size.
    """

    pictures: int
    left_out: int
    learned: bool
    outlined: int
    sizes: tuple[DrawnSize, ...]

    def smallest_found(self, kind: SyntheticKind) -> int | None:
        """Return the smallest size from which on every size of this kind is found; None if the largest is not."""
        smallest = None
        for each in sorted((one for one in self.sizes if one.kind is kind), key=lambda one: -one.size_px):
            if not each.is_found:
                break
            smallest = each.size_px
        return smallest
