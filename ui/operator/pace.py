"""How fast parts come."""

from collections import deque

_OVER = 20
_FORGOTTEN_AFTER_S = 60


class Pace:
    """Parts a minute over the last twenty parts; nothing once they stopped coming."""

    def __init__(self) -> None:
        self._moments_s: deque[float] = deque(maxlen=_OVER)

    def add(self, now_s: float) -> None:
        """A part came."""
        self._moments_s.append(now_s)

    def words(self, now_s: float) -> str:
        """Such as "34 parts/min", or nothing."""
        took_s = self._moments_s[-1] - self._moments_s[0] if self._moments_s else 0.0
        if not took_s or now_s - self._moments_s[-1] > _FORGOTTEN_AFTER_S:
            return ""
        return f"{60 * (len(self._moments_s) - 1) / took_s:.0f} parts/min"
