"""A call that was started on a thread of its own, and is waited for later."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Started(Generic[T]):
    """One call on a daemon thread: if it hangs, in a driver or on a dead network share, the program can still end."""

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
        self._thread.start()

    def result(self) -> T:
        """Wait, and return what the call returned; raise what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._result[0]

    def failed(self) -> bool:
        """Wait, and return whether the call raised."""
        self._thread.join()
        return self._error is not None

    def wait(self, timeout_s: float) -> bool:
        """Wait at most so long; return whether it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._result.append(self._call())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._error = error
