"""A number of the shift is chosen, and the parts that it was counted from can be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from station.domain.formatting import number, shortened
from station.domain.inspection import Inspection
from station.domain.shift import ShiftRecords
from station.domain.shift_summary import ShiftSummary
from station.reporting.part_lists import part_lists
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel, label

_MOST = 50
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class CountedParts:
    """The parts behind one number.

    Attributes:
        title: What they have in common: "Place: upper left".
        count: How many they are.
        newest: At most 50 of them, newest first.
    """

    title: str
    count: int
    newest: tuple[Inspection, ...]

    @property
    def words(self) -> str:
        """Return what a list of them is called: "FAIL, the newest 50 of 812"."""
        some = f", the newest {number(len(self.newest))} of {number(self.count)}"
        return self.title + (some if len(self.newest) < self.count else f", {number(self.count)}")


def counted_parts(records: ShiftRecords, summary: ShiftSummary) -> tuple[CountedParts, ...]:
    """Return the parts behind each number of a shift that is not 0, in the order of the printed report."""
    inspections = {part.inspection.key: part.inspection for part in records.parts}
    return tuple(
        CountedParts(each.title, len(each.parts), tuple(inspections[key] for key in reversed(each.parts[-_MOST:])))
        for each in part_lists(records, summary)
        if each.parts
    )


class NumberChooser(Panel):
    """The numbers of the shift, and the key that shows the parts of the chosen one."""

    def __init__(self, key: KeyButton) -> None:
        super().__init__()
        self._counted: Sequence[CountedParts] = ()
        self.list = Chooser()
        self.list.setAccessibleName("Parts behind the numbers")
        self.list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.addWidget(label("Parts behind the numbers", "strong"))
        row.addWidget(self.list, 1)
        row.addWidget(key)

    @property
    def chosen(self) -> CountedParts | None:
        """Return the parts behind the chosen number; None if there are none."""
        place = self.list.currentIndex()
        return self._counted[place] if 0 <= place < len(self._counted) else None

    def show_numbers(self, counted: Sequence[CountedParts]) -> None:
        """Offer these; what was chosen stays chosen while it is counted again."""
        before = self.chosen
        self._counted = counted
        self.list.clear()
        self.list.addItems([f"{shortened(each.title, _LONGEST)}: {number(each.count)}" for each in counted])
        titles = [each.title for each in counted]
        if before is not None and before.title in titles:
            self.list.setCurrentIndex(titles.index(before.title))
