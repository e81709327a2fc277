"""The way of a frame of 5 MP through a whole line with the real window, database and picture writing, over `infer()`.

A camera in memory delivers a picture for each trigger; every original is written. The window is shown offscreen, and
the bare model of the same compilation takes its turn when the record of the last part is on the disk. The way ends when
a reader of the news has verdict, regions and overlay.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from figure import Figure, Setting, of_pairs
from prepared import PRODUCT, Taught, taught
from PySide6.QtCore import QEventLoop, QTimer

from station.app import Station
from station.cli.bench_camera import MemoryCamera
from station.cli.bench_line import SETTINGS, LineTiming, OnePart, TimedPredictor, subscribed, take_turns
from station.domain.clock import utc_now
from station.domain.frame import Frame
from station.domain.messages import LineState
from station.domain.recipe import RecipeState
from ui.shell.application import make_application
from ui.shell.main_window import MainWindow

NAME = "way of a frame through a whole line with its window"
MOST_RATIO, MOST_TAIL = 1.05, 1.3
_LEAST = 100  # of fewer, p99 is the slowest one
Work = Callable[[OnePart], None]
Drive = Callable[[Work], None]


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the median of both kinds over `infer()`, and how far their slow frames are from the median."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application, rounds = make_application(), max(_LEAST, setting.pairs(300))
    with taught(setting) as (_, one):
        timings = {kind: through_line(one, frames, rounds) for kind, frames in _kinds(one)}
    application.quit()
    return tuple(figure for kind, timing in timings.items() for figure in _figures(kind, timing))


def _kinds(one: Taught) -> Iterator[tuple[str, list[Frame]]]:
    yield from (("grey", one.grey), ("colour", one.colour))


def _figures(kind: str, timing: LineTiming) -> tuple[Figure, Figure]:
    figures, count = timing.figures(), len(timing.way_ms)
    stages = ", ".join(f"{stage} {ms:.2f}" for stage, ms in figures["stages_ms"].items())  # type: ignore[attr-defined]
    p50, p99, tail = (float(str(figures[name])) for name in ("way_ms_p50", "way_ms_p99", "way_p99_over_p50"))
    return (
        of_pairs(f"whole line, {kind}", timing.way_ms, timing.infer_ms, "ms", MOST_RATIO, f"median ms: {stages}"),
        Figure(f"whole line, {kind}, p99", p99, p50, "ms", tail, MOST_TAIL, count, "peer: p50"),
    )


def through_line(one: Taught, frames: Sequence[Frame], rounds: int) -> LineTiming:
    """Run the line with its window on these pictures."""
    taken: list[LineTiming] = []
    with started_line(one, frames, window=True) as drive:
        drive(lambda part: taken.append(take_turns(part, one.predictor, rounds)))
    return taken[0]


@contextmanager
def started_line(one: Taught, frames: Sequence[Frame], *, window: bool) -> Iterator[Drive]:
    """Start a line on these pictures, with its window or without; yield what gives its parts to some work."""
    camera, predictor = MemoryCamera([frame.image for frame in frames]), TimedPredictor(one.predictor)
    with (
        _station(one) as station,
        patch("station.pipeline.run_setup.open_source", lambda *_: camera),
        patch("station.pipeline.run_setup.RunSetup._predictor", lambda *_: predictor),
        subscribed(station.news) as reader,
    ):

        def work_on_parts(work: Work) -> None:
            part = OnePart(station._core.line.running(), station._core, camera, predictor, reader)
            part.wait_for(LineState.WAITING)
            work(part)

        with _window(station) if window else nullcontext(_at_once) as run:
            station.line.load_recipe(PRODUCT)
            station.line.start()
            yield lambda work: run(lambda: work_on_parts(work))
        station.line.stop()
        station.line.wait_stopped(30)


def _at_once(work: Callable[[], None]) -> None:
    work()


@contextmanager
def _station(one: Taught) -> Iterator[Station]:
    """A station in which the taught recipe is released for pictures of any size."""
    with (
        tempfile.TemporaryDirectory(prefix="lineside-line-") as folder,
        Station.open(Path(folder), SETTINGS) as station,
    ):
        shutil.copytree(one.package.folder, station.workspace.models / one.package.folder.name)
        released = replace(one.recipe, name=PRODUCT, revision=1, views=(one.view,))
        station._core.recipes.add_revision(released, RecipeState.RELEASED, utc_now())
        yield station


@contextmanager
def _window(station: Station):
    """Show the window; yield what does some work on another thread while the window lives."""
    window = MainWindow(station)
    window.resize(1920, 1080)
    window.show()

    def run(work) -> None:
        worker, loop, timer = threading.Thread(target=work), QEventLoop(), QTimer()
        timer.timeout.connect(lambda: None if worker.is_alive() else loop.quit())
        timer.start(50)
        worker.start()
        loop.exec()
        worker.join()

    yield run
    window.shut_down()
