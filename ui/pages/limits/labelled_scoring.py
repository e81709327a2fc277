"""Scores the labelled pictures that wait, on a thread of its own; a person can stop it, and what is scored stays."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from station.domain.errors import StationError
from station.domain.limit_bench.scored_pictures import LabelledSet, LimitBench
from ui.actions.page_spec import PageContext
from ui.background.tasks import BackgroundTasks


class LabelledScoring(QObject):
    """One scoring at a time.

    Args:
        owner: The presenter.
        context: What the window lends.
        done: Called with the set as it is scored now; with None if it went wrong.
        failed: Called with what went wrong.

    Signals:
        progressed: How far it is, in words.
    """

    progressed = Signal(str)

    def __init__(
        self,
        owner: QObject,
        context: PageContext,
        done: Callable[[LabelledSet | None], object],
        failed: Callable[[StationError], object],
    ) -> None:
        super().__init__(owner)
        self._limits, self._tasks = context.station.limits, BackgroundTasks(self)
        self._done, self._failed = done, failed
        self.runs = self._stopped = False

    def start(self, bench: LimitBench) -> None:
        """Score what waits."""
        self.runs, self._stopped = True, False
        self._tasks.ask(
            lambda: self._limits.score_labelled(
                bench,
                lambda step: self.progressed.emit(f"{step.stage}: {step.done} of {step.total}. Ctrl+L stops it."),
                lambda: not self._stopped,
            ),
            self._end,
            self._end_badly,
        )

    def stop(self) -> None:
        """End after the picture that is being scored."""
        self._stopped = True

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; return whether it came in time."""
        return self._tasks.wait(timeout_s)

    def close(self) -> None:
        """End the thread."""
        self.stop()
        self._tasks.close(within_s=0)

    def _end(self, labelled: LabelledSet) -> None:
        self.runs = False
        self._done(labelled)

    def _end_badly(self, error: StationError) -> None:
        self.runs = False
        self._done(None)
        self._failed(error)
