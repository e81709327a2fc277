"""The way of a frame through a whole line: camera, judgement, live view, database and pictures, beside bare `infer()`.

A camera in memory delivers a picture for each trigger; everything behind it is what a station runs, in a workspace that
is removed at the end. The next part comes when the record of the last one is on the disk, as on a line that is not
overloaded, and the bare model takes its turn between two parts.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pluggy

from station.cli.bench_camera import MemoryCamera
from station.cli.in_turn import in_turn, milliseconds
from station.concurrency.fan_out import FanOut, Subscription
from station.core import Core, build_core
from station.domain.clock import utc_now
from station.domain.errors import FaultError
from station.domain.frame import Image
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import LineState, LineStateChanged, PartJudged, PartRecorded, ReceivedMessage
from station.domain.part_images import PartResult
from station.domain.recipe import Recipe, RecipeState
from station.domain.verdict import Prediction, Verdict
from station.pipeline.line_state import LineStateMachine
from station.pipeline.run import Line
from station.pipeline.run_request import RunRequest
from station.plugin_api.hooks import StationHooks
from station.settings import CameraSettings, RecordingSettings, Settings
from station.storage.records.completeness import open_records
from station.vision.overlay import contours, heat_rgba
from station.workspace import Workspace

if TYPE_CHECKING:
    from station.inference.openvino_predictor import OpenVinoPredictor

_SOON_S = 30.0
_WARM_UP = 10
M = TypeVar("M", bound=ReceivedMessage)
SETTINGS = Settings(
    camera=CameraSettings(source="memory:", trigger="software"),
    recording=RecordingSettings(keep_pass_every=1, reserve_mb=0),
)


@dataclass(frozen=True, slots=True)
class LineTiming:
    """Milliseconds of the same parts: equal places of the lists belong to one part.

    Attributes:
        infer_ms: Bare `infer()` of the same compiled model, between two parts.
        way_ms: From the frame in memory until a reader of the news has verdict, regions and overlay.
        stages_ms: What the way consists of, and what follows it, by stage in the order of a part.
    """

    infer_ms: list[float]
    way_ms: list[float]
    stages_ms: Mapping[str, list[float]]

    def figures(self) -> dict[str, object]:
        """Return everything as `bench --json` writes it."""
        ratios = [way / bare for way, bare in zip(self.way_ms, self.infer_ms, strict=True)]
        p50, p99 = (float(np.percentile(self.way_ms, share)) for share in (50, 99))
        return {
            "way_ratio_p50": round(median(ratios), 4),
            "way_ms_p50": round(p50, 3),
            "way_ms_p99": round(p99, 3),
            "way_p99_over_p50": round(p99 / p50, 3),
            "infer_ms_p50": round(median(self.infer_ms), 3),
            "stages_ms": {stage: round(median(each), 3) for stage, each in self.stages_ms.items()},
        }

    def table(self, name: str) -> Iterator[str]:
        """Yield a line on the ratio and one for each stage."""
        figures = self.figures()
        yield (
            f"whole line, {name}: way {figures['way_ms_p50']:.2f} ms, bare infer {figures['infer_ms_p50']:.2f} ms, "
            f"ratio {figures['way_ratio_p50']:.3f}, p99 over p50 {figures['way_p99_over_p50']:.2f}"
        )
        for stage, each in self.stages_ms.items():
            yield f"  {stage:40} {median(each):8.2f} ms"


@dataclass
class TimedPredictor:
    """A model that notes how long its last call took. It stays open when a run ends."""

    model: "OpenVinoPredictor"
    predicted_ms: float = field(default=0.0, init=False)

    @property
    def input_size(self) -> tuple[int, int]:
        """Return height and width of the model's input, pixels."""
        return self.model.input_size

    def predict(self, image: Image) -> Prediction:
        """Return what the model returns."""
        began = time.perf_counter()
        prediction = self.model.predict(image)
        self.predicted_ms = (time.perf_counter() - began) * 1e3
        return prediction

    def close(self) -> None:
        """Leave the model open."""


class LiveView(threading.Thread):
    """Makes the overlay of each part as the window does, beside the line, on a thread of its own."""

    def __init__(self, core: Core, news: FanOut) -> None:
        """Read the news from now on."""
        super().__init__(name="live view", daemon=True)
        self._news, self._core = news.subscribe(PartJudged), core
        self._over = threading.Event()

    def run(self) -> None:
        """Draw until `end`."""
        while not self._over.is_set():
            if self._news.next_message(0.1) and (part := self._core.line.live.take()):
                draw(part)

    def end(self) -> None:
        """End the thread."""
        self._over.set()
        self.join()
        self._news.close()


def draw(part: PartResult) -> None:
    """Make heat map and contours of every view of a part ready to be painted."""
    for view in part.views:
        if view.anomaly_map is not None:
            heat_rgba(view.anomaly_map, view.pixel_threshold)
            contours(view.anomaly_map, view.roi, view.pixel_threshold)


def measure_line(
    recipe: Recipe, predictor: "OpenVinoPredictor", images: Sequence[Image], rounds: int, beside: Path
) -> LineTiming:
    """Return what parts take on a line that judges these pictures, with the bare model between them.

    Args:
        recipe: As the next three, see `running_line`.
        predictor: Its model.
        images: Pictures of one size.
        rounds: Parts that count.
        beside: A folder on the disk that is written to.

    Raises:
        FaultError: As `OnePart.run`.
    """
    with running_line(recipe, predictor, images, beside) as part:
        return take_turns(part, predictor, rounds)


@contextmanager
def running_line(
    recipe: Recipe, predictor: "OpenVinoPredictor", images: Sequence[Image], beside: Path
) -> "Iterator[OnePart]":
    """Run a line with its live view; yield what sends one part through it.

    Args:
        recipe: Of one view that judges any picture.
        predictor: Its model.
        images: Pictures of one size.
        beside: A folder on the disk that is written to; the workspace of the line is made in it and removed.
    """
    camera, timed = MemoryCamera(images), TimedPredictor(predictor)
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=beside) as folder, ExitStack() as held:
        core, news = _opened(Path(folder), held)
        core.recipes.add_revision(recipe, RecipeState.RELEASED, utc_now())  # what watches the line looks it up
        view = LiveView(core, news)
        view.start()
        held.callback(view.end)
        reader = held.enter_context(subscribed(news))
        line = Line(
            RunRequest(recipe, lambda _: camera, lambda _: timed, nullcontext()),
            core.line.context,
            LineStateMachine(core.line.context.publish),
        )
        line.start()
        held.callback(_end, line)
        part = OnePart(line, core, camera, timed, reader)
        part.wait_for(LineState.WAITING)
        yield part


@dataclass(frozen=True, slots=True)
class OnePart:
    """Sends one part through the line and takes its times."""

    line: Line
    core: Core
    camera: MemoryCamera
    predictor: TimedPredictor
    reader: Subscription

    def wait_for(self, state: LineState) -> None:
        """Wait until the line enters a state."""
        _next_of(self.reader, LineStateChanged, lambda message: message.state is state, self.line)

    def run(self) -> dict[str, float]:
        """Return the milliseconds of each stage of the next part.

        Raises:
            FaultError: It was not judged, so its time has no meaning; or it did not come.
        """
        key, triggered_ns = self.line.trigger(), time.monotonic_ns()
        inspection = self._judged(key)
        judged_ns, part = time.monotonic_ns(), self.core.recent.part(key)
        assert part is not None
        overlay_ms = milliseconds(lambda: draw(part))
        _next_of(self.reader, PartRecorded, lambda message: message.key == key, self.line)
        recorded_ns, delivered_ns = time.monotonic_ns(), self.camera.delivered_ns
        infer_ms, elapsed_ms = self.predictor.predicted_ms, inspection.elapsed_ms
        return {
            "trigger to frame in memory": (delivered_ns - triggered_ns) / 1e6,
            "queues, preparation, quality, judgement": elapsed_ms - infer_ms,
            "model": infer_ms,
            "verdict to a reader of the news": (judged_ns - delivered_ns) / 1e6 - elapsed_ms,
            "overlay": overlay_ms,
            "pictures and record on the disk": (recorded_ns - judged_ns) / 1e6,
        }

    def _judged(self, key: PartKey) -> Inspection:
        message = _next_of(self.reader, PartJudged, lambda message: message.inspection.key == key, self.line)
        if message.inspection.verdict is Verdict.NOT_INSPECTED:
            raise FaultError(f"The test picture was not judged: {message.inspection.reason}.")
        return message.inspection


_WAY = ("queues, preparation, quality, judgement", "model", "verdict to a reader of the news", "overlay")


def take_turns(one: OnePart, predictor: "OpenVinoPredictor", rounds: int) -> LineTiming:
    """Send parts through a line that waits, with the bare model between them."""
    bare = predictor.compiled.create_infer_request()
    ways: dict[str, Callable[[int], dict[str, float]]] = {
        "infer": lambda _: {"infer": milliseconds(bare.infer)},
        "line": lambda _: one.run(),
    }
    taken = in_turn(ways, rounds, _WARM_UP, "Whole line")
    parts = taken["line"]
    stages = {stage: [part[stage] for part in parts] for stage in parts[0]}
    way_ms = [sum(part[stage] for stage in _WAY) for part in parts]
    return LineTiming([each["infer"] for each in taken["infer"]], way_ms, stages)


def _opened(folder: Path, held: ExitStack) -> tuple[Core, FanOut]:
    """Build what a station runs, without plug-ins: no output may move because of a measurement."""
    workspace, plugins, news = Workspace.open(folder), pluggy.PluginManager("lineside"), FanOut()
    plugins.add_hookspecs(StationHooks)
    database = open_records(workspace)
    held.callback(database.close)
    return build_core(workspace, SETTINGS, plugins, database, news, held), news


@contextmanager
def subscribed(news: FanOut) -> Iterator[Subscription]:
    """Read what `OnePart` needs of the news."""
    reader = news.subscribe(PartJudged, PartRecorded, LineStateChanged)
    yield reader
    reader.close()


def _end(line: Line) -> None:
    line.stop()
    line.wait(_SOON_S)


def _next_of(reader: Subscription, kind: type[M], accepts: Callable[[M], bool], line: Line) -> M:
    """Return the next message of this kind that is accepted."""
    while (message := reader.next_message(_SOON_S)) is not None:
        if isinstance(message, kind) and accepts(message):
            return message
    raise line.error or FaultError(f"The line of the measurement gave no {kind.__name__} within {_SOON_S:.0f} s.")
