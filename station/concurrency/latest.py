"""A slot between a thread and the screen that keeps the newest value. No one waits."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Keeps the newest value. A value that is not taken in time is replaced, so records never come from here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: T | None = None
        self._fresh = False

    def put(self, value: T) -> None:
        """Replace the value."""
        with self._lock:
            self._value, self._fresh = value, True

    def take(self) -> T | None:
        """Return the newest value; None if it was taken before."""
        with self._lock:
            if not self._fresh:
                return None
            self._fresh = False
            return self._value

    def peek(self) -> T | None:
        """Return the newest value, taken or not; None before the first."""
        with self._lock:
            return self._value
