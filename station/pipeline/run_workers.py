"""The workers of one run: consumers start before producers, and stop after them."""

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from station.concurrency.worker import Worker
from station.domain.clock import utc_now
from station.domain.errors import FaultError, StorageError
from station.domain.inspection import Run
from station.domain.messages import FaultReported
from station.domain.shift import EventKind, StationEvent
from station.matching.frame_matcher import FrameMatcher, MatchingMode
from station.matching.frame_queue import RingBuffer
from station.matching.part_ledger import Ledger
from station.pipeline.acquisition import Acquisition
from station.pipeline.admission import Admission
from station.pipeline.camera_channel import CameraChannel, ViewInput
from station.pipeline.context import LineContext
from station.pipeline.inspection_worker import InspectionStep, ResultPublisher
from station.pipeline.line_state import LineStateMachine
from station.pipeline.part_assembler import PartAssembler
from station.pipeline.recording import Recording, RecordingQueue

UNRECORDED_PARTS = 2000
"""So many parts may wait for the disk; then the line takes no more until half of them are written."""

_PICTURES_FOR_THE_DISK = 24
_LONGEST_STEP_S = 15.0
_WATCH_S = 0.1


class Workers:
    """A lane for each view, the recording of one run, and what they hand each other.

        lane: camera -> acquisition -> ring -> inspection -+
        lane: camera -> acquisition -> ring -> inspection -+-> assembly -> reject output, screen -> recording -> disk

    The end flows the same way: acquisitions end and the rings are closed, inspections empty them and end, recording
    empties its queue and ends. A part that a failed worker left behind is closed as STATION_FAILED.
    """

    def __init__(
        self,
        run: Run,
        eyes: Mapping[str, ViewInput],
        around: LineContext,
        phase: LineStateMachine,
        count: int | None = None,
    ) -> None:
        """Build everything; nothing runs yet.

        Args:
            run: The run that was begun in the records.
            eyes: What looks at each view, in the recipe's order.
            around: Who the line works with.
            phase: The line's state.
            count: Stop after so many parts, None for no end.
        """
        self.failure = ""
        self._run = run
        self._eyes = eyes
        self._around = around
        self._abandoned = threading.Event()
        self._ended = False
        self._ledger = Ledger(run.run_id)
        self._queue = RecordingQueue(max(1, _PICTURES_FOR_THE_DISK // len(eyes)))
        self._assembly = self._build_assembly()
        self._lanes = self._build_lanes(phase, count)
        self._recording = self._build_recording()
        self._recorder = Worker("recording", self._recording.step, self._failed)

    def _build_assembly(self) -> PartAssembler:
        around = self._around
        announcer = ResultPublisher(
            self._ledger, around.guests, around.live, around.recent, around.disputes, around.publish, self._queue
        )
        return PartAssembler(self._eyes, announcer.announce)

    def _build_lanes(self, phase: LineStateMachine, count: int | None) -> tuple[CameraChannel, ...]:
        camera = self._around.settings.camera
        rings = {view: eye.ring(camera.ring_slots) for view, eye in self._eyes.items()}
        self._pairing = FrameMatcher(
            self._ledger,
            rings,
            self._pairs(),
            picture_timeout_s=camera.picture_timeout_s,
            views_within_s=camera.views_within_s,
            later_s=camera.later_s,
            count=count,
        )
        sources = {view: eye.link.source for view, eye in self._eyes.items()}
        self.intake = Admission(
            sources,
            self._pairing,
            self._ledger,
            phase,
            self._around.publish,
            self._note,
            most_unrecorded=UNRECORDED_PARTS,
        )
        return tuple(self._build_lane(view, eye, rings[view], phase) for view, eye in self._eyes.items())

    def _build_lane(self, view: str, eye: ViewInput, ring: RingBuffer, phase: LineStateMachine) -> CameraChannel:
        room_for = self._around.settings.camera.ring_slots
        acquisition = Acquisition(view, eye.link, self.intake, self._pairing, self._ledger, ring, room_for=room_for)
        judging = InspectionStep(ring, eye.judge, self._assembly, phase)
        return CameraChannel(view, eye.link, self._pairing, acquisition, judging, self._failed)

    def _pairs(self) -> MatchingMode:
        if all(eye.link.source.info.on_demand for eye in self._eyes.values()):
            return MatchingMode.SEQUENTIAL
        return (
            MatchingMode.SOFTWARE_TRIGGER
            if self._around.settings.camera.trigger == "software"
            else MatchingMode.TIMESTAMP
        )

    def _build_recording(self) -> Recording:
        around = self._around
        return Recording(
            self._queue,
            around.inspections,
            around.events,
            self._ledger,
            around.recent,
            around.disputes,
            around.publish,
            keep_pass_every=around.settings.recording.keep_pass_every,
            wait_for_reader=around.wait_for_reader,
        )

    @property
    def expected_interval_s(self) -> float | None:
        """Usual time between two parts; None where none can be expected."""
        intervals_s = [eye.link.expected_interval_s for eye in self._eyes.values()]
        return max((each for each in intervals_s if each is not None), default=None)

    @property
    def refused_by_disk(self) -> bool:
        """The disk takes no records at present."""
        return self._recording.refusing

    def start(self) -> None:
        """Start the workers."""
        started = f"{self._run.recipe_name}@{self._run.recipe_revision} on {self._run.camera}"
        self._note(StationEvent(self._run.started_at, EventKind.START, started, person=self._run.person))
        self._recorder.start()
        for lane in self._lanes:
            lane.start()

    def stop(self) -> None:
        """Take no more parts. Returns at once."""
        self.intake.stop()

    def abandon(self) -> None:
        """Wait no longer for a disk that refuses records. Returns at once."""
        self._abandoned.set()

    def wait_for_an_end(self, timeout_s: float) -> bool:
        """Wait until no more pictures come or a worker failed; whether that came in time."""
        ended = [lane.wait_for_last_picture(timeout_s / len(self._lanes)) for lane in self._lanes]
        return all(ended) or any(lane.failed or not lane.judges for lane in self._lanes) or not self._recorder.alive

    def finish(self, reason: str) -> bool:
        """Bring every part to its verdict and its record, then end the run; whether the records are complete.

        Each step is taken although the one before it failed. What failed is raised after the last.
        """
        steps: tuple[Callable[[], None], ...] = (
            self.intake.stop,
            *(partial(self._end, lane.end_acquisition) for lane in self._lanes),
            *(partial(self._end, lane.end_inspection) for lane in self._lanes),
            self._close_left_open,
            self.intake.close,
            partial(self._end_recording, reason),
            self._end_run,
        )
        with ExitStack() as taken_from_its_end:
            for step in reversed(steps):
                taken_from_its_end.callback(step)
        return self._ended

    def _end(self, step: Callable[[], str]) -> None:
        failure = step()
        self.failure = self.failure or failure

    def _close_left_open(self) -> None:
        for trigger in self._ledger.left_open():
            self._assembly.give_up(trigger)

    def _end_recording(self, reason: str) -> None:
        self._note(StationEvent(utc_now(), EventKind.STOP, reason or "stopped"))
        self._queue.close()
        while not self._recorder.join(_WATCH_S) and not self._abandoned.is_set():
            pass
        self._recorder.stop()
        self._recorder.join(_LONGEST_STEP_S)
        while not (self._queue.ended or self._recorder.alive or self._abandoned.is_set()):
            self._record_the_rest()

    def _record_the_rest(self) -> None:
        """What a failed worker left; each that fails leaves one part less."""
        self._recorder = Worker("recording", self._recording.step, self._failed)
        self._recorder.start()
        while not self._recorder.join(_WATCH_S) and not self._abandoned.is_set():
            pass
        self._recorder.stop()
        self._recorder.join(_LONGEST_STEP_S)

    def _end_run(self) -> None:
        """A run whose records are not complete stays unfinished."""
        self._around.disputes.forget_unrecorded()
        if self._recording.left_out or not self._queue.ended:
            return
        try:
            self._around.inspections.end_run(self._run.run_id, utc_now())
            self._ended = True
        except StorageError as error:
            self._around.publish(FaultReported.of("recording", error))

    def _note(self, event: StationEvent) -> None:
        self._queue.note(replace(event, run_id=self._run.run_id))

    def _failed(self, name: str, error: Exception) -> None:
        sentence = f"The {name} worker failed: {type(error).__name__}: {error}."
        advice = "Parts in its hands are NOT INSPECTED. See the log."
        self._around.publish(FaultReported(name, sentence, advice, FaultError.for_operator))
        if self._recorder.failed or any(lane.failed for lane in self._lanes):
            self.failure = self.failure or sentence
