"""The shift in six figures: parts by verdict, and the first-pass yield with its interval."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station.domain.formatting import interval_at_95, number, share
from station.domain.inspection import Counts
from station.domain.rates import Rate
from station.domain.verdict import Verdict
from ui.widgets.panel import Panel, label
from ui.widgets.text.figure import Figure

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
        self._figures = {name: Figure(name, verdict) for name, verdict in _FIGURES}
        self._yield, self._interval = Figure("First-pass yield"), label("", "small")
        row = QHBoxLayout(self)
        for figure in self._figures.values():
            row.addWidget(figure, 1)
        last = QVBoxLayout()
        last.addWidget(self._yield)
        last.addWidget(self._interval)
        row.addLayout(last, 2)

    def show_shift(self, counts: Counts, first_pass_yield: Rate) -> None:
        """Show these numbers."""
        for name, verdict in _FIGURES:
            self._figures[name].show_text(number(counts.of(verdict) if verdict else counts.triggers))
        self._yield.show_text(share(first_pass_yield.value))
        self._interval.setText(interval_at_95(first_pass_yield))

    def text_of(self, name: str) -> str:
        """The number under this name."""
        return self._figures[name].text

    @property
    def yield_text(self) -> str:
        """The yield and its interval."""
        return f"{self._yield.text} ({self._interval.text()})"
