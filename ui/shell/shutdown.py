"""Closing without holding the window up: what it still waits for is said on it, and it closes when all is let go of."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ui.theme.theme import look
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

_LOOK_MS = 30
_SAID_AFTER_S = 0.3


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that ends by itself.

    Attributes:
        what: As a person reads it: "the camera to be let go of".
        over: Waits so many seconds for the end, and says whether it came.
        within_s: How long to be patient; what is not over by then is left to the end of the program.
    """

    what: str
    over: Callable[[float], bool]
    within_s: float


class Shutdown(QObject):
    """Waits for one thing after another, then calls `then`, once."""

    def __init__(self, window: QWidget, awaited: Iterable[Awaited], then: Callable[[], object]) -> None:
        """Nothing is waited for yet."""
        super().__init__(window)
        self._window, self._then = window, then
        self._awaited = list(awaited)
        self._since_s = self._began_s = time.monotonic()
        self._sheet: ClosingSheet | None = None
        self._ended = False
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Wait while the window lives on; nothing in it can be touched any more."""
        self._window.setEnabled(False)
        self._timer.start()

    def finish(self) -> None:
        """Wait here and now."""
        for awaited in self._awaited:
            awaited.over(awaited.within_s)
        self._end()

    def _look(self) -> None:
        while self._awaited and self._is_over(self._awaited[0]):
            del self._awaited[0]
            self._since_s = time.monotonic()
        if not self._awaited:
            self._end()
        elif time.monotonic() - self._began_s > _SAID_AFTER_S:
            self._say(f"Waiting for {self._awaited[0].what} \u2026")

    def _is_over(self, awaited: Awaited) -> bool:
        return awaited.over(0) or time.monotonic() - self._since_s > awaited.within_s

    def _say(self, text: str) -> None:
        if self._sheet is None:
            self._sheet = ClosingSheet(self._window)
            self._sheet.show()
        self._sheet.words.setText(text)

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        self._timer.stop()
        if self._sheet is not None:
            self._sheet.done(0)
        self._then()


class ClosingSheet(Dialog):
    """Says what the window still waits for; only the end of that closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Closing")
        self.words = label("", "large", wrap=True)
        self.words.setMinimumWidth(look().sizes.side)
        self.column.addWidget(self.words)

    def reject(self) -> None:
        """Esc leads nowhere."""
