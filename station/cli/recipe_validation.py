"""`linesidectl recipes validate`: a labelled set judged by a revision, expected against got."""

import argparse
from pathlib import Path

from station.app import Station
from station.cli.arguments import add_view, existing_workspace, person, recipe_and_revision
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.validation import Validation
from station.learning.figures.report import rate_as_json


def add_validate(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("folder", type=Path, help="folders such as OK and NG, or train and test")
    add_view(parser)
    parser.add_argument("--reason", required=True, help="why it is good enough; it is recorded")
    for name, what in (("escapes", "defects that may pass"), ("overkill", "good parts that may be rejected")):
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N", help=f"{what} (default 0)")


def run_validate(asked: argparse.Namespace) -> int:
    """Judge a labelled set; return 1 if more verdicts than allowed are not the expected ones."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
        progress_bars() as on_progress,
    ):
        name, revision = recipe_and_revision(asked.recipe)
        recipe = station.recipes.find(name, revision).recipe
        reading = station.learning.read_to_evaluate(asked.folder, name, recipe.revision, view=asked.view)
        for line in reading.sentences(only_measured=True):
            results.line(line)
        validation = station.validation.validate(
            reading, name, recipe.revision, view=asked.view, person=person(), progress=on_progress
        )
        _say_validation(results, validation)
        allowed = validation.escapes.count <= asked.escapes and validation.overkill.count <= asked.overkill
        if not allowed or not validation.pictures:
            results.line(f"{recipe.label} is not validated: --escapes and --overkill say how many are accepted")
            return 1
        if set(station.validation.newest(recipe)) < set(recipe.view_names):
            results.line("validate the other views too")
        else:
            entry = station.validation.accept(name, recipe.revision, person(), asked.reason)
            results.line(f"{recipe.label} is {entry.state}: {entry.change.reason}")
    return 0


def _say_validation(results: Results, validation: Validation) -> None:
    for picture in validation.differing:
        score = "" if picture.pred_score is None else f", score {picture.pred_score:.3f}"
        results.line(f"{picture.name}: expected {picture.kind}, got {picture.verdict.word}{score}")
    results.line(validation.words)
    results.record(
        {
            "recipe": validation.name,
            "revision": validation.revision,
            "escapes": rate_as_json(validation.escapes),
            "overkill": rate_as_json(validation.overkill),
            "pictures": [
                {"name": each.name, "expected": each.kind, "got": each.verdict.value, "pred_score": each.pred_score}
                for each in validation.pictures
            ],
        }
    )
