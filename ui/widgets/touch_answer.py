"""The answer to a touch, at the place of the touch: why what was asked for is not done."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QVBoxLayout, QWidget

from ui.background.timers import single_timer
from ui.theme.theme import current_theme
from ui.widgets.panel import label

_SHOWN_MS = 8_000
_MARGIN = 6


class TouchAnswer(QFrame):
    """One small plate over the window. It takes no focus, waits in no queue, and goes by itself or by a touch.

    Args:
        window: Lies over this.
        elsewhere: The widget to stand under if no button of the window is under the pointer.
    """

    def __init__(self, window: QWidget, elsewhere: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("answer")
        self._window, self._elsewhere = window, elsewhere
        self._sentence, self._advice = label("", "title", wrap=True), label("", "large", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[2 * _MARGIN] * 4)
        column.addWidget(self._sentence)
        column.addWidget(self._advice)
        self._timer = single_timer(self, _SHOWN_MS, self.hide)
        self.hide()

    @property
    def words(self) -> str:
        """What it says; "" while it is hidden."""
        return "" if self.isHidden() else f"{self._sentence.text()} {self._advice.text()}".strip()

    def show_answer(self, sentence: str, advice: str) -> None:
        """Say this where the person has touched the window."""
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._fit()
        self.show()
        self.raise_()
        self._timer.start()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Fit the words again in another size of type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.isVisible():
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(min(round(1.5 * current_theme().sizes.side), self._window.width() - 2 * _MARGIN))
        self.adjustSize()
        self.move(self._place())

    def close_clock(self) -> None:
        """Stop its clock; called when the window goes."""
        self._timer.stop()

    def mousePressEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """It was read."""
        self._timer.stop()
        self.hide()

    def _place(self) -> QPoint:
        """Return the place under the touched button, or above it if the window ends below it."""
        touched = QApplication.widgetAt(QCursor.pos())
        at_button = isinstance(touched, QAbstractButton) and touched.window() is self._window
        anchor = touched if at_button and touched is not None else self._elsewhere
        place = anchor.mapTo(self._window, QPoint(0, anchor.height() + _MARGIN))
        if place.y() + self.height() > self._window.height() - _MARGIN:
            place.setY(anchor.mapTo(self._window, QPoint(0, 0)).y() - self.height() - _MARGIN)
        most_x = self._window.width() - self.width() - _MARGIN
        return QPoint(max(_MARGIN, min(place.x(), most_x)), max(_MARGIN, place.y()))
