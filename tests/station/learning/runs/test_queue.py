"""The queue with workers that are real processes and teach nothing."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from station.domain.training import RunState, TrainingOrder, TrainingRun
from station.learning.runs.queue import work_off
from station.learning.runs.runner_lock import runner_lock
from station.learning.runs.traces import end_interrupted
from station.storage.engine.database import Database
from station.storage.learning.training_runs import Step, TrainingRuns
from station.workspace import Workspace

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
ORDER = TrainingOrder("tile", "", "v1")
_WAIT_S = 30
HANGING = """
import sys, pathlib
for folder in (f".teaching-{sys.argv[2]}xyz", sys.argv[2], f".{sys.argv[2]}.tmp"):
    (pathlib.Path(sys.argv[1]) / folder).mkdir()
print("begun", file=sys.stderr, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture
def runs(workspace: Workspace) -> Iterator[TrainingRuns]:
    database = Database.open(workspace.database)
    yield TrainingRuns(database)
    database.close()


def _worker(workspace: Workspace, script: str) -> Callable[[TrainingRun], list[str]]:
    return lambda run: [sys.executable, "-c", script, str(workspace.models), run.package]


def _in_models(workspace: Workspace) -> set[str]:
    return {path.name for path in workspace.models.iterdir()} - {".compiled"}


def _wait_for(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < _WAIT_S
        time.sleep(0.01)
    return time.monotonic() - began


def test_that_a_worker_that_dies_leaves_a_failed_run_and_nothing_else(workspace: Workspace, runs: TrainingRuns) -> None:
    runs.add(ORDER, "Ada", AT)
    work_off(workspace, runs, _worker(workspace, HANGING.replace("sys.stdin.read()", "sys.exit(9)")))
    run = runs.find(1)
    assert (run.state, run.sentence) == (
        RunState.FAILED,
        "The training ended by itself (exit code 9); its log says more.",
    )
    assert _in_models(workspace) == set()
    assert (workspace.logs / "training/0001.log").read_text() == "begun\n"


def test_that_all_queued_runs_are_executed_in_their_order(workspace: Workspace, runs: TrainingRuns) -> None:
    for _ in range(3):
        runs.add(ORDER, "Ada", AT)
    work_off(workspace, runs, _worker(workspace, "pass"))
    ended = [run.ended_at for run in reversed(runs.all())]
    assert [run.state for run in runs.all()] == [RunState.FAILED] * 3
    assert ended == sorted(ended)


def test_that_a_cancelled_run_ends_within_a_second_and_the_next_one_begins(
    workspace: Workspace, runs: TrainingRuns
) -> None:
    for _ in range(2):
        runs.add(ORDER, "Ada", AT)
    queue = threading.Thread(target=work_off, args=(workspace, runs, _worker(workspace, HANGING)))
    queue.start()
    for number in (1, 2):
        log = workspace.logs / f"training/{number:04}.log"
        _wait_for(lambda log=log: log.exists() and log.read_text() == "begun\n")
        worker = next(child for child in psutil.Process().children() if "stdin.read()" in " ".join(child.cmdline()))
        package = runs.find(number).package
        assert {package, f".{package}.tmp"} < _in_models(workspace)
        runs.change(number, Step(RunState.CANCELLED, AT, "Ada"))
        assert _wait_for(lambda worker=worker: not worker.is_running()) < 1.0
        _wait_for(lambda package=package: not any(package in name for name in _in_models(workspace)))
    queue.join()
    assert _in_models(workspace) == set()


def test_that_a_second_runner_ends_at_once(workspace: Workspace, runs: TrainingRuns) -> None:
    runs.add(ORDER, "Ada", AT)
    with runner_lock(workspace.root) as mine:
        assert mine
        work_off(workspace, runs, lambda _: pytest.fail("a run began beside another runner"))
    assert runs.find(1).state is RunState.QUEUED


def test_that_a_run_whose_runner_died_is_interrupted_and_its_files_are_removed(
    workspace: Workspace, runs: TrainingRuns
) -> None:
    runs.add(ORDER, "Ada", AT)
    runs.take_next(AT, lambda _: "tile-run1")
    other = workspace.models / "tile-run11"
    for folder in ("tile-run1", ".tile-run1.tmp", ".teaching-tile-run1abc"):
        (workspace.models / folder).mkdir()
    other.mkdir()
    assert [run.number for run in end_interrupted(workspace, runs)] == [1]
    assert runs.find(1).state is RunState.INTERRUPTED
    assert _in_models(workspace) == {"tile-run11"}


def test_that_the_package_of_a_done_run_is_never_removed(workspace: Workspace, runs: TrainingRuns) -> None:
    runs.add(ORDER, "Ada", AT)
    runs.take_next(AT, lambda _: "tile-run1")
    (workspace.models / "tile-run1").mkdir()
    runs.change(1, Step(RunState.DONE, AT, package="tile-run1", revision=1))
    assert end_interrupted(workspace, runs) == ()
    assert _in_models(workspace) == {"tile-run1"}
