"""The parts of a shift by hour and verdict, as stacked bars."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station.domain.shift import ShiftWindow
from station.domain.shift_summary import HourSummary
from station.domain.verdict import Verdict
from station.reporting.wording import bin_label, bins_title
from ui.pages.shift_report.hour_bars import ORDER, HourBars
from ui.theme.theme import current_theme
from ui.widgets.panel import Panel, label
from ui.widgets.text.figure import Caption


class HourStrip(Panel):
    """One bar for each hour of the shift, under the signs of the verdicts that it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.bars = HourBars()
        head = QHBoxLayout()
        head.setSpacing(current_theme().sizes.title)
        self.title = label("Parts by hour", "strong")
        head.addWidget(self.title)
        head.addStretch()
        for verdict in ORDER:
            head.addWidget(Caption(_name(verdict), verdict))
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.bars, 1)

    def show_hours(self, hours: Sequence[HourSummary], window: ShiftWindow) -> None:
        """Show the hours of this window, or its days if it is long."""
        self.title.setText(bins_title(window))
        self.bars.show_bars([(bin_label(hour.start, window), hour.counts) for hour in hours])


def _name(verdict: Verdict) -> str:
    return verdict.word.capitalize()
