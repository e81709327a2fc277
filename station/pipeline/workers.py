"""The three workers of one run: consumers start before producers, and stop after them."""

import threading
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from station.domain.errors import StorageError
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Run
from station.domain.messages import StationTrouble
from station.domain.shift import EventKind, StationEvent
from station.pipeline.acquisition import UNRECORDED_PARTS, Acquisition
from station.pipeline.camera_link import CameraLink
from station.pipeline.inspection import not_inspected
from station.pipeline.judging import Announcer, Judge, Judging
from station.pipeline.ledger import Ledger
from station.pipeline.pairing import Pairing
from station.pipeline.phase import Phase
from station.pipeline.recording import Recording, RecordingQueue
from station.pipeline.ring_buffer import RingBuffer
from station.pipeline.surroundings import Surroundings
from station.pipeline.trigger import utc_now
from station.pipeline.worker import Worker

_PICTURES_FOR_THE_DISK = 24
_JUDGE_WHAT_WAITS_S = 5.0
_LONGEST_STEP_S = 15.0


class Workers:
    """Acquisition, inspection and recording of one run, and what they hand each other.

        camera -> acquisition -> ring -> inspection -> reject output, screen -> recording queue -> recording -> disk

    The end flows the same way: acquisition ends and closes the ring, inspection empties it and ends, recording
    empties its queue and ends. A part that a failed worker left behind is closed as STATION_FAILED.
    """

    def __init__(
        self, run: Run, link: CameraLink, judge: Judge, around: Surroundings, phase: Phase, count: int | None = None
    ) -> None:
        """Build everything; nothing runs yet.

        Args:
            run: The run that was begun in the records.
            link: The camera, opened.
            judge: Gives the verdicts.
            around: Who the line works with.
            phase: The line's state.
            count: Stop after so many parts, None for no end.
        """
        self.link = link
        self.failure = ""
        self._run = run
        self._around = around
        self._abandoned = threading.Event()
        self._ended = False
        camera = around.settings.camera
        waits = link.source.info.waits
        self._ledger = Ledger(run.run_id)
        ring = RingBuffer(1 if waits else camera.ring_slots)
        self._queue = RecordingQueue(_PICTURES_FOR_THE_DISK)
        self._announcer = Announcer(
            self._ledger, around.guests, around.live, around.recent, around.disputes, around.publish, self._queue
        )
        self._pairing = Pairing(self._ledger, ring, camera.picture_timeout_s)
        self.acquisition = Acquisition(
            link,
            self._pairing,
            self._ledger,
            ring,
            phase,
            around.publish,
            self._note,
            room_for=camera.ring_slots,
            most_unrecorded=UNRECORDED_PARTS,
            count=count,
        )
        self._judging = Judging(ring, judge, self._announcer, phase)
        self._recording = Recording(
            self._queue,
            around.inspections,
            around.events,
            self._ledger,
            around.recent,
            around.disputes,
            around.publish,
            keep_pass_every=around.settings.recording.keep_pass_every,
        )
        self._acquirer = Worker("acquisition", self.acquisition.step, self._failed)
        self._inspector = Worker("inspection", self._judging.step, self._failed)
        self._recorder = Worker("recording", self._recording.step, self._failed)

    @property
    def refused_by_disk(self) -> bool:
        """The disk takes no records at present."""
        return self._recording.refusing

    def start(self) -> None:
        """Start the workers."""
        started = f"{self._run.recipe_name}@{self._run.recipe_revision} on {self._run.camera}"
        self._note(StationEvent(self._run.started_at, EventKind.START, started, person=self._run.person))
        for worker in (self._recorder, self._inspector, self._acquirer):
            worker.start()

    def stop(self) -> None:
        """Take no more parts. Returns at once."""
        self.acquisition.stop()

    def abandon(self) -> None:
        """Wait no longer for a disk that refuses records. Returns at once."""
        self._abandoned.set()

    def wait_for_an_end(self, timeout_s: float) -> bool:
        """Wait until acquisition ended or another worker failed; whether that came in time."""
        return self._acquirer.join(timeout_s) or not (self._inspector.alive and self._recorder.alive)

    def finish(self, reason: str) -> bool:
        """Bring every part to its verdict and its record, then end the run; whether the records are complete.

        Each step is taken although the one before it failed. What failed is raised after the last.
        """
        steps = (
            self._end_acquisition,
            self._end_inspection,
            partial(self._end_recording, reason),
            self._end_run,
        )
        with ExitStack() as taken_from_its_end:
            for step in reversed(steps):
                taken_from_its_end.callback(step)
        return self._ended

    def _end_acquisition(self) -> None:
        self.acquisition.stop()
        if not self._acquirer.join(_LONGEST_STEP_S):
            self.failure = "The camera does not answer."
        failed = self._acquirer.failed or self._acquirer.alive
        self._pairing.close(NotInspectedCause.STATION_FAILED if failed else NotInspectedCause.STOPPED)
        if not self._acquirer.alive:
            self.link.rest()

    def _end_inspection(self) -> None:
        """What still waits is judged, or closed as STOPPED when that takes too long."""
        if not self._inspector.join(_JUDGE_WHAT_WAITS_S):
            self._judging.hurry()
            if not self._inspector.join(_LONGEST_STEP_S):
                self.failure = "The inspection worker hangs."
        if not self._inspector.finished:
            self.failure = self.failure or "The inspection worker ended before its work."
        for trigger in self._ledger.left_open():
            self._announcer.announce(not_inspected(trigger, NotInspectedCause.STATION_FAILED))

    def _end_recording(self, reason: str) -> None:
        self._note(StationEvent(utc_now(), EventKind.STOP, reason or "stopped"))
        self._queue.close()
        while not self._recorder.join(0.1) and not self._abandoned.is_set():
            pass
        self._recorder.stop()
        self._recorder.join(_LONGEST_STEP_S)
        while not (self._queue.ended or self._recorder.alive or self._abandoned.is_set()):
            self._recording.step()  # what a failed worker left

    def _end_run(self) -> None:
        """A run whose records are not complete stays unfinished."""
        self._around.disputes.forget_unrecorded()
        if not self._queue.ended:
            return
        try:
            self._around.inspections.end_run(self._run.run_id, utc_now())
            self._ended = True
        except StorageError as error:
            self._around.publish(StationTrouble.of("recording", error))

    def _note(self, event: StationEvent) -> None:
        self._queue.note(replace(event, run_id=self._run.run_id))

    def _failed(self, name: str, error: Exception) -> None:
        sentence = f"The {name} worker failed: {type(error).__name__}: {error}."
        self._around.publish(StationTrouble(name, sentence, "Parts in its hands are NOT INSPECTED. See the log."))
        if any(worker.failed for worker in (self._acquirer, self._inspector, self._recorder)):
            self.failure = sentence
