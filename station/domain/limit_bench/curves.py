"""How many pictures a limit rejects, for every limit at once; ROC and precision-recall."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, LimitBench, ScoredPictures
from station.domain.verdict import exceeds_every_place

_Floats = NDArray[np.float64]
_MOST_POINTS = 400
"""Of a drawn curve; more cannot be seen."""


@dataclass(frozen=True, slots=True, eq=False)
class RejectCurve:
    """Pictures by the limits that reject them: each one from `starts` until before `ends`.

    A picture is rejected by every limit below its score. If it has only regions below the minimum area and the whole
    part differs, it is rejected from its highest place on; without such a difference, by no limit.

    Attributes:
        n: How many pictures there are, rejected by some limit or by none.
        starts, ends: Sorted, of those that some limit rejects.
    """

    n: int
    starts: _Floats
    ends: _Floats

    def rejected(self, limits: "_Floats | float") -> NDArray[np.int64]:
        """Return how many each of the limits rejects."""
        began, over = (np.searchsorted(each, limits, side="right") for each in (self.starts, self.ends))
        return np.asarray(began - over, np.int64)


def reject_curve(pictures: ScoredPictures, which: NDArray[np.bool_], min_area_px: int) -> RejectCurve:
    """Return the curve of some of the pictures, with a minimum area of regions; 0 for none."""
    scores = pictures.scores[which]
    if min_area_px <= 0:
        return RejectCurve(len(scores), np.full(len(scores), -np.inf), np.sort(scores))
    highest, large = pictures.highest[which], pictures.largest_px[which] >= min_area_px
    counts = large | exceeds_every_place(scores, highest)
    starts = np.where(large, -np.inf, highest)
    return RejectCurve(len(scores), np.sort(starts[counts]), np.sort(scores[counts]))


@dataclass(frozen=True, slots=True, eq=False)
class LabelledCurves:
    """The curves of good parts and of defects.

    Attributes:
        good, defects: How many each limit rejects.
        stand_in: Whether parts of production that nobody called a defect are taken for good ones, because no labelled
            picture of a good part is scored.
    """

    good: RejectCurve
    defects: RejectCurve
    stand_in: bool = False

    @property
    def limits(self) -> _Floats:
        """Return every limit at which a count changes, ascending, beginning with 0: it holds until before the next."""
        changes = [
            each[np.isfinite(each)] for curve in (self.good, self.defects) for each in (curve.starts, curve.ends)
        ]
        return np.unique(np.concatenate([[0.0], *changes]))

    def roc(self) -> tuple[_Floats, _Floats]:
        """Return the shares of rejected good parts and of found defects, for limits from high to low, (m,) each."""
        limits = _thinned(self.limits[::-1])
        return self._shares(self.good, limits), self._shares(self.defects, limits)

    def precision_recall(self) -> tuple[_Floats, _Floats]:
        """Return the share of found defects, and that of defects among the rejected, for limits from high to low."""
        limits = _thinned(self.limits[::-1])
        found, wrong = self.defects.rejected(limits), self.good.rejected(limits)
        some = found + wrong > 0
        return found[some] / max(1, self.defects.n), found[some] / (found + wrong)[some]

    def at(self, limit: float) -> tuple[int, int]:
        """Return how many good parts and how many defects this limit rejects."""
        return int(self.good.rejected(limit)), int(self.defects.rejected(limit))

    @staticmethod
    def _shares(curve: RejectCurve, limits: _Floats) -> _Floats:
        return np.asarray(curve.rejected(limits) / max(1, curve.n), np.float64)


def labelled_curves(bench: LimitBench, min_area_px: int) -> LabelledCurves:
    """Return the curves of what is labelled.

    Good parts are those of the dataset version. People judge the parts of the line that were rejected and hardly any
    other, so their good ones would make every limit look bad; their defects count.
    """
    labelled, parts = bench.samples
    defects = _joined(*(reject_curve(each, each.of(DEFECT), min_area_px) for each in bench.samples))
    if labelled.of(GOOD).any():
        return LabelledCurves(reject_curve(labelled, labelled.of(GOOD), min_area_px), defects)
    stand_in = ~parts.of(DEFECT)
    return LabelledCurves(reject_curve(parts, stand_in, min_area_px), defects, stand_in=bool(stand_in.any()))


def _joined(first: RejectCurve, second: RejectCurve) -> RejectCurve:
    starts, ends = np.concatenate([first.starts, second.starts]), np.concatenate([first.ends, second.ends])
    return RejectCurve(first.n + second.n, np.sort(starts), np.sort(ends))


def _thinned(limits: _Floats) -> _Floats:
    if len(limits) <= _MOST_POINTS:
        return limits
    some = np.linspace(0, len(limits) - 1, _MOST_POINTS).round().astype(np.int64)
    return np.asarray(limits[some], np.float64)
