"""What each key was about when it was pressed: a key acts on what it showed then, or on nothing."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

SubjectT = TypeVar("SubjectT")

_KEPT = 2000


class PressedSubjects(Generic[SubjectT]):
    """The subjects of some keys over time. With 240 parts a minute it reaches back at least 4 minutes.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changes: deque[tuple[float, dict[str, SubjectT | None]]] = deque(maxlen=_KEPT)

    def note(self, subjects: Mapping[str, SubjectT | None]) -> None:
        """From now on the keys are about these."""
        if not self._changes or self._changes[-1][1] != subjects:
            self._changes.append((self._clock(), dict(subjects)))

    def at(self, name: str, pressed_s: float) -> SubjectT | None:
        """Return what this key was about at a time, monotonic seconds; None if it was about nothing."""
        for since_s, subjects in reversed(self._changes):
            if since_s <= pressed_s:
                return subjects.get(name)
        return None
