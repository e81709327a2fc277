"""When the line was stopped, as a lane below the bars: dark where it was stopped, hatched where that is not known."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from station.domain.shift_summary import ShiftSummary
from ui.pages.shift_report.hour_bars import AXIS_DIGITS
from ui.theme.theme import current_theme
from ui.theme.verdict_icons import hatch

_LEAST_PX = 2.0
Stretch = tuple[float, float]
"""From where to where, as shares of the window."""


class StopsLane(QWidget):
    """As wide as the bars above it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Stops: dark; not known or still to come: hatched")
        self.setToolTip("dark: stopped, paused, camera lost or fault; hatched: not known, or still to come")
        self.stopped: Sequence[Stretch] = ()
        self.unknown: Sequence[Stretch] = ()

    def show_stops(self, shift: ShiftSummary) -> None:
        """Show those of this shift."""
        window, until = shift.window, shift.as_of or shift.window.end

        def share(moment: datetime) -> float:
            inside = min(max(moment, window.start), window.end)
            return (inside - window.start) / (window.end - window.start)

        self.stopped = [(share(stop.start), share(stop.end or until)) for stop in shift.stoppages]
        self.unknown = [(share(span.start), share(span.end)) for span in shift.unknown]
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a line of small type."""
        return QSize(12 * current_theme().sizes.small, current_theme().sizes.small)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same: it does not shrink."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the running line, then what is not known, then the stops."""
        painter, colours = QPainter(self), current_theme().colours
        axis = current_theme().sizes.small * AXIS_DIGITS
        lane = QRectF(self.rect()).adjusted(axis, 0, 0, 0)
        painter.fillRect(lane, QColor(colours.line))
        for stretch in self.unknown:
            place = _place(lane, stretch)
            painter.fillRect(place, QColor(colours.panel))
            hatch(painter, place, QColor(colours.muted), current_theme().sizes.small / 2)
        for stretch in self.stopped:
            painter.fillRect(_place(lane, stretch), QColor(colours.strong))


def _place(lane: QRectF, stretch: Stretch) -> QRectF:
    start, end = stretch
    width = max(_LEAST_PX, (end - start) * lane.width())
    return QRectF(lane.left() + start * lane.width(), lane.top(), width, lane.height())
