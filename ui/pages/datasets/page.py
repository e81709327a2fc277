"""The engineer's page of datasets: choose, look through, mark, label, import, freeze."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.domain.dataset import DatasetCounts, DatasetItem, DefectKind
from ui.actions.action_table import Actions
from ui.pages.datasets.actions import DatasetAct
from ui.pages.datasets.corrections_notice import Notice
from ui.pages.datasets.filter_bar import FilterBar
from ui.pages.datasets.gallery import Gallery
from ui.pages.datasets.gallery_model import GalleryModel
from ui.pages.datasets.shown_items import ShownItems
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.chooser import Chooser
from ui.widgets.key_button import KeyButton
from ui.widgets.panel import Panel
from ui.widgets.text.fitted_text import ElidedLine, FittedSentence

_TASKS = (DatasetAct.IMPORT, DatasetAct.ANNOTATE, DatasetAct.FREEZE, DatasetAct.TEACH, DatasetAct.EXPORT,
          DatasetAct.COLLECT)  # fmt: skip
_SIDE_SHARE = 0.72
_NEW_KIND = "New kind \u2026"


class DatasetsPage(QWidget):
    """Widgets only; the presenter decides.

    Signals:
        dropped: Paths of files and folders that were dropped on the page.
        new_kind_wanted: A kind of defect that is not in the list is wanted.
    """

    dropped = Signal(object)
    new_kind_wanted = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.filters = FilterBar()
        self.gallery = Gallery(GalleryModel())
        self.shown: ShownItems = ShownItems((), DatasetCounts(), 0)
        self._only_first = False
        self.said = ElidedLine()
        self.said.setProperty("role", "muted")
        self.counts = FittedSentence()
        self.counts.setProperty("role", "strong")
        self.about = FittedSentence()
        self.kinds = Chooser()
        self.kinds.setAccessibleName("Kind of the defects")
        self.kinds.activated.connect(self._note_kind)
        self._good = KeyButton(actions[DatasetAct.GOOD])
        self._defect = KeyButton(actions[DatasetAct.DEFECT])
        self._unlabel = KeyButton(actions[DatasetAct.UNLABEL])
        self._tasks = [KeyButton(actions[act], "tool") for act in _TASKS]
        self.noticed = FittedSentence()
        self.noticed.setProperty("role", "strong")
        self.next_step = KeyButton(actions[DatasetAct.CORRECT], "tool")
        self.notice = Panel()
        self._panel = Panel()
        self.offer_kinds(())
        self._lay_out()
        self._fit_panel()

    @property
    def kind(self) -> str:
        """Return the kind that defects are labelled with; "" for a defect of which no more is said."""
        return self.kinds.currentData() or ""

    def show_first(self, items: Sequence[DatasetItem]) -> None:
        """Show the first items of a working set that is still being read."""
        if items:
            self._only_first = True
            self.gallery.items.show_items(items)

    def show_items(self, shown: ShownItems) -> None:
        """Show these items; those that were marked and are still there stay marked."""
        before, after = self.shown, shown
        self.shown = after
        if after.items is not before.items or self._only_first:
            self._only_first = False
            marked = tuple(item.item_id for item in self.gallery.marked_items())
            place = self.gallery.verticalScrollBar().value()
            self.gallery.items.show_items(after.items)
            if marked:
                self.gallery.mark(marked)
            self.gallery.verticalScrollBar().setValue(place)
        if after.counted != before.counted or not self.counts.text():
            self.counts.setText(after.counted)
        if after.sentence != before.sentence or not self.said.text():
            self.say(after.sentence)
            self.gallery.say_when_empty(after.sentence)

    def offer_kinds(self, kinds: Sequence[DefectKind], chosen: str = "") -> None:
        """Let defects be labelled with one of these kinds."""
        before = chosen or self.kind
        self.kinds.clear()
        self.kinds.addItem("defect", "")
        for kind in kinds:
            if kind.name != "defect":
                self.kinds.addItem(kind.name, kind.name)
        self.kinds.addItem(_NEW_KIND, None)
        self.kinds.setCurrentIndex(max(0, self.kinds.findData(before)) if before else 0)
        self.filters.offer_kinds(kinds)

    def show_notice(self, notice: Notice | None) -> None:
        """Say what can be done with corrections, with one key for it; nothing without corrections."""
        self.notice.setVisible(notice is not None)
        if notice is not None:
            self.noticed.setText(notice.sentence)
            self.noticed.setToolTip(in_a_hint(notice.sentence))
            self.next_step.say(notice.step)

    def say(self, text: str) -> None:
        """Say what was done or went wrong, in one line."""
        self.said.setText(text)
        self.said.setToolTip(in_a_hint(text))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Accept files and folders."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Import what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """The panel follows the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_panel()

    def _fit_panel(self) -> None:
        self._panel.setFixedWidth(round(current_theme().sizes.side * _SIDE_SHARE))

    def _note_kind(self, row: int) -> None:
        if self.kinds.itemData(row) is None:
            self.kinds.setCurrentIndex(0)
            self.new_kind_wanted.emit()

    def _lay_out(self) -> None:
        gap = current_theme().sizes.gap
        page = QVBoxLayout(self)
        page.setContentsMargins(gap, gap, gap, gap)
        page.setSpacing(gap)
        tasks = QHBoxLayout()
        tasks.setSpacing(gap)
        for key in self._tasks:
            tasks.addWidget(key, 1)
        middle = QHBoxLayout()
        middle.setSpacing(gap)
        left = QVBoxLayout()
        left.setSpacing(gap)
        left.addWidget(self._notice())
        left.addWidget(self.gallery, 1)
        middle.addLayout(left, 1)
        middle.addWidget(self._side())
        page.addWidget(self.filters)
        page.addLayout(middle, 1)
        page.addWidget(self.said)
        page.addLayout(tasks)

    def _notice(self) -> Panel:
        row = QHBoxLayout(self.notice)
        row.setSpacing(current_theme().sizes.gap)
        row.addWidget(self.noticed, 2)
        row.addWidget(self.next_step, 1)
        return self.notice

    def _side(self) -> Panel:
        """The counts, what is marked, and the keys that label it."""
        sizes = current_theme().sizes
        panel = self._panel
        column = QVBoxLayout(panel)
        column.setSpacing(sizes.gap)
        column.addWidget(self.counts, 4)
        column.addWidget(self.about, 5)
        keys = QGridLayout()
        keys.setSpacing(sizes.gap)
        keys.addWidget(self._good, 0, 0)
        keys.addWidget(self._unlabel, 0, 1)
        keys.addWidget(self.kinds, 1, 0, 1, 2)
        keys.addWidget(self._defect, 2, 0, 1, 2)
        column.addLayout(keys)
        return panel
