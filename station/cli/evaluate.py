"""`linesidectl evaluate`: how good a recipe is on labelled pictures."""

import argparse
from pathlib import Path

from station.app import Station
from station.cli.arguments import add_json, add_view, existing_workspace, recipe_and_revision
from station.cli.figures import sentences_of
from station.cli.map_files import EvaluationMaps
from station.cli.output import Results
from station.cli.progress_bars import progress_bars
from station.domain.formatting import counted
from station.domain.names import readable


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("folder", type=Path, help="folders such as OK and NG, or train and test")
    parser.add_argument("--recipe", required=True, metavar="NAME[@REV]", help="default: released, else newest draft")
    add_view(parser)
    words = "write each anomaly map for MVTec's tools: DIR/<name of FOLDER>/test/<kind>/<picture>.tiff"
    parser.add_argument("--maps", type=Path, metavar="DIR", help=words)
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Judge every labelled picture, and print the figures."""
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
        progress_bars() as on_progress,
    ):
        name, revision = recipe_and_revision(asked.recipe)
        recipe = station.recipes.find(name, revision).recipe
        reading = station.learning.read_to_evaluate(asked.folder, name, revision, view=asked.view)
        for line in reading.sentences(only_measured=True):
            results.line(line)
        maps = EvaluationMaps(asked.maps, reading) if asked.maps else None
        evaluation = station.learning.evaluate(
            reading, name, revision, view=asked.view, progress=on_progress, on_judged=maps.write if maps else _ignore
        )
        for line in sentences_of(evaluation):
            results.line(line)
        if maps:
            results.line(f"{counted(maps.count, 'anomaly map')} written to {readable(str(maps.folder))}")
        view = {"view": asked.view} if asked.view else {}
        said = {"reading": reading.as_json(), **evaluation.as_json()}
        results.record({**said, "recipe": recipe.name, "revision": recipe.revision, **view})
    return 0


def _ignore(*_: object) -> None:
    """Keep nothing of a judged picture but its figures."""
