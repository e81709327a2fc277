"""The sheet on which a method is chosen: every method with what it looks at and costs, or what it lacks."""

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
_HINT = "balanced finds the most for most products. Compare others with it on your own pictures."


class MethodsSheet(Dialog):
    """Arrow keys and Enter choose; what lacks something can be read, not chosen.

    Signals:
        chosen: The name of a method.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget, offers: Sequence[MethodOffer], present: str) -> None:
        super().__init__(parent, "Choose a method")
        self._offers = offered_in_order(offers)
        self.methods = Table("Methods", METHOD_HEADINGS, wraps=True, chooses=True, named=True)
        self.choose = sheet_key("Choose  (Enter)", strong=True)
        self.choose.clicked.connect(self._take)
        leave = sheet_key("Close  (Esc)")
        leave.clicked.connect(self.reject)
        self.column.addWidget(label(_HINT, "muted", wrap=True))
        self.column.addWidget(self.methods, 1)
        self.add_key_row(self.choose, leave)
        self.methods.show_rows(method_rows(self._offers))
        self.methods.row_chosen.connect(lambda _row: self._follow())
        self.methods.doubleClicked.connect(lambda _index: self._take())
        self._begin_with(present)
        window, side = parent.window(), current_theme().sizes.side
        self.resize(min(round(window.width() * _WIDTH_SHARE), round(side * 3)), round(window.height() * _HEIGHT_SHARE))

    @property
    def marked(self) -> MethodOffer | None:
        """The method of the marked row; None if none is marked."""
        row = self.methods.chosen_row
        return self._offers[row] if row >= 0 else None

    def _begin_with(self, present: str) -> None:
        names = [offer.name for offer in self._offers]
        self.methods.selectRow(names.index(present) if present in names else 0)
        self.methods.setFocus()
        self._follow()

    def _follow(self) -> None:
        self.choose.setEnabled(self.marked is not None and self.marked.available)

    def _take(self) -> None:
        offer = self.marked
        if offer is not None and offer.available:
            self.accept()
            self.chosen.emit(offer.name)
