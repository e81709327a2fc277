"""Time frames of 5 MP with the build that PYTHONPATH names; a program of its own, see `timing_process`.

    python tests/benchmarks/serve_frames.py WORKSPACE RECIPE

Each line on stdin is "grey" or "colour" for the milliseconds of a frame from memory to verdict, regions and overlay, or
"infer" for those of the model alone. An earlier build runs this too, so it uses what both have.
"""

import sys
import time
from pathlib import Path

from timing_process import answer

from station.app import Station
from station.cli import bench
from station.inference.model_package import find_package
from station.inference.openvino_predictor import OpenVinoPredictor

KINDS = ("grey", "colour")


def main(workspace: Path, recipe_name: str) -> None:
    """Open the workspace and answer."""
    with Station.open(workspace) as station:
        found = next(entry for entry in station.recipes.entries() if entry.recipe.name == recipe_name)
        view = found.recipe.views[0]
        package = find_package(station.workspace.models, view.model)
        threads = station.settings.inference.threads
        predictor = OpenVinoPredictor(package, view.inference, station.workspace.cache, threads)
        pictures = bench._pictures(station.workspace.datasets / found.recipe.product, view.dataset_version)
        frames = {kind: bench._enlarged(pictures, grey=kind == "grey") for kind in KINDS}
        inspector = bench.Inspector(bench._for_any_picture(view), predictor)
        bare = predictor.compiled.create_infer_request()
        turn = 0

        def measure(what: str, _: int) -> float:
            nonlocal turn
            turn += 1  # two frames of a kind that follow each other are different ones
            began = time.perf_counter()
            if what == "infer":
                bare.infer()
            else:
                bench.whole_way(inspector, frames[what][turn % len(frames[what])])
            return (time.perf_counter() - began) * 1e3

        answer(measure)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
