"""Compare this build with another checkout of the project: the way of a frame, the first verdict, and memory.

    python tests/benchmarks/against_build.py OTHER_CHECKOUT WORKSPACE --recipe NAME [--pairs 5] [--json FILE]

Both builds run in turn (A B A B) with this interpreter, each on its own copy of WORKSPACE, so that both see the same
load of the machine. A ratio is this build over the other one, the median over the pairs of runs.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

THIS = Path(__file__).resolve().parents[2]
_SAMPLE_S = 0.05
_MB = 1024 * 1024


def command(checkout: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return a command line and the environment that run a program of this checkout."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "QT_QPA_PLATFORM": "offscreen"}
    return [sys.executable, "-m", *arguments], environment


def bench(checkout: Path, workspace: Path, recipe: str, rounds: int) -> dict[str, float]:
    """Return milliseconds of the whole way at 5 MP (grey, colour), and its ratio to bare `infer()`."""
    arguments = ("station", "--workspace", str(workspace), "bench", "--recipe", recipe, "--rounds", str(rounds))
    line, environment = command(checkout, *arguments, "--json", "-")
    done = subprocess.run(line, env=environment, cwd=checkout, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    return {
        "whole way grey, ms": figures["whole_way_ms_p50"],
        "whole way grey / infer": figures["whole_way_ratio_p50"],
        "whole way colour, ms": figures["colour"]["whole_way_ms_p50"],
        "whole way colour / infer": figures["colour"]["whole_way_ratio_p50"],
    }


def demo(checkout: Path) -> dict[str, float]:
    """Return seconds to the first verdict of the demo, and its memory after 60 parts, MB."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        line, environment = command(checkout, "ui", "demo", "--parts", "60", "--json", str(result))
        program = subprocess.Popen(line, env=environment, cwd=checkout, stderr=subprocess.DEVNULL)
        used = memory_mb(program)
        figures = json.loads(result.read_text())
    assert figures["parts"] == figures["triggers"] == 60, figures
    return {"first verdict, s": figures["first_verdict_s"], "memory after 60 parts, MB": used}


def memory_mb(program: "subprocess.Popen[bytes]") -> float:
    """Return the largest resident memory of a program until it ends."""
    watched, largest = psutil.Process(program.pid), 0
    while program.poll() is None:
        try:
            largest = max(largest, watched.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(_SAMPLE_S)
    assert program.wait() == 0
    return largest / _MB


def measure(other: Path, workspace: Path, recipe: str, pairs: int, rounds: int) -> list[dict[str, dict[str, float]]]:
    """Return the figures of each pair of runs, by build."""
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        builds = {"other": other, "this": THIS}
        copies = {name: shutil.copytree(workspace, Path(folder) / name) for name in builds}
        for number in range(pairs):
            order = list(builds) if number % 2 == 0 else list(builds)[::-1]
            pair = {name: bench(builds[name], copies[name], recipe, rounds) | demo(builds[name]) for name in order}
            print(f"pair {number + 1} of {pairs}: {pair}", file=sys.stderr, flush=True)
            measured.append(pair)
    return measured


def table(measured: list[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Return for each figure the medians of both builds and the median ratio."""
    return {
        figure: {
            "other": statistics.median(pair["other"][figure] for pair in measured),
            "this": statistics.median(pair["this"][figure] for pair in measured),
            "ratio": statistics.median(pair["this"][figure] / pair["other"][figure] for pair in measured),
        }
        for figure in measured[0]["this"]
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--recipe", required=True)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = table(measure(asked.other.resolve(), asked.workspace, asked.recipe, asked.pairs, asked.rounds))
    for figure, row in rows.items():
        print(f"{figure:28} other {row['other']:9.3f}   this {row['this']:9.3f}   ratio {row['ratio']:.3f}")
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
