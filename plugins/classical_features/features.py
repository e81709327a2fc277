"""What the trade measured before there were networks: gradients, wavelet edges and moments, window by window."""

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image

STEP_PX = 16
"""Side of a block. A window is two blocks high and wide and overlaps the next by half: no border cuts each mark."""
_DIRECTIONS = 9
_LEVELS = 3
_CLIPPED = 0.2
"""Dalal and Triggs, 2005: one strong edge must not hide the others."""
_TINY = 1e-6

Rows = NDArray[np.float64]


def grid_of(picture: Image) -> tuple[int, int]:
    """Return how many windows there are below each other, and beside each other."""
    return picture.shape[0] // STEP_PX - 1, picture.shape[1] // STEP_PX - 1


def features_of(picture: Image) -> Rows:
    """Return the features of each window, row by row, (windows, 56).

    Args:
        picture: uint8 RGB, at least 32 pixels high and wide.
    """
    height, width = (side // STEP_PX * STEP_PX for side in picture.shape[:2])
    picture = np.ascontiguousarray(picture[:height, :width])
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64)
    return np.hstack([_directions(grey), _wavelet_edges(grey), _colours(picture), _moments(grey)])


def _blocks(plane: Rows, side: int = STEP_PX) -> Rows:
    """Return the sum of each block, (rows, columns)."""
    rows, columns = plane.shape[0] // side, plane.shape[1] // side
    return np.asarray(plane[: rows * side, : columns * side].reshape(rows, side, columns, side).sum((1, 3)))


def _quarters(blocks: Rows) -> Rows:
    """Return the four blocks of each window, (rows, columns, ...) to (windows, 4, ...)."""
    four = np.stack([blocks[:-1, :-1], blocks[:-1, 1:], blocks[1:, :-1], blocks[1:, 1:]], axis=2)
    return four.reshape(-1, *four.shape[2:])


def _of_windows(blocks: Rows) -> Rows:
    """Return the sum of each window, (rows, columns) to (windows,)."""
    return np.asarray(_quarters(blocks).sum(1))


def _directions(grey: Rows) -> Rows:
    """Return histograms of oriented gradients: of each quarter 9 directions, in units of the window's own contrast.

    Our own, because OpenCV 5 has none any more, and scikit-image would be a run-time package for this one function.
    """
    down, along = np.gradient(grey)
    direction = (np.arctan2(down, along) % np.pi) * (_DIRECTIONS / np.pi)
    rows, columns = grey.shape[0] // STEP_PX, grey.shape[1] // STEP_PX
    block = np.kron(np.arange(rows * columns).reshape(rows, columns), np.ones((STEP_PX, STEP_PX), np.intp))
    place = block * _DIRECTIONS + np.minimum(direction.astype(np.intp), _DIRECTIONS - 1)
    strengths = np.bincount(place.ravel(), np.hypot(down, along).ravel(), rows * columns * _DIRECTIONS)
    of_blocks = np.asarray(strengths, np.float64).reshape(rows, columns, _DIRECTIONS)
    histograms = _quarters(of_blocks).reshape(-1, 4 * _DIRECTIONS)
    return _of_length_1(np.minimum(_of_length_1(histograms), _CLIPPED))


def _of_length_1(rows: Rows) -> Rows:
    return np.asarray(rows / np.sqrt(np.square(rows).sum(1, keepdims=True) + 1.0))


def _wavelet_edges(grey: Rows) -> Rows:
    """Return how strong the edges of each window are: Haar's wavelet, 3 levels, 3 directions, (windows, 9).

    Our own four sums, because PyWavelets would be a run-time package for them.
    """
    found, plane = [], grey
    for level in range(1, _LEVELS + 1):
        a, b, c, d = plane[0::2, 0::2], plane[0::2, 1::2], plane[1::2, 0::2], plane[1::2, 1::2]
        plane, side = (a + b + c + d) / 2, STEP_PX >> level
        for detail in (a + b - c - d, a - b + c - d, a - b - c + d):
            found.append(_of_windows(_blocks(np.abs(detail) / 2, side)) / (4 * side * side))
    return np.asarray(np.log1p(np.stack(found, axis=1)))


def _colours(picture: Image) -> Rows:
    """Return mean and deviation of each channel, (windows, 6)."""
    found, pixels = [], 4 * STEP_PX * STEP_PX
    for channel in range(3):
        plane = picture[..., channel].astype(np.float64)
        mean = _of_windows(_blocks(plane)) / pixels
        variance = _of_windows(_blocks(np.square(plane))) / pixels - np.square(mean)
        found += [mean, np.sqrt(np.maximum(variance, 0.0))]
    return np.stack(found, axis=1)


def _moments(grey: Rows) -> Rows:
    """Return where the light of each window lies, and how it spreads: centre, second moments, (windows, 5)."""
    light = grey + _TINY
    y, x = (np.arange(side) / (2 * STEP_PX) for side in grey.shape)
    down, along = y[:, None], x[None]
    total = _of_windows(_blocks(light))
    weights = (light * down, light * along, light * down**2, light * along**2, light * down * along)
    my, mx, yy, xx, xy = (_of_windows(_blocks(each)) / total for each in weights)
    rows, columns = grey.shape[0] // STEP_PX - 1, grey.shape[1] // STEP_PX - 1
    corner_y, corner_x = np.repeat(np.arange(rows) / 2, columns), np.tile(np.arange(columns) / 2, rows)
    return np.stack([my - corner_y, mx - corner_x, yy - my * my, xx - mx * mx, xy - my * mx], axis=1)
