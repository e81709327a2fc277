"""The sheet of drawn defects: how far the look is, then which kinds and sizes the revision would find."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from station.domain.synthetic import DrawnLook
from station.reporting.drawn_wording import NOT_REAL, drawn_headings, drawn_remarks, drawn_rows
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog, sheet_key
from ui.widgets.panel import label
from ui.widgets.table import Table

_WIDTH_SHARE, _MOST_ROWS = 2.4, 7


class DrawnSheet(Dialog):
    """Closing it gives up a look that is not done; nothing of it is recorded."""

    def __init__(self, parent: QWidget, revision: str) -> None:
        super().__init__(parent, "Drawn defects")
        self.warning = label(f"{revision}: {NOT_REAL}", "strong", wrap=True)
        self.said = label("Drawing \u2026", "muted", wrap=True)
        self.table: Table | None = None
        self.column.addWidget(self.warning)
        self.column.addWidget(self.said)
        leave = sheet_key("Close  (Esc)", strong=True)
        leave.clicked.connect(self.reject)
        self.add_key_row(leave)
        side = current_theme().sizes.side
        self._width = min(round(side * _WIDTH_SHARE), round(parent.window().width() * 0.96))
        self._fit()

    def say(self, text: str) -> None:
        """How far it is, or what went wrong."""
        self.said.setText(text)
        self._fit()

    def show_look(self, look: DrawnLook) -> None:
        """Show what would be found."""
        self.table = Table("Drawn defects found", drawn_headings(look), named=True)
        self.column.insertWidget(2, self.table, 1)
        self.table.show()  # at once, so that it knows its type and with it its height
        self.table.show_rows(drawn_rows(look))
        self.table.setFocus()
        self.say(" ".join(drawn_remarks(look)))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Be as high as the words need in the type of the present theme."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self.table is not None:
            self.table.grow_to_rows(_MOST_ROWS)
        self._frame.updateGeometry()  # else it answers for what it held before
        self.setFixedWidth(self._width)
        self.setMinimumHeight(self.heightForWidth(self._width))
