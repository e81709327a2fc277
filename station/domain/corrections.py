"""What people have corrected since a model was taught, and whether it is enough to teach again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from station.domain.dataset import DatasetItem, Label
from station.domain.inspection import PartKey
from station.domain.synthetic import is_synthetic
from station.domain.training import TrainingRun
from station.domain.verdict import Verdict

ENOUGH_MARKED = 5
"""New defects with a mask. Each gives many cells to learn from, and five are more than the trouble of one part."""
ENOUGH = 10
"""New corrections of any kind. A picture without a mask says that a part is bad, but not where."""
_UNTRACED = " The pictures that {model} was taught from are not on this station."


class Learned(NamedTuple):
    """What a model was taught of one picture: that it is good or a defect, and whether a mask said where."""

    good: bool
    masked: bool


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of one view of a product.

    Attributes:
        model: The revision that they correct: "disc@3".
        marked: New defects with a mask.
        unmarked: New defects without one.
        good: Good parts that were rejected, or learned as defects.
        passed: How many of the new defects the station passed when it saw them.
        disputed: Disputed parts whose pictures are not in the dataset yet.
        unlabelled: Disputed parts whose pictures are there, without a label.
        absent: Pictures that the model was taught from and that the working set does not have.
        traced: The pictures that the model was taught from are on this station; if not, every defect counts as new.
    """

    model: str
    marked: int = 0
    unmarked: int = 0
    good: int = 0
    passed: int = 0
    disputed: tuple[PartKey, ...] = ()
    unlabelled: int = 0
    absent: int = 0
    traced: bool = True

    @property
    def count(self) -> int:
        """Return the number of corrections that a model can learn from."""
        return self.marked + self.unmarked + self.good

    @property
    def enough(self) -> bool:
        """Return whether enough have come together to teach again."""
        return self.marked >= ENOUGH_MARKED or self.count >= ENOUGH

    @property
    def sentence(self) -> str:
        """Return what was corrected, and what the model made of it; "" if nothing was."""
        if not self.count:
            return ""
        counted = (
            _some(self.marked, "marked defect"),
            _some(self.unmarked, "defect", " without a mask"),
            _some(self.good, "good part", " that were rejected" if self.good > 1 else " that was rejected"),
        )
        said = f"New since {self.model}: {', '.join(filter(None, counted))}."
        passed = f" {self.passed} of the defects had passed." if self.passed else ""
        return f"{said}{passed}{'' if self.traced else _UNTRACED.format(model=self.model)}"


@dataclass(frozen=True, slots=True)
class LearningState:
    """Where a view of a product is on the way from corrections to a better model.

    Attributes:
        corrections: What is new since the newest model; None if no released model was taught for this view.
        run: The training of this view that waits or runs now.
        draft: The trained draft that is newer than the released revision: name and revision.
        changed: What the draft would have changed on parts that it has judged, in a sentence; "" before.
    """

    corrections: Corrections | None = None
    run: TrainingRun | None = None
    draft: tuple[str, int] | None = None
    changed: str = ""


@dataclass(frozen=True, slots=True)
class CorrectedView:
    """A view of a product with enough corrections to teach again.

    Attributes:
        product, view: Whose; `view` is "" if the station has one camera.
        corrections: What is new.
    """

    product: str
    view: str
    corrections: Corrections

    @property
    def sentence(self) -> str:
        """Return whose they are and what is new."""
        whose = f"{self.product}, {self.view}" if self.view else self.product
        return f"{whose}: {self.corrections.sentence}"


def most_urgent(states: Iterable[LearningState]) -> LearningState:
    """Return the state of the recipe for which there is most to do: a training first, then enough corrections."""
    return max(states, key=_urgency, default=LearningState())


def _urgency(state: LearningState) -> tuple[bool, bool, bool, bool]:
    found = state.corrections
    enough, disputed = (found.enough, bool(found.disputed)) if found else (False, False)
    return state.run is not None, enough, disputed, state.draft is not None


def corrections_of(
    model: str,
    items: Iterable[DatasetItem],
    learned: Mapping[str, Learned] | None,
    disputed: Collection[PartKey],
) -> Corrections:
    """Compare a working set with what a model was taught.

    Args:
        model: The revision: "disc@3".
        items: The pictures of the working set; synthetic defects correct nothing.
        learned: What the model was taught of each picture, by the SHA-256 of the picture; None if that is not known.
        disputed: Parts that a person disputed and whose whole pictures were kept.
    """
    found, before = tuple(item for item in items if not is_synthetic(item.kind)), learned or {}
    defects = [item for item in found if item.label is Label.DEFECT and _is_news(item, before)]
    good = [item for item in found if item.label is Label.GOOD and _is_rejected(item, before)]
    parts = {item.part: item for item in found if item.part is not None}
    known = {item.picture_sha256 for item in found}
    return Corrections(
        model,
        marked=sum(bool(item.mask_sha256) for item in defects),
        unmarked=sum(not item.mask_sha256 for item in defects),
        good=len(good),
        passed=sum(item.verdict is Verdict.PASS for item in defects),
        disputed=tuple(key for key in disputed if key not in parts),
        unlabelled=sum(key in parts and parts[key].label is Label.UNLABELLED for key in disputed),
        absent=sum(sha256 not in known for sha256 in before),
        traced=learned is not None,
    )


def _is_news(defect: DatasetItem, learned: Mapping[str, Learned]) -> bool:
    """Return whether the model does not know this defect, or not where it is."""
    known = learned.get(defect.picture_sha256)
    return known is None or known.good or (bool(defect.mask_sha256) and not known.masked)


def _is_rejected(good: DatasetItem, learned: Mapping[str, Learned]) -> bool:
    """Return whether this good part was taken for a bad one, and the model has not learned better since."""
    known = learned.get(good.picture_sha256)
    if known is not None:
        return not known.good
    return good.verdict in (Verdict.FAIL, Verdict.REVIEW)


def _some(count: int, noun: str, more: str = "") -> str:
    return f"{count} {noun}{'s' * (count != 1)}{more}" if count else ""
