"""How far the figures of pixels would differ on other pictures: the pictures are drawn again, with repeats.

Pixels of one picture resemble each other, so the interval comes from the pictures and never from the pixels. Good parts
and each kind of defect are drawn apart, as many as there were; the percentiles of the figures are their interval
(B. Efron, 1979).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.learning.figures.curves import CURVES, NORMAL, ROWS, Counts
from station.learning.figures.estimate import Estimate

_DRAWS = 1000
_COLUMNS = 256
_ENDS = (2.5, 97.5)

Redrawn = NDArray[np.float64]
"""A figure on the pictures themselves, then on each draw; (1 + draws,)."""


@dataclass(frozen=True, slots=True, eq=False)
class CoarseCount:
    """The counts of one picture by coarse places, without the empty ones.

    Attributes:
        places: The places that have pixels, (n,).
        weights: Rows as in `curves`, (4, n) float32.
    """

    places: NDArray[np.int64]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, counts: Counts) -> "CoarseCount":
        """Return the counts, (4, places), without the empty places."""
        places = np.flatnonzero(counts.any(axis=0))
        return cls(places, counts[:, places].astype(np.float32))


class Resampling:
    """Draws pictures with repeats, and counts on every draw at once."""

    def __init__(self, pictures: Iterable[CoarseCount]) -> None:
        """Prepare to draw.

        Args:
            pictures: All that will be drawn from. Neighbouring places are joined until few enough are left.
        """
        places = np.unique(np.concatenate([np.zeros(1, np.int64), *(picture.places for picture in pictures)]))
        self._columns = min(len(places), _COLUMNS)
        self._column_of = np.zeros(places[-1] + 1, np.int64)
        self._column_of[places] = np.arange(len(places)) * self._columns // len(places)
        self._rng = np.random.default_rng(0)

    def draw(self, pictures: Sequence[CoarseCount]) -> Counts:
        """Return the counts of one class of pictures on every draw, (1 + draws, 4, columns); first on each once."""
        table = np.zeros((len(pictures), ROWS, self._columns), np.float32)
        for row, picture in zip(table, pictures, strict=True):
            np.add.at(row.T, self._column_of[picture.places], picture.weights.T)
        flat = repeats(len(pictures), self._rng) @ table.reshape(len(pictures), ROWS * self._columns)
        return flat.reshape(-1, ROWS, self._columns).astype(np.float64)


def figures_on_draws(counts: Counts) -> dict[str, Redrawn]:
    """Return each figure on every draw, by name; NaN where it cannot be computed.

    Args:
        counts: Of all classes together, (1 + draws, 4, columns).
    """
    normal = _from_top(counts[:, NORMAL])
    return {
        figure: _areas(normal, _from_top(counts[:, row]), limit)
        for figure, (row, limit) in CURVES.items()
        if counts[0, row].any()
    }


def _areas(rates: NDArray[np.float64], heights: NDArray[np.float64], limit: float) -> Redrawn:
    """Return the mean height of the curve of each draw up to `limit`; both rise from 0, (draws, points)."""
    widths = np.diff(np.minimum(rates, limit))
    steps = np.diff(rates)
    # If the limit cuts a step, the line has risen by the share of the step that lies below the limit.
    shares = np.divide(widths, steps, out=np.ones_like(steps), where=steps > 0)
    middles = heights[:, :-1] + shares * np.diff(heights) / 2
    return np.asarray((widths * middles).sum(axis=1) / limit)


def estimate(value: float, redrawn: Redrawn) -> Estimate:
    """Return a figure with its interval; without one if it cannot be computed on some draw, or is the same on all."""
    coarse, draws = redrawn[0], redrawn[1:]
    if not np.isfinite(redrawn).all() or np.ptp(draws) == 0:
        return Estimate(value)
    low, high = np.percentile(draws, _ENDS) + (value - coarse)
    return Estimate(value, float(np.clip(low, 0, value)), float(np.clip(high, value, 1)))


def repeats(pictures: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return how often each picture is in each draw, (1 + draws, pictures); in the first one each is there once."""
    drawn = np.ones((1 + _DRAWS, pictures), np.float32)
    if pictures:
        drawn[1:] = rng.multinomial(pictures, np.full(pictures, 1 / pictures), size=_DRAWS)
    return drawn


def _from_top(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shares at or above each column, from the highest down, (draws, 1 + columns); NaN without weight."""
    shares = np.zeros((len(weights), weights.shape[-1] + 1))
    np.cumsum(weights[:, ::-1], axis=-1, out=shares[:, 1:])
    total = shares[:, -1:]
    return np.divide(shares, total, out=np.full_like(shares, np.nan), where=total > 0)
