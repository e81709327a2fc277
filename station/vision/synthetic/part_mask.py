"""Where the part is: what differs from an even background; without one, all that is inspected."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image

_WORKING_SIDE = 512
_EDGE_IS_GROUND = 0.9
"""Share of the picture's edge that must be background: a part that runs out of the picture has no outline to trust."""
_LEAST_PART, _MOST_PART = 0.03, 0.95
_INSET = 0.01
_LEAST_CONTRAST = 0.08
_USUAL, _TIMES_USUAL = 0.75, 3.0
"""What differs from the background three times as much as this share of the picture's edge does is the part."""


@dataclass(frozen=True, slots=True, eq=False)
class PartMask:
    """Where the part is.

    Attributes:
        mask: True on the part, (H, W); never empty.
        outlined: It was found before an even background; if False, it is the whole inspected place.
    """

    mask: NDArray[np.bool_]
    outlined: bool


def part_in(image: Image, inspected: NDArray[np.bool_] | None = None) -> PartMask:
    """Return where the part is in a good picture.

    The colour of the picture's edge is the background if nearly all of the edge has it. What differs from it clearly is
    the part, with its holes, and a little smaller, so that its own edge is not in doubt.

    Args:
        image: (H, W) grey or (H, W, 3) colour, uint8 or uint16.
        inspected: Where the part may be, (H, W), not empty: the region of interest without ignored places; all if None.
    """
    inspected = np.ones(image.shape[:2], np.bool_) if inspected is None else inspected
    found = _outlined(image)
    if found is not None and (part := found & inspected).any():
        return PartMask(part, outlined=True)
    return PartMask(inspected, outlined=False)


def _outlined(image: Image) -> NDArray[np.bool_] | None:
    height, width = image.shape[:2]
    shrink = max(1.0, max(height, width) / _WORKING_SIDE)
    size = max(1, round(width / shrink)), max(1, round(height / shrink))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small = small[..., None] if small.ndim == 2 else small
    ground = np.median(_edge(small), axis=0)
    away = np.abs(small - ground).max(axis=2)
    usual = float(np.quantile(_edge(away), _USUAL))
    part = _largest(away > max(_TIMES_USUAL * usual, _LEAST_CONTRAST * float(small.max())))
    if (~_edge(part)).mean() < _EDGE_IS_GROUND or not _LEAST_PART <= part.mean() <= _MOST_PART:
        return None
    inset = 2 * max(1, round(_INSET * min(size))) + 1
    inside = cv2.erode(part.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (inset, inset)))
    return np.asarray(cv2.resize(inside, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.bool_))


def _largest(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the largest connected place with its holes, which are mostly reflections; specks are left out."""
    outlines, _ = cv2.findContours(marked.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    filled = np.zeros(marked.shape, np.uint8)
    if outlines:
        cv2.drawContours(filled, [max(outlines, key=cv2.contourArea)], -1, 1, thickness=cv2.FILLED)
    return filled.astype(np.bool_)


def _edge(picture: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
