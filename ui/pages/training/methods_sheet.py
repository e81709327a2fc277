"""The sheet on which a method is chosen, or several to compare: each with what it looks at and costs, or lacks."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station.domain.training import MethodOffer
from ui.pages.training.method_rows import METHOD_HEADINGS, method_rows, offered_in_order
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label
from ui.widgets.table import Table

_WIDTH_SHARE, _HEIGHT_SHARE = 0.9, 0.85
_FEWEST = 2
_HINT = "balanced finds the most for most products. Mark others to compare them with it on your own pictures."


class MethodsSheet(Dialog):
    """Arrow keys and Enter choose; what lacks something can be read, not chosen.

    Signals:
        chosen: The name of a method.
        compared: The names of the marked methods, two or more, in the order of the table.
    """

    chosen = Signal(str)
    compared = Signal(tuple)

    def __init__(self, parent: QWidget, offers: Sequence[MethodOffer], present: str) -> None:
        super().__init__(parent, "Choose a method")
        self._offers = offered_in_order(offers)
        self._marked: set[str] = set()
        self.methods = Table("Methods", METHOD_HEADINGS, wraps=True, chooses=True, named=True)
        self.choose = sheet_key("Choose  (Enter)", strong=True)
        self.mark, self.compare = sheet_key("Mark  (Ctrl+M)"), sheet_key("")
        self._lay_out(parent)
        self._show()
        self.methods.row_chosen.connect(lambda _row: self._follow())
        self.methods.doubleClicked.connect(lambda _index: self._take())
        names = [offer.name for offer in self._offers]
        self.methods.selectRow(names.index(present) if present in names else 0)
        self.methods.setFocus()

    @property
    def current(self) -> MethodOffer | None:
        """The method of the chosen row; None if none is."""
        row = self.methods.chosen_row
        return self._offers[row] if row >= 0 else None

    @property
    def marked(self) -> tuple[str, ...]:
        """The names of the marked methods, in the order of the table."""
        return tuple(offer.name for offer in self._offers if offer.name in self._marked)

    def _lay_out(self, parent: QWidget) -> None:
        leave = sheet_key("Close  (Esc)")
        for key, do in (
            (self.choose, self._take),
            (self.mark, self._toggle),
            (self.compare, self._compare),
            (leave, self.reject),
        ):
            key.clicked.connect(do)
        self.column.addWidget(label(_HINT, "muted", wrap=True))
        self.column.addWidget(self.methods, 1)
        self.add_key_row(self.choose, self.mark, self.compare, leave)
        window, side = parent.window(), current_theme().sizes.side
        self.resize(min(round(window.width() * _WIDTH_SHARE), side * 3), round(window.height() * _HEIGHT_SHARE))

    def _show(self) -> None:
        self.methods.show_rows(method_rows(self._offers, self._marked))
        self._follow()

    def _follow(self) -> None:
        can_be_used = self.current is not None and self.current.available
        self.choose.setEnabled(can_be_used)
        self.mark.setEnabled(can_be_used)
        marked = self.current is not None and self.current.name in self._marked
        self.mark.setText("Unmark  (Ctrl+M)" if marked else "Mark  (Ctrl+M)")
        self.mark.setShortcut("Ctrl+M")  # Qt forgets it with the text
        self.compare.setText(f"Compare {len(self._marked) or 'marked'}  (Ctrl+P)")
        self.compare.setShortcut("Ctrl+P")
        self.compare.setEnabled(len(self._marked) >= _FEWEST)

    def _take(self) -> None:
        offer = self.current
        if offer is not None and offer.available:
            self.accept()
            self.chosen.emit(offer.name)

    def _toggle(self) -> None:
        if self.current is not None:
            self._marked ^= {self.current.name}
            self._show()

    def _compare(self) -> None:
        names = self.marked
        self.accept()
        self.compared.emit(names)
