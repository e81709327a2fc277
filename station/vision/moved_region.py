"""A region that moved with its part: its pixels turned back for the model, and the model's map in the picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.geometry import Box
from station.domain.part_location import Pose
from station.vision.map_upsampling import refined_judged

_RIM = 1 / 192
"""Of the longer side: how exactly a part is found, see docs/trials/detector.md. Half a pixel of a reference."""
_WIDEST_RIM = 1 / 48
"""Of the shorter side: of a region of 2000 x 100 pixels the other would leave a tenth unseen."""
_FINER = 3
"""Odd, as in `refined`: the centre of each cell of the model is nearly that of a place."""
_MOST_PLACES = 480
_STEPS = 32


def turned_back(level: Image, halved: int, region: Box, pose: Pose) -> Image:
    """Return the region as it would look if its part lay in its usual place, at the scale of a level.

    What lies outside of the picture is continued from its outermost pixels.

    Args:
        level: A level of the picture.
        halved: How many pixels of the original picture are one of the level.
        region: x, y, width, height in the usual picture, pixels of the original.
        pose: Where the part lies.
    """
    x, y, width, height = region
    size = max(1, round(width / halved)), max(1, round(height / halved))
    matrix = pose.in_frame(region)
    steps = np.array([width / size[0], height / size[1]])
    to_level = matrix[:, :2] * steps / halved
    start = (matrix @ (x, y, 1)) / halved + to_level @ (0.5, 0.5) - 0.5  # from corners of pixels to their centres
    across, down = np.arange(size[0]), np.arange(size[1])[:, None]
    places = (_in_steps(row[0] * across + row[1] * down + first) for row, first in zip(to_level, start, strict=True))
    columns, rows = places
    return cv2.remap(level, columns, rows, interpolation=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _in_steps(places: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return places to the next 1/32 pixel: between those OpenCV interpolates alike on every processor."""
    return np.asarray(np.rint(places * _STEPS) / _STEPS, np.float32)


def box_around(box: Box, region: Box, pose: Pose, picture_size: tuple[int, int]) -> Box:
    """Return the smallest upright box around what a picture shows of a box that moved with its part, whole pixels.

    Args:
        box: x, y, width, height in the usual picture, pixels.
        region: The inspected region, round whose centre the part turned.
        pose: Where the part lies.
        picture_size: Height and width of the picture, pixels.

    Returns:
        x, y, width, height; of no width or height if it lies outside.
    """
    corners = np.clip(_corners(box, region, pose), 0, picture_size[::-1])
    left, top = np.floor(corners.min(0))
    right, bottom = np.ceil(corners.max(0))
    return int(left), int(top), int(right - left), int(bottom - top)


def leaves_picture(region: Box, pose: Pose, picture_size: tuple[int, int]) -> bool:
    """Return whether a place of a region that moved with its part lies outside of the picture: nobody saw that.

    A rim of 1/192 of the longer side is not counted, because no part is found more exactly; but never more than 1/48
    of the shorter side.

    Args:
        region: x, y, width, height in the usual picture, pixels.
        pose: Where the part lies.
        picture_size: Height and width of the picture, pixels.
    """
    height, width = picture_size
    corners, rim = _corners(region, region, pose), min(_RIM * max(region[2:]), _WIDEST_RIM * min(region[2:]))
    return bool((corners < -rim).any() or (corners > np.array((width, height)) + rim).any())


def share_outside(region: Box, pose: Pose, picture_size: tuple[int, int]) -> float:
    """Return how much of a region that moved with its part lies outside of the picture, 0 to 1: nobody saw that.

    Args:
        region: x, y, width, height in the usual picture, pixels.
        pose: Where the part lies.
        picture_size: Height and width of the picture, pixels.
    """
    down, across = picture_size
    picture = np.array([(0, 0), (across, 0), (across, down), (0, down)], np.float32)
    inside, _ = cv2.intersectConvexConvex(_corners(region, region, pose).astype(np.float32), picture)
    return max(0.0, 1 - inside / (region[2] * region[3]))


def _corners(box: Box, region: Box, pose: Pose) -> NDArray[np.float64]:
    """Return x and y of the corners of a box that moved with its part, (4, 2), one after the other."""
    x, y, width, height = box
    corners = np.array([(x, y, 1), (x + width, y, 1), (x + width, y + height, 1), (x, y + height, 1)])
    return np.asarray(corners @ pose.in_frame(region).T, np.float64)


def map_in_frame(
    anomaly_map: NDArray[np.float32],
    region: Box,
    pose: Pose,
    picture_size: tuple[int, int],
    ignored: NDArray[np.bool_] | None = None,
) -> NDArray[np.float32]:
    """Return the map of a region that was turned back as a map of the whole picture, 0 outside of the moved region.

    The value of each cell of the model is kept at the place of the cell's centre, or at the nearest one inside of the
    picture: no place above a limit is lost, and the highest value stays the highest.

    A place between them has the higher value of the interpolated map and the refined one, in which marks of unmoved
    parts are measured. In the interpolated one alone, a mark of few cells would have a smaller area.

    Args:
        anomaly_map: Normalised scores of the region, (h, w) float32; 0 in ignored cells.
        region: x, y, width, height in the usual picture, pixels.
        pose: Where the part lies.
        picture_size: Height and width of the picture, pixels.
        ignored: Cells that are not judged, (h, w) bool; None to judge all.
    """
    columns, rows = _grid(anomaly_map.shape, region, picture_size)
    place_px = picture_size[1] / columns, picture_size[0] / rows
    to_place = _to_places(anomaly_map.shape, region, pose, place_px)
    fine = refined_judged(anomaly_map, ignored)
    found = np.maximum(
        _warped(anomaly_map, to_place, (columns, rows), cv2.INTER_LINEAR),
        _warped(fine, _to_places(fine.shape, region, pose, place_px), (columns, rows), cv2.INTER_NEAREST),
    )
    inside = cv2.warpAffine(np.ones_like(anomaly_map), to_place, (columns, rows), flags=cv2.INTER_NEAREST) > 0
    found = np.where(inside, np.minimum(found, anomaly_map.max()), np.float32(0))
    down, across = np.indices(anomaly_map.shape)
    places = np.rint(to_place @ np.stack([across.ravel(), down.ravel(), np.ones(across.size)])).astype(int)
    nearest = np.clip(places[1], 0, rows - 1), np.clip(places[0], 0, columns - 1)
    kept = np.full_like(found, -np.inf)
    np.maximum.at(kept, nearest, anomaly_map.ravel())
    return np.asarray(np.where(np.isneginf(kept), found, kept), np.float32)


def _warped(
    values: NDArray[np.float32], to_place: NDArray[np.float64], size: tuple[int, int], between: int
) -> NDArray[np.float32]:
    warped = cv2.warpAffine(values, to_place, size, flags=between, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.float32)


def _grid(cells: tuple[int, ...], region: Box, picture_size: tuple[int, int]) -> tuple[int, int]:
    """Return columns and rows of a map of the whole picture, a third of a cell apart unless that were too many."""
    sides = ((region[2], cells[1], picture_size[1]), (region[3], cells[0], picture_size[0]))
    exact = [side * count / length for length, count, side in sides]
    finer = _FINER if _FINER * max(exact) <= _MOST_PLACES else 1
    columns, rows = (max(1, min(_MOST_PLACES, round(finer * each))) for each in exact)
    return columns, rows


def _to_places(cells: tuple[int, ...], region: Box, pose: Pose, place_px: tuple[float, float]) -> NDArray[np.float64]:
    """Return the matrix from the centre of a cell, column and row, to that of a place of the map of the picture."""
    x, y, width, height = region
    to_frame = pose.in_frame(region)
    turn = to_frame[:, :2] * (width / cells[1], height / cells[0]) / np.array(place_px)[:, None]
    start = to_frame @ (x, y, 1) / place_px + turn @ (0.5, 0.5) - 0.5
    return np.column_stack([turn, start])
