"""What a run that is not done has left behind is removed: no half model is offered, and no picture is kept twice."""

import shutil
from contextlib import suppress

from station.domain.clock import utc_now
from station.domain.training import RunState, TrainingRun
from station.storage.learning.training_runs import RunOverError, Step, TrainingRuns
from station.workspace import Workspace

_INTERRUPTED = "The training program was ended before the run was done."


def end_interrupted(workspace: Workspace, runs: TrainingRuns) -> tuple[TrainingRun, ...]:
    """Name every run whose runner is dead, and remove what such runs left behind. Hold the runner's lock meanwhile.

    Returns:
        The runs that were interrupted.
    """
    dead = []
    for run in runs.all():
        if run.state is RunState.RUNNING:
            with suppress(RunOverError):  # cancelled in this moment
                dead.append(runs.change(run.number, Step(RunState.INTERRUPTED, utc_now(), sentence=_INTERRUPTED)))
    for run in runs.all():
        remove_traces(workspace, run)
    return tuple(dead)


def remove_traces(workspace: Workspace, run: TrainingRun) -> None:
    """Remove the files of a run that is over and not done. Its log stays; what is not there is no fault."""
    if not run.package or not run.state.ended or run.state is RunState.DONE:
        return
    for folder in (workspace.models / run.package, workspace.models / f".{run.package}.tmp"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in workspace.models.iterdir():
        if folder.name.startswith(f".teaching-{run.package}"):
            shutil.rmtree(folder, ignore_errors=True)
