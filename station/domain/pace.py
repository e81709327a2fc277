"""The pace of the line: how often parts come, and whether they still do."""

from collections import deque
from itertools import pairwise
from statistics import median

_OVER = 20
_PATIENCE = 3
_LEAST_PATIENCE_S = 5.0
_USUAL_INTERVALS = 4
_LEAST_CURRENT_S = 10.0
_CURRENT_WITHOUT_PACE_S = 30.0
_LONGEST_DELAY_S = 60.0


class Pace:
    """Moments of the last twenty parts, in seconds of one monotonic clock. Used by one thread."""

    def __init__(self) -> None:
        self._moments_s: deque[float] = deque(maxlen=_OVER)
        self._triggers_s: deque[float] = deque(maxlen=_OVER)

    def add(self, now_s: float, triggered_s: float | None = None) -> None:
        """Count a part that comes now.

        Args:
            now_s: The moment.
            triggered_s: When it was triggered, seconds of the wall clock. After a delay many parts come at once, and
                the line has not been faster for that.
        """
        self._moments_s.append(now_s)
        self._triggers_s.append(now_s if triggered_s is None else triggered_s)

    def forget(self) -> None:
        """Start again with the next part; called when the line rests."""
        self._moments_s.clear()
        self._triggers_s.clear()

    @property
    def usual_interval_s(self) -> float | None:
        """Return the usual time between two parts, seconds; None before the second part."""
        moments_s = tuple(self._moments_s)
        if len(moments_s) < 2:
            return None
        return median(later - earlier for earlier, later in pairwise(moments_s))

    def per_minute(self, now_s: float) -> float | None:
        """Return the parts per minute over the last twenty parts; None before the second, and once no more come."""
        took_s = self._took_s()
        if not took_s:
            return None
        each_s = took_s / (len(self._moments_s) - 1)
        if now_s - self._moments_s[-1] > max(_LEAST_PATIENCE_S, _PATIENCE * each_s):
            return None
        return 60 / each_s

    def _took_s(self) -> float:
        """Return how long the last parts took; a wall clock that was set counts for no more than a long delay."""
        if not self._moments_s:
            return 0.0
        came_s = self._moments_s[-1] - self._moments_s[0]
        return max(came_s, min(self._triggers_s[-1] - self._triggers_s[0], came_s + _LONGEST_DELAY_S))

    def outlived(self, now_s: float) -> bool:
        """Return whether the newest part is so old that its verdict is history: a few usual intervals have passed.

        Example: at one part in 8 s a verdict is current for 32 s; at 240 parts per minute for 10 s, which is the least;
        after the only part of a run for 30 s.
        """
        if not self._moments_s:
            return False
        usual_s = self.usual_interval_s
        current_s = _CURRENT_WITHOUT_PACE_S if usual_s is None else max(_LEAST_CURRENT_S, _USUAL_INTERVALS * usual_s)
        return now_s - self._moments_s[-1] > current_s
