"""Bars of parts by verdict: each verdict by colour, sign and place, with a frame."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.domain.formatting import number
from station.domain.inspection import Counts
from station.domain.verdict import Verdict
from ui.theme.theme import FAMILY, current_theme
from ui.theme.verdict_icons import hatch, paint_verdict_icon

ORDER = (Verdict.PASS, Verdict.REVIEW, Verdict.FAIL, Verdict.NOT_INSPECTED)
"""From the foot of a bar upwards."""

_BAR_SHARE = 0.8
_WIDEST = 1.6
"""Of the highest bar's height: a single hour does not fill the page."""

_LEAST_PX = 6.0
_SIGN_SHARE = 0.7
_HEADROOM = 1.08
_STEPS = (1, 2, 5)
_MOST_TICKS = 5
AXIS_DIGITS = 4
"""Room for the figures on the left, in heights of small type."""

_NAME_WIDTHS = 4.5


def whole_ticks(highest: int) -> list[int]:
    """Where lines are drawn across: few, and never between two parts."""
    decade = 1
    while True:
        for step in (decade * each for each in _STEPS):
            if highest <= step * _MOST_TICKS:
                return list(range(0, highest + 1, step))
        decade *= 10


class HourBars(QWidget):
    """Paints one bar for each stretch of the shift."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Parts by hour")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._bars: Sequence[tuple[str, Counts]] = ()

    @property
    def shown(self) -> Sequence[tuple[str, Counts]]:
        """The bars on show: what is written under each, and its parts."""
        return self._bars

    def show_bars(self, bars: Sequence[tuple[str, Counts]]) -> None:
        """Show these, each under its name."""
        self._bars = bars
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Enough to tell high from low."""
        return QSize(12 * current_theme().sizes.small, 5 * current_theme().sizes.small)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Lines across, then the bars on them."""
        painter = QPainter(self)
        font = QFont(FAMILY)
        font.setPixelSize(current_theme().sizes.small)
        painter.setFont(font)
        axis, foot = font.pixelSize() * AXIS_DIGITS, font.pixelSize() * 1.6
        field = QRectF(self.rect()).adjusted(axis, font.pixelSize() / 2, 0, -foot)
        highest = max([1, *(counts.triggers for _name, counts in self._bars)])
        self._paint_lines(painter, field, highest)
        self._paint_bars(painter, field, field.height() / (highest * _HEADROOM))

    def _paint_lines(self, painter: QPainter, field: QRectF, highest: int) -> None:
        for parts in whole_ticks(highest):
            y = field.bottom() - parts * field.height() / (highest * _HEADROOM)
            painter.setPen(QPen(QColor(current_theme().colours.line), 1))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(QColor(current_theme().colours.muted))
            place = QRectF(0, y - field.height(), field.left() - current_theme().sizes.small / 2, 2 * field.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number(parts))

    def _paint_bars(self, painter: QPainter, field: QRectF, px_per_part: float) -> None:
        room = field.width() / max(1, len(self._bars))
        width = min(room * _BAR_SHARE, field.height() * _WIDEST)
        every = max(1, math.ceil(_NAME_WIDTHS * current_theme().sizes.small / room))
        for i, (name, counts) in enumerate(self._bars):
            middle = field.left() + (i + 0.5) * room
            _paint_bar(painter, QRectF(middle - width / 2, field.top(), width, field.height()), counts, px_per_part)
            if i % every == 0:
                self._paint_name(painter, QPointF(middle, field.bottom()), name)

    def _paint_name(self, painter: QPainter, at: QPointF, name: str) -> None:
        painter.setPen(QColor(current_theme().colours.muted))
        place = QRectF(at.x() - self.width(), at.y(), 2 * self.width(), self.height() - at.y())
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, name)


def _paint_bar(painter: QPainter, column: QRectF, counts: Counts, px_per_part: float) -> None:
    """One on another; what happened at all is seen, however rare."""
    below = column.bottom()
    for verdict in ORDER:
        if counts.of(verdict):
            height = max(_LEAST_PX, counts.of(verdict) * px_per_part)
            _paint_piece(painter, QRectF(column.left(), below - height, column.width(), height), verdict)
            below -= height


def _paint_piece(painter: QPainter, place: QRectF, verdict: Verdict) -> None:
    colours = current_theme().colours.of(verdict)
    painter.fillRect(place, QColor(colours.fill))
    if verdict is Verdict.NOT_INSPECTED:
        hatch(painter, place, QColor(colours.text), 8)
    painter.setPen(QPen(QColor(colours.text), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
    side = current_theme().sizes.small * _SIGN_SHARE
    if place.height() > 1.5 * side:
        sign = QRectF(0, 0, side, side)
        sign.moveCenter(place.center())
        paint_verdict_icon(painter, sign, verdict, QColor(colours.on_fill))
