"""A line without threads: the test calls every worker's step, in the order it wants."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

import numpy as np
import pluggy
import pytest

from station.camera.connection import CameraConnection
from station.camera.source import CameraInfo
from station.concurrency.latest import Latest
from station.domain.errors import BadInputError, CameraError, CameraLostError, FaultError, StorageError
from station.domain.feedback import OperatorFeedback
from station.domain.frame import Delivery, EndOfFrames, Frame, LostFrame, NotInspectedCause
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import LineState, Message
from station.domain.recipe import ModelReference, QualityLimits, SettingValue, View
from station.domain.shift import StationEvent
from station.domain.verdict import Prediction, Verdict
from station.judgement.inspector import Inspector
from station.matching.frame_queue import FrameQueue
from station.pipeline.acquisition import Acquisition
from station.pipeline.context import LineContext
from station.pipeline.inspection_worker import InspectionStep
from station.pipeline.line_state import LineStateMachine
from station.pipeline.recent_parts import RecentParts
from station.pipeline.wiring import RunLimits, RunParts, ViewInput, wire_run
from station.plugin_api.hooks import StationHooks
from station.plugin_api.runner import PluginRunner
from station.review.pending_feedback import PendingFeedback
from station.settings import CameraSettings, RecordingSettings, Settings
from station.storage.records.inspections import PartRefusedError

_GREY = {
    "good": 128,
    "defective": 200,
    "model fails": 60,
    "no number": 90,
    "too dark": 2,
    "no memory": 75,
    "exits": 105,
}
_SIZES = {"too small": (4, 4), "wrong shape": (32, 96)}
_numbers = count(1)
QUALITY = QualityLimits(frozen_after=0, max_aspect=2.0)


def frame_of(kind: str, received_s: float = 0.0) -> Frame:
    """A frame that the scripted model and the quality gate know; each differs from the last."""
    number = next(_numbers)
    size = _SIZES.get(kind, (32, 32))
    image = np.full(size, _GREY.get(kind, 128), np.uint8)
    image[0, 0] = number % 256
    image[0, 1] = number // 256 % 256
    return Frame(image, number, datetime.now(UTC), round(received_s * 1e9), kind)


_OF_A_STEP = (RuntimeError, MemoryError, SystemExit)
"""What a worker outlives."""


class ScriptedModel:
    """A Predictor that reads its answer from the brightness of the picture."""

    input_size = (32, 32)

    def __init__(self) -> None:
        self.breaks = False

    def predict(self, image: np.ndarray) -> Prediction:
        if self.breaks:
            raise RuntimeError("a bug in the model's code")
        grey = int(np.median(image))
        if grey == _GREY["model fails"]:
            raise FaultError("The device failed on this picture.")
        if grey == _GREY["no memory"]:
            raise MemoryError
        if grey == _GREY["exits"]:
            raise SystemExit(1)
        score = {_GREY["defective"]: 0.9, _GREY["no number"]: float("nan")}.get(grey, 0.1)
        return Prediction(score, score, np.full((4, 4), score, np.float32))

    def close(self) -> None:
        pass


class ScriptedCamera:
    """A FrameSource that delivers what the test put in."""

    def __init__(self, *, waits: bool = False, triggered: bool = False) -> None:
        self.info = CameraInfo("scripted:", "tests", "scripted", "1", waits)
        self.coming: deque[Delivery | BaseException] = deque()
        self.applied: dict[str, SettingValue] = {}
        self.starts = self.asked = 0
        self.readings = 0
        self.delivering = False
        self.gone = False
        self.refuses_triggers = False
        self.forgets = triggered

    def apply(self, settings: Mapping[str, SettingValue]) -> None:
        self.applied = dict(settings)

    def settings(self) -> dict[str, SettingValue]:
        self.readings += 1
        return dict(self.applied)

    def start(self) -> None:
        if self.gone:
            raise CameraError("scripted: is not there.")
        self.starts += 1
        self.delivering = True
        if self.forgets:
            self.coming.clear()

    def trigger(self) -> None:
        self.asked += 1
        if self.refuses_triggers or self.gone:
            raise CameraError("scripted: takes no trigger.")

    def fetch(self, timeout_s: float) -> Delivery | None:
        if self.gone or not self.delivering:
            raise CameraLostError("scripted: is gone.")
        delivery = self.coming.popleft() if self.coming else None
        if isinstance(delivery, BaseException):
            raise delivery
        return delivery

    def stop(self) -> None:
        self.delivering = False

    def close(self) -> None:
        self.stop()


@dataclass
class MemoryStore:
    """Keeps what a disk would; refuses while the test wants it to."""

    parts: list[Inspection] = field(default_factory=list)
    pictures: dict[int, bool] = field(default_factory=dict)
    events: list[StationEvent] = field(default_factory=list)
    said: list[OperatorFeedback] = field(default_factory=list)
    refuses: bool = False
    refuses_pictures: bool = False

    def record_part(self, inspection, views, *, keep_picture) -> None:
        if any((view.camera_timestamp_ns or 0) >= 2**63 for view in inspection.views):
            raise PartRefusedError(f"Part {inspection.key.label} was refused.")
        pictures = [each.original is not None or bool(each.levels) for each in views]
        if self.refuses or (self.refuses_pictures and any(pictures)):
            raise StorageError("No space left on device.")
        assert len(views) in (0, len(inspection.views))
        self.parts.append(inspection)
        self.pictures[inspection.key.part] = keep_picture and any(each.original is not None for each in views)

    def write_ahead(self, inspection, views) -> None:
        """Nothing has to be written ahead in memory."""

    def forget_ahead(self, key=None) -> None:
        """Nothing was written ahead."""

    def add_event(self, event: StationEvent) -> None:
        if self.refuses:
            raise StorageError("No space left on device.")
        self.events.append(event)

    @property
    def feedback(self) -> "MemoryFeedback":
        """Return its feedback, on recorded parts only."""
        return MemoryFeedback(self)


@dataclass
class MemoryFeedback:
    """The feedback on the parts of a store."""

    store: MemoryStore

    def add(self, feedback: OperatorFeedback) -> None:
        if self.store.refuses:
            raise StorageError("No space left on device.")
        if feedback.key not in [part.key for part in self.store.parts]:
            raise BadInputError("There is no such part.")
        self.store.said.append(feedback)

    def of(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        return tuple(feedback for feedback in self.store.said if feedback.key == key)


class RigView:
    """A camera of the rig, with its model, and later its queue and steps."""

    acquisition: Acquisition
    inspection: InspectionStep
    frame_queue: FrameQueue

    def __init__(self, rig: "Rig", view: str, *, triggered: bool, waits: bool, settings=None) -> None:
        self.camera = ScriptedCamera(waits=waits, triggered=triggered)
        self.model = ScriptedModel()
        self.recipe = View(ModelReference("m", "0"), view, quality=QUALITY, camera_settings=settings or {})
        self.connection = CameraConnection(
            self.camera, self.recipe.camera_settings, runs_free=not triggered, lost_after_s=1.0, clock=lambda: rig.now_s
        )
        self.connection.apply_settings()
        self.connection.start_acquisition()
        self.input = ViewInput(self.connection, Inspector(self.recipe, self.model))


class NewsList(list[Message]):
    """Keeps every message."""

    publish = list.append


class Rig:
    """All of a run except the threads, connected as RunWorkers connects it."""

    def __init__(
        self,
        views=("",),
        *,
        triggered=False,
        waits=False,
        slots=3,
        room_for=50,
        picture_slots=5,
        keep_pass_every=1,
        settings=None,
        count=None,
        later_s=None,
    ):
        self.now_s = 100.0
        self.news = NewsList()
        self.inputs = {view: RigView(self, view, triggered=triggered, waits=waits, settings=settings) for view in views}
        self.store = MemoryStore()
        self.plugins = pluggy.PluginManager("lineside")
        self.plugins.add_hookspecs(StationHooks)
        self.plugin_runner = PluginRunner(self.plugins)
        self.live, self.recent = Latest(), RecentParts()
        self.feedback = PendingFeedback(self.store.feedback)
        self.line_state = LineStateMachine(self.news.append)
        self.line_state.enter_state(LineState.WAITING)
        station_settings = Settings(
            camera=CameraSettings(
                views={view: f"genicam:{view}" for view in views if view},
                trigger="software" if triggered else "free",
                picture_timeout_s=2.0,
                views_within_s=0.3,
                later_s=later_s or {},
            ),
            recording=RecordingSettings(keep_pass_every=keep_pass_every),
        )
        context = LineContext(
            station_settings, self.store, self.store, self.plugin_runner, self.live, self.recent, self.feedback,
            self.news,
        )  # fmt: skip
        limits = RunLimits(slots, room_for, room_for, picture_slots, count, wait_s=0, clock=lambda: self.now_s)
        view_inputs = {view: rig_view.input for view, rig_view in self.inputs.items()}
        self._connect(wire_run(1, view_inputs, context, self.line_state, limits))

    def _connect(self, parts: RunParts) -> None:
        self.ledger, self.queue, self.recording = parts.ledger, parts.recording_queue, parts.recording
        self.frame_matcher, self.admission = parts.frame_matcher, parts.admission
        self.part_assembler, self.camera_triggers = parts.part_assembler, parts.camera_triggers
        for view, steps in parts.views.items():
            rig_view = self.inputs[view]
            rig_view.acquisition, rig_view.inspection = steps.acquisition, steps.inspection
            rig_view.frame_queue = steps.frame_queue
        first = next(iter(self.inputs.values()))
        self.camera, self.model, self.connection = first.camera, first.model, first.connection
        self.acquisition, self.inspection, self.frame_queue = first.acquisition, first.inspection, first.frame_queue

    def come(self, *deliveries: Delivery | str, view: str | None = None) -> None:
        """Let a camera deliver these, the first camera by default; a word is a frame of that kind, received now."""
        camera = self.camera if view is None else self.inputs[view].camera
        camera.coming.extend(self.frame(one) if isinstance(one, str) else one for one in deliveries)

    def frame(self, kind: str) -> Frame:
        """Return a frame of that kind, received now."""
        return frame_of(kind, self.now_s)

    def seen(self, number: int, received_s: float) -> Frame:
        """Return a frame that shows the part of that number."""
        return replace(frame_of("good", received_s), origin=f"part {number}")

    def acquire(self, rounds: int = 1) -> None:
        """Run this number of steps of every camera's worker."""
        for _ in range(rounds):
            for rig_view in self.inputs.values():
                with suppress(*_OF_A_STEP):
                    rig_view.acquisition.step()

    def judge(self) -> None:
        """Run one step of each inspection worker; a step that fails ends there, as in a Worker."""
        for rig_view in self.inputs.values():
            with suppress(*_OF_A_STEP):
                rig_view.inspection.step()

    def flow(self, rounds: int = 30) -> None:
        """Run this number of steps of every worker."""
        for _ in range(rounds):
            self.acquire()
            self.judge()
            self.recording.step()

    def finish(self) -> None:
        """Stop, and let everything drain."""
        self.admission.stop()
        for rig_view in self.inputs.values():
            going = True
            while going:
                with suppress(*_OF_A_STEP):
                    going = rig_view.acquisition.step()
                self.now_s += 0.05
        while not all(rig_view.frame_queue.ended for rig_view in self.inputs.values()):
            self.judge()
        self.queue.close()
        while self.recording.step():
            pass
        self.plugin_runner.stop_plugins()

    @property
    def verdicts(self) -> list[tuple[int, Verdict, NotInspectedCause | None]]:
        """Return part number, verdict and cause of every record."""
        return [(part.key.part, part.verdict, part.deciding.cause) for part in self.store.parts]

    @property
    def causes(self) -> list[dict[str, NotInspectedCause | None]]:
        """Return why each view of every record was not judged."""
        return [{view.name: view.cause for view in part.views} for part in self.store.parts]

    def news_of(self, kind: type) -> list[Message]:
        """Return the messages of one kind."""
        return [message for message in self.news if isinstance(message, kind)]


@pytest.fixture
def rig() -> Iterator[Rig]:
    """A free-running line."""
    rig = Rig()
    yield rig
    rig.plugin_runner.stop_plugins()


@pytest.fixture(scope="session")
def make_rig() -> Callable[..., Rig]:
    """A line as the test wants it."""
    return Rig


@pytest.fixture
def lost() -> Callable[..., LostFrame]:
    """Return a report that a frame is lost."""
    return lambda cause=NotInspectedCause.LOST_FRAME: LostFrame(1, cause, "frame 1", "on purpose")


@pytest.fixture
def end() -> EndOfFrames:
    """No more pictures."""
    return EndOfFrames()


@pytest.fixture
def picture() -> Callable[[str], Frame]:
    """A frame of that kind."""
    return frame_of
