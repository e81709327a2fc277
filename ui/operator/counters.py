"""The shift in seven numbers, each with the sign of its verdict."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from station.domain.inspection import Counts
from station.domain.verdict import Verdict
from ui.theme import look
from ui.widgets.panel import Panel, label
from ui.widgets.signs import Sign
from ui.words import number, share


class Counters(Panel):
    """Inspected, by verdict, first-pass yield, and fails in a row."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, QLabel] = {}
        self._signs: list[Sign] = []
        self._grid = QGridLayout(self)
        self._grid.setVerticalSpacing(0)
        self._add("Inspected", 0, 0)
        self._add("First-pass yield", 0, 1)
        self._add("Pass", 1, 0, Verdict.PASS)
        self._add("Fail", 1, 1, Verdict.FAIL)
        self._add("Review", 2, 0, Verdict.REVIEW)
        self._add("Not inspected", 2, 1, Verdict.NOT_INSPECTED)
        self._add("Fails in a row", 3, 0)
        self._add("All parts", 3, 1)
        self.show_counts(Counts())

    def show_counts(self, counts: Counts) -> None:
        """The counts of the current shift."""
        for name, text in (
            ("Inspected", number(counts.inspected)),
            ("First-pass yield", share(counts.first_pass_yield)),
            ("Pass", number(counts.passed)),
            ("Fail", number(counts.failed)),
            ("Review", number(counts.review)),
            ("Not inspected", number(counts.not_inspected)),
            ("Fails in a row", number(counts.fails_in_a_row)),
            ("All parts", number(counts.triggers)),
        ):
            self._values[name].setText(text)

    def text_of(self, name: str) -> str:
        """The number under this name."""
        return self._values[name].text()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            for sign in self._signs:
                sign.show_verdict(sign.verdict, look().sizes.small)

    def _add(self, name: str, row: int, column: int, verdict: Verdict | None = None) -> None:
        value = label("0", "number")
        self._values[name] = value
        self._grid.addWidget(self._caption(name, verdict), 2 * row, column)
        self._grid.addWidget(value, 2 * row + 1, column)
        self._grid.setRowStretch(2 * row + 1, 1)
        self._grid.setColumnStretch(column, 1)

    def _caption(self, name: str, verdict: Verdict | None) -> QWidget:
        caption = QWidget()
        row = QHBoxLayout(caption)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if verdict is not None:
            sign = Sign(verdict, look().sizes.small)
            sign.setProperty("verdict", verdict.value)
            self._signs.append(sign)
            row.addWidget(sign)
        row.addWidget(label(name, "muted"))
        row.addStretch()
        return caption
