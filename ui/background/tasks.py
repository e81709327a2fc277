"""Work that takes time, done away from the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from station.domain.errors import StationError

T = TypeVar("T")

_FINISHED_WITHIN_S = 5.0


class BackgroundTasks(QObject):
    """Work off the GUI thread, one piece after another; its answers come back on the GUI thread.

    An expected failure goes to `failed`; anything else is a bug and is raised in the GUI thread with its trace.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="lineside-desk")
        self._open = True
        self._unfinished: set[Future[Any]] = set()
        self._answered.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def ask(
        self, work: Callable[[], T], answer: Callable[[T], object], failed: Callable[[StationError], object]
    ) -> None:
        """Do `work` soon; then call `answer` with its result, or `failed` with what went wrong."""

        def hand_back(future: Future[T]) -> None:
            self._unfinished.discard(future)
            if self._open:
                self._answered.emit(lambda: _deliver(future, answer, failed))

        if self._open:
            future = self._threads.submit(work)
            self._unfinished.add(future)
            future.add_done_callback(hand_back)

    def wait(self, timeout_s: float) -> bool:
        """Wait until everything that was asked for is done; whether that came in time."""
        return not wait(set(self._unfinished), timeout_s).not_done

    def close(self, within_s: float = _FINISHED_WITHIN_S) -> None:
        """Take no more, and finish what was asked for; answers that come late are nobody's.

        Args:
            within_s: How long to be patient. Then what has not begun is dropped, and what has is left to itself.
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
