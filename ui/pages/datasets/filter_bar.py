"""Which items of which working set are shown."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from station.domain.dataset import DatasetFilter, DefectKind, Label
from station.domain.shift import ShiftWindow
from station.reporting.wording import title_in_a_list
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser

Place = tuple[str, str]
"""Product and view."""

_LABELS: tuple[tuple[str, DatasetFilter], ...] = (
    ("Any label", DatasetFilter()),
    ("Good", DatasetFilter(label=Label.GOOD)),
    ("Defects", DatasetFilter(label=Label.DEFECT)),
    ("Without a label", DatasetFilter(label=Label.UNLABELLED)),
    ("With a mask", DatasetFilter(only_masked=True)),
    ("Label and verdict disagree", DatasetFilter(only_disagreeing=True)),
)
_SPLITS: tuple[tuple[str, DatasetFilter], ...] = (
    ("Any use", DatasetFilter()),
    ("To learn from", DatasetFilter(split="train")),
    ("To measure with", DatasetFilter(split="test")),
)
_SCORES: tuple[tuple[str, DatasetFilter], ...] = (
    ("Any score", DatasetFilter()),
    ("Score up to 0.4", DatasetFilter(score_to=0.4)),
    ("Score 0.4 to 0.5", DatasetFilter(score_from=0.4, score_to=0.5)),
    ("Score 0.5 to 0.6", DatasetFilter(score_from=0.5, score_to=0.6)),
    ("Score from 0.6", DatasetFilter(score_from=0.6)),
)


class FilterBar(QWidget):
    """A row of choices.

    Signals:
        place_chosen: Another working set: a `Place`.
        changed: Another condition.
    """

    place_chosen = Signal(object)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.places, self.labels, self.kinds = Chooser(), Chooser(), Chooser()
        self.splits, self.scores, self.shifts = Chooser(), Chooser(), Chooser()
        self.places.setAccessibleName("Product and view")
        self.places.activated.connect(lambda row: self.place_chosen.emit(self.places.itemData(row)))
        named = {self.labels: "Label", self.kinds: "Kind of defect", self.splits: "Use", self.scores: "Score",
                 self.shifts: "Shift"}  # fmt: skip
        for chooser, name in named.items():
            chooser.setAccessibleName(name)
            chooser.activated.connect(lambda _row: self.changed.emit())
        for chooser, entries in ((self.labels, _LABELS), (self.splits, _SPLITS), (self.scores, _SCORES)):
            for words, condition in entries:
                chooser.addItem(words, condition)
        self.offer_kinds(())
        self.offer_shifts(())
        self._lay_out()

    @property
    def place(self) -> Place | None:
        """Return the chosen working set; None if there is none."""
        place: Place | None = self.places.currentData()
        return place

    @property
    def wanted(self) -> DatasetFilter:
        """Return the chosen conditions, all of which have to be met."""
        label: DatasetFilter = self.labels.currentData()
        split: DatasetFilter = self.splits.currentData()
        score: DatasetFilter = self.scores.currentData()
        window: ShiftWindow | None = self.shifts.currentData()
        return replace(
            label,
            kind=self.kinds.currentData() or "",
            split=split.split,
            score_from=score.score_from,
            score_to=score.score_to,
            taken_from=window.start if window else None,
            taken_to=window.end if window else None,
        )

    def offer_places(self, places: Sequence[Place], chosen: Place | None) -> None:
        """Let one of these working sets be chosen."""
        self.places.clear()
        for product, view in places:
            self.places.addItem(f"{product}, {view}" if view else product, (product, view))
        if chosen in places:
            self.places.setCurrentIndex(places.index(chosen))
        self.places.setEnabled(bool(places))

    def offer_kinds(self, kinds: Sequence[DefectKind]) -> None:
        """Let one of these kinds of defects be chosen; the one that is chosen stays."""
        before = self.kinds.currentData()
        self.kinds.clear()
        self.kinds.addItem("Any kind", "")
        for kind in kinds:
            self.kinds.addItem(kind.name, kind.name)
        self.kinds.setCurrentIndex(max(0, self.kinds.findData(before)))

    def offer_shifts(self, shifts: Sequence[ShiftWindow]) -> None:
        """Let the parts of one of these shifts be chosen; the one that is chosen stays."""
        before = self.shifts.currentData()
        self.shifts.clear()
        self.shifts.addItem("Any shift", None)
        for window in shifts:
            self.shifts.addItem(title_in_a_list(window), window)
            if window == before:
                self.shifts.setCurrentIndex(self.shifts.count() - 1)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(current_theme().sizes.gap)
        choosers = (self.places, self.labels, self.kinds, self.splits, self.scores, self.shifts)
        for column, chooser in enumerate(choosers):
            chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            chooser.setMinimumWidth(1)
            grid.addWidget(chooser, 0, column)
            grid.setColumnStretch(column, 1)
