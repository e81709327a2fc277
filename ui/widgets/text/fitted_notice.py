"""What happened, and below it what to do: smaller where it would be cut off."""

import math

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.theme.plain_text import shown_as_it_is
from ui.theme.theme import FAMILY, current_theme

_SHARES = tuple(share / 20 for share in range(20, 9, -1))
_BETWEEN_SHARE = 0.4
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_LINE_MAY_END = "\u200b"


class FittedNotice(QLabel):
    """A bold sentence and a plain one, both in the same share of the theme's sizes, down to half of them.

    A name that is wider than the place goes on in the next line.
    """

    def __init__(self) -> None:
        super().__init__()
        shown_as_it_is(self)
        self._paragraphs: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_words(self, sentence: str, advice: str) -> None:
        """Show these; an empty advice takes no room."""
        self._paragraphs = tuple(filter(None, (sentence, advice)))
        self.setText("\n".join(self._paragraphs))

    @property
    def whole(self) -> bool:
        """Return whether all words can be read in the present place."""
        return self.share_in(self.size()) is not None

    def share_in(self, room: QSize) -> float | None:
        """Return the largest share of the theme's sizes at which all words fit; None if they do at none."""
        return next((share for share in _SHARES if self._height(share, room.width()) <= room.height()), None)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Any place will do."""
        return QSize(10, 10)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the sentences below each other."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        share = self.share_in(self.size()) or _SHARES[-1]
        top = 0
        for words, font in zip(self._paragraphs, _fonts(share), strict=False):
            painter.setFont(font)
            place = QRect(0, top, self.width(), self.height() - top)
            painter.drawText(place, int(_WRAPPED), _breakable(words, font, self.width()))
            top += _place(words, font, self.width()).height() + _between(share)

    def _height(self, share: float, width: int) -> int:
        places = [_place(words, font, width) for words, font in zip(self._paragraphs, _fonts(share), strict=False)]
        return sum(place.height() for place in places) + _between(share) * max(0, len(places) - 1)


def _fonts(share: float) -> tuple[QFont, QFont]:
    sizes = current_theme().sizes
    sentence, advice = QFont(FAMILY), QFont(FAMILY)
    sentence.setBold(True)
    sentence.setPixelSize(math.ceil(sizes.title * share))
    advice.setPixelSize(math.ceil(sizes.large * share))
    return sentence, advice


def _between(share: float) -> int:
    return round(current_theme().sizes.large * _BETWEEN_SHARE * share)


def _place(words: str, font: QFont, width: int) -> QRect:
    room = QRect(0, 0, width, 1_000_000)
    return QFontMetrics(font).boundingRect(room, int(_WRAPPED), _breakable(words, font, width))


def _breakable(words: str, font: QFont, width: int) -> str:
    """Return the words so that one that is wider than the place can end its line after any letter."""
    metrics = QFontMetrics(font)
    return " ".join(
        word if metrics.horizontalAdvance(word) <= width else _LINE_MAY_END.join(word) for word in words.split(" ")
    )
