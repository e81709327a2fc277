"""Compare this build with another checkout of the project: the way of a frame, the first verdict, and memory.

    python tests/benchmarks/against_build.py OTHER_CHECKOUT WORKSPACE --recipe NAME [--pairs 5] [--json FILE]

Both builds run in turn (A B A B) with this interpreter, each on its own copy of WORKSPACE, so that both see the same
load of the machine: frames one by one, the demo run by run. A ratio is this build over the other one, the median over
the pairs.
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
from functools import partial
from pathlib import Path

import psutil

THIS = Path(__file__).resolve().parents[2]
KINDS = ("grey", "colour")
WARM_UP = 10
Pair = dict[str, dict[str, float]]
_SAMPLE_S = 0.05
_MB = 1024 * 1024


def command(checkout: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return a command line and the environment that run a program of this checkout."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "QT_QPA_PLATFORM": "offscreen"}
    return [sys.executable, "-m", *arguments], environment


def serve(workspace: Path, recipe_name: str) -> None:
    """Time one frame of 5 MP for each line on stdin ("grey" or "colour"), and print its milliseconds.

    Runs in a process of its own with either build on its path, so it uses what both builds have.
    """
    from station.app import Station  # noqa: PLC0415 - of the build that PYTHONPATH names
    from station.cli import bench  # noqa: PLC0415
    from station.inference.model_package import find_package  # noqa: PLC0415
    from station.inference.openvino_predictor import OpenVinoPredictor  # noqa: PLC0415

    with Station.open(workspace) as station:
        found = next(entry for entry in station.recipes.entries() if entry.recipe.name == recipe_name)
        view = found.recipe.views[0]
        package = find_package(station.workspace.models, view.model)
        predictor = OpenVinoPredictor(package, view.inference, station.workspace.cache, 1)
        pictures = bench._pictures(station.workspace.datasets / found.recipe.product, view.dataset_version)
        frames = {kind: bench._enlarged(pictures, grey=kind == "grey") for kind in KINDS}
        inspector = bench.Inspector(bench._for_any_picture(view), predictor)
        for number, line in enumerate(sys.stdin):
            kind = line.strip()
            frame = frames[kind][number // len(KINDS) % len(frames[kind])]
            print(bench._milliseconds(partial(bench.whole_way, inspector, frame)), flush=True)


class Server:
    """A process that times single frames with one build."""

    def __init__(self, checkout: Path, workspace: Path, recipe: str) -> None:
        line = [
            sys.executable,
            str(Path(__file__).resolve()),
            str(checkout),
            str(workspace),
            "--recipe",
            recipe,
            "--serve",
        ]
        environment = os.environ | {"PYTHONPATH": str(checkout)}
        pipe = subprocess.PIPE
        self._program = subprocess.Popen(line, env=environment, cwd=checkout, stdin=pipe, stdout=pipe, text=True)

    def time_frame(self, kind: str) -> float:
        """Return the milliseconds of one frame, from memory to verdict, regions and overlay."""
        assert self._program.stdin
        assert self._program.stdout
        self._program.stdin.write(kind + "\n")
        self._program.stdin.flush()
        return float(self._program.stdout.readline())

    def close(self) -> None:
        """End the process."""
        assert self._program.stdin
        self._program.stdin.close()
        assert self._program.wait() == 0


def time_frames(checkouts: dict[str, Path], copies: dict[str, Path], recipe: str, rounds: int) -> list[Pair]:
    """Return the milliseconds of single frames, one frame of each build in turn."""
    servers = {name: Server(checkouts[name], copies[name], recipe) for name in checkouts}
    timed: list[Pair] = []
    for number in range(-WARM_UP, rounds):
        order = list(servers) if number % 2 == 0 else list(servers)[::-1]
        pair = {name: {f"way at 5 MP, {kind}, ms": servers[name].time_frame(kind) for kind in KINDS} for name in order}
        if number >= 0:
            timed.append(pair)
    for server in servers.values():
        server.close()
    return timed


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


def measure(other: Path, workspace: Path, recipe: str, pairs: int, rounds: int) -> dict[str, dict[str, float]]:
    """Return for each figure the medians of both builds and the median ratio of the pairs."""
    with tempfile.TemporaryDirectory() as folder:
        builds = {"other": other, "this": THIS}
        copies = {name: Path(shutil.copytree(workspace, Path(folder) / name)) for name in builds}
        frames = time_frames(builds, copies, recipe, rounds)
    demos: list[Pair] = []
    for number in range(pairs):
        order = list(builds) if number % 2 == 0 else list(builds)[::-1]
        demos.append({name: demo(builds[name]) for name in order})
        print(f"demo {number + 1} of {pairs}: {demos[-1]}", file=sys.stderr, flush=True)
    return table(frames) | table(demos)


def table(measured: list[Pair]) -> dict[str, dict[str, float]]:
    """Return for each figure the medians of both builds and the median ratio of the pairs."""
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
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.workspace, asked.recipe)
        return
    rows = measure(asked.other.resolve(), asked.workspace, asked.recipe, asked.pairs, asked.rounds)
    for figure, row in rows.items():
        print(f"{figure:28} other {row['other']:9.3f}   this {row['this']:9.3f}   ratio {row['ratio']:.3f}")
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
