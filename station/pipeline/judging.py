"""The inspection worker: every part that comes out of the ring is judged or closed, and made known."""

import logging
from collections.abc import Callable
from typing import Protocol

from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection
from station.domain.live import LivePicture
from station.domain.messages import LineState, Message, PartJudged
from station.pipeline.guests import Guests
from station.pipeline.inspection import not_inspected
from station.pipeline.latest import Latest
from station.pipeline.ledger import Ledger
from station.pipeline.part_disputes import PartDisputes
from station.pipeline.phase import Phase
from station.pipeline.recent import RecentParts
from station.pipeline.recording import RecordingQueue
from station.pipeline.ring_buffer import RingBuffer
from station.pipeline.trigger import JudgedPart, Trigger

_log = logging.getLogger(__name__)


class Judge(Protocol):
    """Gives a part its verdict; an Inspector on the line."""

    def inspect(self, trigger: Trigger) -> JudgedPart:
        """The verdict on one part, with what the screen shows of it."""
        ...


class Announcer:
    """Makes a verdict known, in the order of urgency: reject output, screen, memory, news, record."""

    def __init__(
        self,
        ledger: Ledger,
        guests: Guests,
        live: Latest[LivePicture],
        recent: RecentParts,
        disputes: PartDisputes,
        publish: Callable[[Message], None],
        recording: RecordingQueue,
    ) -> None:
        self._ledger = ledger
        self._guests = guests
        self._live = live
        self._recent = recent
        self._disputes = disputes
        self._publish = publish
        self._recording = recording
        self._failing: frozenset[str] = frozenset()

    def announce(self, part: JudgedPart) -> None:
        """Tell everyone of one part, unless it had its verdict before. No encoding and no disk here."""
        if not self._ledger.close(part.inspection.key):
            _log.warning("part %s was judged too late: %s", part.inspection.key.label, part.inspection.verdict)
            return
        try:
            self._tell_guests(part.inspection)
        finally:
            self._live.put(part.live)
            self._recent.put(part.live)
            self._disputes.judged(part.inspection.key)
            self._publish(PartJudged(part.inspection))
            self._recording.put(part)

    def _tell_guests(self, inspection: Inspection) -> None:
        """A guest that keeps failing is news once, until it has succeeded again."""
        failures = self._guests.judged(inspection)
        for failure in failures:
            if failure.plugin not in self._failing:
                _log.error("plug-in %s failed", failure.plugin, exc_info=failure.error)
                self._publish(failure.trouble)
        self._failing = frozenset(failure.plugin for failure in failures)


class Judging:
    """The step of the inspection worker. It ends when the ring has ended."""

    def __init__(self, ring: RingBuffer, judge: Judge, announcer: Announcer, phase: Phase, wait_s: float = 0.1) -> None:
        self._ring = ring
        self._judge = judge
        self._announcer = announcer
        self._phase = phase
        self._wait_s = wait_s
        self._hurried = False

    def hurry(self) -> None:
        """Judge no more: what still waits is closed as STOPPED."""
        self._hurried = True

    def step(self) -> bool:
        """Take one part to its verdict. A part never leaves this step without one, whatever fails."""
        trigger = self._ring.take(self._wait_s)
        if trigger is None:
            self._phase.move(LineState.INSPECTING, LineState.WAITING)
            return not self._ring.ended
        self._phase.move(LineState.WAITING, LineState.INSPECTING)
        part = None
        try:
            part = self._verdict(trigger)
        finally:
            self._announcer.announce(part or not_inspected(trigger, NotInspectedCause.STATION_FAILED))
        return True

    def _verdict(self, trigger: Trigger) -> JudgedPart:
        if self._hurried and trigger.cause is None:
            return not_inspected(trigger, NotInspectedCause.STOPPED)
        return self._judge.inspect(trigger)
