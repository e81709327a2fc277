"""Compare this build with another checkout of the project: teaching, inspecting, the first verdict, and memory.

    python tests/benchmarks/against_build.py OTHER_CHECKOUT WORKSPACE --recipe NAME [--pictures FOLDER] [--json FILE]

Both builds run in turn (A B A B) with this interpreter, each on its own copy of WORKSPACE, so that both see the same
load of the machine: frames one by one, programs run by run. With FOLDER, each build also teaches a product from it and
inspects all of its test pictures. A ratio is this build over the other one, the median over the pairs.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

THIS = Path(__file__).resolve().parents[2]
BUILDS = ("other", "this")
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
            began = time.perf_counter()
            bench.whole_way(inspector, frame)
            print((time.perf_counter() - began) * 1e3, flush=True)


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


def teach_and_inspect(checkout: Path, workspace: Path, recipe: str, pictures: Path) -> dict[str, float]:
    """Return how long it takes to teach a product from `pictures`, and to inspect its test pictures."""
    with tempfile.TemporaryDirectory() as folder:
        taught = timed("teaching", checkout, "--workspace", folder, "teach", str(pictures), "--product", "compared")
    test = str(pictures / "test")
    return taught | timed("inspecting", checkout, "--workspace", str(workspace), "inspect", test, "--recipe", recipe)


def timed(what: str, checkout: Path, *arguments: str) -> dict[str, float]:
    """Return the seconds of a command of this checkout: on the wall, and of the processor with all its processes."""
    line, environment = command(checkout, "station", *arguments)
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    nowhere = subprocess.DEVNULL
    subprocess.run(line, env=environment, cwd=checkout, check=True, stdout=nowhere, stderr=nowhere)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return {f"{what}, s": wall, f"{what}, processor s": processor}


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


def measure(asked: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Return for each figure the medians of both builds and the median ratio of the pairs."""
    builds = {"other": asked.other.resolve(), "this": THIS}
    with tempfile.TemporaryDirectory() as folder:
        copies = {name: Path(shutil.copytree(asked.workspace, Path(folder) / name)) for name in builds}
        rows = table(time_frames(builds, copies, asked.recipe, asked.rounds))
        rows |= table(in_turn("demo", asked.pairs, lambda name: demo(builds[name])))
        if asked.pictures:
            pictures = asked.pictures.resolve()
            rows |= table(
                in_turn(
                    "teaching and inspecting",
                    asked.pairs,
                    lambda name: teach_and_inspect(builds[name], copies[name], asked.recipe, pictures),
                )
            )
    return rows


def in_turn(what: str, pairs: int, measured: Callable[[str], dict[str, float]]) -> list[Pair]:
    """Return the figures of each pair of runs; every second pair begins with the other build."""
    done: list[Pair] = []
    for number in range(pairs):
        order = BUILDS if number % 2 == 0 else BUILDS[::-1]
        done.append({name: measured(name) for name in order})
        print(f"{what} {number + 1} of {pairs}: {done[-1]}", file=sys.stderr, flush=True)
    return done


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
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.workspace, asked.recipe)
        return
    rows = measure(asked)
    for figure, row in rows.items():
        print(f"{figure:28} other {row['other']:9.3f}   this {row['this']:9.3f}   ratio {row['ratio']:.3f}")
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
