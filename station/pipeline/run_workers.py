"""The workers of one run: consumers start before producers, and stop after them."""

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import partial

from station.concurrency.worker import Worker
from station.domain.clock import utc_now
from station.domain.errors import FaultError, StorageError
from station.domain.inspection import Run
from station.domain.messages import FaultReported
from station.domain.shift import EventKind, StationEvent
from station.pipeline.camera_channel import CameraChannel
from station.pipeline.context import LineContext
from station.pipeline.inspection_worker import Judge
from station.pipeline.line_state import LineStateMachine
from station.pipeline.recording import log_without_record
from station.pipeline.wiring import RunLimits, ViewInput, add_event, wire_run

UNRECORDED_PARTS = 2000
"""This number of parts may wait for the disk; then the line admits no more until half of them are written."""

_PICTURES_FOR_THE_DISK = 24
_LONGEST_STEP_S = 15.0
_WATCH_S = 0.1
_HANGS_ADVICE = "The line stops, and the parts in its hands are NOT INSPECTED. Start it again. See the log."


class RunWorkers:
    """A channel for each view, the recording of one run, and what they hand to each other.

        channel: camera -> acquisition -> frame queue -> inspection -+
        channel: camera -> acquisition -> frame queue -> inspection -+-> part assembler -> reject output, screen
                                                                                        -> recording -> disk

    The end flows the same way: acquisitions end and the queues are closed, inspections empty them and end, recording
    empties its queue and ends. A part that a failed worker left behind is closed as STATION_FAILED.
    """

    def __init__(
        self,
        run: Run,
        view_inputs: Mapping[str, ViewInput],
        context: LineContext,
        line_state: LineStateMachine,
        count: int | None = None,
        on_last_frame: Callable[[], None] = lambda: None,
    ) -> None:
        """Build everything; nothing runs yet.

        Args:
            run: The run that was begun in the records.
            view_inputs: The camera and the judge of each view, in the recipe's order.
            context: The parts of the station that the line uses.
            line_state: The line's state.
            count: Stop after this number of parts; None for no end.
            on_last_frame: Called when no more frames of a view will come.
        """
        self.failure = ""
        self._run = run
        self._replaced: list[tuple[Run, datetime]] = []
        self._view_inputs = view_inputs
        self._context = context
        self._abandoned = threading.Event()
        self._ended = False
        self._parts = wire_run(run.run_id, view_inputs, context, line_state, self._limits(count))
        self._queue, self._recording = self._parts.recording_queue, self._parts.recording
        self.admission = self._parts.admission
        self._channels = tuple(
            CameraChannel(view, steps, self._parts.frame_matcher, self._report_failure, on_last_frame)
            for view, steps in self._parts.views.items()
        )
        self._recorder = Worker("recording", self._recording.step, self._report_failure)

    def _limits(self, count: int | None) -> RunLimits:
        slots = self._context.settings.camera.ring_slots
        picture_slots = max(1, _PICTURES_FOR_THE_DISK // len(self._view_inputs))
        return RunLimits(slots, slots, UNRECORDED_PARTS, picture_slots, count, self._run.first_number)

    @property
    def expected_interval_s(self) -> float | None:
        """Return the usual time between two parts, in seconds; None if no part can be expected."""
        intervals_s = [view_input.connection.expected_interval_s for view_input in self._view_inputs.values()]
        return max((each for each in intervals_s if each is not None), default=None)

    @property
    def opened(self) -> int:
        """Return the number of parts that were opened so far."""
        return self._parts.ledger.opened

    @property
    def next_number(self) -> int:
        """Return the number of the part that is opened next."""
        return self._parts.ledger.next_number

    @property
    def has_failed(self) -> bool:
        """Return True if a worker gave up, so that the run cannot go on."""
        ended = any(channel.failed or not channel.is_judging for channel in self._channels)
        return ended or not self._recorder.alive or bool(self._hanging)

    @property
    def _hanging(self) -> str:
        """Return which worker does not come back from its step; "" if none. Who waits for the disk only waits."""
        return next((channel.hanging for channel in self._channels if channel.hanging), "")

    @property
    def refused_by_disk(self) -> bool:
        """Return True while the disk refuses records."""
        return self._recording.refusing

    def start(self) -> None:
        """Start the workers."""
        started = f"{self._run.recipe_name}@{self._run.recipe_revision} on {self._run.camera}"
        self._add_event(StationEvent(self._run.started_at, EventKind.START, started, person=self._run.person))
        self._recorder.start()
        for channel in self._channels:
            channel.start()

    def continue_as(self, run: Run, judges: Mapping[str, Judge], event: StationEvent) -> int:
        """Judge all parts that are opened from now on in another run, by these judges. No part is lost or waits.

        Args:
            run: The run that was begun in the records.
            judges: One for each view.
            event: Recorded as the first of that run.

        Returns:
            The number of the first part of the new run.
        """
        for view, judge in judges.items():
            self._parts.views[view].inspection.judges.add(run.run_id, judge)
        first = self._parts.ledger.continue_as(run.run_id)
        self._replaced.append((self._run, utc_now()))
        self._run = run
        self._add_event(event)
        return first

    def end_replaced_runs(self) -> tuple[int, ...]:
        """End the runs that were replaced, as soon as their last part is on the disk. Return those that ended now."""
        done = [each for each in self._replaced if self._parts.ledger.is_recorded(each[0].run_id)]
        ended = [each for each in done if self._end_in_records(*each)]
        for each in ended:
            self._replaced.remove(each)
            for steps in self._parts.views.values():
                steps.inspection.judges.remove(each[0].run_id)
        return tuple(run.run_id for run, _ in ended)

    def stop(self) -> None:
        """Take no more parts. Returns at once."""
        self.admission.stop()

    def abandon(self) -> None:
        """Stop waiting for a disk that refuses records. Returns at once."""
        self._abandoned.set()

    def wait_for_an_end(self, timeout_s: float) -> bool:
        """Wait until no more frames come or a worker failed or hangs; return False if nothing of it has happened."""
        ended = [channel.wait_for_last_frame(timeout_s / len(self._channels)) for channel in self._channels]
        if hanging := self._hanging:
            self._context.publish(FaultReported("line", hanging, _HANGS_ADVICE, FaultError.for_operator))
        return all(ended) or self.has_failed

    def finish(self, reason: str, person: str = "") -> bool:
        """Bring every part to its verdict and its record, then end the run; return True if the records are complete.

        Why it ends, and by whom, is recorded as its last event.

        Each step is taken even if the one before it failed. The first error is raised after the last step.
        """
        steps: tuple[Callable[[], None], ...] = (
            self.admission.stop,
            *(partial(self._end, channel.end_acquisition) for channel in self._channels),
            *(partial(self._end, channel.end_inspection) for channel in self._channels),
            self._close_left_open,
            self.admission.close,
            self._parts.camera_triggers.close,
            partial(self._end_recording, reason, person),
            self._log_unrecorded,
            self._end_run,
            self._recording.close,
        )
        with ExitStack() as in_order:
            for step in reversed(steps):
                in_order.callback(step)
        return self._ended

    def _end(self, step: Callable[[], str]) -> None:
        failure = step()
        self.failure = self.failure or failure

    def _close_left_open(self) -> None:
        for trigger in self._parts.ledger.open_parts():
            self._parts.part_assembler.close_part(trigger)

    def _end_recording(self, reason: str, person: str) -> None:
        self._add_event(StationEvent(utc_now(), EventKind.STOP, reason or "stopped", person=person))
        self._queue.close()
        while not self._recorder.join(_WATCH_S) and not self._abandoned.is_set():
            pass
        self._recorder.stop()
        self._recorder.join(_LONGEST_STEP_S)
        while not (self._queue.ended or self._recorder.alive or self._abandoned.is_set()):
            self._record_the_rest()

    def _record_the_rest(self) -> None:
        """Record what a failed worker left; each worker that fails again leaves one part less."""
        self._recorder = Worker("recording", self._recording.step, self._report_failure)
        self._recorder.start()
        while not self._recorder.join(_WATCH_S) and not self._abandoned.is_set():
            pass
        self._recorder.stop()
        self._recorder.join(_LONGEST_STEP_S)

    def _log_unrecorded(self) -> None:
        """Write the verdicts into the log that no disk has taken: they were given, and the reject output has acted."""
        for part in self._queue.oldest_parts(self._queue.parts):
            log_without_record(part.inspection)

    def _end_run(self) -> None:
        """End the run in the records; a run with incomplete records stays unfinished."""
        self._context.feedback.use_queue(None)
        if self._recording.left_out or not self._queue.ended:
            return
        self.end_replaced_runs()
        self._ended = self._end_in_records(self._run, utc_now()) and not self._replaced

    def _end_in_records(self, run: Run, at: datetime) -> bool:
        try:
            self._context.inspections.end_run(run.run_id, at)
        except StorageError as error:
            self._context.publish(FaultReported.of("recording", error))
            return False
        return True

    def _add_event(self, event: StationEvent) -> None:
        add_event(self._queue, self._run.run_id, event)

    def _report_failure(self, name: str, error: BaseException) -> None:
        sentence = f"The {name} worker failed: {type(error).__name__}: {error}."
        advice = "Parts in its hands are NOT INSPECTED. See the log."
        self._context.publish(FaultReported(name, sentence, advice, FaultError.for_operator))
        if self._recorder.failed or any(channel.failed for channel in self._channels):
            self.failure = self.failure or sentence
