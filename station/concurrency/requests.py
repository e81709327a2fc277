"""Questions to a worker, answered by it between two of its steps."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TypeVar

from station.domain.errors import CameraError, StationError

T = TypeVar("T")


class Requests:
    """Others `ask` and wait; the worker `serve`s, and `end`s when it does no more."""

    def __init__(self, asked: str, within_s: float) -> None:
        """Nobody asked anything yet.

        Args:
            asked: What is asked, for the sentence of an error: "genicam:1".
            within_s: How long an answer may take.
        """
        self._asked = asked
        self._within_s = within_s
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._ended = False

    def ask(self, work: Callable[[], T]) -> T:
        """Let the worker do this, and wait for what comes of it.

        Raises:
            StationError: As the work raises it.
            CameraError: The worker has ended, or does not answer.
        """
        answer: Future[T] = Future()
        with self._lock:
            if self._ended:
                raise CameraError(f"{self._asked} is not connected.", "Connect it first.")
            self._waiting.put(lambda: _answer(answer, work))
        try:
            return answer.result(self._within_s)
        except TimeoutError as error:
            raise CameraError(f"{self._asked} does not answer.") from error

    def serve(self, wait_s: float = 0) -> None:
        """Answer all that was asked; where nothing was, wait so long for a question."""
        try:
            request = self._waiting.get(block=wait_s > 0, timeout=wait_s)
            while True:
                request()
                request = self._waiting.get_nowait()
        except Empty:
            return

    def end(self) -> None:
        """Answer what was asked so far, and take no more."""
        with self._lock:
            self._ended = True
        self.serve()


def _answer(answer: Future[T], work: Callable[[], T]) -> None:
    """A bug in the work ends the wait too, and goes on to the worker, which keeps its trace."""
    try:
        answer.set_result(work())
    except StationError as error:
        answer.set_exception(error)
    finally:
        if not answer.done():
            answer.cancel()
