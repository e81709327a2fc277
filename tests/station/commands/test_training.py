"""Training runs as the window asks for them: real processes, real models."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from waiting import until

from station.app import Station
from station.domain.errors import BadInputError, StationError
from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from station.domain.training import RunProgress, RunState, TrainingOrder, TrainingRun
from station.inference.model_package import find_package
from station.learning.datasets import import_folder
from station.learning.presets import method_named
from station.learning.runs import starting

_WAIT_S = 300
_KILLS = 10
_QUEUE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from station.app import Station
from station.domain.training import TrainingOrder
root, product, version, method = sys.argv[1:]
with Station.open(Path(root)) as station:
    station.training.enqueue(TrainingOrder(product, "", version, method), "Ada")
    os.kill(os.getpid(), signal.SIGKILL)
"""
_LEARNING = [
    ("fast", "Looking at good parts"),
    ("fast,balanced", "fast: Looking at good parts"),
    ("padim", "Leaving good parts out"),
    ("autoencoder", "Training"),
]
"""A method of each kind, and the stage in which it learns: the station's own, some compared, a bank of anomalib, and
gradients."""
Draw = Callable[..., NDArray[np.uint8]]


@pytest.fixture
def folder(tmp_path: Path, draw_part: Draw) -> Path:
    """Eight good plates to learn from, two good and three defective ones to measure with."""
    kinds = [("train/good", 8, False), ("test/good", 2, False), ("test/mark", 3, True)]
    for kind, count, defective in kinds:
        place = tmp_path / "labelled" / kind
        place.mkdir(parents=True)
        for number in range(count):
            part = draw_part(100 * len(kind) + number, defective=defective, size=(96, 128))
            cv2.imwrite(str(place / f"{number}.png"), part)
    return tmp_path / "labelled"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Station]:
    """A new station; what it has started ends with its test."""
    with Station.open(tmp_path / "new") as station:
        yield station
        for run in station.training.runs():
            if not run.state.ended:
                station.training.cancel(run.number)
    for runner in starting._started:
        runner.wait(_WAIT_S)


@pytest.fixture
def order(empty: Station, folder: Path) -> TrainingOrder:
    return TrainingOrder("disc", "", import_folder(folder, "disc", empty.workspace.datasets).version, "fast")


def _ended(station: Station, number: int) -> TrainingRun:
    """Wait as long as the run goes on: it has the least share of the processor, and little of one that is busy."""
    seen, deadline = RunProgress(), time.monotonic() + _WAIT_S
    while not (run := station.training.run(number)).state.ended:
        now = station.training.progress_of(number)
        seen, deadline = now, deadline if now == seen else time.monotonic() + _WAIT_S
        assert time.monotonic() < deadline, (run, seen)
        station.training.resume()  # as a window does
        time.sleep(0.2)
    return run


def test_that_a_runner_that_is_slow_to_begin_is_not_started_again(
    empty: Station, order: TrainingOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, begin = [], starting._detached
    monkeypatch.setattr(starting, "_detached", lambda *asked: begun.append(asked) or begin(*asked))
    number = empty.training.enqueue(order, "Ada").number
    for _ in range(5):
        empty.training.resume()
    assert len(begun) == 1
    empty.training.cancel(number, "Ada")


def _processes(station: Station) -> list[psutil.Process]:
    """The runner and the worker of this workspace, and what the worker has started."""
    root = str(station.workspace.root)
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if root in (process.info["cmdline"] or ()) and "station.trainer" in process.info["cmdline"]:
            found.append(process)
    return found


def _alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _models(station: Station) -> set[str]:
    return {path.name for path in station.workspace.models.iterdir()} - {".compiled"}


def test_that_a_version_says_what_it_holds(empty: Station, order: TrainingOrder) -> None:
    version = empty.training.versions("disc")[0]
    assert version.version == order.dataset_version
    assert version.words == "8 good to learn, 2 to measure, 3 defects of 1 kind"
    assert {offer.name for offer in empty.training.methods(version) if offer.available} >= {"balanced", "fast"}


def test_that_too_few_good_parts_are_said_before_anything_is_queued(empty: Station, folder: Path) -> None:
    for picture in sorted((folder / "train/good").iterdir())[4:]:
        picture.unlink()
    version = import_folder(folder, "disc", empty.workspace.datasets).version
    with pytest.raises(BadInputError, match="4 pictures of good parts; 5 are needed"):
        empty.training.enqueue(TrainingOrder("disc", "", version))
    assert empty.training.runs() == ()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"dataset_version": "none"}, "no dataset version 'none' of disc"),
        ({"method": "best"}, "no method 'best'"),
        ({"product": "../disc"}, "cannot be the name of a product"),
        ({"view": "a/b"}, "cannot be the name of a view"),
    ],
)
def test_that_an_order_that_cannot_be_taught_is_refused(
    empty: Station, order: TrainingOrder, change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadInputError, match=sentence):
        empty.training.enqueue(TrainingOrder(**{name: getattr(order, name) for name in order.__slots__} | change))


@pytest.mark.slow
def test_that_a_run_outlives_the_killed_program_that_queued_it_and_leaves_a_draft(
    empty: Station, order: TrainingOrder, tmp_path: Path
) -> None:
    night = Recipe("disc-night", 1, "disc", (View(ModelReference("none", "0" * 64)),))
    empty.recipes.add(night)
    words = (str(tmp_path / "new"), order.product, order.dataset_version, order.method)
    window = subprocess.run([sys.executable, "-c", _QUEUE_AND_DIE, *words], check=False)
    assert window.returncode == -signal.SIGKILL
    number = empty.training.runs()[0].number
    run = _ended(empty, number)
    assert (run.state, run.sentence, run.revision) == (RunState.DONE, "", 2)
    entry = empty.recipes.find("disc-night", 2)
    assert entry.recipe.product == "disc"
    assert (entry.state, entry.recipe.author) == (RecipeState.DRAFT, "Ada")
    assert find_package(empty.workspace.models, entry.recipe.views[0].model).folder.name == run.package
    assert _models(empty) == {run.package}
    stages = [stage.stage for stage in empty.training.progress_of(number).stages]
    assert stages[-1] == "Evaluating"
    until(lambda: "disc-night@2 is a draft" in empty.training.log_lines(number)[-1])  # after the record


@pytest.mark.slow
@pytest.mark.parametrize(("method", "stage"), _LEARNING)
def test_that_a_cancelled_run_ends_within_a_second_and_leaves_nothing(
    empty: Station, order: TrainingOrder, method: str, stage: str
) -> None:
    _require_packages(method)
    number = empty.training.enqueue(replace(order, method=method), "Ada").number
    worker, *trainer = _learns(empty, number, stage)
    before = _processes(empty)
    began = time.monotonic()
    empty.training.cancel(number, "Ada")
    while any(map(_alive, (worker, *trainer))):
        assert time.monotonic() - began < 1.0
        time.sleep(0.01)
    assert _ended(empty, number).sentence == "Cancelled by Ada."
    psutil.wait_procs(before, 10)
    assert _models(empty) == set()
    assert empty.recipes.entries() == ()


@pytest.mark.slow
@pytest.mark.parametrize(("method", "stage"), _LEARNING[2:])
def test_that_a_run_whose_station_is_killed_while_it_learns_is_interrupted_and_leaves_nothing(
    empty: Station, order: TrainingOrder, method: str, stage: str
) -> None:
    _require_packages(method)
    number = empty.training.enqueue(replace(order, method=method), "Ada").number
    learning = _learns(empty, number, stage)
    runner = next(process for process in _processes(empty) if "--queue" in process.cmdline())
    runner.kill()
    deadline = time.monotonic() + _WAIT_S
    while any(map(_alive, (runner, *learning))):
        assert time.monotonic() < deadline, "worker and trainer end with their runner"
        time.sleep(0.01)
    assert [run.number for run in empty.training.take_stock()] == [number]
    assert empty.training.run(number).state is RunState.INTERRUPTED
    assert _models(empty) == set()


def _learns(station: Station, number: int, stage: str) -> list[psutil.Process]:
    """Wait until a run is in this stage; return its worker, and the process that learns."""
    seen, deadline = RunProgress(), time.monotonic() + _WAIT_S
    while stage not in {each.stage for each in seen.stages}:
        now, run = station.training.progress_of(number), station.training.run(number)
        assert not run.state.ended, (run, station.training.log_lines(number))
        assert time.monotonic() < deadline, (run, seen)
        seen, deadline = now, deadline if now == seen else time.monotonic() + _WAIT_S
        time.sleep(0.02)
    worker = next(process for process in _processes(station) if "--run" in process.cmdline())
    learning = worker.children()
    assert len(learning) == 1
    return [worker, *learning]


def _require_packages(method: str) -> None:
    for package in method_named(method.partition(",")[0]).packages:
        if find_spec(package) is None:
            pytest.skip(f"{method} needs the training extra")


@pytest.mark.parametrize("beside", [{"with_defects": True}, {"whole_part": True}])
def test_that_methods_are_compared_from_good_parts_alone(
    empty: Station, order: TrainingOrder, beside: dict[str, bool]
) -> None:
    with pytest.raises(BadInputError, match="compared as they learn from good parts alone"):
        empty.training.enqueue(replace(order, method="fast,balanced", **beside), "Ada")
    with pytest.raises(BadInputError, match="There is no method 'magic'"):
        empty.training.enqueue(replace(order, method="fast,magic"), "Ada")
    assert empty.training.runs() == ()


@pytest.mark.slow
def test_that_no_moment_of_kill_9_leaves_half_a_model_or_loses_a_run(empty: Station, order: TrainingOrder) -> None:
    """Runner, worker or trainer is killed at a random moment; a run that lives on is cancelled after a while."""
    chance = random.Random(1)
    states = []
    for _ in range(_KILLS):
        number = empty.training.enqueue(order, "Ada").number
        time.sleep(chance.uniform(0.3, 4.0))
        with suppress(psutil.NoSuchProcess, IndexError):  # it has ended in this moment, or none has begun
            chance.choice(_with_children(_processes(empty))).kill()
        _live_on(empty, number)
        run = empty.training.run(number)
        _require_whole(empty, run)
        states.append(run.state)
    assert len(empty.training.runs()) == _KILLS
    assert {RunState.INTERRUPTED, RunState.FAILED} & set(states), "no kill has hit a run"


def _with_children(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [each for process in processes for each in (process, *process.children(recursive=True))]


def _live_on(station: Station, number: int) -> None:
    """Give the station some seconds to find out what was killed, as an open window does; then cancel the run."""
    deadline = time.monotonic() + 3.0
    while time.monotonic() < deadline and not station.training.run(number).state.ended:
        station.training.resume()
        time.sleep(0.2)
    with suppress(BadInputError):  # it is over by now
        station.training.cancel(number, "Ada")


def _require_whole(station: Station, run: TrainingRun) -> None:
    """A run is done with a sound model, or is over with a sentence and without any file."""
    if run.state is RunState.DONE:
        view = station.recipes.find("disc", run.revision).recipe.views[0]
        assert find_package(station.workspace.models, view.model).folder.name == run.package
    else:
        assert run.sentence
        psutil.wait_procs(_processes(station), 30)
        station.training.take_stock()
        assert not any(run.package and run.package in name for name in _models(station))
    known = {entry.recipe.views[0].model.name for entry in station.recipes.entries()}
    assert _models(station) == known


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="the kernel groups no sessions")
@pytest.mark.slow
def test_that_the_runner_lets_every_other_session_go_first(empty: Station, order: TrainingOrder) -> None:
    number = empty.training.enqueue(order, "Ada").number
    deadline = time.monotonic() + _WAIT_S
    while not (workers := [each for each in _processes(empty) if "--run" in each.cmdline()]):
        assert time.monotonic() < deadline, empty.training.run(number)
        time.sleep(0.02)
    worker = workers[0]
    group = Path(f"/proc/{worker.pid}/autogroup")
    while not group.read_text().endswith("nice 19\n"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert worker.nice() >= 10
    assert os.getsid(worker.pid) != os.getsid(0)
    empty.training.cancel(number)


@pytest.mark.slow
def test_that_only_a_run_that_is_over_can_be_queued_again(empty: Station, order: TrainingOrder) -> None:
    number = empty.training.enqueue(order, "Ada").number
    with pytest.raises(StationError, match=f"run {number} is (queued|running)"):
        empty.training.again(number)
    empty.training.cancel(number)
    again = empty.training.again(number)
    assert (again.number, again.order) == (number + 1, replace(order, recipe="disc"))
