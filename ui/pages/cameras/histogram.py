"""How often each grey value comes, and how much of the picture is clipped."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station.domain.formatting import share
from station.domain.preview import Exposure
from ui.pages.cameras.camera_canvas import OVER_COLOUR, UNDER_COLOUR
from ui.theme.theme import current_theme
from ui.widgets.panel import Panel, label
from ui.widgets.plot import PlotPanel, dress, still_plot
from ui.widgets.text.fitted_text import heading

_EDGES = np.arange(257)
_RGB_ON_LIGHT, _RGB_ON_DARK = ("#C23A28", "#24702F", "#2A5CC4"), ("#F0705C", "#5CC06B", "#7AA7FA")
_LIGHT = 127
_TICKS = [(value, str(value)) for value in (0, 64, 128, 192, 255)]
_FILL_ALPHA = 70


class Histogram(PlotPanel):
    """One curve for each channel, logarithmic, so that a few clipped pixels can be seen beside a bright ground."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: NDArray[np.float64] = np.zeros((0, 256))
        self._name = heading("Histogram")
        self._plot = still_plot(self, "Histogram")
        self._plot.hideAxis("left")
        self._plot.getAxis("bottom").setTicks([_TICKS])
        self._plot.setXRange(-10, 276, padding=0)
        self._plot.setYRange(0, 1.02, padding=0)
        self.under, self.over = label("", "small"), label("", "small")
        shares = QHBoxLayout()  # each at its end of the grey values
        shares.addWidget(_patch(UNDER_COLOUR))
        shares.addWidget(self.under)
        shares.addStretch()
        shares.addWidget(self.over)
        shares.addWidget(_patch(OVER_COLOUR))
        column = QVBoxLayout(self)
        column.setSpacing(2)
        column.addWidget(self._name)
        column.addWidget(self._plot, 1)
        column.addLayout(shares)
        self.show_exposure(None)

    def show_exposure(self, exposure: Exposure | None) -> None:
        """Show this picture's; None shows an empty plot."""
        counts = np.zeros((0, 256)) if exposure is None else np.log1p(exposure.histogram)
        self._shown = counts / max(1.0, counts.max(initial=0))
        self.under.setText(f"under {share(exposure.under_share if exposure else None)}")
        self.over.setText(f"over {share(exposure.over_share if exposure else None)}")
        self.draw()

    def show_live(self, live: bool) -> None:
        """It is that of a picture of now, or of the last one that came."""
        self._name.setText("Histogram" if live else "Last histogram")
        self.setEnabled(live)
        self.draw()

    def curves(self) -> list[tuple[NDArray[np.float64], str]]:
        """Heights (256,), 0..1, and their colours; channels that are the same are one curve, in the text's colour."""
        grey = current_theme().colours.text if self.isEnabled() else current_theme().colours.muted
        rgb = _RGB_ON_LIGHT if QColor(current_theme().colours.panel).lightness() > _LIGHT else _RGB_ON_DARK
        if not self.isEnabled() or len(self._shown) == 1:
            rgb = (grey, grey, grey)
        colours: dict[bytes, str] = {}
        for heights, colour in zip(self._shown, rgb, strict=False):
            key = heights.tobytes()
            colours[key] = grey if key in colours else colour
        return [(np.frombuffer(key), colour) for key, colour in colours.items()]

    def draw(self) -> None:
        """Draw what is shown."""
        dress(self._plot)
        self._plot.clear()
        for heights, colour in self.curves():
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
