"""The shift by the hour: parts by verdict, one on another."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QVBoxLayout

from station.domain.shift_summary import StepSummary
from station.domain.verdict import Verdict
from ui.theme import look
from ui.widgets.panel import label
from ui.widgets.plot import PlotPanel, dress, still_plot

_ORDER = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL, Verdict.NOT_INSPECTED)
_BAR = 0.8
_MOST_TICKS = 12


class HourStrip(PlotPanel):
    """Bars that tell at a glance when it went badly."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: Sequence[StepSummary] = ()
        self._zone = ZoneInfo("UTC")
        self._plot = still_plot(self, "Parts by hour")
        column = QVBoxLayout(self)
        column.addWidget(label("Parts by hour", "strong"))
        column.addWidget(self._plot, 1)

    def show_steps(self, steps: Sequence[StepSummary], time_zone: str) -> None:
        """Show these hours."""
        self._steps, self._zone = steps, ZoneInfo(time_zone)
        self.draw()

    def draw(self) -> None:
        """Draw what is shown."""
        dress(self._plot)
        self._plot.clear()
        self._draw_bars()
        self._draw_ticks()
        highest = max((step.counts.triggers for step in self._steps), default=0)
        self._plot.setXRange(-0.6, max(1, len(self._steps)) - 0.4, padding=0)
        self._plot.setYRange(0, max(1, highest) * 1.08, padding=0)

    def _draw_bars(self) -> None:
        import pyqtgraph  # noqa: PLC0415 - see still_plot

        below = [0] * len(self._steps)
        for verdict in _ORDER:
            heights = [step.counts.of(verdict) for step in self._steps]
            brush = QBrush(QColor(look().colours.of(verdict).fill))
            self._plot.addItem(
                pyqtgraph.BarGraphItem(
                    x=range(len(heights)), y0=below, height=heights, width=_BAR, brush=brush, pen=None
                )
            )
            below = [low + height for low, height in zip(below, heights, strict=True)]

    def _draw_ticks(self) -> None:
        every = max(1, -(-len(self._steps) // _MOST_TICKS))
        ticks = [(i, f"{step.start.astimezone(self._zone):%H:%M}") for i, step in enumerate(self._steps)][::every]
        self._plot.getAxis("bottom").setTicks([ticks])
