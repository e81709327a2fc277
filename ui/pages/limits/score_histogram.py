"""How often each score comes, by what is known of the part, with the two limits to drag."""

import math
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station.domain.formatting import number, score
from station.domain.limit_bench.scored_pictures import BINS, DEFECT, GOOD, UNLABELLED, LimitBench
from station.domain.verdict import Limits, Verdict
from ui.theme.theme import FAMILY, current_theme

_LANES = ((DEFECT, "Defects"), (GOOD, "Good"), (UNLABELLED, "No label"))
_TICKS = 5
_STEPS = {Qt.Key.Key_Left: -0.005, Qt.Key.Key_Right: 0.005, Qt.Key.Key_PageDown: -0.05, Qt.Key.Key_PageUp: 0.05}
_SWITCH = (Qt.Key.Key_Up, Qt.Key.Key_Down)
_FINGER_PX = 24
_LINE_PX = 3.0
_WIDEST_NAME = "Defects 100 000"
_TINT = 28
_NAME_AT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class LimitLine(Enum):
    """Which limit is meant."""

    FAIL = "fail"
    REVIEW = "review"


class ScoreHistogram(QWidget):
    """One lane for each label, each with a logarithmic scale of its own, so that 3 defects are seen beside 4 000 parts.

    Signals:
        moved: Which `LimitLine`, and where to.
    """

    moved = Signal(object, float)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.active = LimitLine.FAIL
        self.empty_text = ""
        self._limits = self._saved = Limits()
        self._counts: dict[int, NDArray[np.int64]] = {}
        self._dragged = False
        self._measured, self._area = (0, 0, 0), QRectF()
        self._name_it()

    def show_bench(self, bench: LimitBench | None, empty_text: str = "") -> None:
        """Show the scores of a bench; the text instead if there is none."""
        self.empty_text = empty_text
        self._counts = {}
        if bench is not None:
            of_label = {label: bench.histogram(label) for label, _ in _LANES}
            self._counts = {label: counts for label, counts in of_label.items() if counts.any()}
        self.update()

    def show_limits(self, limits: Limits, saved: Limits) -> None:
        """Show where the limits are, and where those of the revision are."""
        self._limits, self._saved = limits, saved
        if limits.review_threshold is None:
            self.active = LimitLine.FAIL
        self._name_it()
        self.update()

    def lane_names(self) -> tuple[str, ...]:
        """Return what is written beside the lanes that are shown: "Defects 63"."""
        return tuple(self._name_of(label, name) for label, name in _LANES if label in self._counts)

    def x_of(self, value: float) -> float:
        """Where a score lies, in pixels from the left."""
        plot = self._plot()
        return plot.left() + value * plot.width()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Room for three lanes."""
        return QSize(480, 10 * current_theme().sizes.small)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """May become low."""
        return QSize(160, 4 * current_theme().sizes.small)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Left and right move the limit, up and down choose which."""
        key = Qt.Key(event.key())
        if key in _SWITCH and self._limits.review_threshold is not None:
            self.active = LimitLine.REVIEW if self.active is LimitLine.FAIL else LimitLine.FAIL
            self._name_it()
            self.update()
        elif key in _STEPS and self._counts:
            self.moved.emit(self.active, self._place_of(self.active) + _STEPS[key])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take the nearer limit."""
        if self._counts and event.button() is Qt.MouseButton.LeftButton:
            self.active, self._dragged = self._nearest(event.position().x()), True
            self._drag_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move it, and show that it can be moved."""
        x = event.position().x()
        if self._dragged:
            self._drag_to(x)
        near = self._counts and abs(x - self.x_of(self._place_of(self._nearest(x)))) < _FINGER_PX
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Leave it there."""
        self._dragged = False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint ground, lanes, scale and limits."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        if not self._counts:
            painter.setPen(QColor(current_theme().colours.muted))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.empty_text)
            return
        self._paint_ground(painter)
        for place, (label, name) in enumerate(each for each in _LANES if each[0] in self._counts):
            self._paint_lane(painter, place, label, name)
        self._paint_scale(painter)
        self._paint_line(painter, LimitLine.REVIEW)
        self._paint_line(painter, LimitLine.FAIL)
        if self.hasFocus():
            painter.setPen(QPen(QColor(current_theme().colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_ground(self, painter: QPainter) -> None:
        """Tint what fails, and what is for a person."""
        plot, colours = self._plot(), current_theme().colours
        painter.fillRect(plot, QColor(colours.field))
        fail = self.x_of(self._limits.image_threshold)
        red = QColor(colours.of(Verdict.FAIL).fill)
        red.setAlpha(_TINT)
        painter.fillRect(QRectF(QPointF(fail, plot.top()), plot.bottomRight()), red)
        if self._limits.review_threshold is not None:
            place = QRectF(QPointF(self.x_of(self._limits.review_threshold), plot.top()), QPointF(fail, plot.bottom()))
            amber = QColor(colours.of(Verdict.REVIEW).fill)
            amber.setAlpha(2 * _TINT)
            painter.fillRect(place, amber)

    def _paint_lane(self, painter: QPainter, place: int, label: int, name: str) -> None:
        plot, counts = self._plot(), self._counts[label]
        height = plot.height() / len(self._counts)
        foot = plot.top() + (place + 1) * height
        highest = math.log1p(float(counts.max()))
        colour = _colour(label)
        tops = foot - np.log1p(counts) / highest * (height - 4)
        step = plot.width() / BINS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRects(
            [
                QRectF(plot.left() + bar * step, tops[bar], max(1.0, step - 0.5), foot - tops[bar])
                for bar in counts.nonzero()[0]
            ]
        )
        painter.setPen(QPen(QColor(current_theme().colours.line), 1))
        painter.drawLine(QPointF(plot.left(), foot), QPointF(plot.right(), foot))
        painter.setPen(QColor(current_theme().colours.text))
        words = QRectF(0, foot - height, plot.left() - 6, height)
        painter.drawText(words, int(_NAME_AT), self._name_of(label, name))

    def _name_of(self, label: int, name: str) -> str:
        return f"{name} {number(int(self._counts[label].sum()))}"

    def _paint_scale(self, painter: QPainter) -> None:
        painter.setPen(QColor(current_theme().colours.muted))
        line = self._line_px()
        for tick in range(_TICKS + 1):
            value = tick / _TICKS
            place = QRectF(self.x_of(value) - 30, self._plot().bottom(), 60, line)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), f"{value:.1f}")

    def _paint_line(self, painter: QPainter, which: LimitLine) -> None:
        value = self._limits.image_threshold if which is LimitLine.FAIL else self._limits.review_threshold
        if value is None:
            return
        plot, colours = self._plot(), current_theme().colours
        self._paint_saved(painter, which)
        dashes = Qt.PenStyle.SolidLine if which is LimitLine.FAIL else Qt.PenStyle.DashLine
        width = _LINE_PX + 1 if which is self.active else _LINE_PX
        painter.setPen(QPen(QColor(colours.text), width, dashes))
        painter.drawLine(QPointF(self.x_of(value), plot.top() - 2), QPointF(self.x_of(value), plot.bottom()))
        self._paint_flag(painter, which, value)

    def _paint_saved(self, painter: QPainter, which: LimitLine) -> None:
        fail = which is LimitLine.FAIL
        saved = self._saved.image_threshold if fail else self._saved.review_threshold
        if saved is not None:
            painter.setPen(QPen(QColor(current_theme().colours.muted), 1, Qt.PenStyle.DotLine))
            plot = self._plot()
            painter.drawLine(QPointF(self.x_of(saved), plot.top()), QPointF(self.x_of(saved), plot.bottom()))

    def _paint_flag(self, painter: QPainter, which: LimitLine, value: float) -> None:
        """Write the limit over its line: fail to the right of it, review to the left, so that they never overlap."""
        metrics, colours = QFontMetrics(self._font()), current_theme().colours
        text = f"{'fail >' if which is LimitLine.FAIL else 'review >'} {score(value)}"
        width = metrics.horizontalAdvance(text) + 12
        left = self.x_of(value) if which is LimitLine.FAIL else self.x_of(value) - width
        left = min(max(left, 0.0), self.width() - width)
        flag = QRectF(left, 0, width, self._line_px())
        marked = which is self.active and self.hasFocus()
        painter.fillRect(flag, QColor(colours.accent if marked else colours.strong))
        painter.setPen(QColor(colours.on_accent if marked else colours.on_strong))
        painter.drawText(flag, int(Qt.AlignmentFlag.AlignCenter), text)

    def _plot(self) -> QRectF:
        """Return where the bars lie; it is asked for often, and changes with the size only."""
        now = self.width(), self.height(), current_theme().sizes.small
        if now != self._measured:
            self._measured, self._area = now, self._measure()
        return self._area

    def _measure(self) -> QRectF:
        line = self._line_px()
        left = QFontMetrics(self._font()).horizontalAdvance(_WIDEST_NAME) + 8
        return QRectF(left, line + 2, max(10.0, self.width() - left - line), max(10.0, self.height() - 2 * line - 2))

    def _line_px(self) -> float:
        return float(QFontMetrics(self._font()).height() + 2)

    def _font(self) -> QFont:
        font = QFont(FAMILY)
        font.setPixelSize(current_theme().sizes.small)
        return font

    def _place_of(self, line: LimitLine) -> float:
        if line is LimitLine.REVIEW and self._limits.review_threshold is not None:
            return self._limits.review_threshold
        return self._limits.image_threshold

    def _nearest(self, x: float) -> LimitLine:
        review = self._limits.review_threshold
        if review is None:
            return LimitLine.FAIL
        fail_px, review_px = abs(x - self.x_of(self._limits.image_threshold)), abs(x - self.x_of(review))
        return LimitLine.REVIEW if review_px < fail_px or x < self.x_of(review) else LimitLine.FAIL

    def _drag_to(self, x: float) -> None:
        plot = self._plot()
        self.moved.emit(self.active, (x - plot.left()) / plot.width())

    def _name_it(self) -> None:
        review = self._limits.review_threshold
        second = "" if review is None else f", review above {score(review)}"
        self.setAccessibleName(f"Scores; fail above {score(self._limits.image_threshold)}{second}")
        self.setAccessibleDescription(f"Left and right move the {self.active.value} limit, up and down choose another")


def _colour(label: int) -> QColor:
    colours = current_theme().colours
    by_label = {DEFECT: colours.of(Verdict.FAIL).fill, GOOD: colours.of(Verdict.PASS).fill}
    return QColor(by_label.get(label, colours.muted))
