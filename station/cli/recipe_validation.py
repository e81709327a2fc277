"""`linesidectl recipes validate|validations`: a labelled set judged by a revision, expected against got."""

import argparse
from pathlib import Path

from station.app import Station
from station.cli.arguments import add_view, existing_workspace, person, recipe_and_revision, station_to_read
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.recipe import Recipe
from station.domain.validation import Validation
from station.learning.figures.report import rate_as_json


def add_validate(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("folder", type=Path, help="a frozen version of the product, or folders such as OK and NG")
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
        folder = _folder_of(station, recipe, asked.folder)
        reading = station.learning.read_to_evaluate(folder, name, recipe.revision, view=asked.view)
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


def add_validations(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the verb."""
    parser.add_argument("--csv", type=Path, metavar="FILE", help="a table, each picture as one line")


def run_validations(asked: argparse.Namespace) -> int:
    """Say what every validation of a revision found, oldest first; return 1 if it has none."""
    with station_to_read(asked) as station, Results(asked.json) as results:
        recipe = station.recipes.find(*recipe_and_revision(asked.recipe)).recipe
        found = station.validation.all(recipe)
        for each in found:
            view = f" of view '{each.view}'" if each.view else ""
            results.line(f"{each.at:%Y-%m-%d %H:%M} UTC, {each.person}{view}: {each.set_name}")
            _say_validation(results, each)
        if not found:
            results.line(f"{recipe.label} was not validated")
            return 1
        if asked.csv:
            results.line(f"wrote {station.validation.write_csv(found, asked.csv)}")
    return 0


def _folder_of(station: Station, recipe: Recipe, given: Path) -> Path:
    """Return the folder of a frozen version that is given by its name, else what is given."""
    version = station.workspace.datasets / recipe.product / given
    named = len(given.parts) == 1 and not given.exists() and version.is_dir()
    return version if named else given


def _say_validation(results: Results, validation: Validation) -> None:
    for picture in validation.differing:
        score = "" if picture.pred_score is None else f", score {picture.pred_score:.3f}"
        results.line(f"{picture.name}: expected {picture.kind}, got {picture.verdict.word}{score}")
    results.line(validation.words)
    frozen = validation.frozen
    results.record(
        {
            "recipe": validation.name,
            "revision": validation.revision,
            "recipe_sha256": validation.recipe_sha256,
            "view": validation.view,
            "at": validation.at.isoformat(),
            "person": validation.person,
            "folder": validation.folder,
            "dataset_version": frozen.version if frozen else None,
            "dataset_sha256": frozen.sha256 if frozen else None,
            "escapes": rate_as_json(validation.escapes),
            "overkill": rate_as_json(validation.overkill),
            "pictures": [
                {
                    "name": each.name,
                    "expected": each.kind,
                    "got": each.verdict.value,
                    "pred_score": each.pred_score,
                    "sha256": each.sha256,
                }
                for each in validation.pictures
            ],
        }
    )
