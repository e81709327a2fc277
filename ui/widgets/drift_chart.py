"""How far the figures of a view have moved from its calibration: a line for each, in spreads of good parts."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from station.domain.drift import DriftState, Stream
from station.domain.formatting import counted, number
from station.domain.verdict import Verdict
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.plot import PlotPanel, dress, still_plot
from ui.widgets.text.fitted_text import FittedSentence, heading

_HIGHEST = 8.0
"""Spreads at the edge of the chart; what is farther lies on the edge."""
_SMOOTH = 15
_DRIFTED_PX, _OTHER_PX = 3, 1
_HEIGHT_SHARE = 0.3
"""Of the width of the column beside a picture."""
_LEAST_SHARE = 0.75


class DriftChart(PlotPanel):
    """A sentence and a small chart: what has moved is thick and in the colour of REVIEW, the others are thin."""

    def __init__(self) -> None:
        super().__init__()
        self._state: DriftState | None = None
        self._name, self.said = heading("Drift"), FittedSentence(_LEAST_SHARE)
        self._plot = still_plot(self, "Drift since the calibration, in spreads of good parts")
        self._plot.setMinimumSize(1, 1)
        self._plot.hideAxis("bottom")
        self._plot.setYRange(-_HIGHEST, _HIGHEST, padding=0)
        self._plot.getAxis("left").setTicks([[(value, f"{value:+}") for value in (-5, 5)]])
        self._lines = {stream: self._plot.plot([], []) for stream in Stream}
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self.said, 1)
        row = QHBoxLayout(self)
        row.addLayout(words, 1)
        row.addWidget(self._plot, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_state(None)

    def show_state(self, state: DriftState | None) -> None:
        """Show what is known of a view; None if no part came yet."""
        self._state = state
        self._name.setText(f"Drift, {state.view}" if state and state.view else "Drift")
        self.said.setText(words_of(state))
        self.said.setToolTip(in_a_hint(words_of(state)))
        self.setAccessibleName(f"{self._name.text()}: {self.said.text()}")
        self.draw()

    def draw(self) -> None:
        """Draw the lines in the look of now."""
        dress(self._plot)
        self.updateGeometry()
        for line in self._lines.values():
            line.setData([], [])
        for each in self._state.streams if self._state else ():
            colours = current_theme().colours
            colour = QColor(colours.of(Verdict.REVIEW).text if each.drifted else colours.muted)
            pen = QPen(colour, _DRIFTED_PX if each.drifted else _OTHER_PX)
            pen.setCosmetic(True)
            self._lines[each.stream].setData(smoothed(each.steps), pen=pen)

    def sizeHint(self) -> QSize:  # noqa: N802
        """A low strip, as wide as there is room."""
        return QSize(current_theme().sizes.side, round(_HEIGHT_SHARE * current_theme().sizes.side))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The same height."""
        return QSize(1, self.sizeHint().height())


def smoothed(steps: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the running mean of the steps, cut at the edge of the chart: single parts would hide what stays."""
    if len(steps) < _SMOOTH:
        return np.zeros(0)
    means = np.convolve(np.clip(steps, -_HIGHEST, _HIGHEST), np.full(_SMOOTH, 1 / _SMOOTH), mode="valid")
    return np.asarray(means, np.float64)


def words_of(state: DriftState | None) -> str:
    """Return in a sentence what is known of a view."""
    if state is None:
        return "No part was inspected since the station was started. Run the line to see its drift."
    if not state.complete:
        return f"{state.recipe}: calibrating, {number(state.calibrated)} of {number(state.needed)} parts that passed."
    if state.cause is None:
        return f"{state.recipe}: no drift in {counted(state.parts, 'part')} since the calibration."
    return f"{state.recipe}: {state.sentence}"
