"""Tasks that take time and must not run on the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from station.domain.errors import StationError

T = TypeVar("T")
Work = Callable[[], Any]

_FINISHED_WITHIN_S = 5.0


class BackgroundTasks(QObject):
    """Run tasks one after the other on a thread of their own, and return their results on the GUI thread.

    An expected failure is given to `failed`. Any other exception is a bug and is raised on the GUI thread.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject, bound: Callable[[Work], Work] = lambda work: work) -> None:
        """Begin without tasks.

        Args:
            parent: Owns this.
            bound: Returns a task so that whoever asked for it gives its commands, also if somebody else does meanwhile.
        """
        super().__init__(parent)
        self._bound = bound
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="lineside-tasks")
        self._open = True
        self._unfinished: set[Future[Any]] = set()
        self._answered.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def bound(self, work: Callable[[], T]) -> Callable[[], T]:
        """Return work to be asked for later, or again, in the name of whoever gives commands now."""
        bound: Callable[[], T] = self._bound(work)
        return bound

    def another(self, parent: QObject) -> "BackgroundTasks":
        """Return tasks on another thread, with the same rule of who gives their commands."""
        return BackgroundTasks(parent, self._bound)

    def ask(
        self, work: Callable[[], T], answer: Callable[[T], object], failed: Callable[[StationError], object]
    ) -> None:
        """Queue `work`; then call `answer` with its result, or `failed` with its StationError."""

        def hand_back(future: Future[T]) -> None:
            self._unfinished.discard(future)
            if self._open:
                self._answered.emit(lambda: _deliver(future, answer, failed))

        if self._open:
            future = self._threads.submit(self._bound(work))
            self._unfinished.add(future)
            future.add_done_callback(hand_back)

    def wait(self, timeout_s: float) -> bool:
        """Wait until all queued tasks are done. Return False if the time is over first."""
        return not wait(set(self._unfinished), timeout_s).not_done

    def close(self, within_s: float = _FINISHED_WITHIN_S) -> None:
        """Accept no more tasks and finish the queued ones. Results are no longer delivered.

        Args:
            within_s: Longest wait, seconds. Then tasks that have not begun are dropped; the running one is left alone.
        """
        self._open = False
        finished = self.wait(within_s)
        self._threads.shutdown(wait=finished, cancel_futures=not finished)

    def _hand_over(self, deliver: Callable[[], None]) -> None:
        if self._open:
            deliver()


def _deliver(future: Future[T], answer: Callable[[T], object], failed: Callable[[StationError], object]) -> None:
    try:
        result = future.result()
    except StationError as error:
        failed(error)
    else:
        answer(result)
