"""A dot that pulses slowly while the window lives: a dot that stops means a frozen screen."""

import math
import time

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.domain.messages import LineState
from station.domain.verdict import Verdict
from ui.theme.theme import current_theme

_PERIOD_S = 2.4


class Pulse(QWidget):
    """The dot. Its owner calls `update` at each tick of a clock.

    Attributes:
        state: What the line does; None if that is unknown.
        stale: The line inspects, and no part came in the expected time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.state: LineState | None = LineState.STOPPED
        self.stale = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for the dot at its largest."""
        return QSize(current_theme().sizes.title, current_theme().sizes.title)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the dot between two thirds and the whole of its size."""
        breath = 0.5 + 0.5 * math.sin(2 * math.pi * time.monotonic() / _PERIOD_S)
        radius = self.width() * (0.24 + 0.2 * breath)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour)
        painter.drawEllipse(self.rect().toRectF().center(), radius, radius)

    @property
    def colour(self) -> QColor:
        """Calm while parts are inspected, alarming in trouble, grey at rest or if the state is unknown."""
        colours = current_theme().colours
        if self.state is None:
            return QColor(colours.muted)
        if self.stale or self.state.troubled:
            return QColor(colours.of(Verdict.FAIL).text)
        return QColor(colours.of(Verdict.PASS).text if self.state.inspecting_parts else colours.muted)
