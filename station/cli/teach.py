"""`linesidectl teach` and `evaluate`: from a folder of pictures to a recipe, and how good it is."""

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from station.app import Station
from station.cli.arguments import add_json, recipe_and_revision
from station.cli.output import Results, progress
from station.domain.rates import Rate
from station.learning.evaluation import EvaluationReport
from station.learning.progress import Progress

if TYPE_CHECKING:
    from station.cli.arguments import Commands


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """Declare both commands."""
    teach = commands.add_parser("teach", parents=[common], help="teach a product from pictures of good parts")
    teach.add_argument("folder", type=Path, help="MVTec layout, or just pictures of good parts")
    teach.add_argument("--product", required=True, metavar="NAME", help="the product, and the recipe's name")
    teach.add_argument("--model", default="balanced", metavar="NAME", help="which kind of model (default: balanced)")
    teach.add_argument(
        "--limit-from",
        choices=("good", "labels"),
        default="good",
        help="set the limit from good parts alone, or from labelled defects too",
    )
    add_json(teach)
    teach.set_defaults(run=run_teach)
    evaluate = commands.add_parser("evaluate", parents=[common], help="measure a recipe on labelled pictures")
    evaluate.add_argument("folder", type=Path, help="MVTec layout, or its test folder")
    evaluate.add_argument("--recipe", required=True, metavar="NAME[@REV]", help="default: released, else newest draft")
    add_json(evaluate)
    evaluate.set_defaults(run=run_evaluate)
