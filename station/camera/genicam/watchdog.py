"""Decides when a camera that delivers nothing is lost."""

import time
from collections.abc import Callable

from station.domain.silence import longest_silence_s

_HUNG_SHARE = 0.5
_SHORTEST_WAIT_S = 0.01


class Watchdog:
    """Distinguishes a camera that is idle from one that is lost.

    Two rules, shown for `lost_after_s` = 1:

    - The driver hangs if the camera process wrote no heartbeat for half of `lost_after_s`: 0.5 s. While a command is
      carried out, the command's own time limit applies instead.
    - A free-running camera is lost after `lost_after_s` without a delivery, or after two of its frame periods if that
      is longer: 1 s at 25 Hz, but 6 s at one frame every 3 s.

    Args:
        lost_after_s: See `CameraSettings`.
        runs_free: The camera delivers pictures without a trigger.
        clock: Returns monotonic seconds.
    """

    def __init__(self, lost_after_s: float, *, runs_free: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._lost_after_s = lost_after_s
        self._runs_free = runs_free
        self._clock = clock
        self._silence_s = lost_after_s
        self._last_delivery_s = clock()
        self.hung_after_s = _HUNG_SHARE * lost_after_s

    def set_frame_period(self, frame_period_s: float | None) -> None:
        """Set the camera's own time between two pictures; None if the camera does not report one."""
        self._silence_s = longest_silence_s(frame_period_s, self._lost_after_s)

    def note_delivery(self) -> None:
        """Record that the camera delivered something."""
        self._last_delivery_s = self._clock()

    def poll_timeout_s(self, heartbeat_age_s: float) -> float:
        """Return how long to wait before `loss_reason` has to be asked again.

        Args:
            heartbeat_age_s: Seconds since the camera process last wrote a heartbeat.
        """
        left_s = [self.hung_after_s - heartbeat_age_s]
        if self._runs_free:
            left_s.append(self._silence_s - (self._clock() - self._last_delivery_s))
        return max(_SHORTEST_WAIT_S, min(left_s))

    def loss_reason(self, heartbeat_age_s: float, *, busy: bool) -> str:
        """Return why the camera is lost, in words; empty if it is not lost.

        Args:
            heartbeat_age_s: Seconds since the camera process last wrote a heartbeat.
            busy: The process carries out a command, which has a time limit of its own.
        """
        if heartbeat_age_s > self.hung_after_s and not busy:
            return f"hangs: no heartbeat for {self.hung_after_s:g} s"
        if self._runs_free and self._clock() - self._last_delivery_s > self._silence_s:
            return f"sends no pictures: none for {self._silence_s:g} s"
        return ""
