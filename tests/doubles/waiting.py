"""Waits for the effect of another thread."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

SOON_S = 30.0
SOON_MS = 30_000


def until(condition: Callable[[], T]) -> T:
    """Wait until the condition is true, and return its value."""
    deadline = time.monotonic() + SOON_S
    while not (answer := condition()) and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert answer
    return answer
