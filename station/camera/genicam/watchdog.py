"""When a camera that says nothing is lost."""

import time
from collections.abc import Callable

_HUNG_SHARE = 0.5
_SHORTEST_LOOK_S = 0.01


class Watchdog:
    """Tells a camera that is merely quiet from one that is gone.

    Its process leaves a heartbeat with every turn: half of `lost_after_s` without one, and the driver hangs. A camera
    that runs free is lost too when no picture comes for `lost_after_s`, or for two of its own periods where those are
    longer.

    Args:
        lost_after_s: See `CameraSettings`.
        runs_free: Pictures come without a trigger.
        clock: Monotonic seconds.
    """

    def __init__(self, lost_after_s: float, *, runs_free: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._lost_after_s = lost_after_s
        self._runs_free = runs_free
        self._clock = clock
        self._silence_s = lost_after_s
        self._heard = clock()
        self.hung_after_s = _HUNG_SHARE * lost_after_s

    def expect_every(self, frame_period_s: float | None) -> None:
        """The camera's own time between two pictures, None where it does not tell."""
        self._silence_s = max(self._lost_after_s, 2 * (frame_period_s or 0.0))

    def heard(self) -> None:
        """Something came from the camera."""
        self._heard = self._clock()

    def patience_s(self, since_heartbeat_s: float) -> float:
        """How long to wait before there is a reason to ask `gone` again."""
        left_s = [self.hung_after_s - since_heartbeat_s]
        if self._runs_free:
            left_s.append(self._silence_s - (self._clock() - self._heard))
        return max(_SHORTEST_LOOK_S, min(left_s))

    def gone(self, since_heartbeat_s: float, *, busy: bool) -> str:
        """Why the camera is lost, in words; empty while it is not.

        Args:
            since_heartbeat_s: Seconds since its process last showed life.
            busy: It carries out a command, which has a time limit of its own.
        """
        if since_heartbeat_s > self.hung_after_s and not busy:
            return f"hangs: no sign of life for {self.hung_after_s:g} s"
        if self._runs_free and self._clock() - self._heard > self._silence_s:
            return f"sends no pictures: none for {self._silence_s:g} s"
        return ""
