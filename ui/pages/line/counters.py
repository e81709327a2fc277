"""The shift in numbers, each with the sign of its verdict."""

from PySide6.QtWidgets import QGridLayout

from station.domain.formatting import number, share
from station.domain.inspection import Counts
from station.domain.verdict import Verdict
from ui.widgets.panel import Panel
from ui.widgets.text.figure import Figure

_COLUMNS = 2
_FIGURES = (
    ("Inspected", None),
    ("First-pass yield", None),
    ("Pass", Verdict.PASS),
    ("Fail", Verdict.FAIL),
    ("Review", Verdict.REVIEW),
    ("Not inspected", Verdict.NOT_INSPECTED),
    ("Fails in a row", None),
    ("All parts", None),
)


class Counters(Panel):
    """Inspected, by verdict, first-pass yield, and fails in a row."""

    def __init__(self) -> None:
        super().__init__()
        self._figures = {name: Figure(name, verdict) for name, verdict in _FIGURES}
        grid = QGridLayout(self)
        grid.setVerticalSpacing(0)
        for i, figure in enumerate(self._figures.values()):
            grid.addWidget(figure, i // _COLUMNS, i % _COLUMNS)
            grid.setColumnStretch(i % _COLUMNS, 1)
            grid.setRowStretch(i // _COLUMNS, 1)
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
            self._figures[name].show_text(text)

    def text_of(self, name: str) -> str:
        """The number under this name."""
        return self._figures[name].text
