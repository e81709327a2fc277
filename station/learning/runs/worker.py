"""Execute one run: teach from the frozen pictures, and keep the draft with its figures, or say why there is none."""

from contextlib import suppress

from station.domain.audit import AuditAction
from station.domain.clock import utc_now
from station.domain.errors import StationError
from station.domain.inspected_place import WHOLE_PICTURE, InspectedPlace
from station.domain.recipe import Recipe
from station.domain.training import RunState, TrainingRun
from station.inference.members import cost_of
from station.learning.datasets import load_dataset
from station.learning.presets import AnyMethod, UseOfDefects, method_named, with_whole_part
from station.learning.runs.comparing_methods import compare_methods
from station.learning.runs.kept_comparisons import keep_comparison
from station.learning.runs.kept_evaluations import kept_from
from station.learning.runs.run_files import NewsWriter, RunFiles
from station.learning.runs.traces import remove_traces
from station.learning.session import Session
from station.learning.teaching import Taught, teach
from station.people.audit_trail import AuditTrail
from station.recipes.recipe_of_product import takes_place_of_product
from station.recipes.view_editing import place_to_teach, with_taught_view
from station.storage.engine.database import Database
from station.storage.learning.places_to_teach import PlacesToTeach
from station.storage.learning.training_runs import RevisionTakenError, RunOverError, Step, TrainingRuns
from station.storage.people.audit_log import AuditLog
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

_TRIES = 5
"""So often may somebody else make the next revision in the same moment."""


def execute(workspace: Workspace, database: Database, number: int) -> None:
    """Execute a run that is running. It is done, cancelled or failed afterwards, and is recorded so.

    Raises:
        StationError: The records cannot be written.
    """
    runs = TrainingRuns(database)
    run = runs.find(number)
    news = NewsWriter(RunFiles.of(workspace.logs, number))
    try:
        place = _place(database, run) or WHOLE_PICTURE
        said = (_compared if run.order.compares else _drafted)(workspace, database, run, news, place)
    except RunOverError:
        remove_traces(workspace, runs.find(number))
    except StationError as error:
        news.say(str(error))
        _fail(workspace, runs, number, str(error))
    else:
        news.say(said)


def _drafted(
    workspace: Workspace, database: Database, run: TrainingRun, news: NewsWriter, place: InspectedPlace
) -> str:
    """Teach, keep the draft, and say what came out of the run."""
    taught = _taught(workspace, run, RunFiles.of(workspace.logs, run.number), news, place)
    label = _keep(database, run, taught)
    _write_down(database, run, label, taught)
    return f"{label} is a draft: the line does not use it until a person releases it."


def _compared(
    workspace: Workspace, database: Database, run: TrainingRun, news: NewsWriter, place: InspectedPlace
) -> str:
    """Compare the methods, keep the table before the run is done, and say which is recommended.

    Raises:
        RunOverError: The run was cancelled meanwhile.
        StationError: The pictures or a method cannot be used, or the table cannot be kept.
    """
    files = RunFiles.of(workspace.logs, run.number)
    _begin(run, news, place)
    comparison = compare_methods(workspace, run, files, news, place)
    keep_comparison(files, comparison)
    done = Step(RunState.DONE, utc_now(), sentence=comparison.reason, package=run.package)
    TrainingRuns(database).change(run.number, done)
    return comparison.reason


def _begin(run: TrainingRun, news: NewsWriter, place: InspectedPlace) -> None:
    order = run.order
    news.say(f"Run {run.number}: {order.product}, {order.words}, dataset version {order.dataset_version}")
    if place.words:
        news.say(f"taught on: {place.words}")


def _place(database: Database, run: TrainingRun) -> InspectedPlace | None:
    order, entries = run.order, Recipes(database).entries()
    drawn = PlacesToTeach(database).of(order.product, order.view)
    if not takes_place_of_product(entries, order.product, order.recipe_name):
        drawn = None
    return place_to_teach(entries, drawn, order.recipe_name, order.view)


def _taught(workspace: Workspace, run: TrainingRun, files: RunFiles, news: NewsWriter, place: InspectedPlace) -> Taught:
    order = run.order
    _begin(run, news, place)
    dataset = load_dataset(workspace.datasets / order.product / order.dataset_version)
    taught = teach(
        dataset,
        order.product,
        workspace,
        view=order.view,
        method=method_of(run),
        use=UseOfDefects("labels" if order.limit_from == "labels" else "good", order.with_defects),
        session=Session(news, log=files.log, package=run.package),
        place=place,
    )
    if cost := cost_of(taught.package.manifest.members):
        news.say(cost)
    return taught


def method_of(run: TrainingRun) -> AnyMethod:
    """Return the method that a run is taught with.

    Raises:
        BadInputError: There is none of this name, or it cannot check the look of the whole part.
    """
    return with_whole_part(method_named(run.order.method), wanted=run.order.whole_part)


def _keep(database: Database, run: TrainingRun, taught: Taught) -> str:
    """Keep draft, figures and the end of the run at once; return the label of the draft.

    Raises:
        RunOverError: The run was cancelled meanwhile.
        StationError: The records refuse it.
    """
    recipes, runs = Recipes(database), TrainingRuns(database)
    for attempt in range(_TRIES):
        recipe = _draft(recipes, run, taught)
        at = utc_now()
        view = recipe.view(taught.view.name)
        figures = kept_from(taught.evaluation, recipe, view, taught.dataset.version, at)
        try:
            runs.complete(run.number, recipe, figures, at)
        except RevisionTakenError:
            if attempt + 1 == _TRIES:
                raise
        else:
            return recipe.label
    raise AssertionError("the last try returns or raises")


def _write_down(database: Database, run: TrainingRun, label: str, taught: Taught) -> None:
    """Write into the audit trail what came out of the run, for the station that queued it."""
    log = AuditLog.beside(database, AuditLog.beside(database, "").newest_station())
    model, why = taught.view.model.name, f"{run.label} from dataset version {run.order.dataset_version}"
    AuditTrail(log).record(AuditAction.MODEL_TAUGHT, label, new=model, reason=why, person=run.person)


def _draft(recipes: Recipes, run: TrainingRun, taught: Taught) -> Recipe:
    reason = f"{run.label} from dataset version {run.order.dataset_version}"
    return with_taught_view(recipes, run.order.recipe_name, taught.view, run.person, reason, run.order.product)


def _fail(workspace: Workspace, runs: TrainingRuns, number: int, sentence: str) -> None:
    with suppress(RunOverError):  # cancelled in this moment
        runs.change(number, Step(RunState.FAILED, utc_now(), sentence=sentence))
    remove_traces(workspace, runs.find(number))
