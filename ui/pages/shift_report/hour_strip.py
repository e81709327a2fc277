"""The shift by the hour: parts by verdict, one on another."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station.domain.shift_summary import HourSummary
from station.domain.verdict import Verdict
from ui.pages.shift_report.hour_bars import ORDER, HourBars
from ui.theme.theme import look
from ui.widgets.panel import Panel, label
from ui.widgets.text.figure import Caption


class HourStrip(Panel):
    """Bars that tell at a glance when it went badly, under the signs of what they are made of."""

    def __init__(self) -> None:
        super().__init__()
        self.bars = HourBars()
        head = QHBoxLayout()
        head.setSpacing(look().sizes.title)
        head.addWidget(label("Parts by hour", "strong"))
        head.addStretch()
        for verdict in ORDER:
            head.addWidget(Caption(_name(verdict), verdict))
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.bars, 1)

    def show_steps(self, steps: Sequence[HourSummary], time_zone: str) -> None:
        """Show these hours."""
        zone = ZoneInfo(time_zone)
        self.bars.show_bars([(f"{step.start.astimezone(zone):%H:%M}", step.counts) for step in steps])


def _name(verdict: Verdict) -> str:
    return verdict.word.capitalize()
