"""Put the anomaly map on a finer grid: smooth enough for outlines and areas, small enough to be quick.

The model's own grid is coarse, often 32 x 32; the picture has millions of pixels. Outlines, areas and colours are made
on a grid between the two and only then stretched over the picture.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.geometry import Box

_LARGEST_SIDE = 128


def refined(anomaly_map: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the map interpolated to at most 128 cells a side; unchanged if it has more.

    The factor is odd. So the centre of each model cell is a cell of the result, and has exactly the same value:
    no area above a limit is lost, and none is added. Example: (32, 32) with factor 3 gives (96, 96); cell (0, 0) of the
    model is cell (1, 1) of the result.
    """
    factor = max(1, (_LARGEST_SIDE // max(anomaly_map.shape) - 1) // 2 * 2 + 1)
    height, width = anomaly_map.shape
    fine = cv2.resize(anomaly_map, (factor * width, factor * height), interpolation=cv2.INTER_LINEAR)
    at_cells(fine, anomaly_map.shape)[:] = anomaly_map
    # Interpolation rounds: it may lift a place above its highest neighbour by the last bit.
    return np.asarray(np.minimum(fine, anomaly_map.max()), np.float32)


def refined_judged(anomaly_map: NDArray[np.float32], ignored: NDArray[np.bool_] | None) -> NDArray[np.float32]:
    """Return the refined map of the cells that are judged, 0 in the others; it depends on no score of theirs.

    Places between two cells are interpolated. With 0 in an ignored cell, a mark next to it would have a smaller area,
    and could fall below the least area that counts. So an ignored cell has its highest judged neighbour meanwhile.

    Args:
        anomaly_map: (h, w) float32.
        ignored: Cells that are not judged, (h, w) bool; None to judge all.
    """
    if ignored is None:
        return refined(anomaly_map)
    judged = np.where(ignored, np.float32(0), anomaly_map)
    fine = refined(np.where(ignored, cv2.dilate(judged, np.ones((3, 3), np.uint8)), judged))
    factor = fine.shape[0] // ignored.shape[0]
    fine[ignored.repeat(factor, 0).repeat(factor, 1)] = 0
    return fine


def at_cells(fine: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return a numpy view of the cells of a refined grid that are the centres of the model's cells.

    Args:
        fine: The refined grid.
        shape: Rows and columns of the model's own grid.
    """
    factor = fine.shape[0] // shape[0]
    return fine[factor // 2 :: factor, factor // 2 :: factor]


def to_picture(points: NDArray[np.float64], grid: tuple[int, int], roi: Box) -> NDArray[np.float64]:
    """Return points of the picture, (n, 2), for points of a grid.

    Args:
        points: x, y in cells from the grid's upper left corner, shape (n, 2).
        grid: Rows and columns of the grid.
        roi: x, y, width, height that the grid covers, pixels of the original picture.
    """
    x, y, width, height = roi
    return points * (width / grid[1], height / grid[0]) + (x, y)
