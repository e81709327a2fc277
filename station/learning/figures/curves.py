"""Areas under curves of counted scores: pixel AUROC, AUPRO, sPRO; and how far counting in bins may have moved them.

Counts are one array, (4, bins), the lowest scores first; its rows hold what the pixels of each bin weigh:

    NORMAL     1 for each pixel without a mark
    MARKED     1 for each pixel of a defect
    REGIONS    1 / area of its region for each pixel of a defect, so that every region weighs 1
    SATURATED  the same for the highest pixels of each mask, as many as are enough, so that every mask weighs 1
"""

from collections.abc import Iterator
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

NORMAL, MARKED, REGIONS, SATURATED = range(4)
ROWS = 4
CURVES = MappingProxyType(
    {
        "pixel_auroc": (MARKED, 1.0),
        "aupro": (REGIONS, 0.3),
        "aupro_5": (REGIONS, 0.05),
        "spro": (SATURATED, 0.05),
    }
)
"""Each figure: which row is counted upwards, and up to which false positive rate."""

Counts = NDArray[np.float64]


def figures_of(counts: Counts) -> dict[str, float]:
    """Return the figures by name, 0..1; one without normal or without marked pixels is left out.

    Scores of one bin are taken for equal. The curve is a straight line between two scores, and to the limit.
    """
    if not counts[NORMAL].any():
        return {}
    rates = _from_top(counts[NORMAL])
    return {figure: _area(rates, counts[row], limit) for figure, (row, limit) in CURVES.items() if counts[row].any()}


def _area(rates: Counts, weights: Counts, limit: float) -> float:
    """Return the mean height up to `limit` of one curve, which is not followed any further."""
    points = min(len(rates), int(np.searchsorted(rates, limit)) + 1)
    heights = np.zeros(points)
    np.cumsum(weights[::-1][: points - 1], out=heights[1:])
    return float(areas(rates[:points], heights / weights.sum(), limit))


def areas(rates: NDArray[np.float64], overlaps: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """Return the mean height of curves up to `limit`, (...).

    Args:
        rates: False positive rates, rising from 0 to 1, (..., points).
        overlaps: The heights, rising from 0, (..., points).
        limit: The greatest rate that counts, above 0.
    """
    widths = np.diff(np.minimum(rates, limit))
    steps = np.diff(rates)
    # If the limit cuts a step, the line has risen by the share of the step that lies below the limit.
    shares = np.divide(widths, steps, out=np.ones_like(steps), where=steps > 0)
    heights = overlaps[..., :-1] + shares * np.diff(overlaps) / 2
    return np.asarray((widths * heights).sum(axis=-1) / limit)


def changes_if_equal(counts: Counts) -> Iterator[Counts]:
    """Yield for each figure how far it may be off because the scores of a bin were taken for equal, (bins,).

    Within a bin the curve rises inside a rectangle, and its diagonal is taken: half the rectangle is the most.
    """
    normal = counts[NORMAL] / max(counts[NORMAL].sum(), 1.0)
    above = 1 - np.cumsum(normal)
    for row, limit in CURVES.values():
        if total := counts[row].sum():
            yield np.where(above <= limit, normal * counts[row] / (2 * limit * total), 0.0)


def _from_top(weights: Counts) -> Counts:
    """Return the share of the weight at or above each bin, from the highest bin down; starts with 0, ends with 1."""
    shares = np.zeros(len(weights) + 1)
    np.cumsum(weights[::-1], out=shares[1:])
    shares /= shares[-1]
    return shares
