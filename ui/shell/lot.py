"""The lot and the order at the window: what the header says, and the sheet that a touch on it opens."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget
from shiboken6 import isValid

from station.app import Station
from station.domain.errors import StationError
from station.domain.lot_order import MOST_LETTERS, LotOrder
from ui.background.tasks import BackgroundTasks
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label

_FROM_NOW_ON = "Every part has them from the next trigger on. Empty means none. A scan goes into the marked field."


class LotSheet(Dialog):
    """Type or scan the lot and the order. What is left as it was shown is not set: a scan may have changed it since.

    Signals:
        wanted: Lot and order, each a text, or None to leave it as it is.
    """

    wanted = Signal(object, object)

    def __init__(self, parent: QWidget, made: LotOrder) -> None:
        super().__init__(parent, "What is made now?")
        self.lot, self.order = QLineEdit(made.lot), QLineEdit(made.order)
        form = QFormLayout()
        form.setSpacing(current_theme().sizes.gap)
        for name, entry in (("Lot", self.lot), ("Order", self.order)):
            entry.setAccessibleName(name)
            entry.setMaxLength(MOST_LETTERS)
            entry.selectAll()
            form.addRow(name, entry)
        self.column.addLayout(form)
        self.message = label(_FROM_NOW_ON, wrap=True)
        self.message.setMinimumHeight(2 * self.message.fontMetrics().lineSpacing())
        self.column.addWidget(self.message)
        self.do, self.leave = sheet_key("Set  (Enter)", strong=True), sheet_key("Cancel  (Esc)")
        self.do.clicked.connect(
            lambda: self.wanted.emit(_changed(self.lot, made.lot), _changed(self.order, made.order))
        )
        self.leave.clicked.connect(self.reject)
        self.add_key_row(self.leave, self.do)
        self.lot.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say why nothing was set; what was typed stays."""
        self.message.setText(sentence)
        self.message.setProperty("troubled", True)
        self.message.style().polish(self.message)


def _changed(entry: QLineEdit, shown: str) -> str | None:
    return entry.text() if entry.isModified() or entry.text() != shown else None


class LotOfWindow(QObject):
    """What is made now, as the window shows and changes it.

    Args:
        window: The window; the sheet lies over it.
        station: The station, for whoever is logged in.
        tasks: A lot is written to the disk, which takes a moment.
        fail: Takes what went wrong outside the sheet.
    """

    def __init__(
        self, window: QWidget, station: Station, tasks: BackgroundTasks, fail: Callable[[StationError], object]
    ) -> None:
        super().__init__(window)
        self._window, self._lots, self._scanner, self._tasks = window, station.lots, station.scanner, tasks
        self._fail = fail

    def open(self) -> None:
        """Open the sheet."""
        sheet = LotSheet(self._window, self._lots.now)

        def set_both(lot: str | None, order: str | None) -> None:
            self._tasks.ask(
                lambda: self._lots.set(lot, order),
                lambda _: sheet.accept() if isValid(sheet) else None,  # it may have been closed meanwhile
                lambda error: sheet.refuse(f"{error.sentence} {error.advice}") if isValid(sheet) else self._fail(error),
            )

        sheet.wanted.connect(set_both)
        sheet.open()

    def take_code(self, text: str, field: str) -> None:
        """Use a code that was scanned: a serial at once, and a lot, which goes to the disk, beside the window."""
        if not field and self._scanner.is_lot(text):
            self._tasks.ask(lambda: self._scanner.receive_code(text, field), lambda _: None, self._fail)
        else:
            self._scanner.receive_code(text, field)
