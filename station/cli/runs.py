"""`linesidectl runs`: list, show, queue, cancel and export training runs."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import add_json, existing_workspace, person, positive, station_arguments, station_to_read
from station.cli.output import Results
from station.cli.text_tables import comparison_lines
from station.domain.errors import BadInputError
from station.domain.evaluation import Evaluation
from station.domain.permissions import Permission
from station.domain.training import TrainingOrder, TrainingRun
from station.reporting.evaluation_wording import side_by_side

if TYPE_CHECKING:
    from station.cli.arguments import Commands

_FORMS = ("pdf", "csv", "mlflow")


def add_to(family: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    common = station_arguments()
    verbs = family.add_subparsers(required=True, metavar="VERB")
    _verb(verbs, common, "list", run_list, "every training run and its state", numbers=False)
    _verb(verbs, common, "show", run_show, "the figures of runs, side by side, or how far one is")
    _verb(verbs, common, "cancel", run_cancel, "end a run; nothing of it is left but its log")
    queue = _verb(verbs, common, "queue", run_queue, "teach from a frozen dataset version", numbers=False)
    queue.add_argument("product", metavar="PRODUCT", help="the type of part")
    queue.add_argument("version", metavar="VERSION", help="the dataset version, or how it begins")
    queue.add_argument("--view", default="", help="the camera that took the pictures")
    queue.add_argument("--model", default="balanced", help="the method; several with commas are compared")
    queue.add_argument("--with-defects", action="store_true", help="learn from the labelled defects too")
    queue.add_argument("--whole-part", action="store_true", help="check the look of the whole part too")
    queue.add_argument("--recipe", default="", help="the recipe that gets the model, if several inspect the product")
    export = _verb(verbs, common, "export", run_export, "the evaluation of runs as a file")
    export.add_argument("--as", dest="form", choices=_FORMS, default="pdf", help="default: pdf")


def _verb(
    verbs: "Commands",
    common: argparse.ArgumentParser,
    name: str,
    run: object,
    help_text: str,
    *,
    numbers: bool = True,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, parents=[common], help=help_text)
    if numbers:
        parser.add_argument("numbers", metavar="RUN", type=positive, nargs="+", help="the number of a run")
    add_json(parser)
    parser.set_defaults(run=run)
    return parser


def run_list(asked: argparse.Namespace) -> int:
    """Print one line for each run, the newest first."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        runs = station.training.runs()
        for run in runs:
            results.line(_line(run))
            results.record(_values(run))
        if not runs:
            results.line("no training run yet; queue one with: linesidectl runs queue PRODUCT VERSION")
    return 0


def run_show(asked: argparse.Namespace) -> int:
    """Print the figures of done runs side by side; of others, how far they are or how they ended."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        runs = [station.training.run(number) for number in asked.numbers]
        for run in runs:
            results.line(_line(run))
            now = station.training.progress_of(run.number).present
            if now is not None and not run.state.ended:
                results.line(f"{now.stage}: {now.done} of {now.total}")
            comparison = station.training.comparison_of(run.number) if run.order.compares else None
            for line in comparison_lines(comparison) if comparison else ():
                results.line(line)
            results.record(_values(run) | ({"comparison": asdict(comparison)} if comparison else {}))
        for row in side_by_side(_evaluations(station, runs)):
            results.line(f"{row[0]}: {' | '.join(row[1:])}")
    return 0


def run_cancel(asked: argparse.Namespace) -> int:
    """Cancel runs."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        for number in asked.numbers:
            run = station.training.cancel(number, person())
            results.line(_line(run))
            results.record(_values(run))
    return 0


def run_queue(asked: argparse.Namespace) -> int:
    """Queue a run; it is executed by a process of its own, also after this command has ended."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        order = TrainingOrder(
            asked.product,
            asked.view,
            _version(station, asked.product, asked.version),
            asked.model,
            asked.whole_part,
            asked.with_defects,
            recipe=asked.recipe,
        )
        run = station.training.enqueue(order, person())
        results.line(_line(run))
        results.record(_values(run))
    return 0


def run_export(asked: argparse.Namespace) -> int:
    """Write the evaluations of done runs."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        station.authority.authorise(Permission.EVALUATE)
        known = _evaluations(station, [station.training.run(number) for number in asked.numbers])
        if not known:
            raise BadInputError("None of these runs has figures.", "'linesidectl runs list' says which runs are done.")
        writers = {
            "pdf": station.evaluations.write_pdf,
            "csv": station.evaluations.write_csv,
            "mlflow": station.evaluations.write_mlflow,
        }
        path = writers[asked.form](known)
        results.line(f"saved as {path}")
        results.record({"path": str(path)})
    return 0


def _version(station: Station, product: str, begins: str) -> str:
    found = [each.version for each in station.training.versions(product) if each.version.startswith(begins)]
    if len(found) > 1:
        raise BadInputError(f"{len(found)} dataset versions of {product} begin with '{begins}'.", "Write more of it.")
    return found[0] if found else begins


def _evaluations(station: Station, runs: list[TrainingRun]) -> list[Evaluation]:
    found = [
        station.evaluations.find(run.order.recipe_name, run.revision, run.order.view, run.order.dataset_version)
        for run in runs
        if run.revision is not None
    ]
    return [each for each in found if each is not None]


def _line(run: TrainingRun) -> str:
    came_out = f", {run.draft} is a draft" if run.draft else ""
    why = f": {run.sentence}" if run.sentence else ""
    order = run.order
    return f"{run.number}  {order.product}  {order.words}  version {order.dataset_version}  {run.state}{came_out}{why}"


def _values(run: TrainingRun) -> dict[str, object]:
    return {
        "run": run.number,
        **asdict(run.order),
        "state": run.state.value,
        "person": run.person,
        "sentence": run.sentence,
        "package": run.package,
        "revision": run.revision,
        "duration_s": run.duration_s,
    }
