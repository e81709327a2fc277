"""A picture through the station's own predictor, over the median that OpenVINO's `benchmark_app` has of the same graph.

Both are programs of their own that take turns, with the same hint, precision, threads, number of pictures, and the same
picture at the model's input size.
"""

import json
import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
from figure import Figure, NotMeasuredError, Setting, of_pairs
from prepared import Taught, taught

from station.cli.in_turn import in_turn, milliseconds
from station.domain.frame import Image
from station.inference.model_package import GRAPH
from station.vision.preprocess import Preprocessor

NAME = "predictor over benchmark_app"
MOST_RATIO = 1.05
_PICTURES = 20
_WARM_UP = 10


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the figure of pairs of runs, each of 20 pictures."""
    program = Path(sys.executable).with_name("benchmark_app")
    if not program.exists():
        raise NotMeasuredError(f"OpenVINO's {program.name} is not installed beside {sys.executable}")
    with taught(setting) as (_, one):
        picture = Preprocessor(one.predictor.input_size).run(one.grey[0].image).model_input
        ways = {
            "ours": lambda _: _own(one, picture),
            "peer": partial(_peer, program, one, setting.folder, picture),
        }
        taken = in_turn(ways, setting.pairs(20), warm_up=1)
    note = "both leave the threads to OpenVINO; the predictor also checks and scales the answer"
    return (of_pairs(NAME, taken["ours"], taken["peer"], "ms", MOST_RATIO, note),)


def _own(one: Taught, picture: Image) -> float:
    for _ in range(_WARM_UP):
        one.predictor.predict(picture)
    return statistics.median(milliseconds(lambda: one.predictor.predict(picture)) for _ in range(_PICTURES))


def _peer(program: Path, one: Taught, folder: Path, picture: Image, _: int) -> float:
    given, report = folder / "picture.npy", folder / "benchmark_report.json"
    np.save(given, picture[None])
    hints = ["-d", one.view.inference.device, "-hint", "latency", "-infer_precision", one.view.inference.precision]
    count = ["-api", "sync", "-niter", str(_PICTURES)]
    written = ["-json_stats", "-report_type", "no_counters", "-report_folder", str(folder)]
    line = [str(program), "-m", str(one.package.folder / GRAPH), "-i", str(given), *hints, *count, *written]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    return float(json.loads(report.read_text())["execution_results"]["latency (ms)"])
