"""The parts of a shift, counted and put in order once, because a shift may have ten thousand that did not pass."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property

from station.domain.inspection import PartKey
from station.domain.shift_review import Agreement, PartHistory, agreement_of


class Filter(StrEnum):
    """Which parts are in the queue; the value is what people read."""

    OPEN = "Not reviewed"
    ALL = "All parts"


class Queue:
    """Parts that are gone through one after another."""

    def __init__(self, keys: Iterable[PartKey] = ()) -> None:
        self.keys = tuple(keys)
        self._places = {key: place for place, key in enumerate(self.keys)}

    def place(self, key: PartKey | None) -> int | None:
        """Return the place of a part, from 0; None if it is not among them."""
        return None if key is None else self._places.get(key)

    def step(self, current: PartKey | None, by: int) -> PartKey | None:
        """Return the part that is `by` steps further; None if there is none.

        A part that has left the queue is in its order still: then the next one is the first part after it.
        """
        place = self.place(current)
        if current is None:
            target = 0
        elif place is not None:
            target = place + by
        else:
            target = bisect_right(self.keys, current) + by - 1 if by > 0 else bisect_left(self.keys, current) + by
        return self.keys[target] if 0 <= target < len(self.keys) else None


class ShiftParts:
    """What was read of a shift. Never changed; a new word makes new ones."""

    def __init__(self, parts: Iterable[PartHistory] = ()) -> None:
        self._parts = {each.key: each for each in parts}

    def find(self, key: PartKey | None) -> PartHistory | None:
        """Return a part; None if it is not among them."""
        return None if key is None else self._parts.get(key)

    def with_part(self, part: PartHistory) -> "ShiftParts":
        """Return the same with another history of one part, counted."""
        return ShiftParts((self._parts | {part.key: part}).values()).counted()

    def counted(self) -> "ShiftParts":
        """Count and order everything now: off the GUI thread."""
        _ = self.agreement, self._queues
        return self

    @cached_property
    def agreement(self) -> Agreement:
        """Return how far people and station agree."""
        return agreement_of(self._parts.values())

    def queue(self, chosen: Filter) -> Queue:
        """Return the parts of a filter, in their order."""
        return self._queues[chosen]

    @cached_property
    def _queues(self) -> dict[Filter, Queue]:
        wanted = [each for each in self._parts.values() if each.wants_review and each.ended_good is not None]
        wanted.sort(key=lambda each: each.key)
        still_open = (each.key for each in wanted if each.is_open)
        return {Filter.ALL: Queue(each.key for each in wanted), Filter.OPEN: Queue(still_open)}
