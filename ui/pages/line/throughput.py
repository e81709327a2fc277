"""How fast parts come."""

from collections import deque

_OVER = 20
_PATIENCE = 3
_LEAST_PATIENCE_S = 5.0


class Throughput:
    """Parts a minute over the last twenty parts; nothing once they stopped coming."""

    def __init__(self) -> None:
        self._moments_s: deque[float] = deque(maxlen=_OVER)

    def add(self, now_s: float) -> None:
        """A part came."""
        self._moments_s.append(now_s)

    def words(self, now_s: float) -> str:
        """Such as "34 parts/min", or nothing."""
        took_s = self._moments_s[-1] - self._moments_s[0] if self._moments_s else 0.0
        if not took_s:
            return ""
        each_s = took_s / (len(self._moments_s) - 1)
        if now_s - self._moments_s[-1] > max(_LEAST_PATIENCE_S, _PATIENCE * each_s):
            return ""
        return f"{60 / each_s:.0f} parts/min"

    def forget(self) -> None:
        """The line stands: the next part begins a pace of its own."""
        self._moments_s.clear()
