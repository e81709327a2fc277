"""What limits make of the scored pictures, in counts with their intervals, and in sentences when data are too few."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from station.domain.formatting import SPACE, number, rate
from station.domain.limit_bench.scored_pictures import DEFECT, GOOD, UNLABELLED, LimitBench
from station.domain.rates import Rate, exact_interval
from station.domain.verdict import JUDGED, Limits, Verdict

FEW = 20
"""With fewer pictures a rate is said in a sentence, with an interval that holds for any number of them."""
_PASS, _REVIEW, _FAIL = (JUDGED.index(each) for each in (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL))


@dataclass(frozen=True, slots=True)
class LimitFigures:
    """Counts at some limits.

    Attributes:
        escapes: Labelled defects that pass, of the dataset version and of the line.
        overkill: Good pictures of the dataset version that fail.
        for_a_person: Good pictures of the dataset version that get REVIEW.
        rejected: Parts of the line that fail.
        reviewed: Parts of the line that get REVIEW.
        called_good: Parts of the line that a person called good and that fail.
        unlabelled: Parts of the line that fail and of which no person said anything.
    """

    escapes: Rate
    overkill: Rate
    for_a_person: Rate
    rejected: Rate
    reviewed: Rate
    called_good: Rate
    unlabelled: Rate


def figures_at(bench: LimitBench, limits: Limits) -> LimitFigures:
    """Return the counts at these limits; some milliseconds for 100,000 parts."""
    of_set, of_line = (sample.counts(limits) for sample in bench.samples)
    both = of_set + of_line
    return LimitFigures(
        escapes=_rate(both[DEFECT], _PASS),
        overkill=_rate(of_set[GOOD], _FAIL),
        for_a_person=_rate(of_set[GOOD], _REVIEW),
        rejected=_rate(of_line.sum(axis=0), _FAIL),
        reviewed=_rate(of_line.sum(axis=0), _REVIEW),
        called_good=_rate(of_line[GOOD], _FAIL),
        unlabelled=_rate(of_line[UNLABELLED], _FAIL),
    )


def escapes_in_words(escapes: Rate) -> str:
    """Return how many defects escape, and how sure that is: "3 of 3 found: detection 29 to 100 %"."""
    if not escapes.n:
        return "No labelled defect: how many escape is not known."
    if escapes.n >= FEW:
        return f"Escapes {rate(escapes)}"
    found = Rate(escapes.n - escapes.count, escapes.n)
    return f"{number(found.count)} of {number(found.n)} found: detection {_percents(found)}"


def overkill_in_words(overkill: Rate) -> str:
    """Return how many good pictures fail, and how sure that is."""
    if not overkill.n:
        return "No labelled picture of a good part: overkill is not known."
    if overkill.n >= FEW:
        return f"Overkill {rate(overkill)}"
    return f"{number(overkill.count)} of {number(overkill.n)} good ones rejected: overkill {_percents(overkill)}"


def _percents(share: Rate) -> str:
    low, high = _exact(share)
    return f"{100 * low:.0f} to {100 * high:.0f}{SPACE}%"


_exact = lru_cache(maxsize=512)(exact_interval)
"""A drag asks for the same few ones again and again."""


def _rate(counts: NDArray[np.int64], verdict: int) -> Rate:
    return Rate(int(counts[verdict]), int(counts.sum()))
