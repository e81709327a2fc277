"""Which picture belongs to which trigger."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from station.domain.errors import FaultError
from station.domain.frame import Frame, LostFrame, NotInspectedCause
from station.pipeline.ledger import Ledger
from station.pipeline.ring_buffer import RingBuffer
from station.pipeline.trigger import Trigger


class LineNotReadyError(FaultError):
    """A trigger came that the line cannot take."""

    advice = "Wait until the line is ready."
    for_operator = "The line is not ready. Wait a moment, then try again."


@dataclass(frozen=True, slots=True)
class _Awaited:
    trigger: Trigger
    deadline_s: float


class Pairing:
    """Triggers that wait for their pictures, and every delivery made a part; parts leave in the order of opening.

    A delivery is that of the trigger that waits longest, or a part of its own where none waits. Any thread may
    trigger; one thread delivers.
    """

    def __init__(
        self, ledger: Ledger, ring: RingBuffer, picture_timeout_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ledger = ledger
        self._ring = ring
        self._timeout_s = picture_timeout_s
        self._clock = clock
        self._lock = threading.Lock()
        self._awaited: deque[_Awaited] = deque()
        self._closed = False

    @property
    def waits(self) -> bool:
        """A trigger waits for its picture."""
        return bool(self._awaited)

    @property
    def late(self) -> bool:
        """The picture of the trigger that waits longest should have come by now."""
        with self._lock:
            return bool(self._awaited) and self._clock() >= self._awaited[0].deadline_s

    def open(self, given_up: NotInspectedCause | None = None) -> Trigger:
        """A part from a trigger; it waits for its picture unless it is `given_up` at once.

        Raises:
            LineNotReadyError: The line takes no more parts; none was opened.
        """
        with self._lock:
            if self._closed:
                raise LineNotReadyError("The line takes no trigger now.")
            trigger = self._ledger.open("software trigger")
            if given_up:
                trigger = trigger.given_up(given_up)
            self._awaited.append(_Awaited(trigger, self._clock() + self._timeout_s))
            self._pass_on_given_up()
        return trigger

    def deliver(self, delivery: Frame | LostFrame) -> None:
        """What the camera handed over becomes a part."""
        with self._lock:
            trigger = self._awaited.popleft().trigger if self._awaited else self._ledger.open(delivery.origin)
            self._ring.put(trigger.answered_by(delivery))
            self._pass_on_given_up()

    def refuse(self, trigger: Trigger, detail: str) -> None:
        """The camera did not take this trigger. It waits for no picture, and keeps its place among the parts."""
        refused = trigger.given_up(NotInspectedCause.LOST_FRAME, detail)
        with self._lock:
            for place, awaited in enumerate(self._awaited):
                if awaited.trigger is trigger:
                    self._awaited[place] = _Awaited(refused, awaited.deadline_s)
            self._pass_on_given_up()

    def give_up(self, cause: NotInspectedCause) -> None:
        """No picture comes for the triggers that wait now."""
        with self._lock:
            while self._awaited:
                trigger = self._awaited.popleft().trigger
                self._ring.put(trigger if trigger.cause else trigger.given_up(cause))

    def close(self, cause: NotInspectedCause) -> None:
        """No more parts; the triggers that wait are given up. Closing twice is allowed."""
        with self._lock:
            self._closed = True
        self.give_up(cause)
        self._ring.close()

    def _pass_on_given_up(self) -> None:
        while self._awaited and self._awaited[0].trigger.cause:
            self._ring.put(self._awaited.popleft().trigger)
