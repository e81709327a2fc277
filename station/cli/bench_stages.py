"""What each stage between a picture and its record takes, and which one holds the rate of the whole."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from station.camera.pictures.reading import decode_picture
from station.concurrency.picture_threads import picture_threads
from station.domain.clock import utc_now
from station.domain.frame import Frame, Image
from station.domain.inspection import Inspection, PartKey
from station.domain.part_images import ViewResult, level_within
from station.domain.recipe import Recipe, View
from station.inference.predictor import Predictor
from station.judgement.inspector import Inspector, decide
from station.pipeline.recent_parts import PREVIEW_SIDE_PX
from station.reporting.run_summary import percentile
from station.storage.engine.database import Database
from station.storage.pictures.encoding import (
    Role,
    encode_map,
    encode_original,
    encode_preview,
    encode_thumbnail,
)
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.inspections import Inspections
from station.vision.preprocess import Preprocessor

_WARM_UP = 2
_READING, _INSPECTION, _ENCODING, _RECORDING = "reading", "inspection", "encoding", "recording"
_WORKERS = {
    "decode": _READING,
    "prepare": _INSPECTION,
    "infer": _INSPECTION,
    "judge": _INSPECTION,
    "thumbnail and preview": _ENCODING,
    "encode original": _ENCODING,
    "write": _RECORDING,
    "record": _RECORDING,
}
"""The stages in the order of a picture, and the worker of the line that each belongs to."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stages:
    """What the stages of one way take, each for itself.

    Attributes:
        ms: Median milliseconds of a stage.
        core_ms: Median milliseconds of all cores together.
    """

    ms: Mapping[str, float]
    core_ms: Mapping[str, float]

    def rate(self) -> tuple[float, str]:
        """Return how many pictures a second pass at most, and the stage that holds them.

        The slowest worker sets the rate, or the cores if all workers together need more than there are. Then the stage
        holds it that takes most of that worker, or most of the cores.
        """
        threads = {worker: picture_threads() if worker in (_READING, _ENCODING) else 1 for worker in _WORKERS.values()}
        busy = {
            worker: sum(ms for stage, ms in self.ms.items() if _WORKERS[stage] == worker) / count
            for worker, count in threads.items()
        }
        slowest, cores_ms = max(busy, key=busy.__getitem__), sum(self.core_ms.values()) / (os.cpu_count() or 1)
        if cores_ms > busy[slowest]:
            return 1e3 / cores_ms, max(self.core_ms, key=self.core_ms.__getitem__)
        of_it = {stage: ms for stage, ms in self.ms.items() if _WORKERS[stage] == slowest}
        return 1e3 / busy[slowest], max(of_it, key=of_it.__getitem__)

    def figures(self) -> dict[str, object]:
        """Return everything as `bench --json` writes it."""
        rate, held_by = self.rate()
        return {"ms": dict(self.ms), "core_ms": dict(self.core_ms), "pictures_per_s": rate, "held_by": held_by}

    def table(self, name: str) -> Iterator[str]:
        """Yield a line for each stage, and one on the rate."""
        yield f"{name:22} {'ms':>8} {'of a core':>10}  worker"
        for stage, ms in self.ms.items():
            yield f"  {stage:20} {ms:8.2f} {self.core_ms[stage]:10.2f}  {_WORKERS[stage]}"
        rate, held_by = self.rate()
        yield f"  at most {rate:.1f} pictures a second: {held_by} holds it"


class StageBench:
    """Takes pictures through the stages one by one, and writes into a folder that it removes at the end."""

    def __init__(self, recipe: Recipe, view: View, predictor: Predictor, workspace: Path) -> None:
        """Prepare.

        Args:
            recipe: Named by the run to which the parts belong.
            view: Judged, without region of interest, quality limits and form.
            predictor: Its model.
            workspace: The folder whose disk is written to.
        """
        self._recipe = recipe
        self._view = view
        self._predictor = predictor
        self._inspector = Inspector(view, predictor, recipe.product)
        self._preprocessor = Preprocessor(predictor.input_size)
        self._workspace = workspace

    def of_files(self, images: Sequence[Image], rounds: int) -> Stages:
        """Return the stages of JPEG files of these pictures, uint8, which are kept as they are."""
        return self._measured([_as_file(image) for image in images], rounds)

    def of_camera(self, images: Sequence[Image], rounds: int) -> Stages:
        """Return the stages of these pictures, uint8, as a camera delivers them: each original is encoded and kept."""
        return self._measured(list(images), rounds)

    def _measured(self, pictures: Sequence[Image | bytes], rounds: int) -> Stages:
        with tempfile.TemporaryDirectory(prefix=".bench-", dir=self._workspace) as folder:
            database = Database.open(Path(folder) / "station.db")
            inspections = Inspections(database, PictureStore(Path(folder) / "pictures"))
            run = inspections.begin_run(self._recipe, camera="", program_version="", started_at=utc_now())
            watch = _StopWatch()
            for number in tqdm(range(1, rounds + _WARM_UP + 1), "Stages", delay=1, disable=None, leave=False):
                if number == _WARM_UP + 1:
                    watch = _StopWatch()
                self._one(pictures[number % len(pictures)], PartKey(run.run_id, number), inspections, watch)
            database.close()
        return watch.medians()

    def _one(self, picture: Image | bytes, key: PartKey, inspections: Inspections, watch: "_StopWatch") -> None:
        if isinstance(picture, bytes):
            read = watch.time("decode", lambda: decode_picture(picture, "picture of the measurement"))
            frame = _frame(read.image, key.part, read.coding, read.file)
        else:
            frame = _frame(picture, key.part)
        self._judge(frame, watch)
        result = self._inspector.inspect(frame)
        files = _encode(result, watch)
        part = Inspection(key, utc_now(), (result.inspection,))
        watch.time("write", lambda: inspections.pictures.write_pictures(key, part.triggered_at, [("", files)]))
        watch.time("record", lambda: inspections.record_part(part, (), keep_picture=False))

    def _judge(self, frame: Frame, watch: "_StopWatch") -> None:
        prepared = watch.time("prepare", lambda: self._preprocessor.run(frame.image))
        prediction = watch.time("infer", lambda: self._predictor.predict(prepared.model_input))
        size = (frame.image.shape[0], frame.image.shape[1])
        watch.time("judge", lambda: decide(prediction, self._view.limits, prepared.roi, size))


class _StopWatch:
    """Times stages: on the clock, and of all cores."""

    def __init__(self) -> None:
        self._ms: dict[str, list[float]] = {}
        self._core_ms: dict[str, list[float]] = {}

    def time(self, stage: str, work: Callable[[], T]) -> T:
        """Do the work of a stage once, and return what it returns."""
        began, core_began = time.perf_counter(), time.process_time()
        done = work()
        self._ms.setdefault(stage, []).append((time.perf_counter() - began) * 1e3)
        self._core_ms.setdefault(stage, []).append((time.process_time() - core_began) * 1e3)
        return done

    def medians(self) -> Stages:
        """Return the median of each stage."""
        both = ({stage: percentile(each, 50) for stage, each in taken.items()} for taken in (self._ms, self._core_ms))
        return Stages(*both)


def _encode(result: ViewResult, watch: _StopWatch) -> dict[Role, bytes]:
    preview = level_within(result.levels, PREVIEW_SIDE_PX)
    assert preview is not None
    assert result.original is not None
    original = result.original

    def small() -> bytes:
        encode_preview(preview)
        return encode_thumbnail(result.levels[-1])

    files = {Role.THUMBNAIL: watch.time("thumbnail and preview", small)}
    file = result.file or watch.time("encode original", lambda: encode_original(original))
    files[Role.ORIGINAL] = file
    if result.anomaly_map is not None:
        files[Role.MAP] = encode_map(result.anomaly_map)
    return files


def _as_file(image: Image) -> bytes:
    return encode_preview(image)


def _frame(image: Image, number: int, coding: str = "", file: bytes = b"") -> Frame:
    frame = Frame(image, number, utc_now(), time.monotonic_ns(), f"picture {number}")
    return replace(frame, coding=coding, file=file)
