"""Before the window closes, what people made on its pages is saved; if it cannot be, only a person may discard it."""

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.actions.page_spec import PagePresenter, SavingPresenter, UnsavedWork
from ui.background.timers import repeating_timer
from ui.widgets.confirm_dialog import ConfirmDialog, ask

_CHECK_MS = 30
_PATIENCE_S = 2.0
"""A disk that answers has saved by then; until then nothing is asked."""
_GOES_ON = "Saving is tried again every few seconds; the window closes by itself once it succeeds."


class UnsavedQuestion(QObject):
    """Waits until everything is saved, and asks if that does not succeed. Meanwhile the window and the line go on."""

    def __init__(self, window: QWidget, presenters: Callable[[], Iterable[PagePresenter]]) -> None:
        super().__init__(window)
        self._window, self._presenters = window, presenters
        self._then: Callable[[], object] | None = None
        self._dialog: ConfirmDialog | None = None
        self._began_s = 0.0
        self._timer = repeating_timer(self, _CHECK_MS, self._check)

    def settle(self, then: Callable[[], object]) -> None:
        """Call `then` once everything is saved or a person has discarded it; not at all if the window stays open."""
        if self._then is not None:
            return
        self._then, self._began_s = then, time.monotonic()
        for presenter in self._saving():
            presenter.save_now()
        self._timer.start()
        self._check()

    def close_clock(self) -> None:
        """Ask no more; called when the window goes."""
        self._timer.stop()

    def _saving(self) -> list[SavingPresenter]:
        return [each for each in self._presenters() if isinstance(each, SavingPresenter)]

    def _check(self) -> None:
        unsaved = [lost for each in self._saving() if (lost := each.unsaved()) is not None]
        if not unsaved:
            self._saved()
        elif self._dialog is None and (self._late or all(lost.trouble is not None for lost in unsaved)):
            self._ask(unsaved)

    @property
    def _late(self) -> bool:
        return time.monotonic() - self._began_s > _PATIENCE_S

    def _ask(self, unsaved: list[UnsavedWork]) -> None:
        said = [line for lost in unsaved for line in (lost.sentence, lost.trouble.advice if lost.trouble else "")]
        text = " ".join(filter(None, (*said, _GOES_ON)))
        self._dialog = ask(
            self._window, "Close without saving?", text, "Discard and close", "Keep the window open", self._go_on
        )
        self._dialog.rejected.connect(self._stay)

    def _saved(self) -> None:
        """Close the question that nobody answered: it asks about nothing any more."""
        dialog, then = self._dialog, self._then
        self._stay()
        if dialog is not None:
            dialog.reject()
        if then is not None:
            then()

    def _go_on(self) -> None:
        then = self._then
        self._stay()
        if then is not None:
            then()

    def _stay(self) -> None:
        self._timer.stop()
        self._then = self._dialog = None
