"""`linesidectl bench`: how fast a recipe is on this machine, beside bare OpenVINO on the same compiled model."""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from station.app import Station
from station.camera.pictures.reading import read_picture
from station.camera.simulation.line import SimulatedLine
from station.camera.simulation.optics import NOMINAL_EXPOSURE_US
from station.cli.arguments import add_json, add_view, authorise, existing_workspace, positive, recipe_and_revision
from station.cli.bench_line import LineTiming, measure_line
from station.cli.bench_stages import StageBench, Stages
from station.cli.in_turn import in_turn, milliseconds
from station.cli.machine import machine
from station.cli.output import Results
from station.domain.clock import utc_now
from station.domain.errors import FaultError
from station.domain.frame import Frame, Image
from station.domain.permissions import Permission
from station.domain.recipe import QualityLimits, Recipe, View
from station.inference.model_package import find_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.judgement.inspector import Inspector
from station.learning.datasets import load_dataset
from station.learning.layout.labelled import LabelledPicture
from station.recipes.view_editing import view_named
from station.reporting.run_summary import percentile
from station.vision.conversion import as_grey, as_rgb, enlarged
from station.vision.overlay import contours, heat_rgba
from station.vision.preprocess import eight_bit

_WIDTH, _HEIGHT = 2448, 2048
_WARM_UP = 10
_PICTURES = 8
_MOST_STAGE_ROUNDS = 30
_MOST_LINE_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of the same rounds, the two ways taken in turn."""

    infer_ms: list[float]
    whole_way_ms: list[float]

    def figures(self) -> dict[str, float]:
        """Return medians and tails. Each ratio is taken within one round, so a slow moment cancels out."""
        ratios = [whole / bare for whole, bare in zip(self.whole_way_ms, self.infer_ms, strict=True)]
        return {
            "whole_way_ratio_p50": percentile(ratios, 50),
            "whole_way_ratio_p99": percentile(ratios, 99),
            "infer_ms_p50": percentile(self.infer_ms, 50),
            "infer_ms_p99": percentile(self.infer_ms, 99),
            "whole_way_ms_p50": percentile(self.whole_way_ms, 50),
            "whole_way_ms_p99": percentile(self.whole_way_ms, 99),
        }


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--recipe", required=True, metavar="NAME[@REV]")
    parser.add_argument("--rounds", type=positive, default=200, metavar="N", help="pairs of timings (default: 200)")
    add_view(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure grey and colour pictures of five megapixels against the bare model, alone and in a whole line."""
    authorise(asked, Permission.EVALUATE)
    with (
        Station.open(existing_workspace(asked.workspace), authority=asked.authority) as station,
        Results(asked.json) as results,
    ):
        recipe = station.recipes.find(*recipe_and_revision(asked.recipe)).recipe
        view = view_named(recipe, asked.view)
        package = find_package(station.workspace.models, view.model)
        predictor = OpenVinoPredictor(
            package, view.inference, station.workspace.cache, station.settings.inference.threads
        )
        pictures = _pictures(station.workspace.datasets / recipe.product, view.dataset_version)
        grey, colour = (
            measure(view, predictor, _enlarged(pictures, grey=grey), asked.rounds).figures() for grey in (True, False)
        )
        for name, figures in (("grey", grey), ("colour", colour)):
            results.line(_sentence(name, figures))
        root, whole = station.workspace.root, replace(recipe, views=(_for_any_picture(view),))
        line = _whole_line(whole, predictor, pictures, asked.rounds, root)
        stages = _stages(StageBench(recipe, whole.views[0], predictor, root), pictures, asked.rounds)
        for text in chain.from_iterable(each.table(name) for part in (line, stages) for name, each in part.items()):
            results.line(text)
        by_stage = {
            "stages": {name: each.figures() for name, each in stages.items()},
            "line": {name: each.figures() for name, each in line.items()},
        }
        about = {"rounds": asked.rounds, "recipe": recipe.label, **({"view": view.name} if view.name else {})}
        results.record({**grey, "colour": colour, **by_stage, **about, "machine": machine(view.inference.precision)})
    return 0


def _stages(bench: StageBench, pictures: list[Image], rounds: int) -> dict[str, Stages]:
    """Return the stages from JPEG files to verdicts, and from a camera to verdicts with every original kept."""
    rounds = min(rounds, _MOST_STAGE_ROUNDS)
    colour, grey = ([frame.image for frame in _enlarged(pictures, grey=grey)] for grey in (False, True))
    return {
        "files": bench.of_files(colour, rounds),
        "grey camera": bench.of_camera(grey, rounds),
        "colour camera": bench.of_camera(colour, rounds),
    }


def _whole_line(
    recipe: Recipe, predictor: OpenVinoPredictor, pictures: list[Image], rounds: int, beside: Path
) -> dict[str, LineTiming]:
    """Return what the parts of a whole line take, with live view, database and pictures on."""
    kinds = {name: [frame.image for frame in _enlarged(pictures, grey=name == "grey")] for name in ("grey", "colour")}
    rounds = min(rounds, _MOST_LINE_ROUNDS)
    return {name: measure_line(recipe, predictor, images, rounds, beside) for name, images in kinds.items()}


def measure(view: View, predictor: OpenVinoPredictor, frames: list[Frame], rounds: int) -> Timing:
    """Return the times of bare `infer()` and of the whole way of a frame, measured in turn."""
    inspector = Inspector(_for_any_picture(view), predictor)
    bare = predictor.compiled.create_infer_request()

    def whole_way_of(number: int) -> float:
        return milliseconds(partial(whole_way, inspector, frames[number % len(frames)]))

    ways = {"infer": lambda _: milliseconds(bare.infer), "whole way": whole_way_of}
    taken = in_turn(ways, rounds, _WARM_UP)
    return Timing(taken["infer"], taken["whole way"])


def whole_way(inspector: Inspector, frame: Frame) -> None:
    """Judge a frame in memory and make its overlay ready to be painted.

    Raises:
        FaultError: The frame was not judged, so its time has no meaning.
    """
    result = inspector.inspect(frame)
    if result.anomaly_map is None:
        raise FaultError(f"The test picture was not judged: {result.inspection.reason}.")
    heat_rgba(result.anomaly_map, result.pixel_threshold)
    contours(result.anomaly_map, result.roi, result.pixel_threshold)


def _for_any_picture(view: View) -> View:
    """Return the view without region, ignore mask, code, limits of quality, and form: any picture fits it."""
    return replace(view, roi=None, quality=QualityLimits(), form=None, ignore=None, code=None)


def _pictures(datasets: Path, version: str) -> list[Image]:
    """What the view was taught from, where it is here; else drawn parts, some of them defective."""
    folder = datasets / version
    if version and folder.is_dir():
        return [_eight_bit_colour(one) for one in _spread(load_dataset(folder).pictures)]
    line = SimulatedLine("flange", seed=1, width=640, height=480, defect_share=0.5)
    return [line.draw_picture(number, NOMINAL_EXPOSURE_US, 0.0) for number in range(1, _PICTURES + 1)]


def _spread(pictures: Sequence[LabelledPicture]) -> Sequence[LabelledPicture]:
    """Some from everywhere: good ones and defects."""
    return pictures[:: max(1, len(pictures) // _PICTURES)][:_PICTURES]


def _eight_bit_colour(picture: LabelledPicture) -> Image:
    read = read_picture(picture.path, picture.page)
    return as_rgb(eight_bit(read.image, read.significant_bits))


def _enlarged(pictures: list[Image], *, grey: bool) -> list[Frame]:
    """Stretched to five megapixels: reduced again for the model, they are what the model knows."""
    large = [enlarged(picture, (_HEIGHT, _WIDTH)) for picture in pictures]
    images = [as_grey(picture) for picture in large] if grey else large
    return [_frame(image, number) for number, image in enumerate(images, 1)]


def _frame(image: Image, number: int) -> Frame:
    return Frame(np.ascontiguousarray(image), number, utc_now(), time.monotonic_ns(), f"drawn part {number}")


def _sentence(name: str, figures: dict[str, float]) -> str:
    return (
        f"{name}: whole way {figures['whole_way_ms_p50']:.2f} ms, bare infer {figures['infer_ms_p50']:.2f} ms, "
        f"ratio {figures['whole_way_ratio_p50']:.3f} (p99 {figures['whole_way_ratio_p99']:.3f})"
    )
