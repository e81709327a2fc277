"""The runner of a workspace's queue, and the worker that executes one run of it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from station.domain.training import TrainingRun
from station.learning.progress import OnProgress
from station.learning.runs.queue import work_off
from station.storage.engine.database import Database
from station.storage.learning.training_runs import TrainingRuns
from station.storage.records.completeness import open_records
from station.workspace import Workspace


def run_queue(root: Path) -> None:
    """Execute every queued run of the workspace, one after the other; nothing if another runner does so.

    Raises:
        StationError: The workspace or its records cannot be used.
    """

    def command_of(run: TrainingRun) -> Sequence[str]:
        return sys.executable, "-m", "station.trainer", str(workspace.root), "--run", str(run.number)

    with _opened(root) as (workspace, database):
        work_off(workspace, TrainingRuns(database), command_of)


def run_one(root: Path, number: int) -> None:
    """Execute one run of the workspace that its runner has let begin.

    Raises:
        StationError: The workspace or its records cannot be used.
    """
    from station.learning.runs.worker import execute  # noqa: PLC0415 - loads OpenVINO

    with _opened(root) as (workspace, database):
        execute(workspace, database, number)


def run_evaluation(root: Path, label: str, view: str, version: str, on_progress: OnProgress) -> None:
    """Measure a view of a recipe on a dataset version, and keep the figures.

    Raises:
        StationError: The workspace or its records cannot be used, or the recipe cannot be measured so.
    """
    from station.learning.runs.evaluating import evaluate_named  # noqa: PLC0415 - loads OpenVINO

    with _opened(root) as (workspace, database):
        evaluate_named(workspace, database, label, view, version, on_progress)


@contextmanager
def _opened(root: Path) -> Iterator[tuple[Workspace, Database]]:
    workspace = Workspace.open(root)
    database = open_records(workspace)
    try:
        yield workspace, database
    finally:
        database.close()
