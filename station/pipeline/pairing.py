"""Which picture belongs to which part."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from enum import Enum, auto

from station.domain.errors import FaultError
from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.pipeline.ledger import Ledger
from station.pipeline.ring_buffer import RingBuffer
from station.pipeline.side import Side
from station.pipeline.trigger import Shot, Trigger

_LONG_AGO_S = -math.inf
_SHARE = 0.45


class LineNotReadyError(FaultError):
    """A trigger came that the line cannot take."""

    advice = "Wait until the line is ready."
    for_operator = "The line is not ready. Wait a moment, then try again."


class Pairs(Enum):
    """By what a picture is known to belong to a part.

    AS_ASKED: The station triggers every camera, and each answers in the order it was asked.
    BY_TIME: The cameras are triggered together by others; what comes at the same time is of the same part. Whatever a
        camera loses, and whenever it comes back, it can so never stay one part behind the others.
    IN_TURN: Stored pictures: the first of each view belong together, then the second ...
    """

    AS_ASKED = auto()
    BY_TIME = auto()
    IN_TURN = auto()


class Pairing:
    """The parts that wait for pictures, and every delivery made one camera's view of a part.

    A delivery that belongs to no waiting part opens one, which then waits for the other cameras' pictures. Any thread
    may trigger; each camera's thread delivers for its view.
    """

    def __init__(
        self,
        ledger: Ledger,
        rings: Mapping[str, RingBuffer],
        pairs: Pairs,
        *,
        picture_timeout_s: float,
        views_within_s: float,
        count: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """No part is open.

        Args:
            ledger: Numbers the parts.
            rings: Where the shots of each view go.
            pairs: By what pictures are told apart.
            picture_timeout_s: AS_ASKED, a picture that has not come by then is late.
            views_within_s: BY_TIME, pictures of one part come within so long, and within less than half the time
                between two parts.
            count: Open so many parts, None for no end.
            clock: Seconds on the clock of `Frame.received_ns`.
        """
        self._ledger = ledger
        self._sides = {view: Side(ring) for view, ring in rings.items()}
        self._pairs = pairs
        self._timeout_s = picture_timeout_s
        self._within_s = views_within_s
        self._count = count
        self._clock = clock
        self._lock = threading.Lock()
        self._closed = False

    @property
    def waits(self) -> bool:
        """A part waits for a picture."""
        return any(side.awaited for side in self._sides.values())

    @property
    def full(self) -> bool:
        """As many parts are open as should be."""
        return self._count is not None and self._ledger.opened >= self._count

    def awaits(self, view: str) -> bool:
        """A part waits for this camera's picture."""
        return bool(self._sides[view].awaited)

    def late(self, view: str) -> bool:
        """The picture that was asked for longest should have come by now."""
        with self._lock:
            awaited = self._sides[view].awaited
            asked = self._pairs is Pairs.AS_ASKED and bool(awaited)
            return asked and self._clock() >= awaited[0].opened_s + self._timeout_s

    def open(self) -> tuple[Trigger, tuple[str, ...]]:
        """A part from a trigger, and the views whose cameras are there to be asked for its pictures.

        Raises:
            LineNotReadyError: The line takes no more parts; none was opened.
        """
        with self._lock:
            if self._closed or self.full:
                raise LineNotReadyError("The line takes no trigger now.")
            trigger = self._ledger.open("software trigger")
            for view, side in self._sides.items():
                side.await_picture(Shot.of(trigger, view), self._clock())
            return trigger, tuple(view for view, side in self._sides.items() if not side.absent)

    def deliver(self, view: str, delivery: Frame | LostFrame) -> None:
        """What a camera handed over becomes its view of a part."""
        with self._lock:
            side = self._sides[view]
            if self._pairs is Pairs.BY_TIME:
                shot = self._by_time(view, side, delivery)
            else:
                shot = side.claim() or self._opened(view, delivery, self._clock())
            if shot:
                side.ring.put(shot.answered_by(delivery))

    def refuse(self, trigger: Trigger, view: str, detail: str) -> None:
        """The camera did not take this trigger, and sends no picture for it."""
        with self._lock:
            side = self._sides[view]
            refused = [awaited for awaited in side.awaited if awaited.shot.trigger is trigger]
            for awaited in refused:
                side.awaited.remove(awaited)
                side.ring.put(awaited.shot.given_up(NotInspectedCause.LOST_FRAME, detail))

    def expire(self, view: str) -> None:
        """Nothing more has come from this camera until now: what should have come with the others' is given up."""
        with self._lock:
            if self._pairs is Pairs.BY_TIME:
                self._sides[view].give_up_opened_before(self._clock() - self._window_s)

    def give_up(self, view: str, cause: NotInspectedCause) -> None:
        """No picture comes from this camera for the parts that wait now."""
        with self._lock:
            self._sides[view].give_up_all(cause)

    def lose(self, view: str, cause: NotInspectedCause) -> None:
        """No picture comes from this camera, for the parts that wait now and for those to come, until it is `found`."""
        with self._lock:
            self._take_away(self._sides[view], cause)

    def found(self, view: str) -> None:
        """The camera sends pictures again."""
        with self._lock:
            self._sides[view].found(self._clock() - 2 * self._window_s)

    def leave(self, view: str, cause: NotInspectedCause, detail: str = "") -> None:
        """Nothing more comes from this camera. When all have left, no part is opened any more."""
        with self._lock:
            side = self._sides[view]
            side.left = True
            self._take_away(side, cause, detail)
            if all(side.left for side in self._sides.values()):
                self._close()

    def _close(self) -> None:
        self._closed = True
        for side in self._sides.values():
            side.ring.close()

    def _take_away(self, side: Side, cause: NotInspectedCause, detail: str = "") -> None:
        side.absent, side.detail = cause, detail
        side.give_up_all(cause, detail)

    def _by_time(self, view: str, side: Side, delivery: Frame | LostFrame) -> Shot | None:
        """The shot that this delivery answers; None where its part went without it before."""
        came_s = self._came_s(delivery)
        if isinstance(delivery, Frame):
            side.rhythm.beat(came_s)
        window_s = self._window_s
        side.give_up_opened_before(came_s - window_s)
        if isinstance(delivery, LostFrame) and _was_never_seen(delivery):
            return None if side.pay() else self._opened(view, delivery, _LONG_AGO_S)
        if side.awaited and side.awaited[0].opened_s <= came_s + window_s:
            return side.claim()
        late = side.owed_s and came_s <= side.owed_s[-1] + 2 * window_s
        side.owed_s.clear()
        return None if late else self._opened(view, delivery, came_s)

    @property
    def _window_s(self) -> float:
        """Never as long as half the time between two parts: the picture of one could else be taken for another's."""
        return min(self._within_s, *(_SHARE * side.rhythm.shortest_s for side in self._sides.values()))

    def _came_s(self, delivery: Frame | LostFrame) -> float:
        at_ns = delivery.received_ns if isinstance(delivery, Frame) else delivery.came_ns
        return self._clock() if at_ns is None else at_ns / 1e9

    def _opened(self, view: str, delivery: Frame | LostFrame, opened_s: float) -> Shot | None:
        """A new part that this delivery opens; None where no more are wanted."""
        if self._closed or self.full:
            return None
        trigger = self._ledger.open(delivery.origin)
        for other, side in self._sides.items():
            if other != view:
                self._let_join(side, Shot.of(trigger, other), opened_s)
        return Shot.of(trigger, view)

    def _let_join(self, side: Side, shot: Shot, opened_s: float) -> None:
        if self._pairs is Pairs.AS_ASKED:
            side.ring.put(shot.given_up(NotInspectedCause.LOST_FRAME, "it was not asked for"))
        else:
            side.await_picture(shot, opened_s)


def _was_never_seen(lost: LostFrame) -> bool:
    """It is missed when a later one comes; the other cameras' pictures of its part came long before that, or never."""
    return lost.cause is NotInspectedCause.LOST_FRAME and lost.came_ns is None
