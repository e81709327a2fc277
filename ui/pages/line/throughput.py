"""The throughput of the line."""

from collections import deque

_OVER = 20
_PATIENCE = 3
_LEAST_PATIENCE_S = 5.0


class Throughput:
    """Parts per minute over the last twenty parts; nothing once no more parts come."""

    def __init__(self) -> None:
        self._moments_s: deque[float] = deque(maxlen=_OVER)

    def add(self, now_s: float) -> None:
        """Count a part."""
        self._moments_s.append(now_s)

    def words(self, now_s: float) -> str:
        """Return the throughput, such as "34 parts/min", or an empty text."""
        took_s = self._moments_s[-1] - self._moments_s[0] if self._moments_s else 0.0
        if not took_s:
            return ""
        each_s = took_s / (len(self._moments_s) - 1)
        if now_s - self._moments_s[-1] > max(_LEAST_PATIENCE_S, _PATIENCE * each_s):
            return ""
        return f"{60 / each_s:.0f} parts/min"

    def forget(self) -> None:
        """Start again with the next part; called when the line rests."""
        self._moments_s.clear()
