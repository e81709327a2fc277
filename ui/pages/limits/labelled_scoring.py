"""Scores the labelled pictures that wait, on a thread of its own; a person can stop it, and what is scored stays."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from station.domain.errors import StationError
from station.domain.limit_bench.scored_pictures import LabelledSet, LimitBench
from ui.actions.page_spec import PageContext
from ui.background.stoppable_task import StoppableTask


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
        self._limits, self._task = context.station.limits, StoppableTask(self, context.tasks)
        self._done, self._failed = done, failed
        self._task.progressed.connect(lambda words: self.progressed.emit(f"{words}. Ctrl+L stops it."))

    @property
    def runs(self) -> bool:
        """Whether pictures are being scored."""
        return self._task.runs

    def start(self, bench: LimitBench) -> None:
        """Score what waits."""
        score = self._limits.score_labelled
        self._task.ask(lambda progress, wanted: score(bench, progress, wanted), self._done, self._end_badly)

    def stop(self) -> None:
        """End after the picture that is being scored."""
        self._task.stop()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; return whether it came in time."""
        return self._task.wait(timeout_s)

    def close(self) -> None:
        """End the thread."""
        self._task.close()

    def _end_badly(self, error: StationError) -> None:
        self._done(None)
        self._failed(error)
