"""What the page shows of a working set: resolved from its items and the chosen conditions, without a widget."""

from collections.abc import Sequence
from dataclasses import dataclass

from station.domain.dataset import EVERY_ITEM, DatasetCounts, DatasetFilter, DatasetItem, Label
from station.domain.formatting import counted, number, score

_NAMED_KINDS = 6


@dataclass(frozen=True, slots=True)
class ShownItems:
    """The items on show.

    Attributes:
        items: Those that meet the conditions.
        counts: Of the whole working set.
        total: Number of items in the working set.
    """

    items: tuple[DatasetItem, ...]
    counts: DatasetCounts
    total: int

    @property
    def counted(self) -> str:
        """Return the counts in lines: good, defects with their kinds, unlabelled."""
        counts = self.counts
        kinds = [f"  {count} {kind}" for kind, count in list(counts.kinds.items())[:_NAMED_KINDS]]
        if len(counts.kinds) > _NAMED_KINDS:
            kinds.append(f"  and {counted(len(counts.kinds) - _NAMED_KINDS, 'more kind')}")
        defects = counted(counts.defect, "defect")
        lines = [f"{number(counts.good)} good", defects, *kinds, f"{number(counts.unlabelled)} without a label"]
        return "\n".join(lines)

    @property
    def sentence(self) -> str:
        """Return what is shown, or what to do first if there is nothing."""
        if not self.total:
            return "No pictures yet. Import a folder or drop one here, or collect parts from the line."
        if not self.items:
            return "No picture meets these conditions. Choose others above."
        if len(self.items) == self.total:
            return f"{counted(self.total, 'picture')}."
        return f"{number(len(self.items))} of {counted(self.total, 'picture')}."


def resolve(items: tuple[DatasetItem, ...], counts: DatasetCounts, wanted: DatasetFilter) -> ShownItems:
    """Return what is shown of a working set; not on the window's thread if there may be many thousands.

    Args:
        items: All of it.
        counts: Of all of it.
        wanted: The conditions.
    """
    shown = items if wanted == EVERY_ITEM else tuple(item for item in items if wanted.allows(item))
    return ShownItems(shown, counts, len(items))


def described(marked: Sequence[DatasetItem], at: str) -> str:
    """Return the marked items in lines for the panel beside the gallery.

    Args:
        marked: The items.
        at: When the only one of them was labelled, in words; "" if it was not.
    """
    if not marked:
        return "Mark pictures to label them: touch one, Shift or Ctrl for several, Ctrl+A for all."
    if len(marked) > 1:
        counts = DatasetCounts.of(marked)
        defects = counted(counts.defect, "defect")
        return f"{len(marked)} marked: {counts.good} good, {defects}, {counts.unlabelled} without a label."
    (item,) = marked
    said = {Label.GOOD: "good", Label.DEFECT: f"defect, {item.kind}", Label.UNLABELLED: "no label"}[item.label]
    lines = [item.name, said, f"by {item.labelled_by or 'a person not named'}, {at}" if at else ""]
    lines.append({"train": "to learn from", "test": "to measure with"}[item.split])
    if item.verdict is not None:
        lines.append(f"judged {item.verdict.word}" + (f", score {score(item.score)}" if item.score is not None else ""))
    lines.append(item.origin)
    return "\n".join(filter(None, lines))
