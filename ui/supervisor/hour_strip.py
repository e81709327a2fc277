"""The shift by the hour: parts by verdict, one on another."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QVBoxLayout

from station.domain.verdict import Verdict
from ui.supervisor.shown import Step
from ui.theme import FAMILY, look
from ui.widgets.panel import Panel, label

_ORDER = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL, Verdict.NOT_INSPECTED)
_BAR = 0.8
_MOST_TICKS = 12


class HourStrip(Panel):
    """Bars that tell at a glance when it went badly."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: Sequence[Step] = ()
        self._zone = ZoneInfo("UTC")
        # pyqtgraph takes half a second to load; the first verdict does not wait for it.
        import pyqtgraph  # noqa: PLC0415

        self._bars = pyqtgraph.BarGraphItem
        self._plot = pyqtgraph.PlotWidget(enableMenu=False)
        self._adopt_menus()
        self._plot.setAccessibleName("Parts by hour")
        self._plot.setMouseEnabled(False, False)
        self._plot.hideButtons()
        for each in (self._plot, self._plot.viewport()):
            each.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.addWidget(label("Parts by hour", "strong"))
        column.addWidget(self._plot, 1)

    def _adopt_menus(self) -> None:
        """Pyqtgraph makes menus even where none is wanted, and lets them outlive their plot."""
        item = self._plot.getPlotItem()
        for menu in (item.ctrlMenu, *(action.menu() for action in item.ctrlMenu.actions() if action.menu())):
            menu.setParent(self, menu.windowFlags())

    def show_steps(self, steps: Sequence[Step], time_zone: str) -> None:
        """Show these hours."""
        self._steps, self._zone = steps, ZoneInfo(time_zone)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Draw again in the other theme or size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._draw()

    def _draw(self) -> None:
        colours = look().colours
        self._plot.clear()
        self._plot.setBackground(QColor(colours.panel))
        self._draw_bars()
        self._draw_axes()
        highest = max((step.counts.triggers for step in self._steps), default=0)
        self._plot.setXRange(-0.6, max(1, len(self._steps)) - 0.4, padding=0)
        self._plot.setYRange(0, max(1, highest) * 1.08, padding=0)

    def _draw_bars(self) -> None:
        below = [0] * len(self._steps)
        for verdict in _ORDER:
            heights = [step.counts.of(verdict) for step in self._steps]
            brush = QBrush(QColor(look().colours.of(verdict).fill))
            self._plot.addItem(
                self._bars(x=range(len(heights)), y0=below, height=heights, width=_BAR, brush=brush, pen=None)
            )
            below = [low + height for low, height in zip(below, heights, strict=True)]

    def _draw_axes(self) -> None:
        font = QFont(FAMILY)
        font.setPixelSize(look().sizes.small)
        every = max(1, -(-len(self._steps) // _MOST_TICKS))
        ticks = [(i, f"{step.start.astimezone(self._zone):%H:%M}") for i, step in enumerate(self._steps)][::every]
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setStyle(tickFont=font, tickLength=0)
            axis.setPen(QColor(look().colours.line))
            axis.setTextPen(QColor(look().colours.muted))
        self._plot.getAxis("bottom").setTicks([ticks])
