"""What the line is doing, as the band says it, with a slow pulse: a still dot means a frozen screen."""

import math
import time

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from station.domain.messages import LineState
from station.domain.verdict import Verdict
from ui.theme.theme import look
from ui.widgets.live_notice import NO_LIVE_IMAGE
from ui.widgets.panel import label
from ui.widgets.text.fitted_text import ElidedLine

_PERIOD_S = 2.4


class PhaseLine(QWidget):
    """Dot, state and why on the left; pace and age of the picture on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._dot = _Pulse()
        self._state = label("STOPPED", "strong")
        self._why = ElidedLine()
        self._why.setProperty("role", "muted")
        self._figures = label("", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addWidget(self._dot)
        row.addWidget(self._state)
        row.addWidget(self._why, 1)
        row.addWidget(self._figures)

    @property
    def text(self) -> str:
        """The state as people read it."""
        return self._state.text()

    @property
    def why(self) -> str:
        """Why the line is in this state."""
        return self._why.text()

    def show_state(self, state: LineState, why: str, *, stale: bool) -> None:
        """The line is doing this now; `stale` where it inspects and no part comes."""
        self._dot.state, self._dot.stale = state, stale
        self._state.setText(NO_LIVE_IMAGE if stale else state.value)
        self._why.setText(why)
        self._why.setToolTip(why)

    def show_figures(self, text: str) -> None:
        """Rate and age; they make room for what a person should do."""
        text = "" if self.why else text
        if text != self._figures.text():
            self._figures.setText(text)

    @property
    def figures(self) -> str:
        """Rate and age, as far as there is room."""
        return self._figures.text()

    @property
    def dot_colour(self) -> QColor:
        """Calm while parts are inspected, alarming in trouble, grey at rest."""
        return self._dot.colour

    def beat(self) -> None:
        """Move the pulse on; called by the page's clock."""
        self._dot.update()


class _Pulse(QWidget):
    """A dot that breathes as long as the window is alive."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.stale = LineState.STOPPED, False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for the dot at its largest."""
        return QSize(look().sizes.title, look().sizes.title)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Between two thirds and the whole of its size, slowly."""
        breath = 0.5 + 0.5 * math.sin(2 * math.pi * time.monotonic() / _PERIOD_S)
        radius = self.width() * (0.24 + 0.2 * breath)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour)
        painter.drawEllipse(self.rect().toRectF().center(), radius, radius)

    @property
    def colour(self) -> QColor:
        """Of the dot now."""
        colours = look().colours
        if self.stale or self.state.troubled:
            return QColor(colours.of(Verdict.FAIL).text)
        return QColor(colours.of(Verdict.PASS).text if self.state.inspecting_parts else colours.muted)
