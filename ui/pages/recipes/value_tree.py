"""The values of a revision by their sections; the marked one is changed below."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from ui.pages.recipes.shown import ValueShown
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme

_SHARES = (0.36, 0.28)
_ROW = Qt.ItemDataRole.UserRole


class ValueTree(QTreeWidget):
    """Name, value, and what it becomes in the draft.

    Signals:
        chosen: A `ValueShown`, or None for a heading.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Values of the recipe")
        self.setHeaderLabels(["Value", "Now", "Draft"])
        self.setIndentation(10)
        self.setRootIsDecorated(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.header()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setStretchLastSection(True)
        head.setSectionsMovable(False)
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._sections: Sequence[tuple[str, tuple[ValueShown, ...]]] = ()
        self.currentItemChanged.connect(lambda item, _before: self.chosen.emit(item.data(0, _ROW) if item else None))

    @property
    def marked(self) -> ValueShown | None:
        """The row that is marked."""
        item = self.currentItem()
        return item.data(0, _ROW) if item else None

    def show_sections(self, sections: Sequence[tuple[str, tuple[ValueShown, ...]]]) -> None:
        """Show these; the marked value stays marked."""
        if sections == self._sections:
            return
        marked = self.marked
        self._sections = sections
        with QSignalBlocker(self):
            self.clear()
            self._rows = {}
            for heading, rows in sections:
                self._add(heading, rows)
            self.expandAll()
        self.mark(marked.name if marked else "")

    def mark(self, name: str) -> None:
        """Mark the value of this name, if it is shown."""
        row = self._rows.get(name)
        if row is not None:
            self.setCurrentItem(row)
        self.chosen.emit(row.data(0, _ROW) if row else None)

    def texts(self) -> list[tuple[str, str, str]]:
        """Return what is shown, a row each."""
        return [(row.name, row.was, row.becomes) for _, rows in self._sections for row in rows]

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Wear the other theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            for row in self._rows.values():
                row.setForeground(2, QColor(current_theme().colours.accent))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the names and what they become more room than what was."""
        super().resizeEvent(event)
        width = self.viewport().width()
        for column, share in enumerate(_SHARES):
            self.setColumnWidth(column, int(width * share))

    def _add(self, heading: str, rows: Sequence[ValueShown]) -> None:
        top = QTreeWidgetItem([heading])
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        top.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.addTopLevelItem(top)
        top.setFirstColumnSpanned(True)
        for shown in rows:
            row = QTreeWidgetItem([shown.name, shown.was, shown.becomes])
            row.setData(0, _ROW, shown)
            for column, text in enumerate((shown.name, shown.was, shown.becomes)):
                row.setToolTip(column, in_a_hint(text))
            if shown.becomes:
                row.setForeground(2, QColor(current_theme().colours.accent))
            top.addChild(row)
            self._rows[shown.name] = row
