"""Closing without freezing the window: it shows what it still waits for, and closes when everything is released."""

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.actions.page_spec import ClosingStep
from ui.background.timers import repeating_timer
from ui.theme.theme import current_theme
from ui.widgets.dialog import Dialog
from ui.widgets.panel import label

_CHECK_MS = 30
_SHOWN_AFTER_S = 0.3


class Shutdown(QObject):
    """Waits for one step after another, then calls `then`, once."""

    def __init__(self, window: QWidget, steps: Iterable[ClosingStep], then: Callable[[], object]) -> None:
        """Make it; `start` or `finish` begins to wait."""
        super().__init__(window)
        self._window, self._then = window, then
        self._steps = list(steps)
        self._step_began_s = self._began_s = time.monotonic()
        self._dialog: ClosingDialog | None = None
        self._ended = False
        self._timer = repeating_timer(self, _CHECK_MS, self._check)

    def start(self) -> None:
        """Wait while the window goes on living, but can no longer be touched."""
        self._window.setEnabled(False)
        self._timer.start()

    def finish(self) -> None:
        """Wait here until every step has ended or its time is up."""
        for step in self._steps:
            step.wait(step.within_s)
        self._end()

    def _check(self) -> None:
        while self._steps and self._is_over(self._steps[0]):
            del self._steps[0]
            self._step_began_s = time.monotonic()
        if not self._steps:
            self._end()
        elif time.monotonic() - self._began_s > _SHOWN_AFTER_S:
            self._show(f"Waiting for {self._steps[0].what} \u2026")

    def _is_over(self, step: ClosingStep) -> bool:
        return step.wait(0) or time.monotonic() - self._step_began_s > step.within_s

    def _show(self, text: str) -> None:
        if self._dialog is None:
            self._dialog = ClosingDialog(self._window)
            self._dialog.show()
        self._dialog.words.setText(text)

    def _end(self) -> None:
        if self._ended:
            return
        self._ended = True
        self._timer.stop()
        if self._dialog is not None:
            self._dialog.done(0)
        self._then()


class ClosingDialog(Dialog):
    """Shows what the window still waits for; it closes when the wait is over."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Closing")
        self.words = label("", "large", wrap=True)
        self.words.setMinimumWidth(current_theme().sizes.side)
        self.column.addWidget(self.words)

    def reject(self) -> None:
        """Ignore Esc: a person cannot close this dialog."""
