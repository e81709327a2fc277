"""The scores of many pictures of one view, and what is known of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.domain.frame import Image
from station.domain.inspection import PartKey
from station.domain.part_images import ViewResult
from station.domain.recipe import Recipe, View
from station.domain.verdict import JUDGED, Limits, judge_many

GOOD, DEFECT, UNLABELLED = range(3)
"""What is known of a picture, as `ScoredPictures.labels` counts it."""
BINS = 100
"""Of the histogram, over 0..1."""
_LABELS = 3
_KEPT = 3


@dataclass(frozen=True, slots=True)
class ScoredPicture:
    """One of many.

    Attributes:
        score: Its normalised score.
        label: GOOD, DEFECT or UNLABELLED.
        key: The part in the records; None for a picture of a dataset version.
        name: The picture in the dataset version; "" for a part.
    """

    score: float
    label: int
    key: PartKey | None
    name: str


@dataclass(frozen=True, eq=False)  # without slots: what is counted once is kept
class ScoredPictures:
    """Arrays of length n, read-only, in any order.

    Attributes:
        scores: Normalised scores, float64.
        highest: The highest place of each map, float64.
        largest_px: The area of the largest region of each, pixels of the original picture; 0 without a region.
        labels: GOOD, DEFECT or UNLABELLED, uint8.
        keys: Run and number of each part, (n, 2) int64; (0, place in `names`) for a picture of a dataset version.
        names: The pictures of the dataset version; empty for parts.
    """

    scores: NDArray[np.float64]
    highest: NDArray[np.float64]
    largest_px: NDArray[np.int64]
    labels: NDArray[np.uint8]
    keys: NDArray[np.int64]
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.scores, self.highest, self.largest_px, self.labels, self.keys):
            if len(array) != len(self.scores):
                raise ValueError("every picture has a score, a highest place, an area, a label and a key")
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.scores)

    def __getitem__(self, place: int) -> ScoredPicture:
        run, number = map(int, self.keys[place])
        of_part = PartKey(run, number) if run else None
        name = "" if of_part else self.names[number]
        return ScoredPicture(float(self.scores[place]), int(self.labels[place]), of_part, name)

    def of(self, label: int) -> NDArray[np.bool_]:
        """Return which pictures have this label, (n,)."""
        return self._of_label[label]

    def verdicts(self, limits: Limits) -> NDArray[np.uint8]:
        """Return what these limits make of each, (n,), as places in `JUDGED`.

        A minimum area is compared with the regions that were found when the picture was judged.
        """
        kept = self._kept_verdicts
        if limits not in kept:
            if len(kept) >= _KEPT:
                del kept[next(iter(kept))]
            kept[limits] = judge_many(self.scores, self.highest, self.largest_px, limits)
        return kept[limits]

    def labelled(self, labels: Mapping[PartKey, int]) -> "ScoredPictures":
        """Return the same parts, those that are named with these labels; keys of other parts are left out."""
        if not labels or not len(self):
            return self
        places = {(run, number): place for place, (run, number) in enumerate(self.keys.tolist())}
        changed = self.labels.copy()
        for key, label in labels.items():
            place = places.get((key.run_id, key.part))
            if place is not None:
                changed[place] = label
        return replace(self, labels=changed)

    def counts(self, limits: Limits) -> NDArray[np.int64]:
        """Return how many pictures of each label get each verdict, (3, 3): labels down, `JUDGED` across."""
        cells = self._first_cells + self.verdicts(limits)
        return np.bincount(cells, minlength=_LABELS * len(JUDGED)).reshape(_LABELS, len(JUDGED))

    def histogram(self, label: int) -> NDArray[np.int64]:
        """Return how many pictures with this label lie in each of `BINS` equal steps of the score, (BINS,)."""
        return self._histograms[label]

    @cached_property
    def _kept_verdicts(self) -> dict[Limits, NDArray[np.uint8]]:
        """Return the verdicts by the last few limits: a drag compares each step with the limits of the revision."""
        return {}

    @cached_property
    def _first_cells(self) -> NDArray[np.intp]:
        return self.labels.astype(np.intp) * len(JUDGED)

    @cached_property
    def _of_label(self) -> tuple[NDArray[np.bool_], ...]:
        return tuple(self.labels == label for label in (GOOD, DEFECT, UNLABELLED))

    @cached_property
    def _histograms(self) -> tuple[NDArray[np.int64], ...]:
        steps = np.minimum((self.scores * BINS).astype(np.int64), BINS - 1)
        return tuple(np.bincount(steps[which], minlength=BINS) for which in self._of_label)


def scored(
    scores: Sequence[float],
    highest: Sequence[float],
    largest_px: Sequence[int],
    labels: Sequence[int],
    keys: Sequence[tuple[int, int]],
    names: tuple[str, ...] = (),
) -> ScoredPictures:
    """Return the scores as arrays; each sequence has one entry for each picture."""
    return ScoredPictures(
        np.array(scores, np.float64),
        np.array(highest, np.float64),
        np.array(largest_px, np.int64),
        np.array(labels, np.uint8),
        np.array(keys, np.int64).reshape(-1, 2),
        names,
    )


def _joined(one: ScoredPictures, other: ScoredPictures) -> ScoredPictures:
    keys = np.concatenate([one.keys, other.keys])
    order = np.lexsort((keys[:, 1], keys[:, 0]))

    def both(first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([first, second])[order]

    return ScoredPictures(
        both(one.scores, other.scores),
        both(one.highest, other.highest),
        both(one.largest_px, other.largest_px),
        both(one.labels, other.labels),
        keys[order],
    )


NOTHING_SCORED = scored((), (), (), (), ())


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How many scored pictures have one label.

    Attributes:
        of_set: Pictures of the dataset version.
        of_line: Parts of production.
    """

    of_set: int
    of_line: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.of_set + self.of_line


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSet:
    """The labelled pictures of a dataset version, scored by a view of a recipe.

    Attributes:
        version: The dataset version; "" if the product has none.
        pictures: Those that are scored already.
        waiting: How many still have to be scored, which takes a fraction of a second for each.
        learned: How many were left out because the model has learned them: their scores would look too good.
        synthetic: How many were left out because their defects were drawn: they are not the reason of a limit.
    """

    version: str = ""
    pictures: ScoredPictures = NOTHING_SCORED
    waiting: int = 0
    learned: int = 0
    synthetic: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class LineParts:
    """The parts of production that the same model judged.

    Attributes:
        pictures: Their scores, and what people said of them.
        not_inspected: How many parts of the same time have no score.
        since: When the first of them was triggered, UTC; None if there is none.
        capped: Whether there are older ones that were left out.
        rescored: How many of the scores are those of a re-score: the line judged these parts by another model.
    """

    pictures: ScoredPictures = NOTHING_SCORED
    not_inspected: int = 0
    since: datetime | None = None
    capped: bool = False
    rescored: int = 0

    def with_rescored(self, others: "LineParts") -> "LineParts":
        """Return these parts and others, of a re-score, in the order of the parts; none is among both."""
        if not len(others.pictures):
            return self
        begun = [each.since for each in (self, others) if each.since is not None]
        return replace(
            self,
            pictures=_joined(self.pictures, others.pictures),
            since=min(begun, default=None),
            capped=self.capped or others.capped,
            rescored=len(others.pictures),
        )


@dataclass(frozen=True, slots=True, eq=False)
class LimitBench:
    """Everything that the limits of one view of a recipe revision can be chosen from.

    Attributes:
        recipe: The revision.
        view: Its view.
        labelled: Labelled pictures.
        line: Parts of production.
        versions: The dataset versions of the product, newest first.
    """

    recipe: Recipe
    view: View
    labelled: LabelledSet = field(default_factory=LabelledSet)
    line: LineParts = field(default_factory=LineParts)
    versions: tuple[str, ...] = ()

    @property
    def samples(self) -> tuple[ScoredPictures, ScoredPictures]:
        """The labelled pictures, and the parts of production."""
        return self.labelled.pictures, self.line.pictures

    def histogram(self, label: int) -> NDArray[np.int64]:
        """Return how many pictures of both samples with this label lie in each step of the score, (BINS,)."""
        of_set, of_line = (sample.histogram(label) for sample in self.samples)
        return of_set + of_line

    def count(self, label: int) -> LabelCount:
        """Return how many pictures with this label there are: as many as its histogram has."""
        return LabelCount(*(int(sample.histogram(label).sum()) for sample in self.samples))

    @property
    def empty(self) -> bool:
        """Whether nothing is scored yet."""
        return not any(map(len, self.samples))


@dataclass(frozen=True, slots=True, eq=False)
class SeenPicture:
    """A scored picture to look at.

    Attributes:
        image: Small, uint8, (h, w) or (h, w, 3) RGB; None if none was kept.
        judged: The part judged by the new limits from its stored map; None if the map was not kept.
    """

    image: Image | None
    judged: ViewResult | None
