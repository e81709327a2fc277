"""Draw on a mask of labels: brush, line, filled shapes, flood fill.

A mask is uint8, (H, W): 0 is good, k is the k-th kind of defect. It is changed in place, and each function returns the
box outside of which nothing changed. Points are x, y in pixels of the picture, where pixel (0, 0)
covers 0 <= x < 1 and 0 <= y < 1; they may lie outside of the picture.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box

Mask = NDArray[np.uint8]
Point = tuple[float, float]
NOTHING: Box = (0, 0, 0, 0)
LARGEST_BRUSH_PX = 500

_FAR = 100_000.0
"""Points farther outside are drawn as if they were here, so that shifted coordinates fit in 32 bits."""
_SHIFT = 8
_WALL, _FILLED = 1, 2


def draw_line(mask: Mask, begin: Point, end: Point, diameter_px: int, value: int) -> Box:
    """Draw a line with round ends, as a brush of this diameter makes it; a point if both ends are the same.

    Args:
        mask: The mask.
        begin: Where the brush was.
        end: Where the brush is.
        diameter_px: 1 or more; 1 changes single pixels.
        value: The label; 0 erases.
    """
    first, last = _pixel(begin), _pixel(end)
    radius = max(1, diameter_px) // 2
    for place in {first, last}:
        cv2.circle(mask, place, radius, value, cv2.FILLED)
    if first != last:
        _fill_between(mask, first, last, radius, value)
    return _box_around((first, last), radius + 2, mask)


def fill_shape(mask: Mask, corners: Sequence[Point], value: int) -> Box:
    """Fill the closed shape with these corners, its edge included; a shape that crosses itself is filled even-odd.

    Args:
        mask: The mask.
        corners: At least one.
        value: The label; 0 erases.
    """
    points = [_pixel(corner) for corner in corners]
    cv2.fillPoly(mask, [np.array(points, np.int32)], value)
    return _box_around(points, 1, mask)


def flood_fill(mask: Mask, picture: Image, at: Point, tolerance: int, value: int) -> Box:
    """Fill the area around a point: on a drawn place the whole connected place, else what looks alike on the picture.

    The fill stops at drawn places, so a thin outline that was drawn holds it.

    Args:
        mask: The mask.
        picture: uint8, (H, W) grey or (H, W, 3) RGB, of the mask's size.
        at: A point; nothing happens outside of the picture.
        tolerance: Largest difference to the brightness at the point, of each colour, 0..255.
        value: The label; 0 erases.
    """
    x, y = _pixel(at)
    height, width = mask.shape
    if not (0 <= x < width and 0 <= y < height):
        return NOTHING
    seed = int(mask[y, x])
    around = np.full((height + 2, width + 2), _WALL, np.uint8)
    inner = around[1:-1, 1:-1]
    np.not_equal(mask, seed, out=inner.view(np.bool_))
    like, allowed = (mask, 0) if seed else (np.ascontiguousarray(picture), tolerance)
    flags = 8 | _FILLED << 8 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    *_, box = cv2.floodFill(like, around, (x, y), 0, (allowed,) * 3, (allowed,) * 3, flags)
    left, upper, wide, high = (int(each) for each in box)
    part = (slice(upper, upper + high), slice(left, left + wide))
    mask[part][inner[part] == _FILLED] = value
    return left, upper, wide, high


def joined(one: Box, other: Box) -> Box:
    """Return the smallest box around both; a box without area counts for nothing."""
    if not (one[2] and one[3]):
        return other
    if not (other[2] and other[3]):
        return one
    x, y = min(one[0], other[0]), min(one[1], other[1])
    right, lower = max(one[0] + one[2], other[0] + other[2]), max(one[1] + one[3], other[1] + other[3])
    return x, y, right - x, lower - y


def _fill_between(mask: Mask, first: tuple[int, int], last: tuple[int, int], radius: int, value: int) -> None:
    """Fill the band between two round ends. OpenCV's own thick line of 11 pixels is 13 wide."""
    along = np.array(last, np.float64) - first
    across = np.array((-along[1], along[0])) * radius / np.hypot(*along)
    corners = np.array([first + across, last + across, last - across, first - across])
    cv2.fillConvexPoly(mask, np.round(corners * (1 << _SHIFT)).astype(np.int32), value, cv2.LINE_8, _SHIFT)


def _pixel(point: Point) -> tuple[int, int]:
    x, y = (int(np.floor(min(_FAR, max(-_FAR, value)))) for value in point)
    return x, y


def _box_around(points: Sequence[tuple[int, int]], margin: int, mask: Mask) -> Box:
    height, width = mask.shape
    across, down = zip(*points, strict=True)
    left, upper = max(0, min(across) - margin), max(0, min(down) - margin)
    right, lower = min(width, max(across) + margin + 1), min(height, max(down) + margin + 1)
    return (left, upper, right - left, lower - upper) if right > left and lower > upper else NOTHING
