"""Draw a crack: a thin dark line that wanders, for networks that learn what a defect may look like."""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

_LENGTHS = 0.08, 1.1
"""Of a crack, shares of the picture's shorter side: from a short one at the edge to one through all of it."""
_PIECES, _BEND = 24, 0.12
"""A crack is a chain of straight pieces, each turned against the last by so much, radians (standard deviation)."""
_THICK, _SOFT_PX, _DEPTHS = 0.3, (0.4, 0.9), (0.2, 0.7)
"""Share of pieces of 2 pixels, the others have 1; blur of its edges; share of light that it takes away."""
_SUBPIXEL_BITS = 4
_COVERED = 0.3


def cracked(
    picture: NDArray[np.uint8], part: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return a copy with a thin dark line that wanders, and True on the line.

    Args:
        picture: (h, w, 3) uint8.
        part: True where the part is, (h, w), not empty; nothing is drawn outside it.
        rng: Where chance comes from.
    """
    cover = _line(part, rng)
    darker = picture * (1 - cover[..., None] * np.float32(rng.uniform(*_DEPTHS)))
    return np.clip(np.round(darker), 0, 255).astype(np.uint8), cover > _COVERED


def _line(part: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return how much of each pixel of the part a wandering line covers, 0 to 1."""
    least, most = (np.log(share * min(part.shape)) for share in _LENGTHS)
    step = np.exp(rng.uniform(least, most)) / _PIECES
    angles = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, _BEND, _PIECES))
    points = np.cumsum(np.stack([np.cos(angles), np.sin(angles)], 1) * step, 0)
    row, column = divmod(int(rng.choice(np.flatnonzero(part))), part.shape[1])
    points += np.array([column, row]) - points[_PIECES // 2]
    drawn = np.zeros(part.shape, np.uint8)
    fixed = np.round(points * (1 << _SUBPIXEL_BITS)).astype(int).tolist()
    for begin, end in pairwise(fixed):
        thickness = 2 if rng.random() < _THICK else 1
        cv2.line(drawn, begin, end, 255, thickness, cv2.LINE_AA, _SUBPIXEL_BITS)
    soft = cv2.GaussianBlur(drawn, (0, 0), rng.uniform(*_SOFT_PX)).astype(np.float32)
    return np.asarray(soft / max(float(soft.max()), 1.0) * part, np.float32)
