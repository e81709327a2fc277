"""Which pictures get another verdict by other limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.domain.limit_bench.scored_pictures import DEFECT, LimitBench, ScoredPicture, ScoredPictures
from station.domain.verdict import JUDGED, Limits, Verdict

Turn = tuple[Verdict, Verdict]
"""The verdict before, and the verdict after."""

TURNS: tuple[Turn, ...] = (
    (Verdict.FAIL, Verdict.PASS),
    (Verdict.FAIL, Verdict.REVIEW),
    (Verdict.REVIEW, Verdict.PASS),
    (Verdict.PASS, Verdict.REVIEW),
    (Verdict.REVIEW, Verdict.FAIL),
    (Verdict.PASS, Verdict.FAIL),
)
"""In the order in which they are shown: what could let a bad part pass comes first."""


@dataclass(frozen=True, slots=True)
class Flip:
    """A picture that gets another verdict."""

    picture: ScoredPicture
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Flips:
    """What other limits change.

    Attributes:
        counts: How many pictures turn, by turn; a turn that does not come is left out.
        defects_passed: Known defects that were found before and pass now.
        first: Some of them, in the order of `TURNS`, and of each turn those nearest to the limit that they crossed.
    """

    counts: Mapping[Turn, int]
    defects_passed: int
    first: tuple[Flip, ...]

    @property
    def total(self) -> int:
        """How many pictures turn."""
        return sum(self.counts.values())


def flips(bench: LimitBench, before: Limits, after: Limits, most: int) -> Flips:
    """Return what the limits `after` change; at most `most` pictures are named."""
    counts: dict[Turn, int] = {}
    defects, found = 0, []
    for pictures in bench.samples:
        was, is_now = pictures.verdicts(before), pictures.verdicts(after)
        turned = np.flatnonzero(was != is_now)
        ranks = _RANK[was[turned], is_now[turned]]
        for rank, count in enumerate(np.bincount(ranks, minlength=len(TURNS))):
            if count:
                counts[TURNS[rank]] = counts.get(TURNS[rank], 0) + int(count)
        defects += int(np.count_nonzero((pictures.labels[turned] == DEFECT) & (is_now[turned] == 0)))
        found += _nearest(pictures, turned, ranks, after, most)
    found.sort(key=lambda each: each[:2])
    ordered = {turn: counts[turn] for turn in TURNS if turn in counts}
    return Flips(ordered, defects, tuple(flip for *_, flip in found[:most]))


def _nearest(
    pictures: ScoredPictures, turned: NDArray[np.intp], ranks: NDArray[np.int64], after: Limits, most: int
) -> list[tuple[int, float, Flip]]:
    review = after.image_threshold if after.review_threshold is None else after.review_threshold
    crossed = np.where(_OF_REVIEW[ranks], review, after.image_threshold)
    distance = np.abs(pictures.scores[turned] - crossed)
    first = _first(ranks + np.minimum(distance, _LESS_THAN_A_TURN), most)
    return [
        (int(ranks[each]), float(distance[each]), Flip(pictures[int(turned[each])], *TURNS[ranks[each]]))
        for each in first
    ]


def _first(order: NDArray[Any], most: int) -> NDArray[np.intp]:
    """Return the places of the least values, ascending; of 100,000 without sorting them all."""
    if len(order) > most:
        least = np.argpartition(order, most)[:most]
        return least[np.argsort(order[least], kind="stable")]
    return np.argsort(order, kind="stable")


_LESS_THAN_A_TURN = 0.999


def _ranks() -> NDArray[np.int64]:
    table = np.full((len(JUDGED), len(JUDGED)), -1, np.int64)
    for rank, (before, after) in enumerate(TURNS):
        table[JUDGED.index(before), JUDGED.index(after)] = rank
    return table


_RANK = _ranks()
_OF_REVIEW = np.array([Verdict.FAIL not in turn for turn in TURNS])
