"""Which stored parts would get another verdict by another revision: counted from scores, maps or kept pictures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from station.domain.formatting import SPACE, counted, number, one_or_many
from station.domain.inspection import PartKey
from station.domain.limit_bench.flips import TURNS, Turn
from station.domain.limit_bench.scored_pictures import ScoredPictures
from station.domain.recipe import Recipe, View
from station.domain.verdict import JUDGED, Limits, Verdict


class Basis(StrEnum):
    """What two revisions are compared by."""

    SCORES = "scores"
    """Both give every part the score that was recorded."""
    MAPS = "maps"
    """Both use the same model on the same region: the stored anomaly maps are judged again."""
    PICTURES = "pictures"
    """The kept originals are judged again by both models."""


@dataclass(frozen=True, slots=True)
class PartFlip:
    """A part that gets another verdict."""

    key: PartKey
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Compared:
    """What two revisions say of one part; None if it could not be judged by one of them."""

    key: PartKey
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True, slots=True)
class RevisionFlips:
    """What another revision changes on the parts of the last shifts.

    Attributes:
        basis: What they are compared by.
        compared: Parts that both judge.
        counts: How many of them turn, by turn; a turn that does not come is left out.
        first: Some of them: what could let a bad part pass comes first, then the newest.
        without_picture: Parts whose scores do not say it, and whose map or picture was not kept.
        not_judged: Parts that one of the revisions would not inspect, or whose stored file is damaged.
        unfinished: Parts that were left when it was given up.
    """

    basis: Basis
    compared: int = 0
    counts: Mapping[Turn, int] = field(default_factory=dict)
    first: tuple[PartFlip, ...] = ()
    without_picture: int = 0
    not_judged: int = 0
    unfinished: int = 0

    @property
    def total(self) -> int:
        """How many parts turn."""
        return sum(self.counts.values())

    @property
    def now_pass(self) -> int:
        """How many parts pass that were kept back: where an escape may lie."""
        return sum(count for (_, after), count in self.counts.items() if after is Verdict.PASS)

    @property
    def now_kept_back(self) -> int:
        """How many parts are kept back that passed: where overkill may lie."""
        return sum(count for (before, _), count in self.counts.items() if before is Verdict.PASS)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what changes, on which side, and what could not be compared."""
        return tuple(filter(None, (self._changed, self._sides, self._left_out)))

    @property
    def _changed(self) -> str:
        if not self.compared:
            return "No stored part of the last shifts can be compared."
        of = f"of {counted(self.compared, 'stored part')}"
        if not self.total:
            return f"0 {of} would get another verdict."
        turns = ", ".join(
            f"{number(count)}{SPACE}{before.word}{SPACE}\u2192{SPACE}{after.word}"
            for (before, after), count in self.counts.items()
        )
        return f"{number(self.total)} {of} would get another verdict: {turns}."

    @property
    def _sides(self) -> str:
        if not self.total:
            return ""
        passing = one_or_many(self.now_pass, "passes", "pass")
        kept = one_or_many(self.now_kept_back, "is", "are")
        return (
            f"{number(self.now_pass)} more {passing}: look for escapes. "
            f"{number(self.now_kept_back)} more {kept} kept back: look for overkill."
        )

    @property
    def _left_out(self) -> str:
        kept = {Basis.MAPS: "map", Basis.PICTURES: "picture"}.get(self.basis, "score")
        left = (
            (self.without_picture, f"without a kept {kept}"),
            (self.not_judged, "not inspected by one of the two, or damaged"),
            (self.unfinished, "left when it was stopped"),
        )
        said = [f"{number(count)} {what}" for count, what in left if count]
        return f"Could not be judged: {', '.join(said)}." if said else ""


@dataclass(frozen=True, slots=True)
class FlipPlan:
    """How two revisions are compared on the parts of the last shifts.

    Attributes:
        old, new: The revisions.
        shifts: How many of the last shifts with parts.
        basis: What they are compared by.
        keys: The parts to judge again; () if the recorded scores say it.
        without: Inspected parts of the same time whose map or picture was not kept.
    """

    old: Recipe
    new: Recipe
    shifts: int
    basis: Basis
    keys: tuple[PartKey, ...] = ()
    without: int = 0


def basis_of(old: Recipe, new: Recipe) -> Basis:
    """Return what the two can be compared by: the least that gives exact verdicts."""
    if sorted(old.view_names) != sorted(new.view_names):
        return Basis.PICTURES
    pairs = [(old.view(name), new.view(name)) for name in old.view_names]
    if all(_same_scores(*pair) for pair in pairs):
        return Basis.SCORES
    return Basis.MAPS if all(_same_maps(*pair) for pair in pairs) else Basis.PICTURES


def scores_hold(judged_by: Recipe, old: Recipe, new: Recipe) -> bool:
    """Return whether the recorded scores and marks of a revision are those that the other two would give."""
    if sorted(judged_by.view_names) != sorted(old.view_names):
        return False
    return all(_same_scores(judged_by.view(name), side.view(name)) for name in old.view_names for side in (old, new))


def maps_hold(judged_by: Recipe, old: Recipe) -> bool:
    """Return whether the stored maps of a revision are those that the old one would give."""
    if sorted(judged_by.view_names) != sorted(old.view_names):
        return False
    return all(_same_maps(judged_by.view(name), old.view(name)) for name in old.view_names)


def flips_by_scores(views: Sequence[tuple[ScoredPictures, Limits, Limits]], most: int) -> RevisionFlips:
    """Return the flips of parts from the scores of all their views; the worst view decides, as on the line.

    Args:
        views: The scores of each view in the order of the parts, with the old limits and the new ones.
        most: How many parts are named at most.
    """
    keys_of_views = [_as_one(pictures.keys) for pictures, *_ in views]
    keys, of_any = reduce(_shared, keys_of_views), reduce(np.union1d, keys_of_views)
    worst = [np.zeros(len(keys), np.uint8) for _ in range(2)]
    for pictures, *limits in views:
        there = np.isin(_as_one(pictures.keys), keys)
        for so_far, each in zip(worst, limits, strict=True):
            np.maximum(so_far, pictures.verdicts(each)[there], out=so_far)
    before, after = worst
    turned = np.flatnonzero(before != after)
    named = (
        Compared(PartKey(int(keys[at] >> 31), int(keys[at] & _LOW)), JUDGED[before[at]], JUDGED[after[at]])
        for at in turned
    )
    return _counted(Basis.SCORES, named, most, same=len(keys) - len(turned), missing=len(of_any) - len(keys))


def flips_of(basis: Basis, parts: Iterable[Compared], most: int) -> RevisionFlips:
    """Return the flips of parts that were judged by both revisions, in their order."""
    return _counted(basis, parts, most)


_LOW = (1 << 31) - 1


def _counted(basis: Basis, parts: Iterable[Compared], most: int, *, same: int = 0, missing: int = 0) -> RevisionFlips:
    counts: dict[Turn, int] = {}
    found: list[PartFlip] = []
    not_judged = missing
    for part in parts:
        if part.before not in JUDGED or part.after not in JUDGED:
            not_judged += 1
        elif part.before is part.after:
            same += 1
        else:
            turn = part.before, part.after
            counts[turn] = counts.get(turn, 0) + 1
            found.append(PartFlip(part.key, *turn))
    ordered = {turn: counts[turn] for turn in TURNS if turn in counts}
    found.reverse()  # the newest first
    found.sort(key=lambda flip: TURNS.index((flip.before, flip.after)))
    return RevisionFlips(basis, same + len(found), ordered, tuple(found[:most]), not_judged=not_judged)


def _same_scores(old: View, new: View) -> bool:
    """Marks are recorded as the pixel limit of that time found them, and count only with a minimum area.

    A part that left its picture is never PASS, whatever it scored.
    """
    same_marks = old.limits.pixel_threshold == new.limits.pixel_threshold
    no_area = not old.limits.min_area_px and not new.limits.min_area_px
    same_place = old.location is None and new.location is None
    return same_place and old.scoring == new.scoring and old.quality == new.quality and (same_marks or no_area)


def _same_maps(old: View, new: View) -> bool:
    without_mask = replace(old.scoring, ignore=None), replace(new.scoring, ignore=None)
    return without_mask[0] == without_mask[1] and old.quality == new.quality


def _as_one(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    return (keys[:, 0] << 31) | keys[:, 1]


def _shared(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.intersect1d(one, other, assume_unique=True)
