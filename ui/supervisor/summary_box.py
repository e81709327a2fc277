"""The shift at one look: parts by verdict, and the first-pass yield with how sure it is."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from station.domain.inspection import Counts
from station.domain.rates import Rate
from station.domain.verdict import Verdict
from ui.supervisor.wording import interval
from ui.theme import look
from ui.widgets.panel import Panel, label
from ui.widgets.signs import Sign
from ui.words import number, share

_FIGURES = (
    ("All parts", None),
    ("Pass", Verdict.PASS),
    ("Review", Verdict.REVIEW),
    ("Fail", Verdict.FAIL),
    ("Not inspected", Verdict.NOT_INSPECTED),
)


class SummaryBox(Panel):
    """Six figures in a row."""

    def __init__(self) -> None:
        super().__init__()
        self._values: dict[str, QLabel] = {}
        self._signs: list[Sign] = []
        row = QHBoxLayout(self)
        for name, verdict in _FIGURES:
            row.addLayout(self._figure(name, verdict), 1)
        self._yield, self._interval = label("", "number"), label("", "small")
        last = QVBoxLayout()
        for words in (label("First-pass yield", "muted"), self._yield, self._interval):
            last.addWidget(words)
        row.addLayout(last, 2)

    def show_shift(self, counts: Counts, first_pass_yield: Rate) -> None:
        """Show these numbers."""
        for name, verdict in _FIGURES:
            self._values[name].setText(number(counts.of(verdict) if verdict else counts.triggers))
        self._yield.setText(share(first_pass_yield.value))
        self._interval.setText(f"{interval(first_pass_yield)}, at 95 %")

    def text_of(self, name: str) -> str:
        """The number under this name."""
        return self._values[name].text()

    @property
    def yield_text(self) -> str:
        """The yield and its interval."""
        return f"{self._yield.text()} ({self._interval.text()})"

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            for sign in self._signs:
                sign.show_verdict(sign.verdict, look().sizes.small)

    def _figure(self, name: str, verdict: Verdict | None) -> QVBoxLayout:
        caption = QHBoxLayout()
        if verdict is not None:
            sign = Sign(verdict, look().sizes.small)
            sign.setProperty("verdict", verdict.value)
            self._signs.append(sign)
            caption.addWidget(sign)
        caption.addWidget(label(name, "muted"))
        caption.addStretch()
        self._values[name] = label("0", "number")
        column = QVBoxLayout()
        column.addLayout(caption)
        column.addWidget(self._values[name])
        column.addStretch()
        return column
