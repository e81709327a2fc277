"""What became of the code that was scanned last, over the header for a few seconds, on every page."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui.background.timers import single_timer
from ui.theme.plain_text import in_a_hint
from ui.theme.theme import current_theme
from ui.widgets.panel import label
from ui.widgets.text.fitted_text import ElidedLine

_SHOWN_MS = 6000


class ScanNotice(QFrame):
    """Lies over the header and takes no touch. What is said is kept until the next code, for who asks for `text`."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("scan_notice")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Scanned code")
        self._sign = label("\u25a4", "title")
        self._words = ElidedLine()
        self._words.setProperty("role", "large")
        row = QHBoxLayout(self)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        self._timer = single_timer(self, _SHOWN_MS, self.hide)
        over.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """Return what was said last."""
        return self._words.text()

    def say(self, sentence: str) -> None:
        """Show a sentence for some seconds."""
        self._words.setText(sentence)
        self._words.setToolTip(in_a_hint(sentence))
        self.setAccessibleDescription(sentence)
        self._fit()
        self.show()
        self.raise_()
        self._timer.start()

    def close_clock(self) -> None:
        """Hide no more by itself: the window closes."""
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of the header."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        over, gap = self._over, current_theme().sizes.gap
        width = over.width() // 2
        self.setGeometry((over.width() - width) // 2, gap // 3, width, over.height() - 2 * (gap // 3))
