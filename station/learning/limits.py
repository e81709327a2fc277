"""Where a score becomes too high to be good: limits from held-out good pictures, or from labelled defects too.

The rule and its reasons: docs/decisions/0004-limits-from-held-out-good-parts.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.inference.normalisation import Normalisation
from station.learning.metrics import Scores, best_f1

_ONE_IN_A_HUNDRED = 2.326
"""Standard deviations above the middle that 1 % of a bell-shaped population exceed."""
_QUARTILES_APART = 1.349
"""Standard deviations between the quartiles of a bell-shaped population."""
_REJECTED_AT_MOST = 0.05
_SCALE_OF_LIMIT = 0.25
_LEAST_SCALE = 1e-6
FEW_PICTURES = 20


@dataclass(frozen=True, slots=True)
class Calibration:
    """How raw scores are to be read.

    Attributes:
        normalisation: Puts both limits at 0.5.
        pictures: Held-out good pictures it rests on.
        held_out_above: Of the held-out good pictures, those above the limit.
    """

    normalisation: Normalisation
    pictures: int
    held_out_above: int

    @property
    def caution(self) -> str:
        """What is to be said of limits from so few pictures; empty when they are enough."""
        if self.pictures >= FEW_PICTURES:
            return ""
        return f"The limit rests on {self.pictures} good pictures only; with {FEW_PICTURES} or more it can be trusted."


def limits_from_good(held_out: NDArray[np.float32]) -> Calibration:
    """Limits that good parts seldom exceed.

    Args:
        held_out: Raw anomaly maps of good pictures that their scoring bank had not seen, (n, gh, gw).
    """
    scores = _scores(held_out)
    return _calibration(held_out, _limit_above(scores))


def limits_from_labels(held_out: NDArray[np.float32], defects: Scores) -> Calibration:
    """The image limit that tells held-out good pictures and labelled defects apart with the best F1.

    Args:
        held_out: As in `limits_from_good`.
        defects: Raw scores of labelled defects; they must not be used to measure the result.
    """
    best = best_f1(_scores(held_out), defects)
    if best is None:
        raise ValueError("without defects there is no limit from labels")
    return _calibration(held_out, best.limit)


def _calibration(held_out: NDArray[np.float32], limit: float) -> Calibration:
    """One limit for the part and for its places: marked is what makes the part fail.

    The scale is a quarter of the limit, because distances are a matter of proportion: at twice the limit a part
    scores 0.98, at half of it 0.12, and no score that is worth telling from another comes out as 1.00.
    """
    scores = _scores(held_out)
    scale = max(abs(limit) * _SCALE_OF_LIMIT, _LEAST_SCALE)
    normalisation = Normalisation(
        image_threshold_raw=limit, image_scale_raw=scale, pixel_threshold_raw=limit, pixel_scale_raw=scale
    )
    return Calibration(normalisation, len(scores), int((scores > limit).sum()))


def _limit_above(scores: Scores) -> float:
    """At most 5 % of the held-out good pictures lie above, and 1 % of a bell-shaped population.

    Median and quartiles make the second, so that a few odd pictures among the good ones do not lift it.
    """
    expected = float(np.median(scores)) + _ONE_IN_A_HUNDRED * _spread(scores)
    return max(expected, float(np.quantile(scores, 1 - _REJECTED_AT_MOST, method="higher")))


def _spread(scores: Scores) -> float:
    lower, upper = np.quantile(scores, (0.25, 0.75))
    return float(upper - lower) / _QUARTILES_APART


def _scores(maps: NDArray[np.float32]) -> Scores:
    """A picture's score is the maximum of its map."""
    return np.asarray(maps.max(axis=(1, 2)), np.float64)
