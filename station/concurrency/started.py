"""A call that was started on a thread of its own, and is waited for later."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Started(Generic[T]):
    """One call on a daemon thread: if it hangs, in a driver or on a dead network share, the program can still end.

    If the system has no thread left, the call is made at once: whoever waits for its result gets it later, not never.
    """

    def __init__(self, name: str, call: Callable[[], T]) -> None:
        """Start it.

        Args:
            name: What it does, as "reading".
            call: Called once.
        """
        self._call = call
        self._result: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"lineside {name}", daemon=True)
        try:
            self._thread.start()
        except RuntimeError as error:
            _log.warning("no thread for %s: %s", name, error)
            self._run()

    def result(self) -> T:
        """Wait, and return what the call returned; raise what it raised."""
        self._join()
        if self._error is not None:
            raise self._error
        return self._result[0]

    def failed(self) -> bool:
        """Wait, and return whether the call raised."""
        self._join()
        return self._error is not None

    def wait(self, timeout_s: float) -> bool:
        """Wait at most so long; return whether it has ended."""
        self._join(timeout_s)
        return not self._thread.is_alive()

    def _join(self, timeout_s: float | None = None) -> None:
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            self._result.append(self._call())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._error = error
