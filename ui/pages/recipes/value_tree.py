"""The values of a revision by their sections; the marked one is changed below."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from ui.pages.recipes.shown import ValueShown
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme

_NAMES_SHARE = 0.3
"""Of the width, that names have at least while the values have room."""
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
            self._share_out()
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
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_rows"):
            self._share_out()
            for row in self._rows.values():
                row.setForeground(2, QColor(current_theme().colours.accent))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Share out the width that there is now."""
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        """Give the values what their text needs, and the names the rest: a name may end in dots, a figure never."""
        width = self.viewport().width()
        whole, figures = ([self._width_of(column, only) for column in (1, 2)] for only in (False, True))
        now, draft = shared_out(round(width * (1 - _NAMES_SHARE)), (whole[0], whole[1]), (figures[0], figures[1]))
        self.setColumnWidth(0, max(0, width - now - draft))
        self.setColumnWidth(1, now)

    def _width_of(self, column: int, only_figures: bool) -> int:
        """Return how wide the head and the texts of a column are, or its figures alone."""
        shown = (row for row in self._rows.values() if not only_figures or _is_figure(row.data(0, _ROW), column))
        hints = (self.sizeHintForIndex(self.indexFromItem(row, column)).width() for row in shown if row.text(column))
        return max((self.header().sectionSizeHint(column), *hints))

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


def shared_out(room: int, whole: tuple[int, int], least: tuple[int, int]) -> tuple[int, int]:
    """Return how wide the two columns of values are.

    Args:
        room: What there is for both without taking it from the names, pixels.
        whole: What each needs to show all of its texts.
        least: What each needs for its figures; it always gets this.
    """
    if sum(whole) <= room:
        return whole
    wanted = [max(0, full - few) for full, few in zip(whole, least, strict=True)]
    spare = min(max(0, room - sum(least)), sum(wanted))
    more = spare * wanted[0] // max(1, sum(wanted))
    return least[0] + more, least[1] + spare - more


def _is_figure(shown: ValueShown, column: int) -> bool:
    """Return whether a value begins with a digit, as "0.50" and "-3 dB" do; what is only read may be cut."""
    text = (shown.was if column == 1 else shown.becomes).lstrip("+-\u2212")
    return shown.value is not None and text[:1].isdigit()
