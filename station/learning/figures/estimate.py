"""A figure with the interval in which it lies with 95 % confidence."""

import math
from collections.abc import Callable
from dataclasses import dataclass

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that was measured on few pictures, and says how far to trust it.

    Attributes:
        value: The figure, 0..1.
        low, high: Its 95 % interval; None if it cannot be known, as from a single picture.
    """

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def interval(self) -> list[float] | None:
        """Return lower and upper bound; None if they are not known."""
        return None if self.low is None or self.high is None else [self.low, self.high]


def auroc_interval(auroc: float, good: int, defects: int) -> tuple[float, float]:
    """Return the 95 % interval of an AUROC: for it what the Wilson interval is for a rate.

    It holds every true AUROC from which the measured one is less than 1.96 standard errors away, the standard error
    being that of the true one. So it lies within 0..1 and says something of a perfect AUROC too: 20 good parts and 20
    defects in perfect order give 0.899 to 1. (R. G. Newcombe, Statistics in Medicine 25, 2006, page 559, method 5.)

    Args:
        auroc: The measured AUROC.
        good: Number of good parts, at least 1.
        defects: Number of defects, at least 1.
    """

    def within(true: float) -> bool:
        return abs(true - auroc) <= _Z95 * _standard_error(true, good, defects)

    return _edge(0.0, auroc, within), _edge(1.0, auroc, within)


def _standard_error(auroc: float, good: int, defects: int) -> float:
    """Return that of Hanley and McNeil, with the mean number of both classes in place of each."""
    mean = (good + defects) / 2 - 1
    spread = 1 + mean * ((1 - auroc) / (2 - auroc) + auroc / (1 + auroc))
    return math.sqrt(max(0.0, auroc * (1 - auroc) * spread / (good * defects)))


def _edge(outside: float, inside: float, within: Callable[[float], bool]) -> float:
    """Return the last place from `inside` towards `outside` that is still within."""
    for _ in range(60):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if within(middle) else (middle, inside)
    return inside
