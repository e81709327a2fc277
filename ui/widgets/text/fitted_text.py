"""Text that is never cut off: a sentence that shrinks into its place, and a line that ends in dots."""

import math
from bisect import bisect
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.theme.plain_text import shown_as_it_is

_LEAST_SHARE = 0.55
_DOTS = "\u2026"
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class FittedSentence(QLabel):
    """Wraps, and becomes smaller until all of it is there; what does not fit even then ends in dots.

    Args:
        least_share: So small it may become, of the style sheet's size.
    """

    def __init__(self, least_share: float = _LEAST_SHARE) -> None:
        super().__init__()
        shown_as_it_is(self)
        self._least_share = least_share
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def fitted_font(self) -> QFont:
        """The style sheet's font, as much smaller as the place demands."""
        font = QFont(self.font())
        least = math.ceil(font.pixelSize() * self._least_share)
        while font.pixelSize() > least and not self._fits(self.text(), font):
            font.setPixelSize(font.pixelSize() - 1)
        return font

    def fitted_text(self) -> str:
        """As many of the words as there is room for."""
        font, words = self.fitted_font(), self.text().split(" ")
        if self._fits(self.text(), font):
            return self.text()
        most = bisect(range(1, len(words)), False, key=lambda count: not self._fits(_shortened(words, count), font))
        return _shortened(words, most)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the sentence."""
        painter = QPainter(self)
        painter.setFont(self.fitted_font())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), int(_WRAPPED), self.fitted_text())

    def _fits(self, text: str, font: QFont) -> bool:
        room = QRect(0, 0, self.width(), 100_000)
        needed = QFontMetrics(font).boundingRect(room, int(_WRAPPED), text)
        return needed.height() <= self.height() and needed.width() <= self.width()


def _shortened(words: Sequence[str], count: int) -> str:
    return " ".join(words[:count]) + _DOTS


class ElidedLine(QLabel):
    """One line; text that does not fit ends in dots; the tool tip has all of it."""

    def __init__(self) -> None:
        super().__init__()
        shown_as_it_is(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """May vanish."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw as much as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def heading(text: str) -> ElidedLine:
    """Return a heading that is shortened if it does not fit."""
    line = ElidedLine()
    line.setText(text)
    line.setProperty("role", "strong")
    return line
