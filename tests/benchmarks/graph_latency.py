"""How long the graphs of model packages take for one picture, over that of the first one, in turns.

    python tests/benchmarks/graph_latency.py OLD_PACKAGE NEW_PACKAGE ... [--rounds 90] [--threads 1] [--json FILE]

A package is a folder `models/NAME` of a workspace, of this build or of another one. Each graph gets the same picture of
noise at its own input size; f32 on the CPU. A round runs every graph once, so that all have the same load of the
machine. The ratio is the median over the rounds; the one in brackets is that of the fastest rounds.
"""

import argparse
import json
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from station.cli.in_turn import in_turn, milliseconds
from station.inference.model_package import GRAPH
from station.inference.silent_openvino import ov

WARM_UP = 5


def graph_of(package: Path, threads: int) -> Callable[[], object]:
    """Return a call that judges one picture with the graph of a package."""
    core = ov.Core()
    model = core.read_model(package / GRAPH)
    settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads}
    request = core.compile_model(model, "CPU", settings).create_infer_request()
    picture = np.random.default_rng(0).integers(0, 255, list(model.inputs[0].shape), np.uint8)
    return lambda: request.infer([picture])


def latencies_ms(graphs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each graph in each round."""
    ways = {name: lambda _, judge=judge: milliseconds(judge) for name, judge in graphs.items()}
    return in_turn(ways, rounds, WARM_UP)


def main() -> None:
    """Measure, and print a line for each package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path, nargs="+", metavar="PACKAGE")
    parser.add_argument("--rounds", type=int, default=90)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    taken = latencies_ms({str(package): graph_of(package, asked.threads) for package in asked.packages}, asked.rounds)
    first, figures = taken[str(asked.packages[0])], []
    for package, times in taken.items():
        ratio = statistics.median(own / other for own, other in zip(times, first, strict=True))
        figures.append({"package": package, "p50_ms": statistics.median(times), "ratio": ratio})
        print(f"{package}: p50 {figures[-1]['p50_ms']:.1f} ms, ratio {ratio:.2f} ({min(times) / min(first):.2f})")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
