"""The live view at 5 MP and 60 frames a second with heat map: is each frame shown in time, and what does it cost?

The real window, drawn without a screen, is given judged parts of the taught recipe at 60 a second, as the line gives
them: the picture with its map, the verdict, the record. Measured are the time between two frames on the screen, the
core time of the window's thread for each, and how long a FAIL takes from its verdict to the screen and to its sound.
Then, beside the same parts, a model is compiled, a report is written, a camera is lost and returns, and a model is
taught: a watchdog notes the longest time in which the window's thread did not come round, less the time in which other
programs had its core, and names what Python did meanwhile.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from figure import Figure, Setting
from prepared import Taught, pictures_of, taught

from station.app import Station
from station.concurrency.started import Started
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.frame import Frame
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import CameraLost, CameraReturned, LineState, LineStateChanged, PartJudged, PartRecorded
from station.domain.part_images import PartResult, ViewResult
from station.domain.shift_file import ShiftFile
from station.domain.training import TrainingOrder
from station.domain.verdict import Verdict
from station.inference.openvino_predictor import OpenVinoPredictor
from station.judgement.inspector import Inspector
from station.learning.datasets import import_folder
from station.learning.runs import starting
from station.loading import loading
from station.pipeline.recording import _jpegs_of
from station.storage.engine.database import Database
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.inspections import Inspections

if TYPE_CHECKING:
    from window_watch import Painted

NAME = "live view at 5 MP and 60 frames a second"
RATE_HZ = 60.0
PERIOD_MS = 1e3 / RATE_HZ
MOST_INTERVAL, MOST_GUI_MS, MOST_SOUND_MS, LONGEST_BLOCK_MS = 1.5, 2.0, 100.0, 50.0
LOOKS = ("fit", "1:1", "4:1")
FAIL_EVERY = 20
TEACHING_S = 30.0
_WARM_UP = 60
_SIZE = (1920, 1080)
_ZOOM = 4.0


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return interval, core time and the way of a FAIL for the whole picture, at full size and enlarged; and blocks."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with loading():  # as the program does: else the collector looks through 130,000 objects in the window's thread
        from window_watch import painted, stay  # noqa: PLC0415 - Qt asks for its platform when it is loaded

        from ui.shell.application import make_application  # noqa: PLC0415
        from ui.shell.main_window import MainWindow  # noqa: PLC0415

    application = make_application()
    frames = max(300, setting.pairs(900))
    with taught(setting) as (station, one), painted() as seen, sounds() as heard:
        window = MainWindow(station)
        window.resize(*_SIZE)
        window.show()
        run_id = _run_of(station, one)
        figures: list[Figure] = []
        for kind, pictures in (("grey", one.grey), ("colour", one.colour)):
            with fed(station, run_id, _parts(one, pictures)) as feeder:
                for look in LOOKS:
                    _look(window, look)
                    figures += _of_look(f"live view, {kind}, {look}", feeder, frames, seen, heard)
                if kind == "colour":
                    figures += _blocks(station, one, pictures_of(setting) / "train" / "good")
        window.shut_down()
        stay(1.0)
        window.close()
    application.quit()
    return tuple(figures)


def _look(window: Any, look: str) -> None:
    canvas = window.page_of("line").pictures.tiles[0].canvas
    canvas.fit()
    if look != "fit":
        canvas.show_full_size()
    if look == "4:1":
        canvas._look(canvas.view.zoomed(_ZOOM, canvas.rect().center().toPointF(), canvas._size, canvas._area()))


def _of_look(name: str, feeder: "Feeder", frames: int, seen: "Painted", heard: list[float]) -> Iterator[Figure]:
    from window_watch import stay_until  # noqa: PLC0415 - as above

    first = feeder.sent
    stay_until(lambda: feeder.sent > first + _WARM_UP)
    seen.forget()
    heard.clear()
    feeder.fails.clear()
    began_s, first = time.thread_time(), feeder.sent
    stay_until(lambda: feeder.sent >= first + frames)
    gui_ms = 1e3 * (time.thread_time() - began_s) / (feeder.sent - first)
    intervals, fails = seen.intervals_ms(), list(feeder.fails.values())[1:-1]
    p99, word, sound = _p99(intervals), _p99(list(_after_ms(fails, seen.fails))), _p99(list(_after_ms(fails, heard)))
    note = f"{len(seen.frames)} of {feeder.sent - first} frames were shown"
    yield Figure(
        f"{name}, frame to frame, p99", p99, PERIOD_MS, "ms", p99 / PERIOD_MS, MOST_INTERVAL, len(intervals), note
    )
    yield Figure(f"{name}, window's thread a frame", gui_ms, None, "ms", None, MOST_GUI_MS, len(intervals))
    yield Figure(f"{name}, FAIL to its word, p99", word, PERIOD_MS, "ms", word / PERIOD_MS, 1.0, len(fails))
    yield Figure(f"{name}, FAIL to its sound, p99", sound, None, "ms", None, MOST_SOUND_MS, len(fails))


def _p99(values: Sequence[float]) -> float:
    return float(np.percentile(values, 99, method="higher")) if len(values) else float("inf")


def _after_ms(events: Sequence[float], answers: Sequence[float]) -> Iterator[float]:
    """Yield the time from each event to the first answer after it."""
    for event in events:
        yield min((1e3 * (answer - event) for answer in answers if answer >= event), default=float("inf"))


def _blocks(station: Station, one: Taught, good: Path) -> Iterator[Figure]:
    """Yield the longest time in which the window did not come round, beside each kind of work."""
    for name, work in (
        ("a model is compiled", lambda: _compile(one)),
        ("a report is written", lambda: _report(station)),
        ("a camera is lost and returns", lambda: _lose(station)),
        (f"a model is taught beside, its first {TEACHING_S:.0f} s", lambda: _teach(station, good)),
    ):
        yield _block(name, work)


def _block(name: str, work: Callable[[], object]) -> Figure:
    from window_watch import Watchdog, stay, stay_until  # noqa: PLC0415 - as above

    with Watchdog() as dog:
        started = Started("benchmark", work)
        stay_until(lambda: not started._thread.is_alive(), within_s=300.0)
        stay(0.3)
    started.result()
    worst, did = dog.worst, " < ".join(reversed(dog.worst.stack[-3:])) or "no Python"
    note = f"{worst.ms:.0f} ms with the wait for a core, {worst.used_ms:.0f} of its own work; {did}"
    return Figure(f"longest block while {name}", worst.own_ms, None, "ms", None, LONGEST_BLOCK_MS, 1, note)


def _compile(one: Taught) -> None:
    with TemporaryDirectory() as folder:
        OpenVinoPredictor(one.package, one.view.inference, Path(folder)).close()


def _report(station: Station) -> None:
    station.records.write_beside(ShiftFile.PDF, station.records.shift_of(utc_now()))


def _teach(station: Station, good: Path) -> None:
    """Queue a teaching as the window does, and cancel it after a while."""
    version = import_folder(good, "beside", station.workspace.datasets).version
    number = station.training.enqueue(TrainingOrder("beside", "", version), "benchmark").number
    time.sleep(TEACHING_S)
    with suppress(BadInputError):  # it may be over already
        station.training.cancel(number)
    starting._started[-1].wait()


def _lose(station: Station) -> None:
    station.news.publish(CameraLost("camera", utc_now(), "gone", ""))
    time.sleep(0.5)
    station.news.publish(CameraReturned("camera", utc_now(), 0.5, ""))
    time.sleep(0.2)


@contextmanager
def sounds() -> Iterator[list[float]]:
    """Note when a sound has been given to the system."""
    from ui.theme.sound import Sound, Sounds  # noqa: PLC0415 - as above

    heard: list[float] = []
    play = Sounds.play

    def note(self: Sounds, sound: Sound) -> None:
        play(self, sound)
        heard.append(time.perf_counter())

    with patch.object(Sounds, "play", note):
        yield heard


@contextmanager
def fed(station: Station, run_id: int, parts: Sequence[PartResult]) -> Iterator["Feeder"]:
    """Give these parts to the window again and again within this block."""
    feeder = Feeder(station, run_id, parts)
    feeder.start()
    yield feeder
    feeder.end()


class Feeder:
    """Gives judged parts to the window as the line does, on a thread of its own.

    Attributes:
        sent: Parts until now.
        fails: When the verdict FAIL was published, by the part's number.
    """

    def __init__(self, station: Station, run_id: int, parts: Sequence[PartResult]) -> None:
        self.sent = 0
        self._first = int(1e6 * (time.monotonic() % 1e3))  # numbers of parts that no feeder has used
        self.fails: dict[int, float] = {}
        self._station, self._run_id = station, run_id
        self._parts = [(part, _jpegs_of(part.views[0])) for part in parts]
        self._recent = station.line._line._context.recent
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._feed, name="feeder", daemon=True)

    def start(self) -> None:
        """Start."""
        self._station.news.publish(LineStateChanged(LineState.STARTING))
        self._station.news.publish(LineStateChanged(LineState.INSPECTING))
        self._thread.start()

    def end(self) -> None:
        """Stop, and wait for it."""
        self._over.set()
        self._thread.join()

    def _feed(self) -> None:
        due_s, news = time.perf_counter(), self._station.news
        while not self._over.is_set():
            number = self._first + self.sent + 1
            fails = number % FAIL_EVERY == 0
            part, jpegs = self._parts[number % len(self._parts)]
            part = _as_part(part, PartKey(self._run_id, number), fails)
            if fails:
                self.fails[number] = time.perf_counter()
            self._station.line.live.put(part)
            self._recent.put(part)
            self._recent.compress(part.inspection.key, [jpegs])
            news.publish(PartJudged(part.inspection))
            self.sent += 1
            if self.sent > 2:
                news.publish(PartRecorded(PartKey(self._run_id, number - 2)))
            due_s += 1 / RATE_HZ
            time.sleep(max(0.0, due_s - time.perf_counter()))


def _parts(one: Taught, frames: Sequence[Frame]) -> list[PartResult]:
    """Judge some frames as the line does."""
    inspector = Inspector(one.view, one.predictor, one.recipe.product)
    made = []
    for number, frame in enumerate(frames, 1):
        result = inspector.inspect(frame)
        inspection = Inspection(PartKey(1, number), utc_now(), (result.inspection,))
        made.append(PartResult(inspection, (result.without_original(),)))
    return made


def _as_part(part: PartResult, key: PartKey, fails: bool) -> PartResult:
    (view,) = part.views
    verdict = Verdict.FAIL if fails else Verdict.PASS
    inspection = replace(view.inspection, verdict=verdict, frame_id=key.part, name="")
    result: ViewResult = replace(view, inspection=inspection, received_ns=time.monotonic_ns())
    return PartResult(Inspection(key, utc_now(), (inspection,)), (result,))


def _run_of(station: Station, one: Taught) -> int:
    """Return the number of a run that the counters count."""
    with_database = Database.open(station.workspace.database)
    inspections = Inspections(with_database, PictureStore(station.workspace.pictures))
    run = inspections.begin_run(one.recipe, camera="", program_version="", started_at=utc_now())
    with_database.close()
    return run.run_id
