"""Undo and redo of what was drawn on a mask: one step a stroke, in bounded memory."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.geometry import Box
from station.vision.mask_editing import NOTHING, Mask

MOST_BYTES = 64_000_000
_LEAST_RUN = 8
"""Shorter runs of equal pixels than this on average are kept as pixels: they take less room and less time."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What one stroke changed: former pixels XOR new pixels, so that the same step leads back and forth.

    Attributes:
        state: The number of the mask that it leads to.
        box: Where; nothing else changed.
        ends: Behind which pixel of the box, row by row, each run of equal values ends, uint32; None if `values` holds
            every pixel.
        values: The value of each run, or of each pixel, uint8.
    """

    state: int
    box: Box
    ends: NDArray[np.uint32] | None
    values: NDArray[np.uint8]

    @classmethod
    def of(cls, state: int, box: Box, difference: NDArray[np.uint8]) -> "Change":
        """Return the change to the mask of this number for the difference within a box, (h, w) uint8."""
        flat = difference.ravel()
        ends = np.flatnonzero(flat[1:] != flat[:-1]).astype(np.uint32) + np.uint32(1)
        if len(ends) * _LEAST_RUN > len(flat):
            return cls(state, box, None, flat.copy())
        return cls(state, box, np.append(ends, np.uint32(len(flat))), np.append(flat[:1], flat[ends]))

    @property
    def size_bytes(self) -> int:
        """Return the memory that it takes."""
        return self.values.nbytes + (0 if self.ends is None else self.ends.nbytes)

    def apply(self, mask: Mask) -> None:
        """Change the mask, or change it back."""
        flat = self.values if self.ends is None else np.repeat(self.values, np.diff(self.ends, prepend=np.uint32(0)))
        part = _part(mask, self.box)
        part ^= flat.reshape(part.shape)


class MaskHistory:
    """Remembers what was changed on one mask, which others change in place between two steps.

    It keeps a copy of the mask as of the last step, so that drawing itself costs nothing.

    Attributes:
        mask: The mask, uint8 (H, W).
    """

    def __init__(self, mask: Mask, most_bytes: int = MOST_BYTES) -> None:
        """Begin with this mask; the oldest steps are forgotten if all together take more than `most_bytes`."""
        self.mask = mask
        self._before = mask.copy()
        self._most_bytes = most_bytes
        self._done: deque[Change] = deque()
        self._undone: list[Change] = []
        self._first = self._newest = 0

    @property
    def state(self) -> int:
        """Return the number of the mask as of the last step: 0 at first, a new one a stroke; undo leads back to it."""
        return self._done[-1].state if self._done else self._first

    @property
    def can_undo(self) -> bool:
        """Return whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Return whether a step was taken back, and nothing was drawn since."""
        return bool(self._undone)

    def end_step(self, box: Box) -> bool:
        """Remember what changed since the last step; return whether anything did.

        Args:
            box: Outside of it nothing changed.
        """
        difference = _part(self.mask, box) ^ _part(self._before, box)
        tight = _changed(difference, box)
        if tight == NOTHING:
            return False
        inner = difference[tight[1] - box[1] :, tight[0] - box[0] :][: tight[3], : tight[2]]
        self._newest += 1
        self._done.append(Change.of(self._newest, tight, inner))
        self._undone.clear()
        _part(self._before, tight)[:] = _part(self.mask, tight)
        self._forget_oldest()
        return True

    def restore(self, box: Box) -> Box:
        """Put the pixels of the last step back into a box; what was drawn since is forgotten. Return the box."""
        _part(self.mask, box)[:] = _part(self._before, box)
        return box

    def undo(self) -> Box:
        """Take the last step back; return the box that changed, without area if there is no step."""
        return self._move(self._done, self._undone)

    def redo(self) -> Box:
        """Do again what was taken back last; return the box that changed, without area if there is none."""
        return self._move(self._undone, self._done)

    def _move(self, source: "deque[Change] | list[Change]", target: "deque[Change] | list[Change]") -> Box:
        if not source:
            return NOTHING
        change = source.pop()
        change.apply(self.mask)
        _part(self._before, change.box)[:] = _part(self.mask, change.box)
        target.append(change)
        return change.box

    def _forget_oldest(self) -> None:
        kept = sum(change.size_bytes for change in self._done)
        while kept > self._most_bytes and len(self._done) > 1:
            forgotten = self._done.popleft()
            self._first = forgotten.state
            kept -= forgotten.size_bytes


def changed_box(one: Mask, other: Mask) -> Box:
    """Return the smallest box outside of which two masks of one size are equal; without area if they are equal."""
    height, width = one.shape
    return _changed(one ^ other, (0, 0, width, height))


def _part(mask: Mask, box: Box) -> Mask:
    x, y, width, height = box
    return mask[y : y + height, x : x + width]


def _changed(difference: NDArray[np.uint8], box: Box) -> Box:
    rows = np.flatnonzero(difference.any(1))
    if not len(rows):
        return NOTHING
    columns = np.flatnonzero(difference[rows[0] : rows[-1] + 1].any(0))
    x, y = box[0] + int(columns[0]), box[1] + int(rows[0])
    return x, y, int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1
