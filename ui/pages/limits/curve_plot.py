"""ROC, or precision against recall, with the point of the fail limit."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QVBoxLayout

from station.domain.limit_bench.curves import LabelledCurves
from ui.theme.theme import current_theme
from ui.widgets.panel import label
from ui.widgets.plot import PlotPanel, dress, still_plot
from ui.widgets.text.fitted_text import heading

_TICKS = [(value / 4, f"{25 * value}") for value in range(5)]
_POINT_PX = 11
_LINE_PX = 2
_NONE = np.zeros(0)


class CurvePlot(PlotPanel):
    """The curve changes with the minimum area; the point follows the limit."""

    def __init__(self) -> None:
        super().__init__()
        self._curves: LabelledCurves | None = None
        self._limit = 0.5
        self.precision = False
        self._name, self.said = heading(""), label("", "small")
        self._plot = still_plot(self, "ROC or precision against recall")
        for side in ("left", "bottom"):
            self._plot.getAxis(side).setTicks([_TICKS])
        self._plot.setMinimumSize(1, 1)
        self._plot.setXRange(-0.02, 1.02, padding=0)
        self._plot.setYRange(-0.02, 1.04, padding=0)
        self._line = self._plot.plot([], [])
        self._point = self._plot.plot([], [], pen=None, symbol="o", symbolSize=_POINT_PX)
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.addWidget(self._name)
        column.addWidget(self.said)
        column.addWidget(self._plot, 1)
        self.draw()

    def show_curves(self, curves: LabelledCurves | None) -> None:
        """Show the curves of a bench; None for none."""
        self._curves = curves
        self.draw()

    def show_limit(self, limit: float) -> None:
        """Move the point."""
        self._limit = limit
        self._draw_point()

    def turn(self) -> None:
        """Show the other of the two curves."""
        self.precision = not self.precision
        self.draw()

    @property
    def point(self) -> tuple[float, float] | None:
        """Where the limit lies on the curve; None if the curve has no such point."""
        if not self._drawable or self._curves is None:
            return None
        wrong, found = self._curves.at(self._limit)
        recall = found / self._curves.defects.n
        if not self.precision:
            return wrong / self._curves.good.n, recall
        return (recall, found / (found + wrong)) if found + wrong else None

    def draw(self) -> None:
        """Draw the curve and the point."""
        dress(self._plot)
        self._name.setText("Precision and recall, %" if self.precision else "ROC, %")
        x, y = self._xy(self._curves) if self._curves and self._drawable else (_NONE, _NONE)
        pen = QPen(QColor(current_theme().colours.accent), _LINE_PX)
        pen.setCosmetic(True)
        self._line.setData(x, y, pen=pen)
        self._plot.setVisible(self._drawable)
        self._draw_point()

    def _xy(self, curves: LabelledCurves) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return curves.precision_recall() if self.precision else curves.roc()

    @property
    def _drawable(self) -> bool:
        return self._curves is not None and self._curves.good.n > 0 and self._curves.defects.n > 0

    def _draw_point(self) -> None:
        point, colour = self.point, QColor(current_theme().colours.text)
        self._point.setData(*([point[0]], [point[1]]) if point else ([], []), symbolBrush=colour, symbolPen=colour)
        if not self._drawable:
            self.said.setText("Needs labelled good parts and defects.")
        elif point is None:
            self.said.setText("Nothing is rejected.")
        elif self.precision:
            self.said.setText(f"{100 * point[1]:.1f} of the rejected, {100 * point[0]:.1f} of all defects")
        else:
            others = "of the others" if self._curves and self._curves.stand_in else "overkill"
            self.said.setText(f"found {100 * point[1]:.1f}, {others} {100 * point[0]:.1f}")
