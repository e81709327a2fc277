"""`linesidectl inspect`: a verdict for every picture of a source, recorded."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import cv2

from station.app import Station
from station.cli.arguments import add_json, positive, recipe_and_revision
from station.cli.output import Results
from station.commands.summary import summary_of
from station.domain.errors import BadInputError
from station.domain.inspection import Inspection
from station.domain.live import PartView
from station.domain.messages import StationTrouble
from station.domain.recipe import Recipe
from station.vision.overlay import full_size_map
from station.workspace import write_atomically

if TYPE_CHECKING:
    from station.cli.arguments import Commands


def add_to(commands: "Commands", common: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser = commands.add_parser("inspect", parents=[common], help="inspect pictures or a camera")
    parser.add_argument("source", help="a folder or picture, replay:FOLDER, simulated:, genicam:SERIAL or webcam:0")
    parser.add_argument("--recipe", required=True, metavar="NAME[@REV]", help="default: released, else newest draft")
    parser.add_argument("--count", type=positive, metavar="N", help="stop after so many parts")
    parser.add_argument("--maps", type=Path, metavar="DIR", help="write each anomaly map as a 32-bit float TIFF")
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print each part once its record is safe, then the summary."""
    with Station.open(asked.workspace) as station, Results(asked.json) as results:
        recipe = station.recipes.find(*recipe_and_revision(asked.recipe)).recipe
        parts: list[Inspection] = []
        tell = partial(_tell, results=results, recipe=recipe, parts=parts)
        station.line.run(
            asked.source,
            on_part=_with_maps(tell, station, asked.maps) if asked.maps else tell,
            recipe=recipe,
            count=asked.count,
            on_trouble=_warn,
        )
        summary = summary_of(parts)
        results.line(", ".join(f"{key} {value}" for key, value in summary.items() if key != "summary"))
        results.record(summary)
    return 0


def part_values(part: Inspection, recipe: Recipe) -> dict[str, object]:
    """One part as `inspect --json` writes it."""
    return {
        "part": part.key.label,
        "source": part.origin,
        "verdict": part.verdict.value,
        "reason": part.reason,
        "cause": part.cause,
        "pred_score": part.pred_score,
        "raw_score": part.raw_score,
        "image_threshold": part.image_threshold,
        "regions": [asdict(region) for region in part.regions],
        "conversion": part.conversion,
        "elapsed_ms": round(part.elapsed_ms, 3),
        "recipe": recipe.name,
        "revision": recipe.revision,
        "model_sha256": recipe.model.sha256,
        "dataset_version": recipe.dataset_version,
    }


def _tell(part: Inspection, results: Results, recipe: Recipe, parts: list[Inspection]) -> None:
    parts.append(part)
    score = "" if part.pred_score is None else f"  score {part.pred_score:.2f}, limit {part.image_threshold:.2f}"
    conversion = f"  ({part.conversion})" if part.conversion else ""
    results.line(f"{part.key.label}  {part.verdict.word:13}  {part.origin}  {part.reason}{score}{conversion}")
    results.record(part_values(part, recipe))


def _warn(trouble: StationTrouble) -> None:
    print(f"linesidectl: {trouble.sentence} {trouble.advice}", file=sys.stderr)


def _with_maps(tell: Callable[[Inspection], None], station: Station, folder: Path) -> Callable[[Inspection], None]:
    def write_and_tell(part: Inspection) -> None:
        if part.pred_score is not None:
            _write_map(station.records.part(part.key), folder)
        tell(part)

    return write_and_tell


def _write_map(view: PartView, folder: Path) -> None:
    """The form that the MVTec evaluation tools read: same relative path, `.tiff`, size of the picture.

    Raises:
        BadInputError: The folder cannot be written.
    """
    part = view.inspection
    if view.anomaly_map is None:
        raise BadInputError(f"The anomaly map of part {part.key.label} was not kept.", "Inspect the picture again.")
    inside = [name for name in PurePosixPath(part.origin.replace("\\", "/")).parts if name not in ("/", "..")]
    path = folder.joinpath(*inside).with_suffix(".tiff")
    written, data = cv2.imencode(".tiff", full_size_map(view.anomaly_map, view.roi, (part.height, part.width)))
    assert written
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data.tobytes())
    except OSError as error:
        raise BadInputError(f"{path} cannot be written: {error.strerror}.", "Give --maps another folder.") from error
