"""The inspection workers: every shot that comes out of a ring is judged or closed; whole parts are made known."""

import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from station.concurrency.latest import Latest
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection
from station.domain.messages import LineState, Message, PartJudged
from station.domain.part_images import PartResult
from station.judgement.inspector import not_inspected
from station.matching.capture import Capture, JudgedPart, JudgedShot
from station.matching.frame_queue import FrameQueue
from station.matching.part_ledger import PartLedger
from station.pipeline.line_state import LineStateMachine
from station.pipeline.part_assembler import PartAssembler
from station.pipeline.recent_parts import RecentParts
from station.pipeline.recording import RecordingQueue
from station.plugin_api.runner import PluginRunner
from station.review.pending_feedback import PendingFeedback

_log = logging.getLogger(__name__)


class Judge(Protocol):
    """Gives a view of a part its verdict; an Inspector on the line."""

    def inspect(self, shot: Capture) -> JudgedShot:
        """The verdict on one view, with what the screen shows of it."""
        ...


class ResultPublisher:
    """Publish a verdict, in the order of urgency: reject output, screen, memory, news, record, reviews and alarms."""

    def __init__(
        self,
        ledger: PartLedger,
        guests: PluginRunner,
        live: Latest[PartResult],
        recent: RecentParts,
        disputes: PendingFeedback,
        publish: Callable[[Message], None],
        recording: RecordingQueue,
        watchers: Iterable[Callable[[Inspection], None]] = (),
    ) -> None:
        self._ledger = ledger
        self._guests = guests
        self._live = live
        self._recent = recent
        self._disputes = disputes
        self._publish = publish
        self._recording = recording
        self._watchers = tuple(watchers)
        self._failing: frozenset[str] = frozenset()

    def announce(self, part: JudgedPart) -> None:
        """Tell everyone of one part, unless it had its verdict before. No encoding and no disk here."""
        if not self._ledger.close_part(part.inspection.key):
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
            for watch in self._watchers:
                watch(part.inspection)

    def _tell_guests(self, inspection: Inspection) -> None:
        """A guest that keeps failing is news once, until it has succeeded again."""
        failures = self._guests.judged(inspection)
        for failure in failures:
            if failure.plugin not in self._failing:
                _log.error("plug-in %s failed", failure.plugin, exc_info=failure.error)
                self._publish(failure.fault)
        self._failing = frozenset(failure.plugin for failure in failures)


class InspectionStep:
    """The step of one view's inspection worker. It ends when the view's ring has ended."""

    def __init__(
        self, ring: FrameQueue, judge: Judge, assembly: PartAssembler, phase: LineStateMachine, wait_s: float = 0.1
    ) -> None:
        self._ring = ring
        self._judge = judge
        self._assembly = assembly
        self._phase = phase
        self._wait_s = wait_s
        self._hurried = False

    def hurry(self) -> None:
        """Judge no more: what still waits is closed as STOPPED."""
        self._hurried = True

    def step(self) -> bool:
        """Take one shot to its verdict. A shot never leaves this step without one, whatever fails."""
        shot = self._ring.take_capture(self._wait_s)
        if shot is None:
            if self._assembly.idle:
                self._phase.replace_state(LineState.INSPECTING, LineState.WAITING)
            return not self._ring.ended
        self._phase.replace_state(LineState.WAITING, LineState.INSPECTING)
        judged = None
        try:
            judged = self._verdict(shot)
        finally:
            self._assembly.add(shot.trigger, judged or not_inspected(shot, NotInspectedCause.STATION_FAILED))
        return True

    def _verdict(self, shot: Capture) -> JudgedShot:
        if self._hurried and shot.cause is None:
            return not_inspected(shot, NotInspectedCause.STOPPED)
        return self._judge.inspect(shot)
