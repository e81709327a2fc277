"""Groups of pictures that must not be divided between learning and measuring, and the split of each group.

A group is everything that is linked. It is named after its oldest picture, and its split follows from that name alone,
so a picture that comes later changes the split of nothing. Two rules come before: what the folder said, and that a
group with a defect is to measure with, because a model learns from good parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from station.concurrency.priority import unhurried
from station.domain.dataset import Label, SplitName
from station.domain.digest import sha256_hex
from station.domain.inspection import PartKey

_MEASURED_SHARE = 0.2
_NAME_DIGITS, _HEX_DIGITS = 16, 8
_RANK = {"any": 0, "train": 1, "test": 2}
"""What one item of a group demands, in the order of what counts."""

Member = tuple[int, str, str]
"""Number of an item, the name that its group has if it is the oldest, and the split that it demands or "any"."""


@dataclass(frozen=True, slots=True)
class Group:
    """Name and split of a group."""

    name: str
    split: SplitName


class Groups:
    """The groups of one working set."""

    def __init__(self, links: Iterable[tuple[int, int]]) -> None:
        self._above: dict[int, int] = {}
        self._known: dict[int, Group] = {}
        for item_id, other in links:
            self._join(item_id, other)

    def note(self, members: Iterable[Member]) -> None:
        """Learn which group each item of the working set is in; the items in the order in which they came."""
        names: dict[int, str] = {}
        wanted: dict[int, str] = {}
        for item_id, name, said in members:
            root = self._root(item_id) if self._above else item_id
            if names.setdefault(root, name) is name or _RANK[said] > _RANK[wanted[root]]:
                wanted[root] = said
        self._known = {root: Group(name, _split(name, wanted[root])) for root, name in unhurried(names.items())}

    def of(self, item_id: int) -> Group:
        """Return the group of an item."""
        return self._known[self._root(item_id) if self._above else item_id]

    def _join(self, first: int, second: int) -> None:
        low, high = sorted((self._root(first), self._root(second)))
        if low != high:
            self._above[high] = low

    def _root(self, item_id: int) -> int:
        """Return the oldest item of the group; the way there is shortened for the next one who asks."""
        way = []
        while (above := self._above.get(item_id)) is not None:
            way.append(item_id)
            item_id = above
        for passed in way[:-1]:
            self._above[passed] = item_id
        return item_id


def member(item_id: int, picture_sha256: str, part: PartKey | None, label: Label, wanted_split: str) -> Member:
    """Return an item for `Groups.note`.

    A group has the name of its oldest picture, or of the part that this shows: all views of a part have one name.
    """
    name = picture_sha256[:_NAME_DIGITS] if part is None else f"run{part.run_id}-part{part.part}"
    return item_id, name, "test" if label is Label.DEFECT else wanted_split


def _split(name: str, wanted: str) -> SplitName:
    if wanted == "test":
        return "test"
    if wanted == "train":
        return "train"
    digits = sha256_hex(name.encode()) if name.startswith("run") else name  # the latter is a hash already
    place = int(digits[:_HEX_DIGITS], 16) / 16**_HEX_DIGITS
    return "test" if place < _MEASURED_SHARE else "train"
