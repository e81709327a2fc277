"""Work off the queue of a workspace: one run after the other, each in a process of its own.

    window --starts, detached--> runner (holds the lock) --starts--> worker (teaches) --starts--> lineside-train

Each process ends with the one above it, but the runner does not end with the window. The worker has a session of its
own with the least share of the processor; the runner only waits, and is quick to end it.

The database says what each run is; whoever changes it first has decided: cancelled or done, never both.
"""

import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from station.domain.clock import utc_now
from station.domain.training import RunState, TrainingRun, next_of
from station.learning.package_names import package_name
from station.learning.runs.ending import end_session
from station.learning.runs.run_files import RunFiles
from station.learning.runs.runner_lock import runner_lock
from station.learning.runs.traces import end_interrupted, remove_traces
from station.storage.learning.training_runs import RunOverError, Step, TrainingRuns
from station.workspace import Workspace, write_atomically

_LOOK_EVERY_S = 0.05
"""A cancelled run ends within this time, and what it takes to remove its files."""

CommandOf = Callable[[TrainingRun], Sequence[str]]
"""Returns the command of the worker of a run; the worker ends when its stdin closes."""


def work_off(workspace: Workspace, runs: TrainingRuns, command_of: CommandOf) -> None:
    """Execute everything that is queued; return when nothing waits, or at once if another runner does so.

    Raises:
        StationError: The records cannot be read or written.
        OSError: The disk cannot lock a file.
    """
    while next_of(runs.all()) is not None:  # again after the lock is free: who queued meanwhile saw it held
        with runner_lock(workspace.root) as mine:
            if not mine:
                return
            end_interrupted(workspace, runs)
            while (run := runs.take_next(utc_now(), _package_of)) is not None:
                _execute(workspace, runs, run, command_of(run))


def _package_of(run: TrainingRun) -> str:
    return package_name(run.order.product, run.order.view, f"run{run.number}")


def _execute(workspace: Workspace, runs: TrainingRuns, run: TrainingRun, command: Sequence[str]) -> None:
    files = RunFiles.of(workspace.logs, run.number)
    with files.log.open("a", encoding="utf-8") as log:
        worker = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True
        )
        write_atomically(files.worker, str(worker.pid).encode())
        try:
            while worker.poll() is None and runs.find(run.number).state is RunState.RUNNING:
                time.sleep(_LOOK_EVERY_S)
            if runs.find(run.number).state is RunState.DONE:
                worker.wait()  # it says so in its log
        finally:
            end_session(worker.pid)
            worker.kill()
            worker.communicate()
            files.worker.unlink(missing_ok=True)
    _end(workspace, runs, run, worker.returncode)


def _end(workspace: Workspace, runs: TrainingRuns, run: TrainingRun, exit_code: int) -> None:
    """See to it that the run is over, and that nothing of it is left if it is not done."""
    with suppress(RunOverError):
        sentence = f"The training ended by itself (exit code {exit_code}); its log says more."
        runs.change(run.number, Step(RunState.FAILED, utc_now(), sentence=sentence))
    remove_traces(workspace, runs.find(run.number))
