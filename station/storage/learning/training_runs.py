"""The training runs of a station and the changes of their states."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import IntegrityError

from station.domain.errors import BadInputError
from station.domain.recipe import Recipe, RecipeEntry, RecipeState
from station.domain.training import RunState, TrainingOrder, TrainingRun, next_of
from station.storage.engine.database import Database
from station.storage.learning.evaluations import KeptEvaluation, insert_evaluation
from station.storage.learning.training_tables import TrainingRunRow, TrainingStateRow
from station.storage.recipes.recipes import insert_revision

_MAY_BECOME: Mapping[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.CANCELLED}),
    RunState.RUNNING: frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED, RunState.INTERRUPTED}),
}


_OF_AN_ORDER = tuple(field.name for field in fields(TrainingOrder))


class RunOverError(BadInputError):
    """The run has another state by now, so what was to happen to it does not."""

    advice = "Nothing was changed."


class RevisionTakenError(BadInputError):
    """Somebody else made this revision meanwhile."""

    advice = "Make the next revision."


@dataclass(frozen=True, slots=True)
class Step:
    """A change of the state of a run: who made it, and why."""

    state: RunState
    at: datetime
    person: str = ""
    sentence: str = ""
    package: str = ""
    revision: int | None = None


class TrainingRuns:
    """All runs. A run has one state at a time: every change asks in its own transaction what the state is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, order: TrainingOrder, person: str, at: datetime) -> TrainingRun:
        """Queue a new run."""
        values = asdict(order) | {"person": person, "queued_at": at}
        values |= {"whole_part": int(order.whole_part), "with_defects": int(order.with_defects)}
        with self._database.writing() as connection:
            number = connection.execute(insert(TrainingRunRow).returning(TrainingRunRow.number), values).scalar_one()
            _add_step(connection, number, Step(RunState.QUEUED, at, person))
        return TrainingRun(number, order, person, at, RunState.QUEUED)

    def all(self) -> tuple[TrainingRun, ...]:
        """Return every run, the newest first."""
        with self._database.reading() as connection:
            return tuple(reversed(_runs(connection)))

    def find(self, number: int) -> TrainingRun:
        """Return one run.

        Raises:
            BadInputError: There is none of this number.
        """
        with self._database.reading() as connection:
            return _find(connection, number)

    def take_next(self, at: datetime, package_of: Callable[[TrainingRun], str]) -> TrainingRun | None:
        """Let the run that was queued first be running, and return it; None if none waits.

        Args:
            at: Now.
            package_of: Returns the name that the model package of a run will have.
        """
        with self._database.writing() as connection:
            waiting = next_of(_runs(connection))
            if waiting is None:
                return None
            _add_step(connection, waiting.number, Step(RunState.RUNNING, at, package=package_of(waiting)))
            return _find(connection, waiting.number)

    def change(self, number: int, step: Step) -> TrainingRun:
        """Change the state of a run.

        Raises:
            RunOverError: Its present state does not allow that.
            BadInputError: There is no such run.
        """
        with self._database.writing() as connection:
            _require(connection, number, step.state)
            _add_step(connection, number, step)
            return _find(connection, number)

    def complete(self, number: int, recipe: Recipe, evaluation: KeptEvaluation, at: datetime) -> RecipeEntry:
        """Keep the draft that came out of a run, with its figures; all of it, or nothing if the run is over.

        Raises:
            RunOverError: The run was cancelled or is over otherwise.
            RevisionTakenError: This revision exists by now.
        """
        try:
            with self._database.writing() as connection:
                run = _require(connection, number, RunState.DONE)
                entry = insert_revision(connection, recipe, RecipeState.DRAFT, at)
                insert_evaluation(connection, evaluation)
                done = Step(RunState.DONE, at, package=run.package, revision=recipe.revision)
                _add_step(connection, number, done)
                return entry
        except IntegrityError as error:
            raise RevisionTakenError(f"Recipe {recipe.label} exists by now.") from error


def _require(connection: Connection, number: int, state: RunState) -> TrainingRun:
    run = _find(connection, number)
    if state not in _MAY_BECOME.get(run.state, ()):
        raise RunOverError(f"Training run {number} is {run.state}. It cannot become {state}.")
    return run


def _find(connection: Connection, number: int) -> TrainingRun:
    found = _runs(connection, {number})
    if not found:
        raise BadInputError(f"There is no training run {number}.", "'linesidectl runs list' names all of them.")
    return found[0]


def _runs(connection: Connection, numbers: Collection[int] = ()) -> list[TrainingRun]:
    """Return these runs, or all if none is named, in the order of their numbers."""
    orders = select(TrainingRunRow).order_by(TrainingRunRow.number)
    states = select(TrainingStateRow).order_by(TrainingStateRow.step)
    if numbers:
        orders = orders.where(TrainingRunRow.number.in_(numbers))
        states = states.where(TrainingStateRow.number.in_(numbers))
    steps: dict[int, list[Step]] = {}
    for row in connection.execute(states):
        step = Step(RunState(row.state), row.at, row.person, row.sentence, row.package, row.revision)
        steps.setdefault(row.number, []).append(step)
    return [_run(row.number, _order(row), row.person, steps[row.number]) for row in connection.execute(orders)]


def _order(row: Row[Any]) -> TrainingOrder:
    values = {name: getattr(row, name) for name in _OF_AN_ORDER}
    return TrainingOrder(**values | {name: bool(values[name]) for name in ("whole_part", "with_defects")})


def _run(number: int, order: TrainingOrder, person: str, steps: list[Step]) -> TrainingRun:
    last = steps[-1]
    started = next((step for step in steps if step.state is RunState.RUNNING), None)
    return TrainingRun(
        number,
        order,
        person,
        steps[0].at,
        last.state,
        started_at=started.at if started else None,
        ended_at=last.at if last.state.ended else None,
        sentence=last.sentence,
        package=last.package or (started.package if started else ""),
        revision=last.revision,
    )


def _add_step(connection: Connection, number: int, step: Step) -> None:
    values = asdict(step) | {"number": number, "state": step.state.value}
    connection.execute(insert(TrainingStateRow), values)
