"""Whether a worker does not come back from its step."""

import time
from collections.abc import Callable

from station.concurrency.worker import Worker


class Watched:
    """Looks at a worker again and again; a step that is too long at one look must be the same one at a later look.

    A clock goes on while a computer sleeps, or a program is held: then every step is too long, until its worker has had
    the time to end it.
    """

    def __init__(
        self, worker: Worker, longest_s: float, seen_for_s: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Watch a worker.

        Args:
            worker: The worker.
            longest_s: Longer than any of its steps.
            seen_for_s: It must have been seen too long for this time.
            now: A clock that is never set, seconds.
        """
        self._worker, self._longest_s, self._seen_for_s, self._now = worker, longest_s, seen_for_s, now
        self._step: int | None = None
        self._looked_s = self._watched_s = 0.0

    @property
    def hangs(self) -> bool:
        """Return whether it hangs, as far as the looks until now say; look several times a second."""
        step, now_s = self._worker.steps, self._now()
        too_long = self._worker.busy_s > self._longest_s
        if not too_long or step != self._step:
            self._step, self._watched_s = (step if too_long else None), 0.0
        else:
            self._watched_s += min(now_s - self._looked_s, self._seen_for_s / 2)
        self._looked_s = now_s
        return self._watched_s >= self._seen_for_s
