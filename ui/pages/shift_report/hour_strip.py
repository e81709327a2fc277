"""The parts of a shift by hour and verdict, as stacked bars."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station.domain.shift_summary import ShiftSummary
from station.domain.verdict import Verdict
from station.reporting.wording import bin_label, bins_title
from ui.pages.shift_report.hour_bars import ORDER, HourBars
from ui.pages.shift_report.stops_lane import StopsLane
from ui.theme.theme import current_theme
from ui.widgets.panel import Panel, label
from ui.widgets.text.figure import Caption


class HourStrip(Panel):
    """One bar for each hour of the shift, under the signs of the verdicts that it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.bars = HourBars()
        self.title = label("Parts by hour", "strong")
        signs = QHBoxLayout()
        signs.setSpacing(current_theme().sizes.gap)
        for verdict in ORDER:
            signs.addWidget(Caption(_name(verdict), verdict))
        signs.addStretch()
        column = QVBoxLayout(self)
        column.addWidget(self.title)
        column.addLayout(signs)
        self.stops = StopsLane()
        column.addWidget(self.bars, 1)
        column.addWidget(self.stops)

    def show_hours(self, shift: ShiftSummary) -> None:
        """Show the hours of this shift, or its days if it is long, and when the line was stopped."""
        self.title.setText(bins_title(shift.window))
        self.bars.show_bars([(bin_label(hour.start, shift.window), hour.counts) for hour in shift.hours])
        self.stops.show_stops(shift)


def _name(verdict: Verdict) -> str:
    return verdict.word.capitalize()
