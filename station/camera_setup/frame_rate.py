"""Measures the frame rate from the arrival times of the pictures."""

from collections import deque

_OVER_NS = 2_000_000_000


class FrameRate:
    """Frame rate over the last two seconds, or over the last two pictures if those are further apart."""

    def __init__(self) -> None:
        """Start without a picture."""
        self._arrivals_ns: deque[int] = deque()

    def count_frame(self, received_ns: int) -> float | None:
        """Count one picture and return the rate in pictures per second; None before the second picture.

        Args:
            received_ns: `time.monotonic_ns` of its arrival.
        """
        arrivals = self._arrivals_ns
        arrivals.append(received_ns)
        while len(arrivals) > 2 and arrivals[-1] - arrivals[0] > _OVER_NS:
            arrivals.popleft()
        span_s = (arrivals[-1] - arrivals[0]) / 1e9
        return (len(arrivals) - 1) / span_s if span_s else None

    def reset(self) -> None:
        """Start a new measurement, for example after the camera was lost."""
        self._arrivals_ns.clear()
