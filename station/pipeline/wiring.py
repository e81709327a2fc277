"""Build the parts of one run and connect them. No thread starts here: threads, or a test, call the steps."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from station.camera.connection import CameraConnection
from station.domain.inspection import Inspection
from station.domain.part_images import PartResult
from station.domain.shift import StationEvent
from station.matching.frame_matcher import FrameMatcher, MatchingMode, MatchingRules
from station.matching.frame_queue import FrameQueue
from station.matching.part_ledger import PartLedger
from station.pipeline.acquisition import Acquisition
from station.pipeline.admission import Admission
from station.pipeline.camera_triggers import CameraTriggers
from station.pipeline.context import LineContext
from station.pipeline.inspection_worker import InspectionStep, Judge, JudgeOfRun
from station.pipeline.line_state import LineStateMachine
from station.pipeline.part_assembler import PartAssembler
from station.pipeline.record_stores import Stores
from station.pipeline.recording import Kept, Recording
from station.pipeline.recording_queue import RecordingQueue
from station.pipeline.result_publisher import ResultPublisher

_BEHIND_SHARE = 8
"""The recording is behind if this part of the places for pictures is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class ViewInput:
    """The opened camera of one view, and the judge of its frames."""

    connection: CameraConnection
    judge: Judge


@dataclass(frozen=True, slots=True)
class RunLimits:
    """How much may wait in a run, and how long its steps wait.

    Attributes:
        frame_slots: Frames of one view that may wait for their judgement.
        room_for: Number of unrecorded parts from which on an on-demand source is asked for no more.
        most_unrecorded: Number of unrecorded parts from which on the line admits no more.
        picture_slots: Parts that may wait for the disk with their pictures.
        count: Number of parts after which the run ends; None for no end.
        first_number: The number of the first part.
        wait_s: Longest wait of a step.
        clock: Monotonic seconds.
    """

    frame_slots: int
    room_for: int
    most_unrecorded: int
    picture_slots: int
    count: int | None = None
    first_number: int = 1
    wait_s: float = 0.1
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, eq=False)
class ViewSteps:
    """The two steps of one view, and the queue between them."""

    connection: CameraConnection
    acquisition: Acquisition
    frame_queue: FrameQueue
    inspection: InspectionStep


@dataclass(frozen=True, slots=True, eq=False)
class RunParts:
    """The connected parts of one run.

        acquisition -> frame queue -> inspection -+
        acquisition -> frame queue -> inspection -+-> part assembler -> reject output, screen -> recording -> disk

    Attributes:
        views: The steps of each view, in the recipe's order.
        admission: Decides whether parts are admitted.
        camera_triggers: Triggers the cameras.
        frame_matcher: Matches the frames of all views.
        ledger: Numbers the parts and follows each to its record.
        part_assembler: Joins the views of a part.
        recording_queue: What waits for the disk.
        recording: The step that writes it.
    """

    views: Mapping[str, ViewSteps]
    admission: Admission
    camera_triggers: CameraTriggers
    frame_matcher: FrameMatcher
    ledger: PartLedger
    part_assembler: PartAssembler
    recording_queue: RecordingQueue
    recording: Recording


def add_event(recording_queue: RecordingQueue, run_id: int, event: StationEvent) -> None:
    """Record an event of a run."""
    recording_queue.put(replace(event, run_id=run_id))


def wire_run(
    run_id: int,
    view_inputs: Mapping[str, ViewInput],
    context: LineContext,
    line_state: LineStateMachine,
    limits: RunLimits,
) -> RunParts:
    """Return the parts of a run, from the end of the way to its beginning."""
    ledger = PartLedger(run_id, limits.first_number, context.take_serial, context.made_now)
    recording_queue = RecordingQueue(limits.picture_slots)
    context.feedback.use_queue(recording_queue)
    part_assembler = _assembler(view_inputs, context, ledger, recording_queue, limits.first_number)
    frame_queues = {view: _frame_queue(view_input, limits) for view, view_input in view_inputs.items()}
    rules = _matching_rules(view_inputs, context, limits)
    frame_matcher = FrameMatcher(ledger, frame_queues, rules, limits.clock)
    sources = {view: view_input.connection.source for view, view_input in view_inputs.items()}
    camera_triggers = CameraTriggers(sources, frame_matcher)
    admission = Admission(
        sources,
        frame_matcher,
        camera_triggers,
        line_state,
        context.publish,
        lambda event: add_event(recording_queue, ledger.run_id, event),
        most_unrecorded=limits.most_unrecorded,
        clock=limits.clock,
    )
    views = {
        view: ViewSteps(
            view_input.connection,
            _acquisition(view, view_input.connection, admission, camera_triggers, frame_matcher, limits),
            frame_queues[view],
            InspectionStep(
                frame_queues[view],
                JudgeOfRun(run_id, view_input.judge),
                part_assembler,
                line_state,
                limits.wait_s,
                ahead=view_input.connection.source.info.on_demand,
                withholds=lambda: admission.withholds_verdicts,
            ),
        )
        for view, view_input in view_inputs.items()
    }
    waits = all(view_input.connection.source.info.on_demand for view_input in view_inputs.values())
    behind_from = None if waits else max(2, limits.picture_slots // _BEHIND_SHARE)
    recording = _recording(context, ledger, recording_queue, limits, behind_from)
    return RunParts(
        views, admission, camera_triggers, frame_matcher, ledger, part_assembler, recording_queue, recording
    )


def _frame_queue(view_input: ViewInput, limits: RunLimits) -> FrameQueue:
    """Return the queue of a view. An on-demand source never has more than one frame in it."""
    return FrameQueue(1 if view_input.connection.source.info.on_demand else limits.frame_slots)


def _assembler(
    views: Mapping[str, ViewInput],
    context: LineContext,
    ledger: PartLedger,
    recording_queue: RecordingQueue,
    first_number: int,
) -> PartAssembler:
    publisher = ResultPublisher(
        ledger,
        context.plugin_runner,
        context.live,
        context.recent,
        context.publish,
        recording_queue,
        (*(partial(_watch_verdict, watch) for watch in context.verdict_watchers), *context.part_watchers),
    )
    return PartAssembler(views, publisher.publish_result, first_number)


def _watch_verdict(watch: Callable[[Inspection], None], part: PartResult) -> None:
    watch(part.inspection)


def _acquisition(
    view: str,
    connection: CameraConnection,
    admission: Admission,
    camera_triggers: CameraTriggers,
    frame_matcher: FrameMatcher,
    limits: RunLimits,
) -> Acquisition:
    """Return the step that reads a camera. It waits half as long as the others, so that it sees a stop sooner."""
    wait_s = limits.wait_s / 2
    return Acquisition(
        view, connection, admission, frame_matcher, camera_triggers, room_for=limits.room_for, wait_s=wait_s
    )


def _matching_rules(view_inputs: Mapping[str, ViewInput], context: LineContext, limits: RunLimits) -> MatchingRules:
    camera = context.settings.camera
    mode = _matching_mode(view_inputs, camera.trigger == "software")
    return MatchingRules(mode, camera.picture_timeout_s, camera.views_within_s, camera.later_s, limits.count)


def _matching_mode(view_inputs: Mapping[str, ViewInput], software_trigger: bool) -> MatchingMode:
    if all(view_input.connection.source.info.on_demand for view_input in view_inputs.values()):
        return MatchingMode.SEQUENTIAL
    return MatchingMode.SOFTWARE_TRIGGER if software_trigger else MatchingMode.TIMESTAMP


def _recording(
    context: LineContext,
    ledger: PartLedger,
    recording_queue: RecordingQueue,
    limits: RunLimits,
    behind_from: int | None,
) -> Recording:
    return Recording(
        recording_queue,
        Stores(context.inspections, context.events, context.feedback.records, context.originals, context.space),
        ledger,
        context.recent,
        context.publish,
        kept=Kept(context.settings.recording.keep_pass_every, context.previews, behind_from),
        wait_for_reader=context.wait_for_reader,
        wait_s=limits.wait_s,
    )
