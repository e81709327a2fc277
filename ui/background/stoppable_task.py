"""A task of minutes on a thread of its own: it says how far it is, and ends early when a person no longer wants it."""

from collections.abc import Callable
from threading import Event
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from station.domain.errors import StationError
from ui.background.tasks import BackgroundTasks

T = TypeVar("T")


class Step(Protocol):
    """How far a task is."""

    @property
    def stage(self) -> str:
        """What is being done, for people."""

    @property
    def done(self) -> int:
        """Steps that are done."""

    @property
    def total(self) -> int:
        """Steps of this stage; 0 if that is not known."""


LongWork = Callable[[Callable[[Step], None], Callable[[], bool]], T]
"""Takes where to report each step, and what says whether the task is still wanted."""


class StoppableTask(QObject):
    """One task at a time.

    Args:
        owner: Lives as long as this.
        beside: The tasks of the window: this one is given by the same person.

    Signals:
        progressed: How far it is, in words: "Judging: 12 of 300".
    """

    progressed = Signal(str)

    def __init__(self, owner: QObject, beside: BackgroundTasks) -> None:
        super().__init__(owner)
        self._tasks = beside.another(self)
        self._stopped = Event()
        self._runs = False

    @property
    def runs(self) -> bool:
        """Whether a task was begun and its end was not delivered yet."""
        return self._runs

    def ask(self, work: LongWork[T], answer: Callable[[T], object], failed: Callable[[StationError], object]) -> None:
        """Begin a task; then call `answer` with its result, or `failed` with its StationError."""
        self._runs, self._stopped = True, (stopped := Event())
        self._tasks.ask(
            lambda: work(self._report, lambda: not stopped.is_set()),
            lambda result: self._end(stopped, answer, result),
            lambda error: self._end(stopped, failed, error),
        )

    def stop(self) -> None:
        """End the task at its next step."""
        self._stopped.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; return whether it came in time."""
        return self._tasks.wait(timeout_s)

    def close(self) -> None:
        """End the thread; its last result is not delivered."""
        self.stop()
        self._tasks.close(within_s=0)

    def _report(self, step: Step) -> None:
        of_total = f" of {step.total}" if step.total else ""
        self.progressed.emit(f"{step.stage}: {step.done}{of_total}")

    def _end(self, of: Event, say: Callable[[T], object], outcome: T) -> None:
        self._runs = self._runs and of is not self._stopped  # another one may wait by now
        say(outcome)
