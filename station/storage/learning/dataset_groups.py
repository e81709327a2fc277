"""Groups of pictures that must not be divided between learning and measuring, and the split of each group.

A group is everything that is linked. It is named after its oldest picture, and its split follows from that name alone,
so a picture that comes later changes the split of nothing. Two rules come before: what the folder said, and that a
group with a defect is to measure with, because a model learns from good parts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from station.domain.dataset import Label, SplitName
from station.domain.digest import sha256_hex

_MEASURED_SHARE = 0.2
_HEX_DIGITS = 8


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

    def note(self, rows: Sequence[Row[Any]]) -> None:
        """Learn which group each item of the working set is in; `rows` in the order in which they came."""
        names: dict[int, str] = {}
        wanted: dict[int, set[str]] = {}
        for row in rows:
            root = self._root(row.item_id)
            names.setdefault(root, _name_of(row))
            said = wanted.setdefault(root, set())
            said.add("test" if row.label == Label.DEFECT else row.wanted_split)
        self._known = {root: Group(name, _split(name, wanted[root])) for root, name in names.items()}

    def of(self, item_id: int) -> Group:
        """Return the group of an item."""
        return self._known[self._root(item_id)]

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


def _name_of(row: Row[Any]) -> str:
    """Return the name of the group of which this is the oldest picture: all views of a part have the same one."""
    return row.picture_sha256[:16] if row.run_id is None else f"run{row.run_id}-part{row.number}"


def _split(name: str, wanted: set[str]) -> SplitName:
    if "test" in wanted:
        return "test"
    if "train" in wanted:
        return "train"
    place = int(sha256_hex(name.encode())[:_HEX_DIGITS], 16) / 16**_HEX_DIGITS
    return "test" if place < _MEASURED_SHARE else "train"
