"""How many pictures come in a second, as they arrive."""

from collections import deque

_OVER_NS = 2_000_000_000


class FrameRate:
    """Measured over the last two seconds, or over the last two pictures where those are longer apart."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._arrivals_ns: deque[int] = deque()

    def count(self, received_ns: int) -> float | None:
        """One more picture; pictures a second, None before two came.

        Args:
            received_ns: `time.monotonic_ns` of its arrival.
        """
        arrivals = self._arrivals_ns
        arrivals.append(received_ns)
        while len(arrivals) > 2 and arrivals[-1] - arrivals[0] > _OVER_NS:
            arrivals.popleft()
        span_s = (arrivals[-1] - arrivals[0]) / 1e9
        return (len(arrivals) - 1) / span_s if span_s else None

    def forget(self) -> None:
        """What comes next has nothing to do with what came before."""
        self._arrivals_ns.clear()
