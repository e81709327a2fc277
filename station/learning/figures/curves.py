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
Changes = NDArray[np.float64]


def figures_of(counts: Counts) -> dict[str, float]:
    """Return the figures by name, 0..1; one without normal or without marked pixels is left out.

    Scores of one bin are taken for equal. The curve is a straight line between two scores, and to the limit.
    """
    if not counts[NORMAL].any():
        return {}
    rates = _from_top(counts[NORMAL])
    middles = (rates[:-1] + rates[1:]) / 2
    return {
        figure: _area(rates, middles, counts[row], limit)
        for figure, (row, limit) in CURVES.items()
        if counts[row].any()
    }


def _area(rates: Counts, middles: Counts, weights: Counts, limit: float) -> float:
    """Return the mean height up to `limit` of one curve.

    What rises in a bin stays up from the middle of the bin to the limit, in the mean: no height need be summed.

    Args:
        rates: False positive rates from the highest bin down, rising from 0 to 1, (bins + 1,).
        middles: Those halfway through each bin, (bins,).
        weights: What the curve rises by in each bin, the lowest bin first, (bins,).
        limit: The greatest rate that counts, above 0.
    """
    whole = int(np.searchsorted(rates, limit)) - 1  # bins that lie below the limit as a whole
    rises = weights[::-1]
    area = limit * rises[:whole].sum() - rises[:whole] @ middles[:whole]
    begin, end = rates[whole], rates[whole + 1]
    area += rises[whole] * (limit - begin) ** 2 / (2 * (end - begin))
    return float(area / (limit * weights.sum()))


def changes_if_equal(counts: Counts) -> Iterator[Changes]:
    """Yield for each figure how far it may be off because the scores of a bin were taken for equal, (bins,).

    Within a bin the curve rises inside a rectangle, and its diagonal is taken: half the rectangle is the most.
    """
    rates = np.zeros(counts.shape[1])
    np.cumsum(counts[NORMAL, :0:-1], out=rates[1:])
    above, total_normal = rates[::-1], max(counts[NORMAL].sum(), 1.0)
    for row, limit in CURVES.values():
        if total := counts[row].sum():
            counting = int(np.searchsorted(-above, -limit * total_normal))  # bins below are beyond the limit
            changes = np.zeros(above.shape)
            np.multiply(counts[NORMAL, counting:], counts[row, counting:], out=changes[counting:])
            changes *= 1 / (2 * limit * total * total_normal)
            yield changes


def _from_top(weights: Counts) -> Counts:
    """Return the share of the weight at or above each bin, from the highest bin down; starts with 0, ends with 1."""
    shares = np.zeros(len(weights) + 1)
    np.cumsum(weights[::-1], out=shares[1:])
    shares /= shares[-1]
    return shares
