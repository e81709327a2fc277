"""The verdict across the whole window: word, shape, colour and frame, readable at three metres."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from station.domain.formatting import time_of_day
from station.domain.inspection import Inspection
from station.domain.verdict import Verdict
from ui.theme.restyle import restyle
from ui.theme.theme import current_theme
from ui.theme.verdict_icons import VerdictIcon, hatch
from ui.widgets.text.fitted_word import FittedWord

_SIGN_SHARE = 0.94
_WORD_SHARE = 0.6, 0.42
"""Of the verdict's height: the line's own word in one line, and in two."""


class VerdictBand(QFrame):
    """Shows one verdict, or the line's own word while there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("verdict")
        self.setProperty("verdict", "")
        self._sign = VerdictIcon(None, 10)
        self._word = FittedWord()
        self._past = _PastTag()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.addStretch(1)
        row.addWidget(self._sign)
        row.addWidget(self._word)
        row.addStretch(1)
        row.addWidget(self._past)
        self._verdict: Verdict | None = None
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

    @property
    def past_lines(self) -> list[str]:
        """What the tag beside a past verdict says."""
        return self._past.lines

    def show_live(self, verdict: Verdict) -> None:
        """The verdict on the part that is there now."""
        self._past.hide()
        self._show(verdict, verdict.word)

    def show_past(self, inspection: Inspection, live: str, zone: str) -> None:
        """The verdict on a part from the strip, marked as past, with the live word beside it."""
        self._past.tell(f"PAST PART {inspection.key.label}", time_of_day(inspection.triggered_at, zone), live)
        self._show(inspection.verdict, inspection.verdict.word)

    def show_word(self, word: str, *, troubled: bool = False) -> None:
        """No verdict: what the line does instead, in one line or two, and whether that is a trouble."""
        self._past.hide()
        if troubled != bool(self.property("troubled")):
            restyle(self, "troubled", troubled)
        self._show(None, word)

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

    def _show(self, verdict: Verdict | None, word: str) -> None:
        self._word.setText(word)
        self._word.setAlignment(Qt.AlignmentFlag.AlignLeft if verdict else Qt.AlignmentFlag.AlignHCenter)
        self.setAccessibleName(f"Verdict: {word}".replace("\n", ", "))
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
        beside = [each for each in (self._sign, self._past) if each.isVisibleTo(self)]
        margins = self._row.contentsMargins()
        room = self.contentsRect().width() - margins.left() - margins.right()
        room -= sum(each.sizeHint().width() + spacing for each in beside)
        self._word.setFixedWidth(max(10, min(self._word.word_width(), room)))


class _PastTag(QFrame):
    """Says that what is shown is not live."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("past")
        self._lines = [QLabel() for _ in range(3)]
        for label, role in zip(self._lines, ("title", "large", "strong"), strict=True):
            label.setProperty("role", role)
            label.setMargin(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 2, 9, 2)
        column.setSpacing(0)
        for label in self._lines:
            column.addWidget(label, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.hide()

    @property
    def lines(self) -> list[str]:
        """What it says."""
        return [label.text() for label in self._lines]

    def tell(self, *lines: str) -> None:
        """Show the tag with these lines."""
        for label, text in zip(self._lines, lines, strict=True):
            label.setText(text)
        self.show()
