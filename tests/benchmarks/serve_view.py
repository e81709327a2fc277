"""Time whole judgements of a taught recipe with pictures in memory; a program of its own, see `timing_process`.

    python tests/benchmarks/serve_view.py WORKSPACE RECIPE PRECISION PICTURES.npy

Each line on stdin is one picture, uint8 RGB (n, H, W, 3), from memory to its verdict, with the regions of its marks.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from timing_process import answer

from station.app import Station
from station.cli import bench
from station.inference.model_package import find_package
from station.inference.openvino_predictor import OpenVinoPredictor


def main(workspace: Path, recipe: str, precision: str, pictures: Path) -> None:
    """Open the recipe and answer. The model has the threads that OpenVINO chooses, as its peer."""
    with Station.open(workspace) as station:
        view = station.recipes.find(recipe).recipe.views[0]
        package = find_package(station.workspace.models, view.model)
        settings = replace(view.inference, precision=precision)
        predictor = OpenVinoPredictor(package, settings, station.workspace.cache)
        inspector = bench.Inspector(bench._for_any_picture(replace(view, inference=settings)), predictor)
        frames = [bench._frame(picture, number) for number, picture in enumerate(np.load(pictures))]

        def judged_ms(_: str, number: int) -> float:
            began = time.perf_counter()
            result = inspector.inspect(frames[number % len(frames)])
            taken = (time.perf_counter() - began) * 1e3
            assert result.inspection.raw_score is not None, result.inspection.reason
            return taken

        answer(judged_ms)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
