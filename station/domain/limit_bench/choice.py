"""A limit chosen by what a person wants of it."""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from station.domain.formatting import counted, share
from station.domain.limit_bench.curves import LabelledCurves
from station.domain.rates import Rate

_LEAST, _MOST = 0.001, 0.999
"""A limit lies between 0 and 1."""
_DIGITS = range(2, 17)
_Floats = NDArray[np.float64]
_NO_GOOD = "No picture of a good part is scored: overkill is not known, so no limit can be chosen by it."
_NO_DEFECT = "No labelled defect is scored: detection is not known, so no limit can be chosen by it."


@dataclass(frozen=True, slots=True)
class Choice:
    """A limit, and why it is this one.

    Attributes:
        limit: The fail limit; None if what was wanted cannot be had.
        sentence: What it rests on, or what is missing.
    """

    limit: float | None
    sentence: str


def at_most_overkill(curves: LabelledCurves, wanted: float) -> Choice:
    """Return the limit that rejects at most this share of the good parts: of all such, the one that finds most defects.

    Of several that find as many it is the lowest: defects that are not known yet are found by a low limit.
    """
    if not curves.good.n:
        return Choice(None, _NO_GOOD)
    limits = _Candidates.of(curves)
    kept = limits.where(limits.wrong <= floor(wanted * curves.good.n + _ROUNDING))
    if kept is None:
        return Choice(None, f"Every limit rejects more than {share(wanted)} of the good parts.")
    best = kept.where(kept.found == kept.found.max())
    assert best is not None
    return Choice(_round_within(best.low[0], best.low[0], best.high[0]), _rests_on(curves))


def at_least_detection(curves: LabelledCurves, wanted: float) -> Choice:
    """Return the limit that finds at least this share of the defects: of all such, the one that rejects fewest good."""
    if not curves.defects.n:
        return Choice(None, _NO_DEFECT)
    limits = _Candidates.of(curves)
    kept = limits.where(limits.found >= ceil(wanted * curves.defects.n - _ROUNDING))
    if kept is None:
        return Choice(None, f"No limit finds {share(wanted)} of the defects: some have no mark of the minimum area.")
    return _middle(curves, kept, -kept.wrong.astype(np.float64))


def least_cost(curves: LabelledCurves, escape_costs: float, rejected: Rate) -> Choice:
    """Return the limit at which escapes and overkill together cost least.

    Args:
        curves: What is labelled.
        escape_costs: What an escape costs, if an overkill costs 1.
        rejected: Parts of the line that fail by the limits of now: that share is taken to be bad, because labelled
            pictures do not say how many are; without a part, 1 in 100.
    """
    if not curves.good.n or not curves.defects.n:
        return Choice(None, _NO_DEFECT if curves.good.n else _NO_GOOD)
    limits = _Candidates.of(curves)
    bad_parts = (max(rejected.count, 1) / (rejected.n + 1)) if rejected.n else _ASSUMED
    escapes = 1 - limits.found / curves.defects.n
    cost = escape_costs * bad_parts * escapes + (1 - bad_parts) * limits.wrong / curves.good.n
    chosen = _middle(curves, limits, -cost)
    source = "as the line rejects now" if rejected.n else "assumed, because the line has judged none"
    return Choice(chosen.limit, f"{chosen.sentence} Counted with {share(bad_parts)} bad parts, {source}.")


_ASSUMED = 0.01
"""Share of bad parts, if nothing is known of the line."""
_ROUNDING = 1e-9
"""0.07 of 100 parts is 7 parts and not 6."""


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """Ranges of limits with the same counts: from `low` until before `high`, ascending; all arrays (m,)."""

    low: _Floats
    high: _Floats
    wrong: NDArray[np.int64]
    found: NDArray[np.int64]

    @classmethod
    def of(cls, curves: LabelledCurves) -> "_Candidates":
        edges = curves.limits
        low, high = np.maximum(edges, _LEAST), np.append(edges[1:], np.inf).clip(max=_MOST)
        some = low < high
        inside = low[some]
        return cls(inside, high[some], curves.good.rejected(inside), curves.defects.rejected(inside))

    def where(self, which: NDArray[np.bool_]) -> "_Candidates | None":
        """Return some of them; None if there is none."""
        if not which.any():
            return None
        return _Candidates(self.low[which], self.high[which], self.wrong[which], self.found[which])


def _middle(curves: LabelledCurves, limits: _Candidates, worth: _Floats) -> Choice:
    """Return the middle of the range of the greatest worth: as far from good parts as from defects.

    Without a good part nothing holds the limit from below, and it is the highest of the range.
    """
    best = np.flatnonzero(worth == worth.max())
    last = best[np.argmax(np.diff(best, append=best[-1] + 2) > 1)]
    low, high = float(limits.low[best[0]]), float(limits.high[last])
    wanted = (low + high) / 2 if curves.good.n else low + 0.99 * (high - low)
    return Choice(_round_within(wanted, low, high), _rests_on(curves))


def _round_within(wanted: float, low: float, high: float) -> float:
    """Return `wanted` with as few digits as leave it between `low`, inclusive, and `high`, exclusive."""
    rounded = (round(float(wanted), digits) for digits in _DIGITS)
    return next((each for each in rounded if low <= each < high), float(wanted))


def _rests_on(curves: LabelledCurves) -> str:
    count = curves.good.n
    good = (
        f"{counted(count, 'part')} of the line that nobody called a defect"
        if curves.stand_in
        else counted(count, "good picture")
    )
    return f"It rests on {good} and {counted(curves.defects.n, 'defect')}."
