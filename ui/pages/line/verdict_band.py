"""The verdict on the live part across the whole window: word, shape, colour and frame, readable at three metres."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from station.domain.live_verdict import NOW, Beside
from station.domain.verdict import Verdict
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.theme.verdict_icons import VerdictIcon, hatch
from ui.widgets.panel import label
from ui.widgets.text.fitted_word import FittedWord

_SIGN_SHARE = 0.94
_WORD_SHARE = 0.6, 0.42
"""Of the verdict's height: the line's own word in one line, and in two."""


class VerdictBand(QFrame):
    """Shows the verdict on the live part, or the line's own word while there is none. A past part is never shown here.

    Attributes:
        beside: The small plate: what comes now beside a FAIL that is held, or the last verdict of a line that waits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdict")
        self.setProperty("verdict", "")
        self._sign = VerdictIcon(None, 10)
        self._word = FittedWord()
        self.beside = BesidePlate()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addStretch(1)
        row.addWidget(self._sign)
        row.addWidget(self._word)
        row.addStretch(1)
        row.addWidget(self.beside)
        self._verdict: Verdict | None = None
        self._shown: tuple[object, ...] = ()
        self.show_word("STOPPED")

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on show."""
        return self._verdict

    @property
    def word(self) -> FittedWord:
        """The word on show."""
        return self._word

    @property
    def sign(self) -> VerdictIcon:
        """The shape on show."""
        return self._sign

    def show_live(self, verdict: Verdict, beside: Beside | None = None) -> None:
        """The verdict on the part that is there now, or on the FAIL before it, which is held for a moment."""
        self._show(verdict, verdict.word, beside)

    def show_word(self, word: str, *, troubled: bool = False, beside: Beside | None = None) -> None:
        """No verdict: what the line does instead, in one line or two, and whether that is a trouble."""
        if troubled != bool(self.property("troubled")):
            restyle(self, "troubled", troubled)
        self._show(None, word, beside)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the window's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Give the word the room that there is."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The style sheet's field and frame; hatched or dashed where the verdict asks for it."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._verdict is Verdict.NOT_INSPECTED or self.property("troubled"):
            self._hatch(painter)
        elif self._verdict is Verdict.REVIEW:
            self._dash(painter)

    def _hatch(self, painter: QPainter) -> None:
        colour = QColor(current_theme().colours.of(Verdict.NOT_INSPECTED).frame)
        colour.setAlpha(70)
        frame = current_theme().sizes.frame if self._verdict is None else 0
        hatch(painter, QRectF(self.rect()).adjusted(frame, frame, -frame, -frame), colour, 22)

    def _dash(self, painter: QPainter) -> None:
        frame = current_theme().sizes.frame
        pen = QPen(QColor(current_theme().colours.of(Verdict.REVIEW).frame), frame)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        painter.drawRect(QRectF(self.rect()).adjusted(frame / 2, frame / 2, -frame / 2, -frame / 2))

    def _show(self, verdict: Verdict | None, word: str, beside: Beside | None) -> None:
        if (verdict, word, beside) == self._shown:
            return
        self._shown = verdict, word, beside
        self.beside.show_content(beside)
        self._word.setText(word)
        self._word.setAlignment(Qt.AlignmentFlag.AlignLeft if verdict else Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName(", ".join(filter(None, (f"Verdict: {word}".replace("\n", ", "), self.beside.words))))
        if verdict is not self._verdict:
            self._verdict = verdict
            self.setProperty("troubled", bool(self.property("troubled")) and verdict is None)
            restyle(self, "verdict", verdict.value if verdict else "")
        self._fit()

    def _fit(self) -> None:
        sizes = current_theme().sizes
        capital = sizes.word if self._verdict else round(sizes.word * _WORD_SHARE[self._word.text().count("\n")])
        spacing = round(1.5 * sizes.gap)
        self._row.setSpacing(spacing)
        self._word.set_capital_px(capital)
        self._sign.show_verdict(self._verdict, round(capital * _SIGN_SHARE))
        beside = [each for each in (self._sign, self.beside) if each.isVisibleTo(self)]
        margins = self._row.contentsMargins()
        room = self.contentsRect().width() - margins.left() - margins.right()
        room -= sum(each.sizeHint().width() + spacing for each in beside)
        self._word.setFixedWidth(max(10, min(self._word.word_width(), room)))


class BesidePlate(QFrame):
    """What is said beside the large words, smaller: "NOW PASS part 0413", "LAST FAIL part 0412, 40 s ago"."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("beside")
        self._title, self._verdict, self._detail = label("", "strong"), label("", "title"), label("", "strong")
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 2, 9, 2)
        column.setSpacing(0)
        for words in (self._title, self._verdict, self._detail):
            words.setMargin(2)
            column.addWidget(words, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.hide()

    @property
    def words(self) -> str:
        """All that can be read on it; "" while it is hidden."""
        if self.isHidden():
            return ""
        return " ".join(words.text() for words in (self._title, self._verdict, self._detail))

    def show_content(self, beside: Beside | None) -> None:
        """Show this, or nothing."""
        self.setVisible(beside is not None)
        if beside is None:
            return
        self._title.setText(beside.title)
        self._verdict.setText(beside.verdict.word)
        self._detail.setText(beside.detail)
        now = beside.verdict.value if beside.title == NOW else ""
        if now != self.property("now"):
            restyle(self, "now", now)
