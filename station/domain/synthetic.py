"""The names of drawn defects: who reads a label sees that no camera took it.

The mark is in the kind itself, because the kind goes wherever a label goes: into folders, manifests, dataset items,
reports and exports, and back again.
"""

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
