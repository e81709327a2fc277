"""The words at one camera's picture: the view's name and its own verdict, by word, shape and colour."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from station.domain.verdict import Verdict
from ui.theme.theme import FAMILY, current_theme
from ui.theme.verdict_icons import hatch, paint_verdict_icon
from ui.widgets.canvas.canvas_marks import fitted_font
from ui.widgets.tile_layout import Head

_ROW_SHARE = 0.62
_TWO_LINES = 0.6
_COLUMN_LINES = 5.2
"""The name, the shape with its margins, and the word, in heights of type."""
_ENDLESS = 10_000
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_MOST = 1.7


def head_of_size(word_px: int) -> Head:
    """What a head needs for type of this height; it grows where there is room anyway."""
    return Head(height=word_px * 1.5, width=word_px * 4.2, most=_MOST)


@dataclass(frozen=True, slots=True)
class Said:
    """What can be said of a view.

    Attributes:
        verdict: Its own, None if none holds.
        text: Why not, in a few words; "" if the picture says so itself.
        unknown: It should have one, and nobody knows.
    """

    verdict: Verdict | None = None
    text: str = ""
    unknown: bool = False


class ViewHead(QWidget):
    """A field in the verdict's colour; a neutral one while nothing can be said of the picture.

    Args:
        name: The view's.
        brief: Name and shape only, for a small place.
    """

    def __init__(self, name: str, *, brief: bool = False) -> None:
        super().__init__()
        self.name, self._brief = name, brief
        self.said = Said()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_said(self, said: Said) -> None:
        """Tell this."""
        if said != self.said:
            self.said = said
            word = said.verdict.word if said.verdict else said.text
            self.setAccessibleName(f"{self.name}: {word}" if word else self.name)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Beside a picture one under the other, above it in a row."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        painter.fillRect(area, self._ground())
        if self.said.unknown or self.said.verdict is Verdict.NOT_INSPECTED:
            colour = QColor(current_theme().colours.of(Verdict.NOT_INSPECTED).frame)
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
        size = area.height() * _ROW_SHARE
        if self.said.verdict is not None:
            side = area.height() * 0.56
            sign = QRectF(inner.left(), inner.center().y() - side / 2, side, side)
            paint_verdict_icon(painter, sign, self.said.verdict, self._ink())
            inner.setLeft(sign.right() + pad)
        if self.said.verdict is not None and not self._brief:
            inner.setRight(inner.right() - self._write_word(painter, inner, size, self.said.verdict.word))
        elif self.said.text and not self._brief:
            inner.setRight(inner.right() - self._write_text(painter, inner, inner.width() * 0.6))
        painter.setFont(fitted_font(self.name, size, inner.width(), bold=False))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.name)

    def _write_word(self, painter: QPainter, inner: QRectF, size: float, word: str) -> float:
        """Write the verdict to the right, in two lines where one would be small; the width it takes from the name."""
        name = _advance(fitted_font(self.name, size, _ENDLESS, bold=False), self.name)
        whole = _advance(fitted_font(word, size, _ENDLESS), word)
        share = min(1.0, inner.width() / (name + whole + size / 2))
        if share < _TWO_LINES and " " in word:
            word, share = word.replace(" ", "\n"), max(share, min(_TWO_LINES, 2 * share))
        font = fitted_font(max(word.split("\n"), key=len), size * share, inner.width() * _TWO_LINES)
        painter.setFont(font)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, word)
        return max(_advance(font, line) for line in word.split("\n")) + size * share / 2

    def _write_text(self, painter: QPainter, inner: QRectF, width: float) -> float:
        """Write why there is no verdict to the right, as many lines as it takes; the width."""
        font = QFont(FAMILY)
        font.setPixelSize(current_theme().sizes.small)
        painter.setFont(font)
        place = QRectF(inner.right() - width, inner.top(), width, inner.height())
        painter.drawText(place, int(_WRAPPED), self.said.text)
        return width

    def _paint_column(self, painter: QPainter, area: QRectF) -> None:
        pad = area.width() * 0.08
        inner = area.adjusted(pad, pad / 2, -pad, -pad / 2)
        size = min(area.width() * 0.3, inner.height() / _COLUMN_LINES)
        inner.setTop(self._line(painter, inner, self.name, size, bold=False))
        if self.said.verdict is None:
            self._write_text(painter, inner, inner.width())
            return
        side = size * 1.6
        sign = QRectF(inner.center().x() - side / 2, inner.top() + size * 0.3, side, side)
        paint_verdict_icon(painter, sign, self.said.verdict, self._ink())
        inner.setTop(sign.bottom() + size * 0.2)
        lines = self.said.verdict.word.split()
        for line in lines:
            inner.setTop(self._line(painter, inner, line, size / len(lines), bold=True))

    def _line(self, painter: QPainter, inner: QRectF, text: str, size: float, *, bold: bool) -> float:
        """Write a line at the top; where the next begins."""
        font = fitted_font(text, size, inner.width(), bold=bold)
        painter.setFont(font)
        painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
        return inner.top() + QFontMetricsF(font).height()

    def _ground(self) -> QColor:
        colours = current_theme().colours
        return QColor(colours.of(self.said.verdict).fill if self.said.verdict else colours.panel)

    def _ink(self) -> QColor:
        colours = current_theme().colours
        return QColor(colours.of(self.said.verdict).on_fill if self.said.verdict else colours.text)


def _advance(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)
