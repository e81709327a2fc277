"""A judged picture with the little that is needed to count its pixels, as often as is necessary.

That is its map as the model made it, which is small, and its packed masks: the memory does not grow with the pixels.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.geometry import Box
from station.learning.figures.curves import MARKED, NORMAL, REGIONS, ROWS, SATURATED, Counts
from station.learning.figures.marks import Marks, region_weights, saturated_pixels
from station.learning.figures.resampling import CoarseCount
from station.learning.figures.score_bins import PLACES, Bins, Keys, keys_of, places_of
from station.vision.overlay import full_size_map

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class CountedPicture:
    """One picture.

    Attributes:
        anomaly_map: Normalised scores, 0..1, as the model made them, (gh, gw) float32.
        roi: x, y, width, height that the map covers, pixels of the picture; the score outside is 0.
        size: Height and width of the picture.
        marks: What marks its defects; None for a good part.
        coarse: Its pixels, counted by coarse places.
    """

    anomaly_map: Scores
    roi: Box
    size: tuple[int, int]
    marks: Marks | None
    coarse: CoarseCount

    @classmethod
    def of(
        cls, anomaly_map: Scores, roi: Box, size: tuple[int, int], marks: Marks | None
    ) -> tuple["CountedPicture", Scores]:
        """Return the picture, counted coarsely, and its scores at its own size, (H, W) float32."""
        scores = full_size_map(anomaly_map, roi, size)
        counts = np.zeros((ROWS, PLACES))
        _count(scores, marks, places_of, counts)
        return cls(anomaly_map, roi, size, marks, CoarseCount.of(counts)), scores

    def scores(self) -> Scores:
        """Return the scores of all its pixels, (H, W) float32."""
        return full_size_map(self.anomaly_map, self.roi, self.size)


def counted(pictures: Iterable[CountedPicture], bins: Bins) -> Counts:
    """Return the counts of all these pictures together, (4, bins)."""
    counts = np.zeros((ROWS, bins.count))
    for picture in pictures:
        _count(picture.scores(), picture.marks, bins.of, counts)
    return counts


def _count(scores: Scores, marks: Marks | None, bin_of: Callable[[Keys], NDArray[np.integer]], counts: Counts) -> None:
    """Add the pixels of one picture, (H, W), to the rows of `counts`."""
    if marks is None:
        np.add.at(counts[NORMAL], bin_of(keys_of(scores)).ravel(), 1.0)
        return
    marked = marks.union.marked()
    bins = bin_of(keys_of(scores))
    np.add.at(counts[NORMAL], bins[~marked], 1.0)
    np.add.at(counts[MARKED], bins[marked], 1.0)
    np.add.at(counts[REGIONS], bins[marked], region_weights(marked))
    for highest, weight in saturated_pixels(marks.saturated, scores):
        np.add.at(counts[SATURATED], bin_of(keys_of(highest)), weight)
