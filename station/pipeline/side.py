"""One camera's side of the pairing: which parts wait for its picture, and which went without it."""

import math
from collections import deque
from dataclasses import dataclass, field

from station.domain.frame import NotInspectedCause
from station.pipeline.ring_buffer import RingBuffer
from station.pipeline.trigger import Shot

_MOST_OWED = 10_000
_INTERVALS = 20


@dataclass(frozen=True, slots=True)
class _Awaited:
    shot: Shot
    opened_s: float


class Rhythm:
    """How fast a camera's pictures follow each other at most."""

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._intervals_s: deque[float] = deque(maxlen=_INTERVALS)

    @property
    def shortest_s(self) -> float:
        """The shortest time between two pictures lately; infinite before the second."""
        return min(self._intervals_s, default=math.inf)

    def beat(self, came_s: float) -> None:
        """A picture has come."""
        if self._last_s is not None:
            self._intervals_s.append(came_s - self._last_s)
        self._last_s = came_s

    def rest(self) -> None:
        """No picture comes for a while; that time is no interval."""
        self._last_s = None


@dataclass(slots=True)
class Side:
    """One camera's part of it.

    Attributes:
        ring: Where its shots go.
        awaited: Parts whose picture has yet to come, oldest first.
        owed_s: When those parts were opened that were given up since the camera's last picture.
        absent: Why no picture can come; None while one can.
        detail: More about that, in words.
        left: Nothing more will come from it.
        rhythm: How fast its pictures come.
    """

    ring: RingBuffer
    awaited: deque[_Awaited] = field(default_factory=deque)
    owed_s: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_OWED))
    absent: NotInspectedCause | None = None
    detail: str = ""
    left: bool = False
    rhythm: Rhythm = field(default_factory=Rhythm)

    def found(self, since_s: float) -> None:
        """Pictures come again; those of parts opened before `since_s` no longer do."""
        self.absent, self.detail = None, ""
        self.rhythm.rest()
        while self.owed_s and self.owed_s[0] < since_s:
            self.owed_s.popleft()

    def await_picture(self, shot: Shot, opened_s: float) -> None:
        """A part was opened at `opened_s`; given up at once where no picture can come."""
        if self.absent:
            self.owed_s.append(opened_s)
            self.ring.put(shot.given_up(self.absent, self.detail))
        else:
            self.awaited.append(_Awaited(shot, opened_s))

    def give_up(self, cause: NotInspectedCause, detail: str = "") -> None:
        """No picture comes for the part that waits longest."""
        given_up = self.awaited.popleft()
        self.owed_s.append(given_up.opened_s)
        self.ring.put(given_up.shot.given_up(cause, detail))

    def give_up_all(self, cause: NotInspectedCause, detail: str = "") -> None:
        """No picture comes for the parts that wait now."""
        while self.awaited:
            self.give_up(cause, detail)

    def give_up_opened_before(self, moment_s: float) -> None:
        """Their picture should have come by now."""
        while self.awaited and self.awaited[0].opened_s < moment_s:
            self.give_up(NotInspectedCause.NO_PICTURE_IN_TIME)

    def claim(self) -> Shot | None:
        """The part that waits longest, for the picture that has come."""
        if not self.awaited:
            return None
        self.owed_s.clear()
        return self.awaited.popleft().shot

    def pay(self) -> bool:
        """The news of a lost picture whose part went without it before: it is not another part."""
        if not self.owed_s:
            return False
        self.owed_s.popleft()
        return True
