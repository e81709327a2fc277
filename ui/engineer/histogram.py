"""How often each grey value comes, and how much of the picture is clipped."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station.domain.preview import Exposure
from ui.engineer.camera_canvas import OVER_COLOUR, UNDER_COLOUR
from ui.theme import look
from ui.widgets.panel import Panel, label
from ui.widgets.plot import PlotPanel, dress, still_plot
from ui.words import share

_EDGES = np.arange(257)
_RGB = ("#E0503C", "#3FA34D", "#4C86F0")
_TICKS = [(value, str(value)) for value in (0, 64, 128, 192, 255)]
_FILL_ALPHA = 70


class Histogram(PlotPanel):
    """One curve for each channel, logarithmic, so that a few clipped pixels can be seen beside a bright ground."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: NDArray[np.float64] = np.zeros((0, 256))
        self._plot = still_plot(self, "Histogram")
        self._plot.hideAxis("left")
        self._plot.getAxis("bottom").setTicks([_TICKS])
        self._plot.setXRange(-10, 276, padding=0)
        self._plot.setYRange(0, 1.02, padding=0)
        self.under, self.over = label("", "small"), label("", "small")
        head = QHBoxLayout()
        head.addWidget(label("Histogram", "strong"))
        head.addStretch()
        for colour, words in ((UNDER_COLOUR, self.under), (OVER_COLOUR, self.over)):
            head.addWidget(_patch(colour))
            head.addWidget(words)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self._plot, 1)
        self.show_exposure(None)

    def show_exposure(self, exposure: Exposure | None) -> None:
        """Show this picture's; None shows an empty plot."""
        counts = np.zeros((0, 256)) if exposure is None else np.log1p(exposure.histogram)
        self._shown = counts / max(1.0, counts.max(initial=0))
        self.under.setText(f"under {share(exposure.under_share if exposure else None)}")
        self.over.setText(f"over {share(exposure.over_share if exposure else None)}")
        self.draw()

    def draw(self) -> None:
        """Draw what is shown."""
        dress(self._plot)
        self._plot.clear()
        colours = _RGB if len(self._shown) > 1 else (look().colours.text,)
        for heights, colour in zip(self._shown, colours, strict=False):
            fill = QColor(colour)
            fill.setAlpha(_FILL_ALPHA)
            self._plot.plot(
                _EDGES, heights, stepMode="center", fillLevel=0, fillBrush=fill, pen=QPen(QColor(colour), 0)
            )


def _patch(colour: QColor) -> Panel:
    patch = Panel()
    patch.setFixedSize(12, 12)
    patch.setStyleSheet(f"background: {colour.name()}; border: none; border-radius: 2px;")
    return patch
