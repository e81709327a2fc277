"""Work that other threads give to a worker; it does the work between two of its steps."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

from station.domain.errors import CameraError, StationError

T = TypeVar("T")


class Requests:
    """Other threads call `ask_worker` and wait; the worker calls `serve_requests`, and at its end `end_requests`."""

    def __init__(self, name: str, within_s: float) -> None:
        """Begin without a request.

        Args:
            name: What the worker works for, for the text of an error: "genicam:1".
            within_s: How long an answer may take.
        """
        self._name = name
        self._within_s = within_s
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._ended = False

    def ask_worker(self, work: Callable[[], T]) -> T:
        """Let the worker call `work`, and return its result.

        Raises:
            StationError: If the work raises it.
            CameraError: If the worker has ended, or does not answer in time.
        """
        answer: Future[T] = Future()
        with self._lock:
            if self._ended:
                raise CameraError(f"{self._name} is not connected.", "Connect it first.")
            self._waiting.put(lambda: _answer(answer, work))
        try:
            return answer.result(self._within_s)
        except TimeoutError as error:
            raise CameraError(f"{self._name} does not answer.") from error

    def serve_requests(self, wait_s: float = 0) -> None:
        """Do all the work that waits; if there is none, wait `wait_s` for a request."""
        try:
            request = self._waiting.get(block=wait_s > 0, timeout=wait_s)
            while True:
                request()
                request = self._waiting.get_nowait()
        except Empty:
            return

    def end_requests(self) -> None:
        """Do the work that waits, and accept no more."""
        with self._lock:
            self._ended = True
        self.serve_requests()


def _answer(answer: Future[T], work: Callable[[], T]) -> None:
    """Set the result. A bug in the work ends the wait, too, and is raised in the worker, which logs its trace."""
    try:
        answer.set_result(work())
    except StationError as error:
        answer.set_exception(error)
    finally:
        if not answer.done():
            answer.cancel()
