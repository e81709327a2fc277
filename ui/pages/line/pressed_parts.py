"""Which part each key was about when it was pressed: a key acts on the part that it showed then, or on none."""

import time
from collections import deque
from collections.abc import Callable, Mapping

from station.domain.inspection import Inspection

_KEPT = 2000
Subjects = Mapping[str, Inspection | None]


class PressedParts:
    """The parts of the keys over time. With 240 parts a minute it reaches back at least 4 minutes.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changes: deque[tuple[float, dict[str, Inspection | None]]] = deque(maxlen=_KEPT)

    def note(self, subjects: Subjects) -> None:
        """From now on the keys are about these parts."""
        if not self._changes or self._changes[-1][1] != subjects:
            self._changes.append((self._clock(), dict(subjects)))

    def at(self, name: str, pressed_s: float) -> Inspection | None:
        """Return the part that this key was about at a time, monotonic seconds; None if it was about none."""
        for since_s, subjects in reversed(self._changes):
            if since_s <= pressed_s:
                return subjects.get(name)
        return None
