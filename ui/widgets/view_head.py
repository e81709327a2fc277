"""The words at one camera's picture: the view's name and its own verdict, by word, shape and colour."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from station.domain.verdict import Verdict
from ui.theme import look
from ui.widgets.canvas_marks import fitted_font
from ui.widgets.mosaic import Head
from ui.widgets.signs import hatch, paint_sign

_ROW_SHARE = 0.62
_MOST = 1.7


def head_of_size(word_px: int) -> Head:
    """What a head needs for type of this height; it grows where there is room anyway."""
    return Head(height=word_px * 1.5, width=word_px * 4.2, most=_MOST)


class ViewHead(QWidget):
    """A field in the verdict's colour; a neutral one while nothing can be said of the picture."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.verdict: Verdict | None = None
        self._unknown = False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_verdict(self, verdict: Verdict | None, *, unknown: bool = False) -> None:
        """The verdict on this view, None where it has none that holds; `unknown` where it should have one."""
        self.verdict, self._unknown = verdict, unknown
        self.setAccessibleName(f"{self.name}: {verdict.word}" if verdict else self.name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Beside a picture one under the other, above it in a row."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, self._ground())
        if self._unknown or self.verdict is Verdict.NOT_INSPECTED:
            colour = QColor(look().colours.not_inspected.frame)
            colour.setAlpha(70)
            hatch(painter, area, colour, 16)
        painter.setPen(self._ink())
        if self.width() > self.height() * 2:
            self._paint_row(painter, area)
        else:
            self._paint_column(painter, area)

    def _paint_row(self, painter: QPainter, area: QRectF) -> None:
        pad = area.height() * 0.28
        inner = area.adjusted(pad, 0, -pad, 0)
        if self.verdict is not None:
            side = area.height() * 0.56
            sign = QRectF(inner.left(), inner.center().y() - side / 2, side, side)
            paint_sign(painter, sign, self.verdict, self._ink())
            inner.setLeft(sign.right() + pad)
        size = area.height() * _ROW_SHARE
        word = self._word(painter, inner, size)
        room = inner.adjusted(0, 0, -word, 0)
        painter.setFont(fitted_font(self.name, size, room.width(), bold=False))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.name)

    def _word(self, painter: QPainter, inner: QRectF, size: float) -> float:
        """Write the verdict to the right; the width it took."""
        if self.verdict is None:
            return 0.0
        font = fitted_font(self.verdict.word, size, inner.width() * 0.6)
        painter.setFont(font)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.verdict.word)
        return QFontMetricsF(font).horizontalAdvance(self.verdict.word) + size / 2

    def _paint_column(self, painter: QPainter, area: QRectF) -> None:
        pad = area.width() * 0.08
        inner = area.adjusted(pad, pad, -pad, -pad)
        size = min(area.width() * 0.3, area.height() * 0.2)
        top = self._line(painter, inner, self.name, size, bold=False)
        if self.verdict is None:
            return
        side = min(area.width() * 0.5, area.height() * 0.3)
        sign = QRectF(inner.center().x() - side / 2, top + pad, side, side)
        paint_sign(painter, sign, self.verdict, self._ink())
        inner.setTop(sign.bottom() + pad)
        for word in self.verdict.word.split():
            inner.setTop(self._line(painter, inner, word, size, bold=True))

    def _line(self, painter: QPainter, inner: QRectF, text: str, size: float, *, bold: bool) -> float:
        """Write a line at the top; where the next begins."""
        font = fitted_font(text, size, inner.width(), bold=bold)
        painter.setFont(font)
        painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
        return inner.top() + QFontMetricsF(font).height()

    def _ground(self) -> QColor:
        colours = look().colours
        return QColor(colours.of(self.verdict).fill if self.verdict else colours.panel)

    def _ink(self) -> QColor:
        colours = look().colours
        return QColor(colours.of(self.verdict).on_fill if self.verdict else colours.text)
