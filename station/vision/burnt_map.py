"""A small picture with its anomaly map burnt in, and a white line around the labelled defect: for lists and paper."""

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.part_images import ViewResult, level_within
from station.vision.overlay import heat_rgba

_WHITE = (255, 255, 255)


def with_burnt_map(result: ViewResult, mask: NDArray[np.bool_] | None, side_px: int) -> NDArray[np.uint8]:
    """Return a judged picture, uint8 (h, w, 3) RGB, with its longer side at most `side_px` if a level is so small.

    Args:
        result: The judged view, with its picture.
        mask: Where the defect is, bool (H, W) of the whole picture; None if that is not known.
        side_px: Pixels of the longer side.
    """
    image = level_within(result.levels, side_px)
    assert image is not None, "a judged picture has levels"
    shown = (cv2.cvtColor(image, cv2.COLOR_GRAY2RGB) if image.ndim == 2 else image).astype(np.float32)
    if result.judged_map is not None:
        _add_heat(shown, result, result.judged_map)
    small = np.ascontiguousarray(shown.round().astype(np.uint8))
    if mask is not None:
        marked = cv2.resize(mask.astype(np.uint8), (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)
        lines, _ = cv2.findContours(marked, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(small, lines, -1, _WHITE, 1)
    return small


def _add_heat(shown: NDArray[np.float32], result: ViewResult, anomaly_map: NDArray[np.float32]) -> None:
    scale = shown.shape[1] / result.inspection.width
    x, y, width, height = (round(side * scale) for side in result.roi)
    heat = cv2.resize(heat_rgba(anomaly_map, result.pixel_threshold), (max(1, width), max(1, height)))
    place = shown[y : y + height, x : x + width]
    seen = heat[: place.shape[0], : place.shape[1]].astype(np.float32)
    place *= 1 - seen[..., 3:] / 255
    place += seen[..., :3]
