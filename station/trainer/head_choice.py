"""How much the labelled defects may say: as much as their own left-out pictures and kinds allow, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.learning.labelled_defects import KindLeftOut
from station.learning.limits import REJECTED_WITH_DEFECTS, exceeded_by, scores_of
from station.learning.metrics import Scores, auroc
from station.trainer.cell_head import CellHead, CountedShare
from station.trainer.coreset import Rows
from station.trainer.defect_head import DefectHead
from station.trainer.detector import smoothed
from station.trainer.logistic import Separation

_LIKE_FROM = 1.0
"""Deviations above the mean of good cells from which likeness to labelled defects counts."""
_COUNTS_FROM, _COUNTS_FULLY_FROM = 0.5, 0.995
"""Likeness counts not at all at the distance that half of the cells of good parts lie below, fully from that of 99.5 %:
places that look good then do not raise good parts, and kinds that were never labelled are found as before."""
_DISTANCE_OF_MANY, _DISTANCE_OF_FEW = 1.0, 10.0
_TIMES = (1, 1.5, 2, 4)
_AT_LEAST_WITH_ONE_KIND = 2
"""Labels of one kind cannot show what becomes of the others: with a weight of 1 those of one set were found less."""
_SHARPER = 0.8
"""Share of the smoothing that is left: what looks like a defect needs less of it to rise above the noise."""
_KINDS_LOSE_AT_MOST = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class HeadChoice:
    """The head, and the figures it was chosen by.

    Attributes:
        head: It gives good parts the same median and the same limit as the distance alone.
        smoothing_cells: Sigma of the Gaussian that smooths the map.
        weight: Of the distance beside likeness to labelled defects; 0 if the head is the distance alone.
        good: Map of each good picture by heads made without its fold, smoothed, (n, gh, gw).
        left_out: Map of each labelled defect by heads made without its fold, smoothed, (m, gh, gw).
        caught_by_distance, caught: How many left-out defects lie above the limit that 4 % of held-out good parts
            exceed, by distance alone and with the head; the latter of the last head tried if none was chosen.
        kinds: The same by kind, with heads made without that kind; empty if there is only one.
    """

    head: CellHead
    smoothing_cells: float
    weight: float
    good: Rows
    left_out: Rows
    caught_by_distance: int
    caught: int
    kinds: tuple[KindLeftOut, ...]

    @property
    def learned(self) -> bool:
        """Return whether the labelled defects have a say."""
        return self.weight > 0


def choose_head(
    learned: DefectHead, good: Rows, defects: Rows, kinds: Sequence[str], smoothing_cells: float
) -> HeadChoice:
    """Return the head in which likeness to labelled defects weighs most, and that is not worse than distance alone.

    The fewer labels there are, the less they weigh. The head has to catch at least as many of the left-out defects as
    distance alone, and defects of a kind that it was made without may not lose more than .05 of AUROC in the mean of
    the kinds: of few labels that figure is no more exact. Else the weight of the distance is raised, to 4 times at
    most; then distance alone remains. If there is one kind only, the weight is twice as large from the beginning.

    Args:
        learned: What the labelled defects taught.
        good: Anomaly r by distance of the held-out good pictures, (n, gh, gw).
        defects: The same of the labelled defects, (m, gh, gw).
        kinds: Their kinds.
        smoothing_cells: Sigma of the Gaussian that smooths the map by distance alone.
    """
    plain = _Maps(CellHead(), *(smoothed(r, smoothing_cells) for r in (good, defects, defects)))
    trial, sharper = plain, _SHARPER * smoothing_cells
    least = _AT_LEAST_WITH_ONE_KIND if len(set(kinds)) == 1 else 1
    for times in (times for times in _TIMES if times >= least):
        weight = times * (_DISTANCE_OF_MANY + _DISTANCE_OF_FEW / len(kinds))
        trial = _trial(learned, good, defects, weight, plain, sharper)
        found = _by_kind(plain, trial, kinds) if learned.kind_left_out is not None else ()
        lost = np.mean([each.auroc_by_distance - each.auroc for each in found]) if found else 0.0
        if trial.caught >= plain.caught and lost <= _KINDS_LOSE_AT_MOST:
            return HeadChoice(
                trial.head, sharper, weight, trial.good, trial.left_out, plain.caught, trial.caught, found
            )
    return HeadChoice(plain.head, smoothing_cells, 0.0, plain.good, plain.left_out, plain.caught, trial.caught, found)


@dataclass(frozen=True, slots=True, eq=False)
class _Maps:
    """A head, and the smoothed maps by heads made without the pictures; see `HeadChoice` and `DefectHead`."""

    head: CellHead
    good: Rows
    left_out: Rows
    kind_left_out: Rows

    @property
    def limit(self) -> float:
        return exceeded_by(scores_of(self.good), REJECTED_WITH_DEFECTS)

    @property
    def caught(self) -> int:
        return int((scores_of(self.left_out) > self.limit).sum())


def _trial(learned: DefectHead, good: Rows, defects: Rows, weight: float, plain: _Maps, sigma: float) -> _Maps:
    """Return the maps in which the distance has a weight, in the unit of distance alone."""
    mean, spread = float(good.mean()), float(good.std()) or 1.0
    share = _share(good)

    def combined(values: Rows, r: Rows) -> Rows:
        by_likeness = share.of(r) * np.maximum(values - _LIKE_FROM, 0)
        return smoothed(by_likeness + np.float32(weight / spread) * (r - np.float32(mean)), sigma)

    maps = [
        combined(values, r)
        for values, r in (
            (learned.good, good),
            (learned.left_out, defects),
            (learned.left_out if learned.kind_left_out is None else learned.kind_left_out, defects),
        )
    ]
    slope, offset = _unit(scores_of(maps[0]), scores_of(plain.good), spread / weight)
    likeness = Separation(
        (slope * learned.direction.weights).astype(np.float32), slope * (learned.direction.offset - _LIKE_FROM)
    )
    head = CellHead(likeness, slope * weight / spread, offset - slope * weight * mean / spread, share)
    return _Maps(head, *(slope * each + np.float32(offset) for each in maps))


def _share(good: Rows) -> CountedShare:
    begin, end = (float(value) for value in np.quantile(good, (_COUNTS_FROM, _COUNTS_FULLY_FROM)))
    width = end - begin or 1.0
    return CountedShare(1 / width, -begin / width)


def _unit(scores: Scores, wanted: Scores, otherwise: float) -> tuple[float, float]:
    """Return slope and offset that give scores the median and the limit of the wanted ones.

    Args:
        scores: Of the held-out good pictures.
        wanted: Of the same pictures, in the unit that is wanted.
        otherwise: The slope if the scores are all alike.
    """
    middle, limit = np.median(scores), exceeded_by(scores, REJECTED_WITH_DEFECTS)
    wanted_middle, wanted_limit = np.median(wanted), exceeded_by(wanted, REJECTED_WITH_DEFECTS)
    alike = limit <= middle or wanted_limit <= wanted_middle
    slope = otherwise if alike else float((wanted_limit - wanted_middle) / (limit - middle))
    return slope, float(wanted_middle - slope * middle)


def _by_kind(plain: _Maps, trial: _Maps, kinds: Sequence[str]) -> tuple[KindLeftOut, ...]:
    good_by_distance, good = scores_of(plain.good), scores_of(trial.good)
    found = []
    for kind in dict.fromkeys(kinds):
        own = [place for place, other in enumerate(kinds) if other == kind]
        by_distance, scores = scores_of(plain.kind_left_out[own]), scores_of(trial.kind_left_out[own])
        found.append(
            KindLeftOut(
                kind=kind,
                labels=len(own),
                auroc_by_distance=_auroc(good_by_distance, by_distance),
                auroc=_auroc(good, scores),
                caught_by_distance=int((by_distance > plain.limit).sum()),
                caught=int((scores > trial.limit).sum()),
            )
        )
    return tuple(found)


def _auroc(good: Scores, defects: Scores) -> float:
    value = auroc(good, defects)
    assert value is not None, "there are good pictures and defects of this kind"
    return value
