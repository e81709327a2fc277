"""A word as large as its place allows."""

import math
from functools import cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.theme.plain_text import shown_as_it_is
from ui.theme.theme import FAMILY

_HINTING = 0.99
"""Letters are rounded to whole points at each size, so widths do not shrink quite in proportion."""


class FittedWord(QLabel):
    """Bold capitals of a wanted height, made smaller only where the word would be cut off.

    Longer translations shrink first, then break into two lines where that makes them larger. A text that brings its
    own lines keeps them.
    """

    def __init__(self) -> None:
        super().__init__()
        shown_as_it_is(self)
        self._capital_px = 10
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def set_capital_px(self, capital_px: int) -> None:
        """How tall a capital letter should be."""
        if capital_px == self._capital_px:
            return
        self._capital_px = capital_px
        self.updateGeometry()
        self.update()

    def capital_px(self) -> float:
        """How tall a capital letter really is with the present word and place."""
        return QFontMetricsF(self._layout()[1]).capHeight()

    def word_width(self) -> int:
        """Width of the word at the wanted height, in one line unless it has its own."""
        return math.ceil(_widest(self.text().split("\n"), _bold(self._capital_px)) / _HINTING)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Any place will do."""
        return QSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the word, capitals centred on the middle of the place."""
        lines, font = self._layout()
        metrics = QFontMetricsF(font)
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(self.palette().windowText().color())
        step = metrics.capHeight() * 1.35
        top = (self.height() - step * (len(lines) - 1) - metrics.capHeight()) / 2
        for i, line in enumerate(lines):
            left = self._left(metrics.horizontalAdvance(line))
            painter.drawText(round(left), round(top + i * step + metrics.capHeight()), line)

    def _left(self, advance: float) -> float:
        return (self.width() - advance) / 2 if self.alignment() & Qt.AlignmentFlag.AlignHCenter else 0.0

    def _layout(self) -> tuple[list[str], QFont]:
        own = self.text().split("\n")
        broken = own if len(own) > 1 else self.text().split(" ")
        best = max((own, broken), key=self._fitting_capital)
        return best, _bold(self._fitting_capital(best))

    def _fitting_capital(self, lines: list[str]) -> float:
        widest = _widest(lines, _bold(self._capital_px)) or 1.0
        by_width = self._capital_px * min(1.0, _HINTING * self.width() / widest)
        by_height = self.height() / (1.35 * (len(lines) - 1) + 1)
        return max(4.0, min(by_width, by_height))


def _widest(lines: list[str], font: QFont) -> float:
    return max(QFontMetricsF(font).horizontalAdvance(line) for line in lines)


def _bold(capital_px: float) -> QFont:
    font = QFont(FAMILY)
    font.setBold(True)
    font.setPixelSize(max(6, int(capital_px / _capital_share())))
    return font


@cache
def _capital_share() -> float:
    """Return the height of a capital as a share of the size of the type."""
    font = QFont(FAMILY)
    font.setBold(True)
    font.setPixelSize(1000)
    return QFontMetricsF(font).capHeight() / 1000
