"""Pixel AUROC, AUPRO and sPRO of judged pictures, together and for each kind of defect, with their intervals.

The pixels were counted by coarse places when the pictures were judged. Now they are counted again, in bins that are
narrow where the figures depend on them: no figure differs by a millionth from that of all pixels sorted one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from station.domain.synthetic import is_synthetic
from station.learning.figures.counted_picture import CountedPicture, counted
from station.learning.figures.curves import ROWS, Changes, Counts, changes_if_equal, figures_of
from station.learning.figures.estimate import Estimate
from station.learning.figures.resampling import Redrawn, Resampling, estimate, figures_on_draws
from station.learning.figures.score_bins import PLACES, Bins, DistinctScores, ScoreBins
from station.learning.labels import GOOD

EXACT_TO = 1e-6
"""No figure differs by more from that of all pixels sorted one by one."""
_SHARE_OF_NEEDED = 0.5
"""Of the bins that all figures need together: each depends on a part of the scores."""
_LEAST_BINS, _MOST_BINS = 1 << 14, 1 << 21
_MOST_DISTINCT = 1 << 20
"""If the bins cannot prove to be as exact: few pixels, or few different scores, are sorted; others get more bins."""
Estimates = dict[str, Estimate]
Pictures = Sequence[CountedPicture]


@dataclass(frozen=True, slots=True)
class PixelFigures:
    """The figures by their names in `CURVES`; one that cannot be computed is left out.

    Attributes:
        together: Of all pictures without a synthetic defect; but `spro` is the mean of the kinds', as in the evaluation
            of MVTec LOCO.
        per_kind: Of all good parts and the pictures of one kind of defect.
        error: No figure is farther than this from that of all pixels sorted one by one; at most `EXACT_TO`, unless
            very many scores are nearly and not quite equal.
    """

    together: Estimates
    per_kind: dict[str, Estimates]
    error: float


def pixel_figures(pictures: Mapping[str, Pictures]) -> PixelFigures:
    """Return the figures of pictures by their kind, which is "good" or a kind of defect."""
    matter = _matter(pictures)
    enough = int(np.clip(_SHARE_OF_NEEDED * ScoreBins.needed(matter, EXACT_TO), _LEAST_BINS, _MOST_BINS))
    figures = _figures_in(ScoreBins.laid(matter, enough), pictures)
    if figures.error <= EXACT_TO:
        return figures
    maps = (picture.scores() for seen in pictures.values() for picture in seen)
    distinct = DistinctScores.among(maps, _MOST_DISTINCT)
    return _figures_in(distinct or ScoreBins.laid(matter, _MOST_BINS), pictures)


def _figures_in(bins: Bins, pictures: Mapping[str, Pictures]) -> PixelFigures:
    resampling = Resampling(picture.coarse for seen in pictures.values() for picture in seen)
    counter = _Counter(bins, resampling)
    good = counter.count(pictures.get(GOOD, ()))
    together = good.nothing()
    together += good
    per_kind: dict[str, _Group] = {}
    for kind in sorted(set(pictures) - {GOOD}):
        count = counter.count(pictures[kind])
        if not is_synthetic(kind):
            together += count
        count += good
        per_kind[kind] = counter.figures(count)
    real = [group for kind, group in per_kind.items() if not is_synthetic(kind)]
    only_kind = real[0] if len(real) == 1 else None
    everything = only_kind or counter.figures(together)
    return PixelFigures(
        everything.figures | _mean_spro(real),
        {kind: group.figures for kind, group in per_kind.items()},
        max(group.error for group in (everything, *per_kind.values())),
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """The figures of some pictures, the same figures on all draws, and how far they may be off."""

    figures: Estimates
    redrawn: dict[str, Redrawn]
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class _Count:
    """The counts of some pictures.

    Attributes:
        exact: In narrow bins, (4, bins).
        redrawn: In wide ones, on every draw, (1 + draws, 4, columns).
    """

    exact: Counts
    redrawn: Counts

    def nothing(self) -> "_Count":
        """Return counts of no picture, in the same bins."""
        return _Count(np.zeros(self.exact.shape), np.zeros(self.redrawn.shape))

    def __iadd__(self, other: "_Count") -> Self:
        """Add in place, and only rows that count anything: the counts are large, and untouched zeros cost nothing."""
        for row, added in zip(self.exact, other.exact, strict=True):
            if added.any():
                np.add(row, added, out=row)
        np.add(self.redrawn, other.redrawn, out=self.redrawn)
        return self


@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts pictures in the same bins."""

    bins: Bins
    resampling: Resampling

    def count(self, pictures: Pictures) -> _Count:
        coarse = [picture.coarse for picture in pictures]
        return _Count(counted(pictures, self.bins), self.resampling.draw(coarse))

    def figures(self, count: _Count) -> _Group:
        known = figures_of(count.exact)
        redrawn = figures_on_draws(count.redrawn) if known else {}
        figures = {figure: estimate(value, redrawn[figure]) for figure, value in known.items()}
        wide = self.bins.wide
        error = max((float(changes.sum(where=wide)) for changes in changes_if_equal(count.exact)), default=0.0)
        return _Group(figures, redrawn, error)


def _mean_spro(kinds: Sequence[_Group]) -> Estimates:
    """Return the mean sPRO of the kinds that have one; empty if none has."""
    known = [group for group in kinds if "spro" in group.figures]
    if not known:
        return {}
    value = float(np.mean([group.figures["spro"].value for group in known]))
    return {"spro": estimate(value, np.mean([group.redrawn["spro"] for group in known], axis=0))}


def _matter(pictures: Mapping[str, Pictures]) -> Changes:
    """Return how much the figures of any kind, or of all together, depend on the scores of each place, (places,)."""
    coarse = {kind: _coarse(seen) for kind, seen in pictures.items()}
    good = coarse.get(GOOD, np.zeros((ROWS, PLACES)))
    together = sum(coarse.values(), start=np.zeros((ROWS, PLACES)))
    groups = [together, *(good + counts for kind, counts in coarse.items() if kind != GOOD)]
    matter: Changes = np.max(
        [np.zeros(PLACES), *(changes for group in groups for changes in changes_if_equal(group))], axis=0
    )
    return matter


def _coarse(pictures: Pictures) -> Counts:
    counts = np.zeros((ROWS, PLACES))
    for picture in pictures:
        counts[:, picture.coarse.places] += picture.coarse.weights
    return counts
