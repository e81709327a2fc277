"""Training runs: rows are only added, and a run ends once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.domain.errors import BadInputError
from station.domain.recipe import ModelReference, Recipe, RecipeState, View
from station.domain.training import RunState, TrainingOrder, TrainingRun
from station.storage.engine.database import Database
from station.storage.learning.evaluations import Evaluations, KeptEvaluation
from station.storage.learning.training_runs import RevisionTakenError, RunOverError, Step, TrainingRuns
from station.storage.recipes.recipes import Recipes

AT = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
ORDER = TrainingOrder("tile", "", "v1", "fast", with_defects=True, limit_from="labels")
DRAFT = Recipe("tile", 1, "tile", (View(ModelReference("tile-run1", "a" * 64), dataset_version="v1"),), "Ada", "run 1")
FIGURES = KeptEvaluation("tile", 1, "", "v1", AT, "{}")


@pytest.fixture
def database(tmp_path: Path):
    opened = Database.open(tmp_path / "station.db")
    yield opened
    opened.close()


@pytest.fixture
def runs(database: Database) -> TrainingRuns:
    return TrainingRuns(database)


def _take(runs: TrainingRuns) -> TrainingRun | None:
    return runs.take_next(AT + timedelta(seconds=1), lambda run: f"{run.order.product}-run{run.number}")


def test_that_a_queued_run_is_read_back_as_it_was_ordered(runs: TrainingRuns) -> None:
    run = runs.add(ORDER, "Ada", AT)
    assert runs.find(run.number) == run == TrainingRun(1, ORDER, "Ada", AT, RunState.QUEUED)


def test_that_runs_are_taken_in_the_order_they_were_queued(runs: TrainingRuns) -> None:
    for _ in range(3):
        runs.add(ORDER, "Ada", AT)
    taken = [run for run in (_take(runs), _take(runs), _take(runs), _take(runs)) if run is not None]
    assert [(run.number, run.state, run.package) for run in taken] == [
        (number, RunState.RUNNING, f"tile-run{number}") for number in (1, 2, 3)
    ]


def test_that_a_done_run_names_its_draft_and_keeps_its_figures(runs: TrainingRuns, database: Database) -> None:
    runs.add(ORDER, "Ada", AT)
    _take(runs)
    entry = runs.complete(1, DRAFT, FIGURES, AT + timedelta(seconds=9))
    run = runs.find(1)
    assert (run.state, run.revision, run.package, run.duration_s) == (RunState.DONE, 1, "tile-run1", 8.0)
    assert Recipes(database).entries() == (entry,)
    assert Evaluations(database).newest("tile", 1, "", "v1") == FIGURES
    assert Evaluations(database).versions_of("tile", 1, "") == ("v1",)


def test_that_a_cancelled_run_leaves_no_draft(runs: TrainingRuns, database: Database) -> None:
    runs.add(ORDER, "Ada", AT)
    _take(runs)
    runs.change(1, Step(RunState.CANCELLED, AT, "Ada"))
    with pytest.raises(RunOverError, match="run 1 is cancelled"):
        runs.complete(1, DRAFT, FIGURES, AT)
    assert Recipes(database).entries() == ()
    assert Evaluations(database).newest("tile", 1, "", "v1") is None


def test_that_a_revision_that_somebody_else_made_leaves_the_run_running(runs: TrainingRuns, database: Database) -> None:
    Recipes(database).add_revision(DRAFT, RecipeState.DRAFT, AT)
    runs.add(ORDER, "Ada", AT)
    _take(runs)
    with pytest.raises(RevisionTakenError, match="tile@1 exists by now"):
        runs.complete(1, DRAFT, FIGURES, AT)
    assert runs.find(1).state is RunState.RUNNING


def test_that_a_run_that_does_not_exist_is_named(runs: TrainingRuns) -> None:
    with pytest.raises(BadInputError, match="no training run 7"):
        runs.find(7)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.sampled_from([state for state in RunState if state is not RunState.QUEUED]), max_size=5))
def test_that_a_run_ends_once_whatever_is_asked_of_it(runs: TrainingRuns, wanted: list[RunState]) -> None:
    number = runs.add(ORDER, "Ada", AT).number
    states = [RunState.QUEUED]
    for state in wanted:
        try:
            states.append(runs.change(number, Step(state, AT)).state)
        except RunOverError:
            assert runs.find(number).state is states[-1]
    assert [state.ended for state in states].count(True) <= 1
    assert not any(state.ended for state in states[:-1])
