"""The working set of a product's view: pictures with their present labels, from which versions are frozen."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from station.domain.errors import BadInputError
from station.domain.inspection import PartKey
from station.domain.verdict import Verdict

SplitName = Literal["train", "test"]
"""What a picture is for: to learn from, or to measure with."""

DEFECT_KIND = "defect"
"""The kind of a defect of which nobody said more."""
MOST_KINDS = 255
"""A pixel of a mask is one byte: 0 is good, k is the k-th kind."""
_LONGEST_KIND = 40
_NOT_IN_A_KIND = frozenset('/\\:*?"<>|')
_TAKEN = frozenset({"good"})


class Label(StrEnum):
    """What a person said of a picture."""

    GOOD = "good"
    DEFECT = "defect"
    UNLABELLED = "unlabelled"


class ItemSource(StrEnum):
    """Where a picture came from."""

    IMPORT = "import"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class DatasetItem:
    """One picture of a working set, with its present label.

    Attributes:
        item_id: Its number; never given to another picture.
        product, view: What it shows; `view` is "" if the station has one camera.
        picture_sha256: Of the picture's file, which is kept as it came.
        name: The name of the file as people know it: "003.png", or "part 0412".
        source: Where it came from.
        origin: The same in words for people: a path, the reason for which it was collected, or the camera and the time.
        label: The present label.
        kind: The kind of defect; "" unless the label is DEFECT.
        mask_sha256: Of the mask's file; "" without a mask.
        part: The inspected part that it shows; None if it was imported, or taken before the product was inspected.
        verdict: What the station said of that view at the time; None without an inspected part.
        score: Normalised score of that judgement.
        limit: The limit that it was judged by.
        taken_at: When the part was triggered, or the picture taken; None for an imported picture.
        added_at, added_by: When it came into the working set, and by whom.
        labelled_by, labelled_at: Of the present label; "" and None if nobody labelled it.
        group: Near-repeats and pictures of one part have the same group.
        split: What it is for in a frozen version. All of a group have the same split.
    """

    item_id: int
    product: str
    view: str
    picture_sha256: str
    name: str
    source: ItemSource
    origin: str
    label: Label
    kind: str
    mask_sha256: str
    part: PartKey | None
    verdict: Verdict | None
    score: float | None
    limit: float | None
    taken_at: datetime | None
    added_at: datetime
    added_by: str
    labelled_by: str
    labelled_at: datetime | None
    group: str
    split: SplitName

    @property
    def disagrees(self) -> bool:
        """Return whether the label contradicts the verdict: a defect that passed, or a good part that did not."""
        if self.verdict is None or self.label is Label.UNLABELLED:
            return False
        return (self.label is Label.DEFECT) is (self.verdict is Verdict.PASS)


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One entry in the history of an item: who said what, when, and with which mask."""

    item_id: int
    label: Label
    kind: str
    mask_sha256: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """What is said of a picture as a whole.

    Attributes:
        label: Good, defect, or nothing.
        kind: The kind of defect; "" unless the label is DEFECT.
    """

    label: Label = Label.UNLABELLED
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DefectKind:
    """A kind of defect of a product.

    Attributes:
        number: Its value in masks, from 1.
        name: What people call it.
    """

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class DatasetFilter:
    """Which items are wanted; each condition that is left out allows all.

    Attributes:
        label: Those with this label.
        kind: Those with this kind of defect.
        split: Those with this split.
        score_from, score_to: Those with a score between these, both included; an imported picture has no score.
        only_disagreeing: Those whose label contradicts the verdict.
        only_masked: Those with a mask.
        taken_from, taken_to: Those of parts that were triggered from the first until before the second moment.
    """

    label: Label | None = None
    kind: str = ""
    split: SplitName | None = None
    score_from: float | None = None
    score_to: float | None = None
    only_disagreeing: bool = False
    only_masked: bool = False
    taken_from: datetime | None = None
    taken_to: datetime | None = None

    def allows(self, item: DatasetItem) -> bool:
        """Return whether the item meets every condition."""
        return (
            (self.label is None or item.label is self.label)
            and (not self.kind or item.kind == self.kind)
            and (self.split is None or item.split == self.split)
            and (not self.only_disagreeing or item.disagrees)
            and (not self.only_masked or bool(item.mask_sha256))
            and self._allows_score(item.score)
            and self._allows_time(item.taken_at)
        )

    def _allows_score(self, score: float | None) -> bool:
        if self.score_from is None and self.score_to is None:
            return True
        return (
            score is not None
            and (self.score_from is None or score >= self.score_from)
            and (self.score_to is None or score <= self.score_to)
        )

    def _allows_time(self, taken_at: datetime | None) -> bool:
        if self.taken_from is None and self.taken_to is None:
            return True
        return (
            taken_at is not None
            and (self.taken_from is None or taken_at >= self.taken_from)
            and (self.taken_to is None or taken_at < self.taken_to)
        )


EVERY_ITEM = DatasetFilter()


@dataclass(frozen=True, slots=True)
class DatasetCounts:
    """Items of a working set by label, and defects by kind."""

    good: int = 0
    defect: int = 0
    unlabelled: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Iterable[DatasetItem]) -> "DatasetCounts":
        """Count the items; the most frequent kind comes first."""
        counted = Counter((item.label, item.kind) for item in items)
        by_label: Counter[Label] = Counter()
        kinds: Counter[str] = Counter()
        for (label, kind), count in counted.items():
            by_label[label] += count
            if label is Label.DEFECT:
                kinds[kind] += count
        return cls(by_label[Label.GOOD], by_label[Label.DEFECT], by_label[Label.UNLABELLED], dict(kinds.most_common()))

    @property
    def total(self) -> int:
        """Return the number of items."""
        return self.good + self.defect + self.unlabelled


@dataclass(frozen=True, slots=True)
class Added:
    """What came into a working set.

    Attributes:
        item_ids: The new items.
        already_there: How many pictures were in it before.
        notes: What the folders were taken for, and what was left out and why; a sentence each.
    """

    item_ids: tuple[int, ...] = ()
    already_there: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenVersion:
    """A frozen version of a working set; it never changes.

    Attributes:
        product, view: What its pictures show.
        version: The hash of its content.
        good, defects: Number of pictures.
        learned: How many of the good ones are to learn from; the others are to measure with.
        frozen_at: When it was frozen first.
        frozen_by: By whom.
    """

    product: str
    view: str
    version: str
    good: int
    defects: int
    learned: int
    frozen_at: datetime
    frozen_by: str


def label_without_marks(item: DatasetItem, history: Sequence[LabelChange]) -> ItemLabel:
    """Return what was said of a picture last, apart from what was drawn on it.

    A drawn mask makes a picture a defect; if it is taken back, this is what remains. A label that came with an imported
    mask was said by a person, and so was one that was given while the mask stayed as it was.

    Args:
        item: The picture.
        history: What was said of it, oldest first.
    """
    for place, change in reversed(tuple(enumerate(history))):
        before = history[place - 1] if place else None
        drawn = change.mask_sha256 and change.mask_sha256 != (before.mask_sha256 if before else "")
        if not drawn or (before is None and change.at == item.added_at):
            return ItemLabel(change.label, change.kind)
    return ItemLabel()


def checked_kind(name: str) -> str:
    """Return the name of a kind of defect, if it can be one; "" becomes "defect".

    Raises:
        BadInputError: It is too long, is "good", or has characters that no folder may have.
    """
    kind = " ".join(unicodedata.normalize("NFC", name).split()) or DEFECT_KIND
    bad = len(kind) > _LONGEST_KIND or not _NOT_IN_A_KIND.isdisjoint(kind) or not kind.isprintable()
    if bad or kind[0] in ". " or kind[-1] == "." or kind.lower() in _TAKEN:
        raise BadInputError(
            f"'{name}' cannot be the name of a kind of defect.",
            f'Use up to {_LONGEST_KIND} characters, none of / \\ : * ? " < > |; "good" is not a kind.',
        )
    return kind
