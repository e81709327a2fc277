"""One camera's side of the pairing: which parts wait for its picture, and which went without it."""

import statistics
from bisect import insort
from collections import deque
from dataclasses import dataclass, field

from station.domain.frame import NotInspectedCause
from station.pipeline.ring_buffer import RingBuffer
from station.pipeline.trigger import Shot

_MOST_OWED = 10_000
_INTERVALS = 20


@dataclass(frozen=True, slots=True)
class Awaited:
    """A shot whose picture has yet to come, and when its part was opened."""

    shot: Shot
    opened_s: float


class Rhythm:
    """How fast a camera's pictures follow each other."""

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._intervals_s: deque[float] = deque(maxlen=_INTERVALS)

    @property
    def usual_s(self) -> float | None:
        """The usual time between two pictures lately, whatever single ones did; None before the second."""
        return statistics.median(self._intervals_s) if self._intervals_s else None

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
    """One camera's books.

    Attributes:
        ring: Where its shots go.
        later_s: So long after the first camera it sees each part.
        awaited: Parts whose picture has yet to come, oldest first.
        owed_s: When those parts were opened that were given up since the camera's last picture.
        missed_in_a_row: So many parts went without its picture although it was there.
        absent: Why no picture can come; None while one can.
        detail: More about that, in words.
        doubtful: It may send a picture that nobody waits for: it has to be started anew.
        left: Nothing more will come from it.
        rhythm: How fast its pictures come.
    """

    ring: RingBuffer
    later_s: float = 0.0
    awaited: deque[Awaited] = field(default_factory=deque)
    owed_s: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_OWED))
    missed_in_a_row: int = 0
    absent: NotInspectedCause | None = None
    detail: str = ""
    doubtful: bool = False
    left: bool = False
    rhythm: Rhythm = field(default_factory=Rhythm)

    def await_picture(self, shot: Shot, opened_s: float) -> None:
        """A part was opened at `opened_s`; given up at once where no picture can come."""
        if self.absent:
            self.owed_s.append(opened_s)
            self.ring.put(shot.given_up(self.absent, self.detail))
        else:
            insort(self.awaited, Awaited(shot, opened_s), key=lambda awaited: awaited.opened_s)

    def claim(self) -> Shot | None:
        """The part that waits longest, for the picture that has come."""
        if not self.awaited:
            return None
        claimed = self.awaited.popleft()
        self._forget_owed_before(claimed.opened_s)
        self.missed_in_a_row = 0
        return claimed.shot

    def claim_nearest(self, came_s: float, window_s: float) -> Shot | None:
        """The part that was opened nearest to this moment, within the window; those before it were missed."""
        near = [awaited for awaited in self.awaited if abs(awaited.opened_s - came_s) <= window_s]
        if not near:
            return None
        self.give_up_opened_before(min(near, key=lambda awaited: abs(awaited.opened_s - came_s)).opened_s)
        return self.claim()

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
            self.missed_in_a_row += 1
            self.give_up(NotInspectedCause.NO_PICTURE_IN_TIME)

    def pay(self) -> bool:
        """The news of a lost picture whose part went without it before: it is not another part."""
        if not self.owed_s:
            return False
        self.owed_s.popleft()
        return True

    def pay_at(self, came_s: float, within_s: float) -> bool:
        """The picture of a part that went without it before: it is not another part."""
        self._forget_owed_before(came_s - within_s)
        if not self.owed_s or self.owed_s[0] > came_s + within_s:
            return False
        self.owed_s.popleft()
        return True

    def take_away(self, cause: NotInspectedCause, detail: str = "") -> None:
        """No picture comes, for the parts that wait now and for those to come."""
        self.absent, self.detail = cause, detail
        self.give_up_all(cause, detail)

    def found(self, since_s: float) -> None:
        """Pictures come again; those of parts opened before `since_s` no longer do."""
        self.absent, self.detail, self.doubtful = None, "", False
        self.rhythm.rest()
        self._forget_owed_before(since_s)

    def _forget_owed_before(self, moment_s: float) -> None:
        while self.owed_s and self.owed_s[0] < moment_s:
            self.owed_s.popleft()
