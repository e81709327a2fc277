"""A run that compares methods: the real thing once, and how it ends."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from compared import REASON, comparison
from drawn_discs import draw_disc, write

from station.domain.errors import FaultError
from station.domain.inspected_place import WHOLE_PICTURE
from station.domain.training import RunState, TrainingOrder, TrainingRun
from station.learning.datasets import import_folder
from station.learning.runs import worker
from station.learning.runs.comparing_methods import compare_methods
from station.learning.runs.kept_comparisons import kept_comparison
from station.learning.runs.run_files import NewsWriter, RunFiles
from station.storage.engine.database import Database
from station.storage.learning.training_runs import Step, TrainingRuns
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture
def database(workspace: Workspace) -> Iterator[Database]:
    database = Database.open(workspace.database)
    yield database
    database.close()


@pytest.fixture
def running(database: Database) -> TrainingRun:
    runs = TrainingRuns(database)
    runs.add(TrainingOrder("disc", "", "v1", "balanced,fast"), "Ada", AT)
    run = runs.take_next(AT, lambda _: "disc-run1")
    assert run is not None
    return run


@pytest.mark.slow
def test_that_methods_are_taught_beside_the_station_and_nothing_but_their_table_is_left(
    workspace: Workspace, tmp_path: Path
) -> None:
    for number in range(8):
        write(tmp_path / f"set/train/good/{number:02}.png", draw_disc(number))
    for number in range(3):
        write(tmp_path / f"set/test/good/{number:02}.png", draw_disc(100 + number))
        write(tmp_path / f"set/test/spot/{number:02}.png", draw_disc(200 + number, (60 + 3 * number, 40)))
    version = import_folder(tmp_path / "set", "disc", workspace.datasets).version
    order = TrainingOrder("disc", "", version, "fast,balanced")
    run = TrainingRun(1, order, "Ada", AT, RunState.RUNNING, package="disc-run1")
    files = RunFiles.of(workspace.logs, 1)
    found = compare_methods(workspace, run, files, NewsWriter(files), WHOLE_PICTURE)
    assert [method.name for method in found.methods] == ["fast", "balanced"]
    assert all(min(method.judge_ms, method.teach_s, method.size_bytes) > 0 for method in found.methods)
    assert all(method.escapes.n == method.overkill.n == 3 for method in found.methods)
    assert found.recommended in order.methods
    assert {path.name for path in workspace.models.iterdir()} <= {".compiled"}
    stages = [each.stage for each in files.progress().stages]
    assert stages[0].startswith("fast: ")
    assert stages[-1] == "Timing a judgement of each"


def test_that_a_done_comparison_has_its_table_and_its_reason_and_no_draft(
    workspace: Workspace, database: Database, running: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "compare_methods", lambda *_: comparison())
    worker.execute(workspace, database, running.number)
    run = TrainingRuns(database).find(running.number)
    assert (run.state, run.sentence, run.revision) == (RunState.DONE, REASON, None)
    assert kept_comparison(RunFiles.of(workspace.logs, run.number)) == comparison()
    assert Recipes(database).entries() == ()


def test_that_a_comparison_that_fails_or_was_cancelled_is_not_done(
    workspace: Workspace, database: Database, running: TrainingRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = TrainingRuns(database)

    def cancelled(*_: object) -> object:
        runs.change(running.number, Step(RunState.CANCELLED, AT, "Ada"))
        return comparison()

    monkeypatch.setattr(worker, "compare_methods", cancelled)
    worker.execute(workspace, database, running.number)
    assert runs.find(running.number).state is RunState.CANCELLED

    def failed(*_: object) -> object:
        raise FaultError("No method could be taught.")

    number = runs.add(running.order, "Ada", AT).number
    runs.take_next(AT, lambda _: "disc-run2")
    monkeypatch.setattr(worker, "compare_methods", failed)
    worker.execute(workspace, database, number)
    assert runs.find(number).state is RunState.FAILED
    assert "No method could be taught." in runs.find(number).sentence
