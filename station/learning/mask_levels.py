"""The grey values of a mask: labels, or a soft edge that has to be cut."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_VOID = (255, 65535)
"""Label tools write what is not decided as the highest number."""
_FEW, _SPREAD_OVER = 8, 16
_CLASSES, _HIGHEST_CLASS = 16, 63
_MOST_LABELS = 4096
_JUMPS = 0.8
_NEAR_END = 0.15
_TWO = 2
_PICTURE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The values that occur in a mask.

    Attributes:
        values: Sorted, each once, (n,) float64.
        are_labels: They number kinds or places, instead of saying how strongly a pixel is marked.
    """

    values: NDArray[np.float64]
    are_labels: bool

    @property
    def are_two(self) -> bool:
        """Return whether there are two values."""
        return len(self.values) == _TWO

    @property
    def ground(self) -> float:
        """Return the number that marks nothing: 0, or the lowest if 0 does not occur."""
        return 0.0 if 0.0 in self.values else float(self.values[0])

    @property
    def half(self) -> float:
        """Return the middle between the lowest and the highest value."""
        return float(self.values[0] + self.values[-1]) / 2


def levels_of(numbers: NDArray[Any]) -> Levels:
    """Return the values of a mask, (H, W) of any type, and whether they are labels."""
    values = _values(numbers)
    return Levels(values, len(values) <= _TWO or (_whole(values) and _are_labels(values, numbers)))


def is_mostly_between(numbers: NDArray[Any], levels: Levels) -> bool:
    """Return whether many pixels lie well between the lowest and the highest value: a picture, not a mask."""
    low, high = levels.values[0], levels.values[-1]
    margin = _NEAR_END * (high - low)
    between = (numbers > low + margin) & (numbers < high - margin)
    return float(between.mean()) > _PICTURE


def _values(numbers: NDArray[Any]) -> NDArray[np.float64]:
    if numbers.dtype in (np.uint8, np.uint16):
        return np.flatnonzero(np.bincount(numbers.ravel())).astype(np.float64)
    return np.unique(numbers).astype(np.float64)


def _whole(values: NDArray[np.float64]) -> bool:
    return bool((values == np.floor(values)).all())


def _are_labels(values: NDArray[np.float64], numbers: NDArray[Any]) -> bool:
    """Return whether whole numbers are labels.

    Examples: 0 to 3, or 0, 7, 26 (classes); 0, 127, 255 (few, far apart); 0 to 300 of separate particles. But not
    0, 1, 2, 254, 255, which is what JPEG makes of 0 and 255.
    """
    decided = values[:-1] if values[-1] in _VOID else values
    if len(decided) <= _CLASSES and decided[-1] <= _HIGHEST_CLASS:
        return True
    if len(values) <= _FEW and np.diff(values).min() >= (values[-1] - values[0]) / _SPREAD_OVER:
        return True
    return len(values) <= _MOST_LABELS and _jumps_from_ground(numbers) >= _JUMPS


def _jumps_from_ground(numbers: NDArray[Any]) -> float:
    """Return the share of neighbours with different values of which one is 0: separate places do not fade out."""
    left, right = numbers[:, :-1], numbers[:, 1:]
    changed = left != right
    at_ground = changed & ((left == 0) | (right == 0))
    return float(at_ground.sum() / max(1, changed.sum()))
