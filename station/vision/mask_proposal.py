"""Propose where a defect is: the anomaly map says roughly where, the picture says where its edge is."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.verdict import anomalous
from station.vision.conversion import as_grey, as_rgb
from station.vision.map_upsampling import refined

_TAIL = 1e-4
_HALF_WAY = 0.6
"""Where a defect ends on the map: this far from the usual cell to its highest one, and not below the limit."""
_FAINT_CELLS = 8
"""A defect below the limit is small: it has at most this number of cells of the model's map."""
_CORE = 0.75
_TRUST = 0.1
"""Weight of the picture's contrast: the highest place lies on 50 of 100 missed defects of tile, without it on 43."""
_UPPER = 0.84
_CELL_PX, _SIGMAS = 8, (1.0, 12.0)
_MOST_PLACES = 6
_APART_CELLS = 2
"""Nearer places, in cells of the model's map, are one."""
_MARGIN_CELLS = 2.0
_CUT_PX = 60_000
"""Pixels of all crops together that are cut in foreground and background; twice as many take twice as long."""
_ROUNDS = 2
_LEAST_SHARE, _MOST_SHARE = 0.2, 2.0
_GUESS = {True: cv2.GC_PR_FGD, False: cv2.GC_PR_BGD}


def propose_masks(
    picture: Image, anomaly_map: NDArray[np.float32], roi: Box, pixel_threshold: float
) -> Iterator[NDArray[np.bool_]]:
    """Yield where the defect probably is, (H, W) bool, the most probable first; nothing if the map is even.

    The first has all places above the limit, and each other one the next place below it. A part that passed has no
    place above the limit, but whoever asks has seen a defect: then the first has the highest place.

    Args:
        picture: uint8, (H, W) grey or (H, W, 3) RGB.
        anomaly_map: Normalised scores, (h, w) float32.
        roi: x, y, width, height that the map covers, pixels of the picture.
        pixel_threshold: The limit of the map.
    """
    x, y, width, height = roi
    inside = picture[y : y + height, x : x + width]
    found = list(places_on_map(anomaly_map, _contrast(inside, anomaly_map.shape), pixel_threshold))
    found.sort(key=lambda place: not place.above)
    above = max(1, sum(place.above for place in found))
    for together in (found[:above], *([each] for each in found[above:])):
        proposed = np.zeros(picture.shape[:2], np.bool_)
        inner = proposed[y : y + height, x : x + width]
        for place in together:
            _propose_place(inside, place, _CUT_PX // len(together), inner)
        if together:
            yield proposed


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One place on the finer map that may be a defect.

    Attributes:
        height: How high each cell of the map is, float32: 0 is usual, 0.5 where the place ends.
        cells: The cells of the place, bool.
        above: Its highest cell lies above the limit.
    """

    height: NDArray[np.float32]
    cells: NDArray[np.bool_]
    above: bool


def places_on_map(anomaly_map: NDArray[np.float32], contrast: NDArray[np.float32], limit: float) -> Iterator[Place]:
    """Yield the places that may be defects, the most probable first: the map decides, and the picture's contrast helps.

    Args:
        anomaly_map: Normalised scores, (h, w) float32.
        contrast: How much the picture differs from its surroundings in each cell, (h, w) float32, any unit.
        limit: The limit of the map.
    """
    if anomaly_map.min() == anomaly_map.max():
        return
    seen = refined((_in_spreads(_raw(anomaly_map)) + _TRUST * _in_spreads(contrast)).astype(np.float32))
    fine = refined(anomaly_map)
    few = _FAINT_CELLS * (fine.size // anomaly_map.size)
    apart = np.ones((2 * _APART_CELLS * fine.shape[0] // anomaly_map.shape[0] + 1,) * 2, np.uint8)
    usual, left = float(np.median(seen)), seen.copy()
    for _ in range(_MOST_PLACES):
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        peak = float(left[row, column])
        if peak <= usual:
            return
        above = bool(anomalous(fine[row, column], limit))
        level = usual + _HALF_WAY * (peak - usual)
        cells = _around(left, (int(row), int(column)), level, left.size if above else min(few, left.size))
        height = (0.5 * (seen - usual) / (level - usual)).astype(np.float32)
        yield Place(height, cells & anomalous(fine, limit) if above else cells, above)
        left[cv2.dilate(cells.view(np.uint8), apart).view(np.bool_)] = -np.inf


def _around(raw: NDArray[np.float32], peak: tuple[int, int], level: float, most: int) -> NDArray[np.bool_]:
    """Return the cells connected to a peak at or above a level, or only the highest of them if there are too many."""
    cells = raw >= level
    _, labels = cv2.connectedComponents(cells.view(np.uint8), connectivity=8)
    cells = np.asarray(labels == labels[peak], np.bool_)
    if cells.sum() > most:
        return _around(raw, peak, float(np.partition(raw[cells], -most)[-most]), raw.size)
    return cells


def _raw(normalised: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return scores in proportion to the model's own: a normalised score of a clear defect is near 1 everywhere."""
    clipped = np.clip(normalised.astype(np.float64), _TAIL, 1 - _TAIL)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))


def _in_spreads(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return how far values lie above the usual one, in units of what the upper ones of the usual values differ."""
    usual, upper = np.quantile(values, (0.5, _UPPER))
    return np.asarray((values - usual) / max(float(upper - usual), 1e-6))


def _contrast(picture: Image, grid: tuple[int, ...]) -> NDArray[np.float32]:
    """Return for each cell the largest difference of a spot in it to its surroundings, grey levels."""
    size = grid[1] * _CELL_PX, grid[0] * _CELL_PX
    small = as_grey(cv2.resize(picture, size, interpolation=cv2.INTER_AREA)).astype(np.float32)
    spot, around = (cv2.GaussianBlur(small, (0, 0), sigma) for sigma in _SIGMAS)
    difference = np.abs(spot - around)
    return np.asarray(difference.reshape(grid[0], _CELL_PX, grid[1], _CELL_PX).max((1, 3)), np.float32)


def _propose_place(picture: Image, place: Place, cut_px: int, proposed: NDArray[np.bool_]) -> None:
    """Mark one defect, whose cells cover the picture."""
    box = _crop(place.cells, picture.shape[:2])
    x, y, wide, high = box
    scale = min(1.0, (cut_px / (wide * high)) ** 0.5)
    size = max(2, round(wide * scale)), max(2, round(high * scale))
    crop = cv2.resize(picture[y : y + high, x : x + wide], size, interpolation=cv2.INTER_AREA)
    level = _cut_from(place.height, picture.shape[:2], box, size)
    rough = _cut_from(place.cells.astype(np.float32), picture.shape[:2], box, size) > 0.5
    exact = _refined(crop, level, rough)
    whole = cv2.resize(exact.astype(np.float32), (wide, high), interpolation=cv2.INTER_LINEAR)
    proposed[y : y + high, x : x + wide] |= whole > 0.5


def _crop(place: NDArray[np.bool_], size: tuple[int, int]) -> Box:
    rows, columns = np.flatnonzero(place.any(1)), np.flatnonzero(place.any(0))
    grid = place.shape
    margin = _MARGIN_CELLS + 0.5 * (len(rows) + len(columns)) / 2
    upper = max(0, int((rows[0] - margin) * size[0] / grid[0]))
    left = max(0, int((columns[0] - margin) * size[1] / grid[1]))
    lower = min(size[0], int(np.ceil((rows[-1] + 1 + margin) * size[0] / grid[0])))
    right = min(size[1], int(np.ceil((columns[-1] + 1 + margin) * size[1] / grid[1])))
    return left, upper, right - left, lower - upper


def _cut_from(
    grid: NDArray[np.float32], size: tuple[int, int], box: Box, wanted: tuple[int, int]
) -> NDArray[np.float32]:
    """Return a box of the grid, which covers `size` pixels, interpolated to `wanted` width and height."""
    x, y, wide, high = box
    across, down = grid.shape[1] / size[1], grid.shape[0] / size[0]
    to_grid = np.array(
        [
            [across * wide / wanted[0], 0, across * (x + 0.5 * wide / wanted[0]) - 0.5],
            [0, down * high / wanted[1], down * (y + 0.5 * high / wanted[1]) - 0.5],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(grid, to_grid, wanted, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _refined(crop: Image, level: NDArray[np.float32], rough: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the rough place with the edges of the picture, or as it is if the picture has none there."""
    labels = np.where(rough, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[level < 0.3] = cv2.GC_BGD
    labels[rough & (level > _CORE)] = cv2.GC_FGD
    defect = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))
    if defect.all() or not defect.any():
        return rough
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.ascontiguousarray(as_rgb(crop)), labels, (0, 0, 0, 0), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    exact = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))
    share = exact.sum() / rough.sum()
    return exact if _LEAST_SHARE <= share <= _MOST_SHARE else rough
