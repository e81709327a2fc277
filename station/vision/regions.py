"""Find the anomalous regions of a picture, and say in words where they are."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.domain.frame import NotInspectedCause
from station.domain.geometry import Box, Region
from station.domain.inspection import UNLIKE
from station.domain.verdict import Limits, Prediction, Verdict, anomalous, only_whole_exceeds
from station.vision.map_upsampling import at_cells, refined_judged, to_picture

WHOLE_PART = "the whole part looks different"

_PLACES = (
    ("upper left", "top", "upper right"),
    ("left", "centre", "right"),
    ("lower left", "bottom", "lower right"),
)


def find_regions(
    anomaly_map: NDArray[np.float32],
    roi: Box,
    picture_size: tuple[int, int],
    pixel_threshold: float,
    ignored: NDArray[np.bool_] | None = None,
) -> tuple[Region, ...]:
    """Return the connected areas above the limit, largest score first.

    Args:
        anomaly_map: Normalised scores, (h, w) float32.
        roi: x, y, width, height that the map covers, pixels of the original picture.
        picture_size: Height and width of the original picture; boxes are rounded outwards and cut to it.
        pixel_threshold: A cell strictly above it belongs to a region.
        ignored: Cells that belong to no region, (h, w) bool. The regions depend on no score of theirs.
    """
    if ignored is not None:
        anomaly_map = np.where(ignored, np.float32(0), anomaly_map)
    if not anomalous(anomaly_map, pixel_threshold).any():
        return ()
    fine = refined_judged(anomaly_map, ignored)
    mask = anomalous(fine, pixel_threshold)
    # 16-bit labels are three times as fast; a map of 500 x 500, the largest, has at most 62,500 separate places.
    _, labels, stats, centres = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8, ltype=cv2.CV_16U)
    # Interpolated places are never higher than the cells around them: the cells alone know each region's score.
    scores = np.zeros(len(stats), np.float32)
    np.maximum.at(scores, at_cells(labels, anomaly_map.shape).ravel(), anomaly_map.ravel())
    found = anomalous(scores, pixel_threshold)
    return _regions(stats[found], centres[found], scores[found], fine.shape, roi, picture_size)


def label_regions(mask: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Number the connected regions of a mask, (H, W) bool; pixels that touch at a corner are connected.

    Returns:
        The number of each pixel's region, (H, W) int32, 0 outside of all regions; and the area of each number in
        pixels, (n + 1,) int32, for n regions. For example the mask [1, 0, 1, 1] gives [1, 0, 2, 2] and [1, 1, 2].
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return labels, stats[:, cv2.CC_STAT_AREA]


def place_in_words(across: float, down: float) -> str:
    """Return one of nine places: "upper left", "centre" ...

    Args:
        across: 0 at the left edge, 1 at the right one.
        down: 0 at the upper edge, 1 at the lower one.
    """
    return _PLACES[_third(down)][_third(across)]


def reason(verdict: Verdict, regions: Sequence[Region], prediction: Prediction, limits: Limits) -> str:
    """Return the reason of a verdict in one sentence for an operator: "mark 412 px2, upper left".

    Args:
        verdict: The verdict.
        regions: The anomalous areas, largest score first.
        prediction: The output of the model.
        limits: The limits of the recipe.
    """
    counting = [region for region in regions if region.area_px >= limits.min_area_px]
    if verdict is Verdict.NOT_INSPECTED:
        return NotInspectedCause.MODEL_FAILED.sentence
    if verdict is Verdict.PASS:
        return _reason_to_pass(regions, counting, limits)
    if counting:
        return _marks(counting)
    if only_whole_exceeds(prediction, limits):
        return WHOLE_PART
    return f"no single mark, unusual overall, most at the {_peak(prediction.anomaly_map)}"


def marked_share(regions: Sequence[Region], roi: Box) -> float:
    """Return the share of the inspected area that is marked, 0..1.

    Args:
        regions: The anomalous areas, in pixels of the original picture.
        roi: The inspected area, in the same pixels.
    """
    inspected = roi[2] * roi[3]
    return min(1.0, sum(region.area_px for region in regions) / inspected) if inspected else 0.0


def unlike_reason(share: float, product: str) -> str:
    """Return the reason of a part of which more than half is marked: no defect looks like that.

    Args:
        share: The marked share of the picture, 0..1.
        product: The product that was expected; "" if it is not known.
    """
    question = "is the right product chosen, has the camera moved?"
    return f"{UNLIKE} {product or 'the product'}: {question} {100 * share:.0f} % of the picture is marked"


def _regions(
    stats: NDArray[Any],
    centres: NDArray[Any],
    scores: NDArray[np.float32],
    grid: tuple[int, int],
    roi: Box,
    picture_size: tuple[int, int],
) -> tuple[Region, ...]:
    """Convert cells of the grid to pixels of the picture; the arrays have one row for each region."""
    upper = np.floor(to_picture(stats[:, :2], grid, roi)).astype(int)
    lower = np.ceil(to_picture(stats[:, :2] + stats[:, 2:4], grid, roi)).astype(int)
    sizes = np.minimum(lower, picture_size[::-1]) - upper
    areas = stats[:, 4] * (roi[2] * roi[3] / (grid[0] * grid[1]))
    places = (centres + 0.5) / grid[::-1]
    rows = zip(upper, sizes, areas, scores, places, strict=True)
    found = (
        Region(int(x), int(y), int(w), int(h), max(1, round(float(area))), float(score), place_in_words(*place))
        for (x, y), (w, h), area, score, place in rows
    )
    return tuple(sorted(found, key=lambda region: (-region.score, -region.area_px, region.y, region.x)))


def _third(share: float) -> int:
    return min(2, int(3 * share))


def _reason_to_pass(regions: Sequence[Region], counting: Sequence[Region], limits: Limits) -> str:
    if regions and not counting:
        return f"only marks below {limits.min_area_px} px2"
    return "slight marks, all within the limit" if regions else "no marks"


def _marks(regions: Sequence[Region]) -> str:
    worst = f"mark {regions[0].area_px} px2, {regions[0].place}"
    return worst if len(regions) == 1 else f"{worst}, and {len(regions) - 1} more"


def _peak(anomaly_map: NDArray[np.float32]) -> str:
    row, column = np.unravel_index(anomaly_map.argmax(), anomaly_map.shape)
    return place_in_words((column + 0.5) / anomaly_map.shape[1], (row + 0.5) / anomaly_map.shape[0])
