"""One slot between a thread and the screen: the newest wins, nobody waits."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Holds the newest value only. What was not taken in time is replaced; storage never reads from here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: T | None = None
        self._fresh = False

    def put(self, value: T) -> None:
        """Replace whatever is there."""
        with self._lock:
            self._value, self._fresh = value, True

    def take(self) -> T | None:
        """The value if it was not taken before, otherwise None."""
        with self._lock:
            if not self._fresh:
                return None
            self._fresh = False
            return self._value

    def peek(self) -> T | None:
        """The newest value, taken or not; None before the first."""
        with self._lock:
            return self._value
