"""Counts judged pictures: verdicts, escapes, overkill, image AUROC and F1, together and for each kind of defect."""

from collections import Counter, defaultdict
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from station.domain.rates import Rate
from station.domain.verdict import Verdict
from station.learning.figures.estimate import Estimate, auroc_interval
from station.learning.labels import GOOD
from station.learning.metrics import BestF1, auroc, best_f1, f1

_DRAWS = 10_000
_ENDS = (2.5, 97.5)


class ImageCount:
    """Counts pictures by kind; every figure is of all good parts and the defects of the given kinds."""

    def __init__(self) -> None:
        self._scores: defaultdict[str, list[float]] = defaultdict(list)
        self._verdicts: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)

    def add(self, kind: str, raw_score: float, verdict: Verdict) -> None:
        """Count one picture."""
        self._scores[kind].append(raw_score)
        self._verdicts[kind][verdict] += 1

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of defect, sorted."""
        return sorted(set(self._scores) - {GOOD})

    @property
    def confusion(self) -> dict[str, dict[str, int]]:
        """Return for each kind of part how many got each verdict."""
        return {kind: {str(v): n for v, n in sorted(seen.items())} for kind, seen in self._verdicts.items() if seen}

    @property
    def overkill(self) -> Rate:
        """Return how many good parts failed."""
        return Rate(self._judged([GOOD], Verdict.FAIL), len(self._scores[GOOD]))

    def escapes(self, kinds: Collection[str]) -> Rate:
        """Return how many defects passed."""
        return Rate(self._judged(kinds, Verdict.PASS), len(self._defects(kinds)))

    def auroc(self, kinds: Collection[str]) -> Estimate | None:
        """Return the image AUROC with its interval; None without good parts or without defects."""
        good, defects = np.array(self._scores[GOOD]), self._defects(kinds)
        value = auroc(good, defects)
        return None if value is None else Estimate(value, *auroc_interval(value, len(good), len(defects)))

    def best_f1(self, kinds: Collection[str]) -> BestF1 | None:
        """Return the best F1 of any limit; None without defects."""
        return best_f1(np.array(self._scores[GOOD]), self._defects(kinds))

    def f1(self, kinds: Collection[str]) -> Estimate | None:
        """Return the F1 at the recipe's limit; None without defects.

        The interval comes from drawing the pictures of each kind again, with repeats.
        """
        value = f1(*self._found_wrong_missed(kinds))
        if value is None or not len(self._defects(kinds)):
            return None
        rng = np.random.default_rng(0)
        wrong = _redrawn(self.overkill, rng)
        rejected = [Rate(self._judged([kind], Verdict.FAIL), len(self._scores[kind])) for kind in kinds]
        found = np.sum([_redrawn(rate, rng) for rate in rejected], axis=0)
        missed = sum(rate.n for rate in rejected) - found
        low, high = np.percentile(2 * found / (2 * found + wrong + missed), _ENDS)
        return Estimate(value, min(float(low), value), max(float(high), value)) if low < high else Estimate(value)

    def _found_wrong_missed(self, kinds: Collection[str]) -> tuple[int, int, int]:
        found = self._judged(kinds, Verdict.FAIL)
        return found, self.overkill.count, len(self._defects(kinds)) - found

    def _judged(self, kinds: Collection[str], verdict: Verdict) -> int:
        return sum(self._verdicts[kind][verdict] for kind in kinds)

    def _defects(self, kinds: Collection[str]) -> NDArray[np.float64]:
        return np.array([score for kind in kinds for score in self._scores[kind]])


def _redrawn(rate: Rate, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return how many are counted if as many pictures are drawn again, with repeats, (draws,)."""
    return rng.binomial(rate.n, rate.value or 0.0, size=_DRAWS)
